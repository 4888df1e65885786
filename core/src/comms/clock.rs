//! The comms clock: how long customers have been told nothing, and what they were promised.

use crate::clock::Timestamp;
use serde::{Deserialize, Serialize};

/// What an incident knows of what customers were told. Only audiences whose rules say so count: see `Audience::clocked`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// When they were first told.
    pub first_at: Option<Timestamp>,
    /// When they were last told.
    pub last_at: Option<Timestamp>,
    /// What they are to be told next.
    #[serde(default)]
    pub next: Next,
}

/// What customers are to be told next.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Next {
    /// They are due nothing.
    #[default]
    Nothing,
    /// They are due a word then, by the rule of the severity.
    ByRule(Timestamp),
    /// They were promised a word then.
    Promised(Timestamp),
    /// They were told that it is over.
    Over,
}

impl Clock {
    /// When they are to be told next.
    #[must_use]
    pub fn due(&self) -> Option<Timestamp> {
        match self.next {
            Next::ByRule(at) | Next::Promised(at) => Some(at),
            Next::Nothing | Next::Over => None,
        }
    }

    /// Whether there is nothing to say of it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
