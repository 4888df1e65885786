//! Jobs: what waits for a machine is taken, kept alive and reported, each by a decision of its own.

use super::Muster;
use crate::ports::store::StoreError;
use crate::runbook::{Job, JobId, Report, Task};

/// How a worker names itself: one life of one process.
pub type Worker = str;

impl Muster {
    /// The jobs that wait for one of these runners; `None` is Muster itself. Oldest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn waiting_jobs(&self, runners: &[Option<String>]) -> Result<Vec<Job>, StoreError> {
        let _ = runners;
        Ok(Vec::new())
    }

    /// Takes a job: from now on it is that worker's, and it may begin. Nothing, if it is not to be had any more.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn take_job(&self, job: &JobId, worker: &Worker) -> Result<Option<Task>, StoreError> {
        let _ = (job, worker);
        Ok(None)
    }

    /// That worker lives and is at the job; `tail` is the last of what it says, if that is new. `false`: it is not theirs any
    /// more, and they must end it.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn keep_job(&self, job: &JobId, worker: &Worker, tail: Option<&[String]>) -> Result<bool, StoreError> {
        let _ = (job, worker, tail);
        Ok(false)
    }

    /// That worker has ended the job.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn end_job(&self, job: &JobId, worker: &Worker, report: &Report) -> Result<(), StoreError> {
        let _ = (job, worker, report);
        Ok(())
    }
}
