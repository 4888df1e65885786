//! The timeline: an append-only log of entries. An amendment is a new row that restates an entry; nothing is overwritten.

use super::event::Event;
use crate::clock::Timestamp;
use crate::ids::{IncidentId, PersonId, PlatformId};
use serde::{Deserialize, Serialize};

/// Who did something, as they were called then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// Who.
    pub person: PersonId,
    /// Their name then.
    pub name: String,
}

/// One row of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Of which incident.
    pub incident: IncidentId,
    /// The row's place in the log, from 1, without gaps.
    pub seq: i64,
    /// The entry this row states: its own `seq` when it is new, an earlier one when it amends that.
    pub number: i64,
    /// When it happened, as far as is known now.
    pub at: Timestamp,
    /// When this row was written.
    pub recorded_at: Timestamp,
    /// Whose entry it is.
    pub by: Author,
    /// From where it came.
    pub via: PlatformId,
    /// What happened.
    pub what: Event,
    /// Why this row restates an earlier one, if it does.
    pub amendment: Option<Amendment>,
}

/// The reason for a row that restates an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amendment {
    /// Who amended it.
    pub by: Author,
    /// What they did.
    pub how: Amended,
}

/// What was done to an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Amended {
    /// Its text was rewritten.
    Edited,
    /// Its time was corrected.
    Moved,
    /// It was taken off the timeline; its history stays.
    Removed,
}

impl Entry {
    /// Whether the entry was written down noticeably later than it happened.
    #[must_use]
    pub fn is_backdated(&self) -> bool {
        self.recorded_at.signed_duration_since(self.at).num_seconds() >= 60
    }

    /// Whether this row takes the entry off the timeline.
    #[must_use]
    pub fn is_removal(&self) -> bool {
        self.amendment.as_ref().is_some_and(|amendment| amendment.how == Amended::Removed)
    }
}
