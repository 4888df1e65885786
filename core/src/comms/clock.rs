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
    /// When they are to be told next: the first word by the rule of the severity; later, what was promised, or the rule again.
    pub due: Option<Timestamp>,
    /// Whether that is a promise made to them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub promised: bool,
    /// Whether they were told that it is over.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub over: bool,
}

impl Clock {
    /// Whether there is nothing to say of it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
