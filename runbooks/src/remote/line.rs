//! The line to Muster. A runner only ever calls; nobody calls it.

use async_trait::async_trait;
use muster_core::runbook::{End, Keep, Signed, Take};

/// Why something did not get through.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// It may later: no connection, no answer in time, a server in trouble.
    #[error("Muster cannot be reached: {0}")]
    Down(String),
    /// It will not as it is: the key opens nothing, or Muster does not understand.
    #[error("Muster refuses: {0}")]
    Refused(String),
}

/// The line to Muster. Every call ends by itself within half a minute.
#[async_trait]
pub trait Line: Send + Sync {
    /// Asks for work, and waits for it for some seconds.
    ///
    /// # Errors
    /// When that does not get through.
    async fn take(&self, take: &Take) -> Result<Option<Signed>, LineError>;

    /// Says that we live and are at a job; whether to go on.
    ///
    /// # Errors
    /// When that does not get through.
    async fn keep(&self, keep: &Keep) -> Result<bool, LineError>;

    /// Reports.
    ///
    /// # Errors
    /// When that does not get through.
    async fn end(&self, end: &End) -> Result<(), LineError>;
}
