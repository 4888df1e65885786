//! What people have changed about a schedule from chat: who stands in for whom, and who has asked to be stood in for.

use crate::clock::Timestamp;
use crate::ids::PersonId;
use serde::{Deserialize, Serialize};

/// Somebody is on call for a while, whatever the schedule says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// Its number within the schedule.
    pub number: i64,
    /// From when.
    pub from: Timestamp,
    /// Until when, exclusive.
    pub until: Timestamp,
    /// Who is on call.
    pub person: PersonId,
    /// Whose shifts these are; everybody's when nobody is named.
    pub instead_of: Option<PersonId>,
    /// Who said so.
    pub by: PersonId,
}

/// Somebody asks to be stood in for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swap {
    /// Its number within the schedule.
    pub number: i64,
    /// From when.
    pub from: Timestamp,
    /// Until when, exclusive.
    pub until: Timestamp,
    /// Who asks.
    pub person: PersonId,
    /// Who is asked; anybody of the team when nobody is named.
    pub asked: Option<PersonId>,
    /// When.
    pub at: Timestamp,
}

/// What people have changed about a schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    /// Which schedule.
    pub schedule: String,
    /// Who stands in; where two cover the same moment, the later one counts.
    pub overrides: Vec<Override>,
    /// Who asks to be stood in for.
    pub swaps: Vec<Swap>,
    /// The next number.
    pub next: i64,
}

impl Roster {
    /// Nothing has been changed.
    #[must_use]
    pub fn of(schedule: &str) -> Self {
        Self { schedule: schedule.to_owned(), overrides: Vec::new(), swaps: Vec::new(), next: 1 }
    }
}
