//! Timers: what must happen later, as data, so that a restart forgets nothing.

use crate::clock::Timestamp;
use crate::ids::{IncidentId, TimerKey};
use crate::incident::event::Reminder;
use serde::{Deserialize, Serialize};

/// What happens when the time has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "timer")]
pub enum Alarm {
    /// Remind the room, if what it is about is still missing.
    Remind {
        /// Of what.
        about: Reminder,
    },
}

impl Alarm {
    /// The timer's name: one of each sort per incident.
    #[must_use]
    pub fn key(&self, incident: IncidentId) -> TimerKey {
        let sort = match self {
            Self::Remind { about: Reminder::NoCommander } => "no-commander",
            Self::Remind { about: Reminder::UpdateDue } => "update-due",
        };
        TimerKey::new(format!("{incident}/{sort}"))
    }
}

/// A pending timer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timer {
    /// Its name.
    pub key: TimerKey,
    /// For which incident.
    pub incident: IncidentId,
    /// When.
    pub due_at: Timestamp,
    /// What happens.
    pub alarm: Alarm,
}

/// What a decision does to the timers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimerChange {
    /// Set it, or move it.
    Set(Timer),
    /// Forget it, if it is set.
    Clear(TimerKey),
}
