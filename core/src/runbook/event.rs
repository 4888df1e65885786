//! What can happen to a run, for the timeline.

use crate::incident::event::Subject;
use serde::{Deserialize, Serialize};

/// What happened to a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "was")]
pub enum StepEvent {
    /// It began.
    Began {
        /// Which attempt.
        attempt: u32,
    },
    /// It is done.
    Done {
        /// What came of it, in a line: an answer, an output.
        result: Option<String>,
    },
    /// It was not needed: its condition does not hold.
    NotNeeded,
    /// Somebody left it out.
    Skipped {
        /// Why.
        reason: String,
    },
    /// It failed.
    Failed {
        /// Why.
        reason: String,
    },
    /// Nobody knows whether it took effect.
    Unknown {
        /// Why.
        reason: String,
    },
    /// People are asked: to do it, to answer, to approve.
    Asked {
        /// Who is mentioned.
        people: Vec<Subject>,
    },
    /// Somebody approved what it covers.
    Approved {
        /// The hash of what they saw.
        hash: String,
    },
    /// Somebody denied it.
    Denied {
        /// Why.
        reason: String,
    },
    /// What was approved has changed, or the approval is too old.
    ApprovalVoid {
        /// Why.
        reason: String,
    },
    /// It was taken back.
    Undone,
    /// It could not be taken back.
    UndoFailed {
        /// Why.
        reason: String,
    },
    /// Nothing is known that would take it back.
    NoWayBack,
    /// Nobody knows whether taking it back took effect.
    UndoUnknown {
        /// Why.
        reason: String,
    },
}

/// What happened to a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "run")]
pub enum RunEvent {
    /// It was started.
    Started {
        /// With what, as shown.
        inputs: Vec<(String, String)>,
    },
    /// Something happened to a step.
    Step {
        /// Its id.
        id: String,
        /// Its name.
        name: String,
        /// What.
        what: StepEvent,
    },
    /// It was paused.
    Paused,
    /// It goes on.
    Resumed,
    /// It stopped at a step, and waits for people.
    Stopped,
    /// It was given up.
    Aborted {
        /// Why.
        reason: String,
    },
    /// What it did is being taken back.
    Undoing,
    /// It is done.
    Done,
    /// What it did has been taken back.
    Undone,
}
