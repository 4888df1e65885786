//! What this crate asks of Muster: whose key it is, and to take in what came.

use async_trait::async_trait;
use muster_core::alert::{Alert, AlertKey, Signal};
use muster_core::ports::store::StoreError;
use muster_core::secret::SecretHash;

/// Where signals are handed in.
#[async_trait]
pub trait Desk: Send + Sync {
    /// Takes signals in, all of them or none. Durable when it returns.
    ///
    /// # Errors
    /// When the store fails.
    async fn take_in(&self, signals: Vec<Signal>) -> Result<(), StoreError>;

    /// The id of the source whose integration key has that hash, if the key is good now.
    ///
    /// # Errors
    /// When the store fails.
    async fn source_of(&self, key: &SecretHash) -> Result<Option<String>, StoreError>;

    /// A heartbeat has checked in. Durable when it returns.
    ///
    /// # Errors
    /// When the store fails.
    async fn beat(&self, source: &str) -> Result<(), StoreError>;

    /// The alert of that key, if there is one.
    ///
    /// # Errors
    /// When the store fails.
    async fn alert(&self, key: &AlertKey) -> Result<Option<Alert>, StoreError>;

    /// Alerts of a source that are firing, latest first, at most `limit`.
    ///
    /// # Errors
    /// When the store fails.
    async fn firing(&self, source: &str, limit: usize) -> Result<Vec<Alert>, StoreError>;
}
