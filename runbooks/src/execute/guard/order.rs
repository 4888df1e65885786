//! What a guard is told, and what it tells: a line of JSON each.

use crate::execute::User;
use muster_core::runbook::Limits;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::time::Duration;

/// What is to run, and within which limits.
#[derive(Serialize, Deserialize)]
pub(in crate::execute) struct Order {
    /// The program.
    pub(in crate::execute) program: PathBuf,
    /// Its arguments.
    pub(in crate::execute) args: Vec<String>,
    /// Its environment, but for `HOME`.
    pub(in crate::execute) env: Vec<(String, String)>,
    /// How long it may take.
    pub(in crate::execute) timeout: Duration,
    /// How long it may take to end once it is asked to.
    pub(in crate::execute) grace: Duration,
    /// What it may use.
    pub(in crate::execute) limits: Limits,
    /// Whose rights it has.
    pub(in crate::execute) user: User,
}

/// How it ended. Nothing of it runs any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::execute) enum Verdict {
    /// By itself, with that status.
    Exited(i32),
    /// By that signal, which was not the guard's.
    Killed(i32),
    /// The time was up.
    Late,
    /// It never began.
    NotStarted(String),
}
