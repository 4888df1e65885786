//! What went wrong in a database, as an error that says whether to try again. Row contents and passwords stay out of it.

use muster_core::ports::store::StoreError;
use sqlx::error::{DatabaseError, ErrorKind};
use sqlx::migrate::MigrateError;

/// The error of a SQLite database.
pub(crate) fn of_sqlite(error: sqlx::Error) -> StoreError {
    of_sqlx(error, |error| {
        // The primary code; SQLite's own messages name tables and constraints, never values.
        let code = error.code().and_then(|code| code.parse::<i64>().ok()).unwrap_or(0) & 0xff;
        let text = error.message().to_owned();
        match code {
            // Busy, locked, out of memory, interrupted, an I/O error, cannot open, a lock protocol error.
            5 | 6 | 7 | 9 | 10 | 14 | 15 => StoreError::Unavailable(text),
            _ => StoreError::Broken(text),
        }
    })
}

/// The error of a PostgreSQL database.
pub(crate) fn of_postgres(error: sqlx::Error) -> StoreError {
    of_sqlx(error, |error| {
        let code = error.code().unwrap_or_default();
        // PostgreSQL quotes values in some messages; those of connections and resources are safe to show.
        let class = code.get(..2).unwrap_or_default();
        match class {
            // Connections, transactions that lost, resources, not ready or locked, an operator stepped in.
            "08" | "40" | "53" | "55" | "57" if code != "53100" => {
                StoreError::Unavailable(format!("{} (SQLSTATE {code})", error.message()))
            }
            "28" | "3D" => StoreError::Unavailable(format!("{} (SQLSTATE {code})", error.message())),
            _ => StoreError::Broken(refusal(error, &code)),
        }
    })
}

/// The error of migrating a database.
#[expect(clippy::wildcard_enum_match_arm, reason = "not our enum, and it may grow")]
pub(crate) fn of_migration(error: MigrateError, of: fn(sqlx::Error) -> StoreError) -> StoreError {
    match error {
        MigrateError::Execute(error) => of(error),
        MigrateError::ExecuteMigration(error, version) => match of(error) {
            StoreError::Broken(text) => StoreError::Broken(format!("migration {version} failed: {text}")),
            error @ (StoreError::Unavailable(_) | StoreError::Conflict) => error,
        },
        MigrateError::VersionMissing(version) => StoreError::Broken(format!(
            "this database was written by a newer muster (migration {version}); start that one, or restore a backup"
        )),
        MigrateError::VersionMismatch(version) => StoreError::Broken(format!(
            "this database was written by another build of muster: migration {version} differs"
        )),
        other => StoreError::Broken(format!("the database could not be migrated: {other}")),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "not our enum, and it may grow")]
fn refusal(error: &dyn DatabaseError, code: &str) -> String {
    let kind = match error.kind() {
        ErrorKind::UniqueViolation => "there is such a row already",
        ErrorKind::ForeignKeyViolation => "it refers to a row that is not there",
        ErrorKind::NotNullViolation => "a value is missing",
        ErrorKind::CheckViolation => "a value is not allowed",
        _ => "it could not be done",
    };
    match error.constraint() {
        Some(constraint) => format!("{kind} (SQLSTATE {code}, {constraint})"),
        None => format!("{kind} (SQLSTATE {code})"),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "not our enum, and it may grow")]
fn of_sqlx(error: sqlx::Error, of_database: impl FnOnce(&dyn DatabaseError) -> StoreError) -> StoreError {
    match error {
        sqlx::Error::Database(error) => of_database(&*error),
        sqlx::Error::Io(error) => StoreError::Unavailable(format!("input or output failed: {}", error.kind())),
        sqlx::Error::PoolTimedOut => StoreError::Unavailable("no connection became free in time".to_owned()),
        sqlx::Error::PoolClosed => StoreError::Unavailable("the store is closed".to_owned()),
        sqlx::Error::WorkerCrashed => StoreError::Unavailable("the connection is gone".to_owned()),
        sqlx::Error::Tls(_) => StoreError::Unavailable("no secure connection could be made".to_owned()),
        sqlx::Error::Protocol(_) => StoreError::Unavailable("the database spoke an unexpected protocol".to_owned()),
        sqlx::Error::Configuration(_) => StoreError::Broken("the address of the database is not understood".to_owned()),
        sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. } => {
            StoreError::Broken("a row could not be read".to_owned())
        }
        _ => StoreError::Broken("the statement could not be run".to_owned()),
    }
}
