//! What is known of the ways to reach a person: whether they were ever proven to work, and when they last failed.

use crate::clock::Timestamp;
use crate::ids::PersonId;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is known of one contact.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// When a test was last sent.
    pub tested_at: Option<Timestamp>,
    /// When the person last said, through it, that something arrived.
    pub proven_at: Option<Timestamp>,
    /// When it last failed, and why.
    pub failed: Option<(Timestamp, String)>,
}

/// What is to be said about a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// It was never proven to work.
    Unproven,
    /// It was proven so long ago that it should be again.
    Stale,
    /// It has failed since it was last proven to work.
    Failing(String),
}

impl Proof {
    /// Whether there is a doubt that it works. What was proven is good for `good_for`.
    #[must_use]
    pub fn doubt(&self, now: Timestamp, good_for: TimeDelta) -> Option<Doubt> {
        match (&self.failed, self.proven_at) {
            (Some((at, why)), proven) if proven.is_none_or(|proven| proven < *at) => Some(Doubt::Failing(why.clone())),
            (_, None) => Some(Doubt::Unproven),
            (_, Some(proven)) => (proven + good_for < now).then_some(Doubt::Stale),
        }
    }
}

/// What is known of a person's contacts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proofs {
    /// Whose.
    pub person: PersonId,
    /// By the name of the contact.
    pub contacts: BTreeMap<String, Proof>,
    /// The beginning of the last shift before which they were warned of a doubt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warned_for: Option<Timestamp>,
}

impl Proofs {
    /// Nothing is known.
    #[must_use]
    pub fn of(person: &PersonId) -> Self {
        Self { person: person.clone(), contacts: BTreeMap::new(), warned_for: None }
    }
}
