//! What really differs between the engines: who groups commits, what is held while deciding, how numbers are given.

use crate::link::Link;
use crate::many::Many;
use crate::prepare::Prepared;
use crate::value::Value;
use async_trait::async_trait;
use muster_core::ids::IncidentId;
use muster_core::ports::store::{Committed, StoreError};

/// A small change beside decisions. Each statement of it stands alone, unless it says that all of it is one.
#[async_trait]
pub trait Change: Send + Sync + 'static {
    /// Whether it must be made as a whole or not at all, so that it needs a transaction where changes do not share one.
    const IS_ONE: bool = false;

    /// What comes of it.
    type Outcome: Send + 'static;

    /// Makes the change. It may be made again when what it was grouped with failed; only the last time counts.
    ///
    /// # Errors
    /// When the database fails.
    async fn make(&self, link: &mut dyn Link) -> Result<Self::Outcome, StoreError>;
}

/// A transaction that holds what was read to decide upon. Dropped, it is rolled back.
#[async_trait]
pub trait Hold: Link {
    /// Makes it durable.
    ///
    /// # Errors
    /// When the database fails.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
}

/// A database engine.
#[async_trait]
pub trait Engine: Send + Sync + 'static {
    /// A connection for looking.
    ///
    /// # Errors
    /// When there is none.
    async fn look(&self) -> Result<Box<dyn Link>, StoreError>;

    /// A transaction in which incidents are held while somebody decides. `None` where one process has the database
    /// to itself and holding them would help nobody: there the guard by version is enough.
    ///
    /// # Errors
    /// When there is no connection.
    async fn hold(&self) -> Result<Option<Box<dyn Hold>>, StoreError>;

    /// Writes a decision, in the transaction that was held if there is one.
    ///
    /// # Errors
    /// When the database fails, or somebody else has changed an incident.
    async fn write(&self, write: Prepared, held: Option<Box<dyn Hold>>) -> Result<Committed, StoreError>;

    /// Makes a small change durable.
    ///
    /// # Errors
    /// When the database fails.
    async fn change<C: Change>(&self, change: C) -> Result<C::Outcome, StoreError>;

    /// Makes rows durable that stand alone, together with those that others bring at the same time where commits are
    /// grouped.
    ///
    /// # Errors
    /// When the database fails.
    async fn add(&self, table: &'static Many, rows: Vec<Value>) -> Result<(), StoreError>;

    /// A number for a new incident that was never given before.
    ///
    /// # Errors
    /// When the database fails.
    async fn number(&self) -> Result<IncidentId, StoreError>;

    /// Whether no other server has the database as long as this one does.
    fn is_alone(&self) -> bool;

    /// Proves that writing is possible.
    ///
    /// # Errors
    /// When it is not, or not in time.
    async fn ping(&self) -> Result<(), StoreError>;

    /// Finishes what was begun and lets go of the database.
    async fn close(&self);
}
