//! A connection to a SQLite file.

use crate::error::of_sqlite;
use crate::link::{Dialect, Link};
use crate::value::{Row, Value};
use async_trait::async_trait;
use muster_core::ports::store::StoreError;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments, Decode, Row as _, SqlStr, Sqlite, SqliteConnection, TypeInfo, ValueRef};

/// There is one writer at a time: nothing needs to be locked or passed over.
const DIALECT: Dialect = Dialect { lock: "", claim: "", numbered: false };

/// A connection for looking.
pub(super) struct Reader(pub(super) PoolConnection<Sqlite>);

/// The connection that writes.
pub(super) struct Writing<'a>(pub(super) &'a mut SqliteConnection);

#[async_trait]
impl Link for Reader {
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
impl Link for Writing<'_> {
    fn dialect(&self) -> Dialect {
        DIALECT
    }

    async fn fetch(&mut self, sql: SqlStr, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        fetch(self.0, sql, values).await
    }

    async fn execute(&mut self, sql: SqlStr, values: Vec<Value>) -> Result<u64, StoreError> {
        execute(self.0, sql, values).await
    }
}

async fn fetch(connection: &mut SqliteConnection, sql: SqlStr, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
    let query = sqlx::query_with(sql, arguments(values)?);
    let rows = query.fetch_all(connection).await.map_err(of_sqlite)?;
    rows.iter().map(row).collect()
}

async fn execute(connection: &mut SqliteConnection, sql: SqlStr, values: Vec<Value>) -> Result<u64, StoreError> {
    let query = sqlx::query_with(sql, arguments(values)?);
    Ok(query.execute(connection).await.map_err(of_sqlite)?.rows_affected())
}

fn arguments(values: Vec<Value>) -> Result<SqliteArguments, StoreError> {
    let mut arguments = SqliteArguments::default();
    arguments.reserve(values.len(), 0);
    for value in values {
        let added = match value {
            Value::Int(value) => arguments.add(value),
            Value::Text(value) => arguments.add(value),
        };
        added.map_err(|error| of_sqlite(sqlx::Error::Encode(error)))?;
    }
    Ok(arguments)
}

fn row(row: &SqliteRow) -> Result<Row, StoreError> {
    (0..row.len()).map(|at| column(row, at)).collect::<Result<_, _>>().map(Row).map_err(of_sqlite)
}

fn column(row: &SqliteRow, at: usize) -> Result<Value, sqlx::Error> {
    let raw = row.try_get_raw(at)?;
    if raw.is_null() {
        return Ok(Value::Int(None));
    }
    let is_text = raw.type_info().name() == "TEXT";
    if is_text {
        <&str as Decode<Sqlite>>::decode(raw).map(Value::from).map_err(sqlx::Error::Decode)
    } else {
        <i64 as Decode<Sqlite>>::decode(raw).map(Value::from).map_err(sqlx::Error::Decode)
    }
}
