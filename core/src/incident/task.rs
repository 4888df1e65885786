//! Tasks (during) and follow-ups (after). The same shape, in two lists.

use crate::clock::Timestamp;
use crate::ids::PersonId;
use serde::{Deserialize, Serialize};

/// Which list something to do is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskList {
    /// To do during the incident.
    Task,
    /// To do after it.
    Followup,
}

impl TaskList {
    /// The word shown before a number: “task 3”.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Task => "task",
            Self::Followup => "follow-up",
        }
    }
}

/// Who is to do something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignee {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
}

/// Something to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Its number within the incident and list, from 1.
    pub number: i64,
    /// What.
    pub text: String,
    /// Who, if anybody yet.
    pub assignee: Option<Assignee>,
    /// When it was written down.
    pub created_at: Timestamp,
    /// When it was done, if it is.
    pub done_at: Option<Timestamp>,
}
