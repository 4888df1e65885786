//! The gate: what comes down the line is an order only if all of it holds. Whatever fails is refused, and said.

use super::key::Trusted;
use chrono::TimeDelta;
use muster_core::app::runners::ORDER_LIFE;
use muster_core::clock::Timestamp;
use muster_core::runbook::{JobId, Order, Signed};

/// How far the clock of the runner may be behind Muster's.
const SKEW: TimeDelta = TimeDelta::seconds(30);

/// What a runner knows of itself and of Muster.
#[derive(Debug, Clone)]
pub struct Gate {
    /// Its name.
    pub name: String,
    /// Its labels.
    pub labels: Vec<String>,
    /// Whose orders it carries out.
    pub trusted: Trusted,
}

/// Why something is not carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Its signature is none of a key that is trusted.
    #[error("it is not signed by a key that this runner trusts")]
    NotSigned,
    /// It is signed, and no order.
    #[error("it is signed, and no order that this runner understands: {0}")]
    NotUnderstood(String),
    /// It is for another runner.
    #[error("it is for the runner {0}")]
    NotMine(String),
    /// It is for another label.
    #[error("it is for the label {0}, which this runner does not have")]
    NotMyLabel(String),
    /// It is too late.
    #[error("it expired at {0}")]
    Expired(Timestamp),
    /// It is from the future, or good for longer than any order is.
    #[error("it was signed at {0} and is good until {1}: the clocks differ by too much")]
    OutOfTime(Timestamp, Timestamp),
    /// It was begun before.
    #[error("it was begun here before")]
    Replayed,
}

impl Gate {
    /// The order, if it is one for this runner, now. Whether it was done before is the journal's to say.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn check(&self, signed: &Signed, now: Timestamp) -> Result<Order, Refused> {
        if !self.trusted.has_signed(&signed.order, &signed.signature) {
            return Err(Refused::NotSigned);
        }
        let order: Order =
            serde_json::from_str(&signed.order).map_err(|error| Refused::NotUnderstood(error.to_string()))?;
        // It becomes a line of the journal.
        if order.task.id.step.is_empty() || !order.task.id.step.chars().all(|c| c.is_ascii_graphic()) {
            return Err(Refused::NotUnderstood("it names no step".to_owned()));
        }
        if order.runner != self.name {
            return Err(Refused::NotMine(order.runner));
        }
        if !self.labels.contains(&order.label) {
            return Err(Refused::NotMyLabel(order.label));
        }
        if order.expires_at <= now {
            return Err(Refused::Expired(order.expires_at));
        }
        if order.issued_at > now + SKEW || order.expires_at - order.issued_at > ORDER_LIFE {
            return Err(Refused::OutOfTime(order.issued_at, order.expires_at));
        }
        Ok(order)
    }
}

/// Which job it says that it is about, whoever says so.
pub(super) fn claims(signed: &Signed) -> Option<JobId> {
    serde_json::from_str::<Order>(&signed.order).ok().map(|order| order.task.id)
}
