//! What carries one thing to one subscriber.

use crate::comms::{Bulk, Channel, Parcel};
use async_trait::async_trait;
use std::time::Duration;

/// It was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CourierError {
    /// Try again, not before the other side allows.
    #[error("{reason}")]
    Again {
        /// What happened, in one sentence without secrets or addresses.
        reason: String,
        /// How long the other side asked to be left alone.
        after: Option<Duration>,
    },
    /// Trying again cannot help this time; the next thing may arrive.
    #[error("{reason}")]
    Refused {
        /// What happened, in one sentence without secrets or addresses.
        reason: String,
    },
    /// There is nobody at that address, and never will be.
    #[error("{reason}")]
    Nobody {
        /// What happened, in one sentence without secrets or addresses.
        reason: String,
    },
    /// The other side wants nothing more: the answer 410 of a webhook.
    #[error("{reason}")]
    Gone {
        /// What happened, in one sentence without secrets or addresses.
        reason: String,
    },
}

/// A way to subscribers.
#[async_trait]
pub trait Courier: Send + Sync {
    /// What it reaches.
    fn channel(&self) -> Channel;

    /// Carries one thing to one subscriber. [`Parcel::key`] is the idempotency key, the same at every attempt.
    ///
    /// # Errors
    /// [`CourierError`] says whether trying again makes sense, and what becomes of the subscriber.
    async fn carry(&self, parcel: &Parcel, bulk: &Bulk) -> Result<(), CourierError>;
}
