//! The one writer of a SQLite file. It takes all that is waiting and commits it together: one fsync for all.

use super::errand::Errand;
use super::link::Writing;
use crate::commit::{self, Verdict};
use crate::error::of_sqlite;
use crate::link::Link;
use crate::many::Many;
use crate::prepare::{Prepared, Touch};
use crate::value::{Value, values};
use muster_core::ports::store::{Committed, StoreError};
use sqlx::{Connection, SqliteConnection};
use std::collections::{HashSet, VecDeque};
use std::fs::File;
use std::time::Instant;
use tokio::sync::{mpsc, oneshot};

/// At most this many jobs are committed together.
const TOGETHER: usize = 128;

/// Something to be written.
pub(super) enum Job {
    /// A decision.
    Decision {
        /// Its rows.
        write: Box<Prepared>,
        /// Where to tell what became of it.
        answer: oneshot::Sender<Verdict>,
    },
    /// A change beside decisions.
    Errand(Box<dyn Errand>),
    /// Rows that stand alone.
    Rows(Rows),
    /// Nothing more comes.
    Close(oneshot::Sender<()>),
}

/// Rows that stand alone.
pub(super) struct Rows {
    /// The statement that adds them to their table.
    pub(super) table: &'static Many,
    /// Their values.
    pub(super) rows: Vec<Value>,
    /// Where to tell what became of them.
    pub(super) answer: oneshot::Sender<Result<(), StoreError>>,
}

/// The connection that writes, and the lock that says this process is the server of the file.
pub(super) struct Writer {
    connection: SqliteConnection,
    instance: Option<File>,
}

/// What is committed together.
#[derive(Default)]
struct Batch {
    writes: Vec<Prepared>,
    answers: Vec<oneshot::Sender<Verdict>>,
    errands: Vec<Box<dyn Errand>>,
    rows: Vec<Rows>,
    touched: HashSet<Touch>,
}

/// What goes into one transaction.
struct Work<'a> {
    writes: &'a [&'a Prepared],
    errands: &'a mut [Box<dyn Errand>],
    rows: &'a [Rows],
    /// Whether each decision may fail for itself. Else all fail with one, which is cheaper to find out.
    each: bool,
}

impl Writer {
    pub(super) fn new(connection: SqliteConnection, instance: Option<File>) -> Self {
        Self { connection, instance }
    }

    /// Writes what comes, until nothing can come any more.
    pub(super) async fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        let mut waiting = VecDeque::new();
        let mut closed = None;
        loop {
            if waiting.is_empty() {
                match jobs.recv().await {
                    Some(job) => waiting.push_back(job),
                    None => break,
                }
            }
            while waiting.len() < TOGETHER
                && let Ok(job) = jobs.try_recv()
            {
                waiting.push_back(job);
            }
            let mut batch = Batch::default();
            let mut later = VecDeque::new();
            for job in waiting.drain(..) {
                match job {
                    Job::Decision { write, answer } => {
                        if let Err(job) = batch.admit(write, answer) {
                            later.push_back(job);
                        }
                    }
                    Job::Errand(errand) => batch.errands.push(errand),
                    Job::Rows(rows) => batch.rows.push(rows),
                    Job::Close(answer) => {
                        jobs.close();
                        closed = Some(answer);
                    }
                }
            }
            waiting = later;
            self.commit(batch).await;
        }
        if let Err(error) = self.connection.close().await {
            tracing::warn!(error = %of_sqlite(error), "the database was not closed in good order");
        }
        drop(self.instance);
        if let Some(answer) = closed {
            let _ = answer.send(());
        }
    }

    async fn commit(&mut self, mut batch: Batch) {
        let jobs = batch.writes.len() + batch.errands.len() + batch.rows.len();
        if jobs == 0 {
            return;
        }
        let began = Instant::now();
        let together = {
            let Batch { writes, errands, rows, .. } = &mut batch;
            let writes: Vec<&Prepared> = writes.iter().collect();
            match self.together(Work { writes: &writes, errands, rows, each: false }).await {
                Err(StoreError::Conflict) => self.together(Work { writes: &writes, errands, rows, each: true }).await,
                together => together,
            }
        };
        #[expect(clippy::cast_precision_loss, reason = "a batch is small")]
        metrics::histogram!("muster_store_batch_jobs").record(jobs as f64);
        metrics::histogram!("muster_store_commit_seconds").record(began.elapsed());
        match together {
            Ok(verdicts) => batch.answer(verdicts),
            // Trying again one by one would only make everybody wait for the same.
            Err(StoreError::Unavailable(why)) => batch.refuse(&why),
            Err(StoreError::Broken(_) | StoreError::Conflict) => self.one_by_one(batch).await,
        }
    }

    /// Each on its own, so that only the one that fails fails.
    async fn one_by_one(&mut self, batch: Batch) {
        let each = true;
        for (write, answer) in batch.writes.iter().zip(batch.answers) {
            let verdict = match self.together(Work { writes: &[write], errands: &mut [], rows: &[], each }).await {
                Ok(verdicts) => verdicts.into_iter().next().unwrap_or(Err(StoreError::Conflict)),
                Err(error) => Err(error),
            };
            let _ = answer.send(verdict);
        }
        for errand in batch.errands {
            let mut alone = [errand];
            let done = self.together(Work { writes: &[], errands: &mut alone, rows: &[], each }).await;
            let [errand] = alone;
            errand.answer(done.map(drop));
        }
        for rows in batch.rows {
            let alone = [rows];
            let done = self.together(Work { writes: &[], errands: &mut [], rows: &alone, each }).await;
            let [rows] = alone;
            let _ = rows.answer.send(done.map(drop));
        }
    }

    /// All in one transaction. When it fails, nothing of it is written.
    async fn together(&mut self, work: Work<'_>) -> Result<Vec<Verdict>, StoreError> {
        let link: &mut dyn Link = &mut Writing(&mut self.connection);
        link.run("BEGIN IMMEDIATE", values![]).await?;
        let beside = work.errands.len() + work.rows.len();
        let done = Self::inside(link, work).await;
        match &done {
            Ok(verdicts) if is_worth_committing(verdicts, beside) => {
                if let Err(error) = link.run("COMMIT", values![]).await {
                    roll_back(link).await;
                    return Err(error);
                }
            }
            Ok(_) | Err(_) => roll_back(link).await,
        }
        done
    }

    async fn inside(link: &mut dyn Link, work: Work<'_>) -> Result<Vec<Verdict>, StoreError> {
        let Work { writes, errands, rows, each } = work;
        let mut verdicts = Vec::with_capacity(writes.len());
        if each {
            for write in writes {
                verdicts.push(write_apart(link, write).await?);
            }
        } else {
            commit::write_all(link, writes).await?;
            verdicts.resize_with(writes.len(), || Ok(Committed::Fresh));
        }
        for errand in errands {
            errand.run(link).await?;
        }
        for of_one_table in rows.chunk_by(|one, next| std::ptr::eq(one.table, next.table)) {
            let values = of_one_table.iter().flat_map(|rows| rows.rows.iter().cloned()).collect();
            of_one_table[0].table.run(link, values).await?;
        }
        Ok(verdicts)
    }
}

/// Writes one decision, and leaves nothing of it unless it is fresh.
async fn write_apart(link: &mut dyn Link, write: &Prepared) -> Result<Verdict, StoreError> {
    link.run("SAVEPOINT apart", values![]).await?;
    let verdict = commit::write_one(link, write).await;
    match verdict {
        Ok(Committed::Fresh) => {}
        Ok(Committed::Repeated(_) | Committed::Stale) | Err(StoreError::Conflict) => {
            link.run("ROLLBACK TO apart", values![]).await?;
        }
        Err(error @ (StoreError::Unavailable(_) | StoreError::Broken(_))) => return Err(error),
    }
    link.run("RELEASE apart", values![]).await?;
    Ok(verdict)
}

fn is_worth_committing(verdicts: &[Verdict], beside: usize) -> bool {
    beside > 0 || verdicts.iter().any(|verdict| matches!(verdict, Ok(Committed::Fresh)))
}

/// SQLite rolls back by itself after some errors; then there is nothing left to roll back.
async fn roll_back(link: &mut dyn Link) {
    if let Err(error) = link.run("ROLLBACK", values![]).await {
        tracing::debug!(%error, "there was nothing to roll back");
    }
}

impl Batch {
    /// Takes a decision in, unless it touches what another one in here touches: then it has to wait for the next.
    fn admit(&mut self, write: Box<Prepared>, answer: oneshot::Sender<Verdict>) -> Result<(), Job> {
        if write.touches.iter().any(|touch| self.touched.contains(touch)) {
            return Err(Job::Decision { write, answer });
        }
        self.touched.extend(write.touches.iter().cloned());
        self.writes.push(*write);
        self.answers.push(answer);
        Ok(())
    }

    fn answer(self, verdicts: Vec<Verdict>) {
        for (answer, verdict) in self.answers.into_iter().zip(verdicts) {
            let _ = answer.send(verdict);
        }
        for errand in self.errands {
            errand.answer(Ok(()));
        }
        for rows in self.rows {
            let _ = rows.answer.send(Ok(()));
        }
    }

    fn refuse(self, why: &str) {
        for answer in self.answers {
            let _ = answer.send(Err(StoreError::Unavailable(why.to_owned())));
        }
        for errand in self.errands {
            errand.answer(Err(StoreError::Unavailable(why.to_owned())));
        }
        for rows in self.rows {
            let _ = rows.answer.send(Err(StoreError::Unavailable(why.to_owned())));
        }
    }
}
