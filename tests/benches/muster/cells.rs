//! Rows of a SQLite file as they are: read, and written in statements of many rows.

use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{Arguments, AssertSqlSafe, ConnectOptions, Decode, Row, SqliteConnection, TypeInfo, ValueRef};
use std::path::Path;
use std::sync::Arc;

/// A column of a row.
#[derive(Debug, Clone)]
pub(crate) enum Cell {
    /// A number.
    Int(i64),
    /// Text.
    Text(Arc<str>),
    /// Nothing.
    Null,
}

impl From<i64> for Cell {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<&str> for Cell {
    fn from(value: &str) -> Self {
        Self::Text(value.into())
    }
}

impl From<String> for Cell {
    fn from(value: String) -> Self {
        Self::Text(value.into())
    }
}

/// A table, by its name and columns.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Table(pub(crate) &'static str, pub(crate) &'static str);

impl Table {
    fn width(self) -> usize {
        self.1.split(',').count()
    }

    /// The statement that inserts so many rows.
    fn insert(self, rows: usize) -> String {
        let row = format!("({})", vec!["?"; self.width()].join(", "));
        format!("INSERT INTO {} ({}) VALUES {}", self.0, self.1, vec![row; rows].join(", "))
    }

    /// Inserts rows, given one after another, with one statement. The statement is prepared once for each size.
    pub(crate) async fn write(self, connection: &mut SqliteConnection, cells: Vec<Cell>) {
        let sql = self.insert(cells.len() / self.width());
        run(connection, &sql, cells).await;
    }

    /// Inserts any number of rows, given one after another, with statements of a hundred.
    pub(crate) async fn fill(self, connection: &mut SqliteConnection, cells: &[Cell]) {
        for chunk in cells.chunks(100 * self.width()) {
            self.write(connection, chunk.to_vec()).await;
        }
    }
}

/// Runs a statement with these parameters.
pub(crate) async fn run(connection: &mut SqliteConnection, sql: &str, cells: Vec<Cell>) {
    let done = sqlx::query_with(AssertSqlSafe(sql.to_owned()), arguments(cells)).execute(connection).await;
    done.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

fn arguments(cells: Vec<Cell>) -> SqliteArguments {
    let mut arguments = SqliteArguments::default();
    for cell in cells {
        let added = match cell {
            Cell::Int(value) => arguments.add(value),
            Cell::Text(value) => arguments.add(value),
            Cell::Null => arguments.add(None::<i64>),
        };
        added.expect("a parameter");
    }
    arguments
}

/// The rows of a query with these parameters.
pub(crate) async fn rows(connection: &mut SqliteConnection, sql: &str, cells: Vec<Cell>) -> Vec<Vec<Cell>> {
    let found = sqlx::query_with(AssertSqlSafe(sql.to_owned()), arguments(cells)).fetch_all(connection).await;
    found.unwrap_or_else(|error| panic!("{sql}: {error}")).iter().map(row).collect()
}

fn row(row: &SqliteRow) -> Vec<Cell> {
    let cell = |at| {
        let raw = row.try_get_raw(at).expect("a column");
        if raw.is_null() {
            Cell::Null
        } else if raw.type_info().name() == "TEXT" {
            <&str as Decode<sqlx::Sqlite>>::decode(raw).expect("text").into()
        } else {
            <i64 as Decode<sqlx::Sqlite>>::decode(raw).expect("a number").into()
        }
    };
    (0..row.len()).map(cell).collect()
}

/// The file as Muster's writer opens it.
fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .pragma("cache_size", "-2048")
        .pragma("wal_autocheckpoint", "4000")
        .statement_cache_capacity(256)
        .disable_statement_logging()
}

/// A connection to a file that is there, with the pragmas of Muster's writer.
pub(crate) async fn open(path: &Path) -> SqliteConnection {
    options(path).connect().await.expect("the file opens")
}

/// A new file with Muster's tables and nothing in them.
pub(crate) async fn fresh(path: &Path) -> SqliteConnection {
    let options = options(path).create_if_missing(true);
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.expect("the file is made");
    muster_store::migrations().run(&pool).await.expect("the tables are made");
    pool.close().await;
    open(path).await
}
