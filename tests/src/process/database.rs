//! The database of an installation, read past Muster.

use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, SqliteConnection};

/// The database itself, read past Muster: what is really there.
#[derive(Debug)]
pub enum Database {
    /// A SQLite file.
    Sqlite(SqliteConnection),
    /// A PostgreSQL database.
    Postgres(PgConnection),
}

impl Database {
    /// Opens the database at that address.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub async fn open(url: &str) -> Self {
        if url.starts_with("sqlite:") {
            Self::Sqlite(SqliteConnection::connect(url).await.expect("the file opens"))
        } else {
            Self::Postgres(PgConnection::connect(url).await.expect("the database answers"))
        }
    }

    /// The rows of a query whose columns are all text (`CAST(… AS TEXT)`).
    ///
    /// # Panics
    /// When the query fails.
    pub async fn rows(&mut self, sql: &str) -> Vec<Vec<String>> {
        let query = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(connection) => {
                let rows = sqlx::query(query).fetch_all(connection).await;
                rows.unwrap_or_else(|error| panic!("{sql}: {error}")).iter().map(texts).collect()
            }
            Self::Postgres(connection) => {
                let rows = sqlx::query(query).fetch_all(connection).await;
                rows.unwrap_or_else(|error| panic!("{sql}: {error}")).iter().map(texts).collect()
            }
        }
    }

    /// The one number that a query yields.
    ///
    /// # Panics
    /// When it yields something else.
    pub async fn number(&mut self, sql: &str) -> i64 {
        let rows = self.rows(sql).await;
        let number = rows.first().and_then(|row| row.first()).and_then(|text| text.parse().ok());
        number.unwrap_or_else(|| panic!("{sql}: {rows:?}"))
    }

    /// Changes something behind Muster's back.
    ///
    /// # Panics
    /// When it cannot be changed.
    pub async fn execute(&mut self, sql: &str) {
        let query = AssertSqlSafe(sql.to_owned());
        let done = match self {
            Self::Sqlite(connection) => sqlx::query(query).execute(connection).await.map(|_| ()),
            Self::Postgres(connection) => sqlx::query(query).execute(connection).await.map(|_| ()),
        };
        done.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}

/// A row as text; what is missing is empty.
fn texts<'r, R: Row>(row: &'r R) -> Vec<String>
where
    usize: sqlx::ColumnIndex<R>,
    Option<String>: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
{
    (0..row.len()).map(|at| row.get::<Option<String>, _>(at).unwrap_or_default()).collect()
}
