//! Orders: work for a runner elsewhere, as Muster signs it; and what runners and Muster tell one another.

use super::{JobId, Report, Task};
use crate::clock::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What a runner may do, exactly as signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The name of the runner it is for.
    pub runner: String,
    /// The label by which that runner may do it.
    pub label: String,
    /// When it was signed.
    pub issued_at: Timestamp,
    /// When it is too late to begin.
    pub expires_at: Timestamp,
    /// After how long of silence the runner is taken for lost.
    pub lost_after: Duration,
    /// Whether somebody else does it then, without people being asked. So a runner that is cut off must end it.
    pub passes_on: bool,
    /// What to do. Its id names the order: it is carried out once.
    pub task: Task,
}

/// An order as it travels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// The order as JSON, byte for byte as it was signed.
    pub order: String,
    /// The signature, see [`crate::ports::signer::Signer`].
    pub signature: String,
}

/// A runner asks for work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Take {
    /// Which life of the runner: another after each start.
    pub life: String,
    /// What it is at. Any other job that this life holds never reached it.
    pub at: Vec<JobId>,
}

/// What a runner gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// Work, if there is any.
    pub order: Option<Signed>,
}

/// A runner lives, and is at a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keep {
    /// Which life of the runner.
    pub life: String,
    /// Which job.
    pub job: JobId,
    /// The last lines of what it says, if they are new.
    pub tail: Option<Vec<String>>,
}

/// Whether a runner is to go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// `false`: the job is not theirs any more, and they must end it.
    pub go_on: bool,
}

/// A runner has ended a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct End {
    /// Which life of the runner.
    pub life: String,
    /// Which job.
    pub job: JobId,
    /// How.
    pub report: Report,
}
