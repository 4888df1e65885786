//! Jobs: what waits for a machine is taken, kept alive and reported, each by a decision of its own.

use super::Muster;
use super::alone::Cause;
use crate::decide::{Change, Ctx, Decision, Needs, State, runs};
use crate::ids::RequestId;
use crate::ports::store::StoreError;
use crate::record::{Record, RecordKey, RecordKind, Wanted};
use crate::reply::Reply;
use crate::runbook::{Job, JobId, JobState, Report, Task};
use crate::view::{Tone, View, text};

/// How a worker names itself: one life of one process.
pub type Worker = str;

/// Whether a change leaves something for machines to do.
pub(super) fn is_for_machines(change: &Change) -> bool {
    let Change::Record { record: Some(record), .. } = change else { return false };
    matches!(record.as_ref(), Record::Job(job) if job.state == JobState::Waiting)
}

/// All that a decision about a run needs.
fn of_run(job: &JobId) -> Needs {
    Needs { incident: Some(job.incident), records: runs::records(job.incident), ..Needs::default() }
}

fn only(job: &JobId) -> Needs {
    Needs { records: vec![Wanted::One(RecordKey::job(job))], ..Needs::default() }
}

/// Nothing is decided.
fn nothing() -> Decision {
    Decision::answer(Reply::view(View::titled(Tone::Neutral, vec![text("That is known")])))
}

impl Muster {
    /// The jobs that wait for one of these runners; `None` is Muster itself. Oldest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn waiting_jobs(&self, runners: &[Option<String>]) -> Result<Vec<Job>, StoreError> {
        let mut jobs = self.jobs().await?;
        jobs.retain(|job| job.state == JobState::Waiting && runners.contains(&job.runner));
        jobs.sort_by(|a, b| (a.queued_at, &a.task.id).cmp(&(b.queued_at, &b.task.id)));
        Ok(jobs)
    }

    async fn jobs(&self) -> Result<Vec<Job>, StoreError> {
        let needs = Needs { records: vec![Wanted::All(RecordKind::Job)], ..Needs::default() };
        Ok(self.store.load(&needs).await?.records.jobs().cloned().collect())
    }

    /// Takes a job: from now on it is that worker's, and it may begin. Nothing, if it is not to be had any more.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn take_job(&self, job: &JobId, worker: &Worker) -> Result<Option<Task>, StoreError> {
        let request = RequestId::new(format!("!job:take:{job}:{worker}"));
        let cause = Cause { needs: of_run(job), request, fired: None };
        self.decide_alone(cause, |state, ctx| runs::take(job, worker, state, ctx).unwrap_or_else(nothing)).await?;
        // Whoever asks again because the answer was lost finds that it is theirs.
        let held = self.store.load(&only(job)).await?.records.job(job).cloned();
        Ok(held.filter(|held| is_held_by(held, worker)).map(|held| held.task))
    }

    /// That worker lives and is at the job; `tail` is the last of what it says, if that is new. `false`: it is not theirs any
    /// more, and they must end it.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn keep_job(&self, job: &JobId, worker: &Worker, tail: Option<&[String]>) -> Result<bool, StoreError> {
        let needs = if tail.is_some() { of_run(job) } else { only(job) };
        let request = RequestId::new(format!("!job:keep:{job}:{}", self.now().timestamp_micros()));
        let cause = Cause { needs, request, fired: None };
        let decide = |state: &State, ctx: &Ctx<'_>| runs::beat((job, worker), tail, state, ctx).unwrap_or_else(nothing);
        if self.decide_alone(cause, decide).await? {
            return Ok(true);
        }
        // Whoever was taken for lost goes on: what they report is the answer people wait for.
        let known = self.store.load(&only(job)).await?.records.job(job).cloned();
        Ok(known.is_some_and(|job| job.holder() == Some(worker)))
    }

    /// That worker has ended the job.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn end_job(&self, job: &JobId, worker: &Worker, report: &Report) -> Result<(), StoreError> {
        let request = RequestId::new(format!("!job:end:{job}:{worker}"));
        let cause = Cause { needs: of_run(job), request, fired: None };
        let decide =
            |state: &State, ctx: &Ctx<'_>| runs::report((job, worker), report, state, ctx).unwrap_or_else(nothing);
        self.decide_alone(cause, decide).await.map(drop)
    }

    /// The jobs of Muster's own that no living process is at: where no other process serves, none but this one lives.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn lose_orphans(&self, worker: &Worker) -> Result<(), StoreError> {
        if !self.store.is_alone() {
            return Ok(());
        }
        for job in self.jobs().await? {
            let JobState::Held { worker: holder, .. } = &job.state else { continue };
            if job.runner.is_some() || holder == worker {
                continue;
            }
            let id = &job.task.id;
            let request = RequestId::new(format!("!job:gone:{id}:{holder}"));
            let cause = Cause { needs: of_run(id), request, fired: None };
            self.decide_alone(cause, |state, ctx| runs::gone(id, state, ctx).unwrap_or_else(nothing)).await?;
        }
        Ok(())
    }
}

fn is_held_by(job: &Job, worker: &Worker) -> bool {
    matches!(&job.state, JobState::Held { worker: holder, .. } if holder == worker)
}
