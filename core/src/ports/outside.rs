//! The way out to addresses that people, configs and other systems name. It is guarded: nothing inside is reached by it.

use async_trait::async_trait;
use http::{Request, Response};

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutsideError {
    /// That address may not be reached. Trying again cannot help.
    #[error("{reason}")]
    Forbidden {
        /// Why, in one sentence without secrets.
        reason: String,
    },
    /// No connection could be made: nothing was sent, and nothing has happened.
    #[error("{reason}")]
    Unsent {
        /// Why, in one sentence without secrets.
        reason: String,
    },
    /// There was no answer, or none that could be read. What was asked may have happened.
    #[error("{reason}")]
    Failed {
        /// What happened, in one sentence without secrets.
        reason: String,
    },
}

/// The guarded way out.
#[async_trait]
pub trait Outside: Send + Sync {
    /// Sends a request to an http or https address and reads the whole answer, whatever its status, up to a bound.
    /// Redirects are not followed.
    ///
    /// # Errors
    /// When the address may not be reached, or there is no answer in time.
    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, OutsideError>;
}
