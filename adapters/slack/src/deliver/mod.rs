//! Making effects in Slack.

use crate::api::{ApiError, Health};
use muster_core::ports::chat::DeliveryError;
use std::time::Duration;

/// How long to leave alone what only an operator can change.
const FOR_OPERATOR: Duration = Duration::from_secs(60);

/// Channels.
pub(crate) struct Channels;
impl Channels {
    pub(crate) fn new() -> Self {
        Self
    }
}

/// What becomes of an effect when a call fails, wherever it does.
pub(crate) fn failed(error: &ApiError) -> DeliveryError {
    let reason = error.to_string();
    match error {
        ApiError::RateLimited { after } => DeliveryError::Transient { reason, after: Some(*after) },
        ApiError::Ambiguous(_) | ApiError::Down(_) => DeliveryError::Transient { reason, after: None },
        ApiError::Slack(_) if Health::is_for_operator(error) => {
            DeliveryError::Transient { reason, after: Some(FOR_OPERATOR) }
        }
        ApiError::Slack(_) => DeliveryError::Permanent { reason },
    }
}
