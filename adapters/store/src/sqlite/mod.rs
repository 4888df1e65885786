//! SQLite: one file, one writer that commits for all who wait, readers beside it.

mod errand;
mod file;
mod link;
mod writer;

use crate::engine::{Change, Engine, Hold};
use crate::error::{of_migration, of_sqlite};
use crate::incidents;
use crate::link::Link;
use crate::many::Many;
use crate::migrate::migrations;
use crate::prepare::Prepared;
use crate::store::SqlStore;
use crate::value::{Value, values};
use async_trait::async_trait;
use errand::{Outcome, errand};
use link::Reader;
use muster_core::ids::IncidentId;
use muster_core::ports::store::{Committed, StoreError};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tracing::log::LevelFilter;
use writer::{Job, Rows, Writer};

/// Who opens the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// The server. Only one may have the file.
    Server,
    /// A tool of the operator, perhaps beside the server.
    Operator,
}

/// How long to wait for somebody else's write, and for a reader to become free.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a ping may take.
const PING: Duration = Duration::from_secs(2);

/// Readers. Each has a thread and a small page cache of its own.
const READERS: u32 = 3;

/// How many jobs may wait for the writer before those who bring more have to wait to do so.
const QUEUE: usize = 1_024;

/// A SQLite file that is open.
pub struct Sqlite {
    readers: SqlitePool,
    jobs: mpsc::Sender<Job>,
    /// The highest number that was given.
    given: AtomicI64,
    /// Whether the file may hold a higher one.
    outdated: AtomicBool,
    /// Whether this is the one server of the file.
    serves: bool,
}

impl SqlStore<Sqlite> {
    /// Opens the file, makes it if there is none, and brings it up to date.
    ///
    /// # Errors
    /// When the file cannot be opened, when another server has it, or when it was written by a newer muster.
    pub async fn open(path: impl AsRef<Path>, access: Access) -> Result<Self, StoreError> {
        Ok(Self::over(Sqlite::open(path.as_ref(), access).await?))
    }
}

impl Sqlite {
    async fn open(path: &Path, access: Access) -> Result<Self, StoreError> {
        file::make(path)?;
        let instance = match access {
            Access::Server => Some(file::lock(path)?),
            Access::Operator => None,
        };
        let options = options(path);
        let mut connection = SqliteConnection::connect_with(&options).await.map_err(of_sqlite)?;
        match &instance {
            Some(_) => {
                migrate(&mut connection).await?;
                release(&mut connection).await?;
            }
            None if is_current(&mut connection).await? => {}
            // Nobody may be at work on a file whose tables change.
            None => {
                let _instance = file::lock(path)?;
                migrate(&mut connection).await?;
            }
        }
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .min_connections(0)
            .idle_timeout(None)
            .max_lifetime(None)
            .acquire_timeout(PATIENCE)
            .test_before_acquire(false)
            .connect_lazy_with(options.pragma("cache_size", "-1024").read_only(true));
        let (jobs, waiting) = mpsc::channel(QUEUE);
        let serves = instance.is_some();
        tokio::spawn(Writer::new(connection, instance).run(waiting));
        Ok(Self { readers, jobs, given: AtomicI64::new(0), outdated: AtomicBool::new(true), serves })
    }

    async fn ask<T>(&self, job: Job, answer: Outcome<T>) -> Result<T, StoreError> {
        let gone = || StoreError::Unavailable("the store is closed".to_owned());
        self.jobs.send(job).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        // In kibibytes, when negative.
        .pragma("cache_size", "-4096")
        // Statement journals too, which every statement of many rows has.
        .pragma("temp_store", "memory")
        .pragma("mmap_size", "0")
        .pragma("wal_autocheckpoint", "4000")
        .pragma("journal_size_limit", "67108864")
        .statement_cache_capacity(256)
        .row_buffer_size(256)
        .log_statements(LevelFilter::Off)
        .log_slow_statements(LevelFilter::Off, Duration::ZERO)
}

async fn migrate(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    migrations().run(&mut *connection).await.map_err(|error| of_migration(error, of_sqlite))
}

/// Ends the leases of whoever had the file before: the lock says that they are gone, so nobody has to wait for theirs.
async fn release(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let link: &mut dyn Link = &mut link::Writing(connection);
    let sql = "UPDATE outbox SET worker = NULL, leased_until = NULL WHERE state = 'waiting' AND worker IS NOT NULL";
    link.run(sql, values![]).await?;
    let sql = "UPDATE parcels SET worker = NULL, due_at = 0 WHERE worker IS NOT NULL";
    link.run(sql, values![]).await?;
    Ok(())
}

/// Whether every migration has been applied, and none that is not known here.
async fn is_current(connection: &mut SqliteConnection) -> Result<bool, StoreError> {
    let link: &mut dyn Link = &mut link::Writing(connection);
    let tables = link.rows("SELECT 1 FROM sqlite_schema WHERE name = '_sqlx_migrations'", values![]).await?;
    if tables.is_empty() {
        return Ok(false);
    }
    let applied = link.rows("SELECT version FROM _sqlx_migrations ORDER BY version", values![]).await?;
    let applied: Vec<i64> = applied.iter().map(|row| row.int(0)).collect::<Result<_, _>>()?;
    Ok(applied == migrations().iter().map(|migration| migration.version).collect::<Vec<_>>())
}

/// Proves that writing is possible.
struct Beat;

#[async_trait]
impl Change for Beat {
    type Outcome = ();

    async fn make(&self, link: &mut dyn Link) -> Result<(), StoreError> {
        link.run("UPDATE liveness SET beats = beats + 1 WHERE id = 1", values![]).await?;
        Ok(())
    }
}

#[async_trait]
impl Engine for Sqlite {
    async fn look(&self) -> Result<Box<dyn Link>, StoreError> {
        Ok(Box::new(Reader(self.readers.acquire().await.map_err(of_sqlite)?)))
    }

    async fn hold(&self) -> Result<Option<Box<dyn Hold>>, StoreError> {
        Ok(None)
    }

    async fn write(&self, write: Prepared, _held: Option<Box<dyn Hold>>) -> Result<Committed, StoreError> {
        self.given.fetch_max(write.highest, Ordering::AcqRel);
        let (answer, answered) = oneshot::channel();
        let verdict = self.ask(Job::Decision { write: Box::new(write), answer }, answered).await;
        if matches!(verdict, Err(StoreError::Conflict)) {
            self.outdated.store(true, Ordering::Release);
        }
        verdict
    }

    async fn change<C: Change>(&self, change: C) -> Result<C::Outcome, StoreError> {
        let (errand, answered) = errand(change);
        self.ask(Job::Errand(errand), answered).await
    }

    async fn add(&self, table: &'static Many, rows: Vec<Value>) -> Result<(), StoreError> {
        let (answer, answered) = oneshot::channel();
        self.ask(Job::Rows(Rows { table, rows, answer }), answered).await
    }

    /// One more than the highest there is or was given. Nobody else declares incidents in this file; should a tool have
    /// done so, then the write is in conflict, and the file is asked again.
    async fn number(&self) -> Result<IncidentId, StoreError> {
        if self.outdated.load(Ordering::Acquire) {
            let mut link = self.look().await?;
            let highest = incidents::highest(&mut *link).await?;
            self.given.fetch_max(highest, Ordering::AcqRel);
            self.outdated.store(false, Ordering::Release);
        }
        Ok(IncidentId(self.given.fetch_add(1, Ordering::AcqRel) + 1))
    }

    fn is_alone(&self) -> bool {
        self.serves
    }

    async fn ping(&self) -> Result<(), StoreError> {
        let late = |_| StoreError::Unavailable("the database takes too long to write".to_owned());
        tokio::time::timeout(PING, self.change(Beat)).await.map_err(late)?
    }

    async fn close(&self) {
        self.readers.close().await;
        let (answer, answered) = oneshot::channel();
        if self.jobs.send(Job::Close(answer)).await.is_ok() {
            let _ = answered.await;
        }
    }
}
