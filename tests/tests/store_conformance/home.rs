//! Where a store lives, and how the stories are told.

use chrono::TimeDelta;
use muster_core::clock::Timestamp;
use muster_core::decide::Needs;
use muster_core::effect::Urgency;
use muster_core::ids::IncidentId;
use muster_core::incident::Incident;
use muster_core::ports::store::{Committed, Lease, Leased, Of, Outcome, Settlement, Store, StoreError};
use muster_core::secret::{Secret, SecretHash};
use muster_store::{connect, connect_as_operator};
use muster_tests::fixtures::{Making, at, write};
use muster_tests::memory::MemoryStore;
use muster_tests::pg;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, SqliteConnection};
use std::sync::Arc;
use tempfile::TempDir;

/// Tells each story on SQLite and on PostgreSQL.
macro_rules! on_both_engines {
    ($($story:ident)*) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                super::$story(crate::home::Home::sqlite().await).await;
            })*
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                if let Some(home) = crate::home::Home::postgres(stringify!($story)).await {
                    super::$story(home).await;
                }
            })*
        }
    };
}

/// Tells each story on both engines, and on the store that tests of everything else are made with.
macro_rules! on_every_store {
    ($($story:ident)*) => {
        mod in_memory {
            $(#[tokio::test]
            async fn $story() {
                super::$story(crate::home::Home::memory()).await;
            })*
        }
        on_both_engines! { $($story)* }
    };
}

/// Where a store lives: it can be opened a second time, as by another process.
pub(crate) struct Home {
    pub(crate) url: String,
    pub(crate) store: Arc<dyn Store>,
    _folder: Option<TempDir>,
}

impl Home {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}/muster.db", folder.path().display());
        Self { store: connect(&url).await.unwrap(), url, _folder: Some(folder) }
    }

    pub(crate) async fn postgres(test: &str) -> Option<Self> {
        let url = pg::database(test).await?;
        Some(Self { store: connect(&url).await.unwrap(), url, _folder: None })
    }

    pub(crate) fn memory() -> Self {
        Self { store: Arc::new(MemoryStore::default()), url: "memory".to_owned(), _folder: None }
    }

    pub(crate) async fn opened_again(&self) -> Arc<dyn Store> {
        if self.url == "memory" {
            return Arc::clone(&self.store);
        }
        connect_as_operator(&self.url).await.unwrap()
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        self.url.starts_with("sqlite:")
    }

    /// How the database would find that.
    pub(crate) async fn plan(&self, select: &str) -> String {
        let rows = if let Some(path) = self.url.strip_prefix("sqlite:") {
            let mut connection = SqliteConnection::connect(path).await.unwrap();
            let explained = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {select}"));
            let rows = sqlx::query(explained).fetch_all(&mut connection).await.unwrap();
            rows.iter().map(|row| row.get::<String, _>("detail")).collect::<Vec<_>>()
        } else {
            let mut connection = PgConnection::connect(&self.url).await.unwrap();
            let explained = AssertSqlSafe(format!("EXPLAIN {select}"));
            sqlx::query_scalar(explained).fetch_all(&mut connection).await.unwrap()
        };
        rows.join("\n")
    }

    pub(crate) async fn sql(&self, statement: &str) {
        let statement = AssertSqlSafe(statement.to_owned());
        if let Some(path) = self.url.strip_prefix("sqlite:") {
            let mut connection = SqliteConnection::connect(path).await.unwrap();
            sqlx::query(statement).execute(&mut connection).await.unwrap();
        } else {
            let mut connection = PgConnection::connect(&self.url).await.unwrap();
            sqlx::query(statement).execute(&mut connection).await.unwrap();
        }
    }
}

pub(crate) async fn commit(store: &Arc<dyn Store>, making: Making) -> Result<Committed, StoreError> {
    store.begin(&Needs::default()).await?.commit(making.0).await
}

pub(crate) async fn commits(store: &Arc<dyn Store>, making: Making) {
    assert_eq!(commit(store, making).await.unwrap(), Committed::Fresh);
}

pub(crate) fn is_conflict(result: &Result<Committed, StoreError>) -> bool {
    matches!(result, Err(StoreError::Conflict))
}

pub(crate) fn about(number: i64) -> Needs {
    Needs { incident: Some(IncidentId(number)), ..Needs::default() }
}

pub(crate) async fn read(store: &Arc<dyn Store>, number: i64) -> Option<Incident> {
    store.load(&about(number)).await.unwrap().incident
}

pub(crate) async fn declares(store: &Arc<dyn Store>, incident: &Incident) {
    commits(store, write(&format!("declare {}", incident.id)).incident(incident)).await;
}

pub(crate) fn lease(worker: &str, now: Timestamp, limit: i64) -> Lease {
    Lease {
        worker: worker.to_owned(),
        of: Of::All,
        least: Urgency::Routine,
        now,
        until: now + TimeDelta::seconds(30),
        limit,
    }
}

pub(crate) async fn leases(store: &Arc<dyn Store>, worker: &str, now: Timestamp) -> Vec<Leased> {
    store.lease(&lease(worker, now, 100)).await.unwrap()
}

pub(crate) fn keys(leased: &[Leased]) -> Vec<&str> {
    leased.iter().map(|leased| leased.outgoing.key.as_str()).collect()
}

pub(crate) fn settlement(leased: &Leased, worker: &str, outcome: Outcome) -> Settlement {
    let Leased { outgoing, attempt, .. } = leased;
    Settlement {
        key: outgoing.key.clone(),
        mark: outgoing.coalesce.clone(),
        worker: worker.to_owned(),
        attempt: *attempt,
        at: at(5),
        outcome,
    }
}

pub(crate) fn done() -> Outcome {
    Outcome::Done { external: "ts-1".to_owned() }
}

pub(crate) async fn settles(store: &Arc<dyn Store>, leased: &Leased, worker: &str, outcome: Outcome) {
    assert_eq!(store.settle(&[settlement(leased, worker, outcome)]).await.unwrap(), 1);
}

pub(crate) fn hash(secret: &str) -> SecretHash {
    Secret::presented(secret).hash()
}
