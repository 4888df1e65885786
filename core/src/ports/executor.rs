//! Whoever carries steps out.

use crate::runbook::{Report, Task};
use async_trait::async_trait;
use tokio::sync::watch;

/// Carries out what a machine is to do for a step. What it tells holds no secret.
#[async_trait]
pub trait Executor: Send + Sync {
    /// Carries the task out, within its time limit. `tail` is given the last lines of what it says, as they come.
    ///
    /// Dropped before its end, it leaves nothing running.
    async fn execute(&self, task: &Task, tail: &watch::Sender<Vec<String>>) -> Report;
}
