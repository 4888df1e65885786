//! Working: Muster carries out the steps that machines do, a few at once, and never holds anybody up.

use super::Muster;
use super::insist;
use super::jobs::Worker;
use crate::ports::executor::Executor;
use crate::ports::store::StoreError;
use crate::runbook::{JobId, Report, Task};
use chrono::TimeDelta;
use futures::future::join_all;
use std::sync::Arc;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// So many jobs are carried out at once by one process. A probe may hold its place for long.
const AT_ONCE: usize = 32;
/// How often what waits is looked at when nothing wakes us: another process may have left something.
const POLL: TimeDelta = TimeDelta::seconds(1);
/// The last lines of what a step says are shown no more often than this.
const SHOW: TimeDelta = TimeDelta::seconds(10);

impl Muster {
    /// Carries out jobs of these runners for ever; `None` is Muster itself. What a life of this process before had begun is
    /// lost first. Dropped, it ends whatever is under way.
    pub async fn work(self: Arc<Self>, executor: Arc<dyn Executor>, worker: String, runners: Vec<Option<String>>) {
        let worker: Arc<Worker> = worker.into();
        let mut under_way = JoinSet::new();
        let mut has_looked_back = false;
        loop {
            while under_way.try_join_next().is_some() {}
            if !has_looked_back {
                has_looked_back = match self.lose_orphans(&worker).await {
                    Ok(()) => true,
                    Err(error) => {
                        tracing::warn!(%error, "what was under way before cannot be read; trying again");
                        false
                    }
                };
            }
            let free = AT_ONCE - under_way.len().min(AT_ONCE);
            let taken = match self.take_waiting(&worker, &runners, free).await {
                Ok(tasks) => tasks,
                Err(error) => {
                    tracing::warn!(%error, "jobs cannot be taken; trying again");
                    Vec::new()
                }
            };
            for task in taken {
                let (muster, executor, worker) = (Arc::clone(&self), Arc::clone(&executor), Arc::clone(&worker));
                under_way.spawn(async move { muster.attend(executor.as_ref(), &worker, &task).await });
            }
            let is_full = under_way.len() >= AT_ONCE;
            tokio::select! {
                () = self.signals.jobs.notified(), if !is_full => {}
                Some(_) = under_way.join_next() => {}
                () = self.clock.sleep_until(self.now() + POLL) => {}
            }
        }
    }

    /// Takes what waits, oldest first, at most `free`.
    async fn take_waiting(
        &self,
        worker: &Worker,
        runners: &[Option<String>],
        free: usize,
    ) -> Result<Vec<Task>, StoreError> {
        if free == 0 {
            return Ok(Vec::new());
        }
        let waiting = self.waiting_jobs(runners).await?;
        let taken = join_all(waiting.iter().take(free).map(|job| self.take_job(&job.task.id, worker))).await;
        // What has been taken must be begun, whatever became of the others: it is ours, and nobody else's.
        let ours = taken.into_iter().zip(&waiting).filter_map(|(task, job)| {
            task.unwrap_or_else(|error| {
                tracing::warn!(job = %job.task.id, %error, "a job could not be taken; trying again");
                None
            })
        });
        Ok(ours.collect())
    }

    /// Carries one job out, and reports it. Once it is not ours any more, it is dropped.
    async fn attend(&self, executor: &dyn Executor, worker: &Worker, task: &Task) {
        let (tail, lines) = watch::channel(Vec::new());
        let report = tokio::select! {
            report = executor.execute(task, &tail) => report,
            () = self.keep_alive(&task.id, worker, lines) => {
                tracing::info!(job = %task.id, "a job is not ours any more; it is ended");
                return;
            }
        };
        self.see_reported(&task.id, worker, &report).await;
    }

    /// Says that we live, and what the job says, until it is not ours any more.
    async fn keep_alive(&self, job: &JobId, worker: &Worker, mut lines: watch::Receiver<Vec<String>>) {
        let mut shown_at = self.now();
        loop {
            let every = TimeDelta::from_std(self.org().runbooks.lost_after / 3).unwrap_or(SHOW);
            self.clock.sleep_until(self.now() + every).await;
            let is_time = self.now() >= shown_at + SHOW;
            let news = (is_time && lines.has_changed().unwrap_or(false)).then(|| lines.borrow_and_update().clone());
            if news.is_some() {
                shown_at = self.now();
            }
            match self.keep_job(job, worker, news.as_deref()).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => tracing::warn!(%job, %error, "it cannot be said that a job goes on; trying again"),
            }
        }
    }

    /// Reports an outcome until that is durable: nobody else knows it.
    async fn see_reported(&self, job: &JobId, worker: &Worker, report: &Report) {
        loop {
            match insist(|| self.end_job(job, worker, report)).await {
                Ok(()) => return,
                Err(error @ (StoreError::Unavailable(_) | StoreError::Conflict)) => {
                    tracing::warn!(%job, %error, "an outcome cannot be written yet; trying again");
                    self.clock.sleep_until(self.now() + POLL).await;
                }
                Err(error @ StoreError::Broken(_)) => {
                    tracing::error!(%job, %error, "an outcome cannot be written; people will be asked what it was");
                    return;
                }
            }
        }
    }
}
