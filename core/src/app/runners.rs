//! Runners elsewhere: they ask for work, and get what waits for their labels, signed.

use super::Muster;
use crate::chat::fit;
use crate::decide::Needs;
use crate::org::Runner;
use crate::ports::credentials::CredentialKind;
use crate::ports::signer::Signer;
use crate::ports::store::StoreError;
use crate::record::{RecordKind, Wanted};
use crate::runbook::{End, Job, JobId, JobState, Keep, Order, Report, Signed, Take, Task};
use crate::secret::SecretHash;
use chrono::TimeDelta;

/// How long an order may be begun. It travels in far less; clocks may differ by a little.
pub const ORDER_LIFE: TimeDelta = TimeDelta::minutes(2);

/// What the last lines may be: more is cut.
const TAIL: (usize, usize) = (40, 400);
/// The most that is kept of what an attempt has said, in units of [`fit::length`]. Steps have tighter limits of their own.
const OUTPUT: usize = 256 * 1024;

/// The worker that one life of a runner is.
fn worker(runner: &Runner, life: &str) -> String {
    format!("runner/{}/{life}", runner.name)
}

/// The life of a runner is a short word of its own making.
#[must_use]
pub fn is_life(life: &str) -> bool {
    (8..=64).contains(&life.len()) && life.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

impl Muster {
    /// The runner that has the key of that hash, if the config still knows it.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn runner_of(&self, key: &SecretHash) -> Result<Option<Runner>, StoreError> {
        let found = self.store().check(CredentialKind::Runner, key, self.now()).await?;
        let org = self.org();
        let known = |name: &str| org.runbooks.runners.iter().find(|runner| runner.name == name);
        Ok(found.and_then(|key| known(&key.label).cloned()))
    }

    /// Work for a runner, if any waits for its labels. From now on it is that life's.
    ///
    /// A job that this life holds and is not at never reached it: the answer was lost on the way. It is given again, to the same
    /// life, which does nothing twice.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn order(&self, runner: &Runner, take: &Take, signer: &dyn Signer) -> Result<Option<Signed>, StoreError> {
        let worker = worker(runner, &take.life);
        if let Some(job) = self.undelivered(&worker, &take.at).await?
            && let Some(label) = label(runner, &job)
        {
            return self.signed(runner, label, job.task, signer).await.map(Some);
        }
        let labels: Vec<_> = runner.labels.iter().cloned().map(Some).collect();
        for job in self.waiting_jobs(&labels).await? {
            let Some(label) = label(runner, &job) else { continue };
            if let Some(task) = self.take_job(&job.task.id, &worker).await? {
                return self.signed(runner, label, task, signer).await.map(Some);
            }
        }
        Ok(None)
    }

    /// See [`Self::keep_job`].
    ///
    /// # Errors
    /// When the store fails.
    pub async fn keep_for(&self, runner: &Runner, keep: &Keep) -> Result<bool, StoreError> {
        let line = |line: &String| fit::cut(&crate::plain::clean(line), TAIL.1);
        let tail = keep.tail.as_ref().map(|tail| {
            let last = tail.len().saturating_sub(TAIL.0);
            tail.iter().skip(last).map(line).collect::<Vec<_>>()
        });
        self.keep_job(&keep.job, &worker(runner, &keep.life), tail.as_deref()).await
    }

    /// See [`Self::end_job`].
    ///
    /// # Errors
    /// When the store fails.
    pub async fn end_for(&self, runner: &Runner, end: End) -> Result<(), StoreError> {
        let output = crate::plain::clean(&end.report.output);
        let cut = end.report.cut || fit::length(&output) > OUTPUT;
        let report = Report { output: fit::cut(&output, OUTPUT), cut, ..end.report };
        self.end_job(&end.job, &worker(runner, &end.life), &report).await
    }

    async fn undelivered(&self, worker: &str, at: &[JobId]) -> Result<Option<Job>, StoreError> {
        let jobs = Needs { records: vec![Wanted::All(RecordKind::Job)], ..Needs::default() };
        let jobs = self.store().load(&jobs).await?.records;
        let never_came = |job: &&Job| match &job.state {
            JobState::Held { worker: holder, .. } => holder == worker && !at.contains(&job.task.id),
            JobState::Waiting | JobState::Lost { .. } => false,
        };
        Ok(jobs.jobs().find(never_came).cloned())
    }

    async fn signed(
        &self,
        runner: &Runner,
        label: String,
        task: Task,
        signer: &dyn Signer,
    ) -> Result<Signed, StoreError> {
        let now = self.now();
        let order = Order {
            runner: runner.name.clone(),
            label,
            issued_at: now,
            expires_at: now + ORDER_LIFE,
            lost_after: self.org().runbooks.lost_after,
            passes_on: self.passes_on(&task.id).await?,
            task,
        };
        let order = serde_json::to_string(&order)
            .map_err(|_| StoreError::Broken("an order could not be written as JSON".to_owned()))?;
        let signature = signer.sign(&order);
        Ok(Signed { order, signature })
    }

    /// Whether a job that is lost is done again without people being asked.
    async fn passes_on(&self, id: &JobId) -> Result<bool, StoreError> {
        let runs = Needs { records: vec![Wanted::RunsOf(id.incident)], ..Needs::default() };
        let runs = self.store().load(&runs).await?.records;
        let book = runs.run(id.incident, id.run).map(|run| &run.book);
        let flat = book.map(|book| book.flat()).unwrap_or_default();
        let step = flat.into_iter().find(|step| step.id == id.step);
        Ok(step.is_some_and(|step| match (&step.undo, id.undo) {
            (Some(undo), true) => undo.idempotent,
            (None, true) => false,
            (_, false) => step.idempotent,
        }))
    }
}

/// The label by which a runner may have a job.
fn label(runner: &Runner, job: &Job) -> Option<String> {
    job.runner.clone().filter(|label| runner.labels.contains(label))
}
