//! Jobs: attempts that wait for a machine, or that one is at. A record each, gone once it has ended.

use super::Task;
use crate::clock::Timestamp;
use crate::ids::IncidentId;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Names one attempt at one step for ever: `INC-7/1/switch/2`, `INC-7/1/switch/undo/1`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct JobId {
    /// Of which incident.
    pub incident: IncidentId,
    /// Of which of its runs.
    pub run: i64,
    /// At which step, by id.
    pub step: String,
    /// Whether the step is being taken back.
    pub undo: bool,
    /// Which attempt, from 1.
    pub attempt: u32,
}

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let undo = if self.undo { "/undo" } else { "" };
        write!(f, "{}/{}/{}{undo}/{}", self.incident, self.run, self.step, self.attempt)
    }
}

/// Where a job stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum JobState {
    /// Nobody has begun.
    Waiting,
    /// Somebody is at it.
    Held {
        /// Who: one life of one process.
        worker: String,
        /// Since when.
        since: Timestamp,
        /// Until when they are believed to live, unless they say so again.
        until: Timestamp,
    },
    /// Whoever was at it was taken for lost, and people are asked. Nobody else begins; what the lost one still reports counts.
    Lost {
        /// Who.
        worker: String,
    },
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// What is to be done.
    pub task: Task,
    /// The label of the runner that may do it; Muster itself if there is none.
    pub runner: Option<String>,
    /// Since when it is to be done.
    pub queued_at: Timestamp,
    /// Where it stands.
    pub state: JobState,
}

impl Job {
    /// Whoever is at it, or was when they were taken for lost.
    #[must_use]
    pub fn holder(&self) -> Option<&str> {
        match &self.state {
            JobState::Waiting => None,
            JobState::Held { worker, .. } | JobState::Lost { worker } => Some(worker),
        }
    }
}
