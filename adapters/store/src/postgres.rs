//! PostgreSQL: every decision is its own transaction, and the incidents it is about are locked while it is made.

use crate::commit;
use crate::engine::{Change, Engine, Hold};
use crate::error::{of_migration, of_postgres};
use crate::link::{Dialect, Link};
use crate::many::Many;
use crate::migrate::migrations;
use crate::prepare::Prepared;
use crate::store::SqlStore;
use crate::value::{Row, Value, values};
use async_trait::async_trait;
use muster_core::ids::IncidentId;
use muster_core::ports::store::{Committed, StoreError};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgConnectOptions, PgConnection, PgPool, PgPoolOptions, PgRow};
use sqlx::{Arguments, ConnectOptions, Decode, Row as _, SqlStr, TypeInfo, ValueRef};
use std::str::FromStr;
use std::time::{Duration, Instant};
use tracing::log::LevelFilter;

/// How long to wait for a connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a ping may take.
const PING: Duration = Duration::from_secs(2);

/// A pool of connections to PostgreSQL.
pub struct Postgres {
    pool: PgPool,
}

impl SqlStore<Postgres> {
    /// Connects to `url`, at most `connections` at a time, and brings the database up to date.
    ///
    /// # Errors
    /// When the database cannot be reached, or was written by a newer muster.
    pub async fn connect(url: &str, connections: u32) -> Result<Self, StoreError> {
        let options = PgConnectOptions::from_str(url).map_err(of_postgres)?;
        let options = options
            .application_name("muster")
            .statement_cache_capacity(256)
            // A process that hangs must not hold an incident for ever, nor anybody wait for it for ever.
            .options([
                ("lock_timeout", "5s"),
                ("statement_timeout", "30s"),
                ("idle_in_transaction_session_timeout", "60s"),
                // Every statement is short: to compile one takes longer than to run it.
                ("jit", "off"),
            ])
            .log_statements(LevelFilter::Off)
            .log_slow_statements(LevelFilter::Off, Duration::ZERO);
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(PATIENCE)
            .connect_with(options)
            .await
            .map_err(of_postgres)?;
        let engine = Postgres { pool };
        engine.migrate().await?;
        Ok(Self::over(engine))
    }
}

impl Postgres {
    async fn migrate(&self) -> Result<(), StoreError> {
        let mut connection = self.pool.acquire().await.map_err(of_postgres)?;
        migrations().run(&mut *connection).await.map_err(|error| of_migration(error, of_postgres))?;
        drop(connection);
        self.number_from_here().await
    }

    /// The sequence of incident numbers goes on behind the highest there is, also when the rows were copied here.
    async fn number_from_here(&self) -> Result<(), StoreError> {
        let mut open = self.begin().await?;
        let link: &mut dyn Link = &mut *open;
        link.run("LOCK TABLE incidents IN SHARE ROW EXCLUSIVE MODE", values![]).await?;
        link.run("CREATE SEQUENCE IF NOT EXISTS incident_numbers AS BIGINT", values![]).await?;
        let sql = "SELECT setval('incident_numbers', max(id)) FROM incidents
                   HAVING max(id) > (SELECT last_value FROM incident_numbers)";
        link.rows(sql, values![]).await?;
        open.commit().await
    }

    async fn begin(&self) -> Result<Box<dyn Hold>, StoreError> {
        Ok(Box::new(Transaction(self.pool.begin().await.map_err(of_postgres)?)))
    }
}

/// A connection on which each statement is its own transaction.
struct Plain(PoolConnection<sqlx::Postgres>);

/// A transaction; rolled back when dropped.
struct Transaction(sqlx::Transaction<'static, sqlx::Postgres>);

const DIALECT: Dialect = Dialect { lock: " FOR UPDATE", claim: " FOR UPDATE SKIP LOCKED", numbered: true };

#[async_trait]
impl Link for Plain {
    fn dialect(&self) -> Dialect {
        DIALECT
    }

    async fn fetch(&mut self, sql: SqlStr, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        fetch(&mut self.0, sql, values).await
    }

    async fn execute(&mut self, sql: SqlStr, values: Vec<Value>) -> Result<u64, StoreError> {
        execute(&mut self.0, sql, values).await
    }
}

#[async_trait]
impl Link for Transaction {
    fn dialect(&self) -> Dialect {
        DIALECT
    }

    async fn fetch(&mut self, sql: SqlStr, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        fetch(&mut self.0, sql, values).await
    }

    async fn execute(&mut self, sql: SqlStr, values: Vec<Value>) -> Result<u64, StoreError> {
        execute(&mut self.0, sql, values).await
    }
}

#[async_trait]
impl Hold for Transaction {
    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.0.commit().await.map_err(of_postgres)
    }
}

async fn fetch(connection: &mut PgConnection, sql: SqlStr, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
    let query = sqlx::query_with(sql, arguments(values)?);
    let rows = query.fetch_all(connection).await.map_err(of_postgres)?;
    rows.iter().map(row).collect()
}

async fn execute(connection: &mut PgConnection, sql: SqlStr, values: Vec<Value>) -> Result<u64, StoreError> {
    let query = sqlx::query_with(sql, arguments(values)?);
    Ok(query.execute(connection).await.map_err(of_postgres)?.rows_affected())
}

fn arguments(values: Vec<Value>) -> Result<PgArguments, StoreError> {
    let mut arguments = PgArguments::default();
    arguments.reserve(values.len(), 0);
    for value in values {
        let added = match value {
            Value::Int(value) => arguments.add(value),
            Value::Text(value) => arguments.add(value.as_deref()),
        };
        added.map_err(|error| of_postgres(sqlx::Error::Encode(error)))?;
    }
    Ok(arguments)
}

fn row(row: &PgRow) -> Result<Row, StoreError> {
    (0..row.len()).map(|at| column(row, at)).collect::<Result<_, _>>().map(Row).map_err(of_postgres)
}

fn column(row: &PgRow, at: usize) -> Result<Value, sqlx::Error> {
    let raw = row.try_get_raw(at)?;
    let is_text = raw.type_info().name() == "TEXT";
    let value = match (raw.is_null(), is_text) {
        (true, true) => Value::Text(None),
        (true, false) => Value::Int(None),
        (false, true) => <&str as Decode<sqlx::Postgres>>::decode(raw).map_err(sqlx::Error::Decode)?.into(),
        (false, false) => <i64 as Decode<sqlx::Postgres>>::decode(raw).map_err(sqlx::Error::Decode)?.into(),
    };
    Ok(value)
}

#[async_trait]
impl Engine for Postgres {
    async fn look(&self) -> Result<Box<dyn Link>, StoreError> {
        Ok(Box::new(Plain(self.pool.acquire().await.map_err(of_postgres)?)))
    }

    async fn hold(&self) -> Result<Option<Box<dyn Hold>>, StoreError> {
        self.begin().await.map(Some)
    }

    async fn write(&self, write: Prepared, held: Option<Box<dyn Hold>>) -> Result<Committed, StoreError> {
        let began = Instant::now();
        let mut held = match held {
            Some(held) => held,
            None => self.begin().await?,
        };
        let verdict = commit::write_one(&mut *held, &write).await?;
        match verdict {
            Committed::Fresh => held.commit().await?,
            Committed::Repeated(_) | Committed::Stale => drop(held),
        }
        metrics::histogram!("muster_store_commit_seconds").record(began.elapsed());
        Ok(verdict)
    }

    async fn change<C: Change>(&self, change: C) -> Result<C::Outcome, StoreError> {
        if !C::IS_ONE {
            let mut link = self.look().await?;
            return change.make(&mut *link).await;
        }
        let mut open = self.begin().await?;
        let outcome = change.make(&mut *open).await?;
        open.commit().await?;
        Ok(outcome)
    }

    async fn add(&self, table: &'static Many, rows: Vec<Value>) -> Result<(), StoreError> {
        if table.is_one(&rows) {
            let mut link = self.look().await?;
            return table.run(&mut *link, rows).await.map(drop);
        }
        let mut open = self.begin().await?;
        table.run(&mut *open, rows).await?;
        open.commit().await
    }

    /// From a sequence: no number twice, whatever is rolled back and however many processes there are.
    async fn number(&self) -> Result<IncidentId, StoreError> {
        let mut link = self.look().await?;
        let row = link.row("SELECT nextval('incident_numbers')", values![]).await?;
        row.map_or(Err(StoreError::Broken("there is no next number".to_owned())), |row| Ok(IncidentId(row.int(0)?)))
    }

    fn is_alone(&self) -> bool {
        false
    }

    /// A standby and a database that was made read-only answer, but do not count.
    async fn ping(&self) -> Result<(), StoreError> {
        let asked = async {
            let mut link = self.look().await?;
            link.row("SELECT current_setting('transaction_read_only')", values![]).await
        };
        let late = |_| StoreError::Unavailable("the database takes too long to answer".to_owned());
        match tokio::time::timeout(PING, asked).await.map_err(late)?? {
            Some(row) if row.text(0)? == "off" => Ok(()),
            Some(_) | None => Err(StoreError::Unavailable("the database is read-only".to_owned())),
        }
    }

    async fn close(&self) {
        self.pool.close().await;
    }
}
