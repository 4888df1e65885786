//! Where the audit log is read.

use super::store::StoreError;
use crate::audit::{Head, Sealed};
use async_trait::async_trait;

/// The audit log. Decisions add to it, see [`crate::decide::Change::Audit`].
#[async_trait]
pub trait AuditLog: Send + Sync {
    /// Entries after that place, in order, at most `limit`.
    ///
    /// # Errors
    /// When the store fails.
    async fn audit(&self, after: i64, limit: i64) -> Result<Vec<Sealed>, StoreError>;

    /// Where the log ends.
    ///
    /// # Errors
    /// When the store fails.
    async fn audit_head(&self) -> Result<Head, StoreError>;
}
