//! What this crate asks of Muster: whose key it is, and to take in what came.

use async_trait::async_trait;
use muster_core::alert::{Alert, AlertKey, AlertQuery, Signal};
use muster_core::app::Muster;
use muster_core::decide::Needs;
use muster_core::ports::credentials::CredentialKind;
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

/// So many firing alerts are looked through for those of one source.
const LOOKED_THROUGH: i64 = 10_000;

#[async_trait]
impl Desk for Muster {
    async fn take_in(&self, signals: Vec<Signal>) -> Result<(), StoreError> {
        self.take_in(signals).await
    }

    async fn source_of(&self, key: &SecretHash) -> Result<Option<String>, StoreError> {
        let found = self.store().check(CredentialKind::Integration, key, self.now()).await?;
        Ok(found.map(|credential| credential.label))
    }

    async fn beat(&self, source: &str) -> Result<(), StoreError> {
        if !self.beat(source).await? {
            tracing::warn!(source, "a heartbeat checks in that the config does not expect: it needs a [[heartbeat]]");
        }
        Ok(())
    }

    async fn alert(&self, key: &AlertKey) -> Result<Option<Alert>, StoreError> {
        let alerts = Some(AlertQuery::Keys(vec![key.clone()]));
        Ok(self.store().load(&Needs { alerts, ..Needs::default() }).await?.alerts.pop())
    }

    async fn firing(&self, source: &str, limit: usize) -> Result<Vec<Alert>, StoreError> {
        let alerts = Some(AlertQuery::Firing(LOOKED_THROUGH));
        let firing = self.store().load(&Needs { alerts, ..Needs::default() }).await?.alerts;
        Ok(firing.into_iter().filter(|alert| alert.id.source == source).take(limit).collect())
    }
}
