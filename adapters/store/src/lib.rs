//! Muster's store: incidents, log, outbox, timers, alerts and credentials in SQLite or PostgreSQL, through one set of SQL.
//!
//! [`SqlStore`] implements the ports of `muster-core` once; an [`Engine`] holds only what really differs between
//! the two databases. All columns are `BIGINT` or `TEXT`, so that one set of migrations serves both.

mod alerts;
mod audit;
mod codec;
mod commit;
mod consignments;
mod credentials;
mod engine;
mod entries;
mod error;
mod facts;
mod incidents;
mod link;
mod many;
mod messages;
mod migrate;
mod outbox;
mod outside;
mod parcels;
mod people;
mod postgres;
mod prepare;
mod records;
mod signals;
mod sqlite;
mod store;
mod subscribers;
mod timers;
mod value;

pub use engine::{Change, Engine, Hold};
pub use link::{Dialect, Link};
pub use many::Many;
pub use migrate::migrations;
pub use postgres::Postgres;
pub use prepare::Prepared;
pub use sqlite::{Access, Sqlite};
pub use store::SqlStore;
pub use value::{Row, Value};

use muster_core::ports::store::{Store, StoreError};
use std::sync::Arc;

/// The store in one SQLite file.
pub type SqliteStore = SqlStore<Sqlite>;

/// The store in PostgreSQL.
pub type PgStore = SqlStore<Postgres>;

/// Opens the store of that address for the server: `sqlite:/var/lib/muster/muster.db` or `postgres://…`.
///
/// # Errors
/// When the address is of neither form, when another server has the file, when the database cannot be reached, or
/// when it was written by a newer muster.
pub async fn connect(url: &str) -> Result<Arc<dyn Store>, StoreError> {
    open(url, Access::Server).await
}

/// Opens the store of that address beside a running server, for the operator's tools.
///
/// # Errors
/// As [`connect`], but it does not matter whether a server has the file.
pub async fn connect_as_operator(url: &str) -> Result<Arc<dyn Store>, StoreError> {
    open(url, Access::Operator).await
}

/// Connections to PostgreSQL of one server.
const CONNECTIONS: u32 = 16;

async fn open(url: &str, access: Access) -> Result<Arc<dyn Store>, StoreError> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        let connections = match access {
            Access::Server => CONNECTIONS,
            Access::Operator => 2,
        };
        return Ok(Arc::new(PgStore::connect(url, connections).await?));
    }
    match url.strip_prefix("sqlite:") {
        Some(path) if !path.is_empty() => {
            Ok(Arc::new(SqliteStore::open(path.strip_prefix("//").unwrap_or(path), access).await?))
        }
        Some(_) | None => Err(StoreError::Broken(
            "the address of the database must be sqlite:PATH or postgres://USER@HOST/NAME".to_owned(),
        )),
    }
}
