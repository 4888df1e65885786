//! One connection, seen the same way on both engines: a statement and its parameters in, rows or a count out.

use crate::value::{Row, Value};
use async_trait::async_trait;
use muster_core::ports::store::StoreError;
use sqlx::{SqlSafeStr, SqlStr};

/// Where the SQL of the engines differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// Ends a `SELECT` of rows that are to be changed: nobody else may change them until the transaction ends.
    pub lock: &'static str,
    /// Ends a `SELECT` of rows to be claimed: those that somebody else is claiming are passed over.
    pub claim: &'static str,
    /// Whether the parameters of a statement of many rows are numbered. SQLite looks numbers up one by one, which
    /// takes long where there are hundreds.
    pub numbered: bool,
}

/// A connection, inside or outside a transaction.
#[async_trait]
pub trait Link: Send {
    /// How this engine speaks.
    fn dialect(&self) -> Dialect;

    /// Runs one statement and reads its rows.
    ///
    /// # Errors
    /// When the database fails.
    async fn fetch(&mut self, sql: SqlStr, values: Vec<Value>) -> Result<Vec<Row>, StoreError>;

    /// Runs one statement and tells how many rows it changed.
    ///
    /// # Errors
    /// When the database fails.
    async fn execute(&mut self, sql: SqlStr, values: Vec<Value>) -> Result<u64, StoreError>;
}

impl dyn Link + '_ {
    /// The rows of a statement.
    pub(crate) async fn rows(&mut self, sql: impl SqlSafeStr, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        let sql = sql.into_sql_str();
        self.fetch(sql, values).await
    }

    /// The first row of a statement, if there is one.
    pub(crate) async fn row(&mut self, sql: impl SqlSafeStr, values: Vec<Value>) -> Result<Option<Row>, StoreError> {
        let sql = sql.into_sql_str();
        Ok(self.fetch(sql, values).await?.into_iter().next())
    }

    /// How many rows a statement changed.
    pub(crate) async fn run(&mut self, sql: impl SqlSafeStr, values: Vec<Value>) -> Result<u64, StoreError> {
        let sql = sql.into_sql_str();
        self.execute(sql, values).await
    }
}
