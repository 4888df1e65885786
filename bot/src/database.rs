//! Opening the database: as the server, which has a SQLite file to itself, or beside it as an operator.

use crate::config::StoreUrl;
use anyhow::{anyhow, bail};
use muster_core::ports::store::{Store, StoreError};
use muster_store::{Access, PgStore, SqliteStore};
use std::sync::Arc;

/// Connections to PostgreSQL of one server, and of one operator.
const CONNECTIONS: (u32, u32) = (16, 2);

/// A database that is open.
pub(crate) enum Database {
    /// A file.
    Sqlite(SqliteStore),
    /// A server.
    Postgres(PgStore),
}

impl Database {
    /// Opens it for the server, and makes it if there is none.
    pub(crate) async fn open(url: &StoreUrl) -> anyhow::Result<Self> {
        Self::open_as(url, Access::Server, CONNECTIONS.0).await
    }

    /// Opens one that is there, beside the server if one is running.
    pub(crate) async fn open_beside(url: &StoreUrl) -> anyhow::Result<Self> {
        if let Some(file) = url.file().filter(|file| !file.exists()) {
            bail!("there is no database in {}; Muster makes it when it starts", file.display());
        }
        Self::open_as(url, Access::Operator, CONNECTIONS.1).await
    }

    async fn open_as(url: &StoreUrl, access: Access, connections: u32) -> anyhow::Result<Self> {
        let opened = match url.file() {
            Some(file) => SqliteStore::open(file, access).await.map(Self::Sqlite),
            None => PgStore::connect(url.reveal(), connections).await.map(Self::Postgres),
        };
        opened.map_err(|error| plain(error, url))
    }

    /// The store in it.
    pub(crate) fn store(&self) -> Arc<dyn Store> {
        match self {
            Self::Sqlite(store) => Arc::new(store.clone()),
            Self::Postgres(store) => Arc::new(store.clone()),
        }
    }

    /// Finishes what was begun and lets go of it.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(store) => store.close().await,
            Self::Postgres(store) => store.close().await,
        }
    }
}

/// The error as its reason alone: opening is not yet refusing.
fn plain(error: StoreError, url: &StoreUrl) -> anyhow::Error {
    match error {
        StoreError::Broken(reason) => anyhow!("{reason}"),
        StoreError::Unavailable(reason) => anyhow!("the database ({url}) cannot be reached: {reason}"),
        StoreError::Conflict => anyhow!("{error}"),
    }
}
