//! What becomes of an effect when a call fails.

use crate::api::{ApiError, Health};
use muster_core::incident::room::Room;
use muster_core::ports::chat::DeliveryError;
use std::time::Duration;

/// How long to leave alone what only an operator can change.
pub(super) const FOR_OPERATOR: Duration = Duration::from_secs(60);

/// Codes of a channel in which nothing can be said any more, once healing has been tried.
/// <https://docs.slack.dev/reference/methods/chat.postMessage#errors>
const SHUT: &[&str] = &["channel_not_found", "not_in_channel", "is_archived", "is_inactive"];

/// Codes that say: not now.
const NOT_NOW: &[&str] =
    &["service_unavailable", "request_timeout", "update_failed", "message_limit_exceeded", "team_added_to_org"];

/// What becomes of an effect when a call fails, wherever it does.
pub(crate) fn failed(error: &ApiError) -> DeliveryError {
    let reason = error.to_string();
    match error {
        ApiError::RateLimited { after } => DeliveryError::Transient { reason, after: Some(*after) },
        ApiError::Ambiguous(_) | ApiError::Down(_) => DeliveryError::Transient { reason, after: None },
        ApiError::Slack(_) if Health::is_for_operator(error) => {
            DeliveryError::Transient { reason, after: Some(FOR_OPERATOR) }
        }
        ApiError::Slack(_) if error.is(NOT_NOW) => DeliveryError::Transient { reason, after: None },
        ApiError::Slack(_) => DeliveryError::Permanent { reason },
    }
}

/// What becomes of an effect when a call fails in a room: perhaps the room is no more.
pub(super) fn failed_in(room: &Room, error: &ApiError) -> DeliveryError {
    if !is_shut(error) {
        return failed(error);
    }
    let reason = match error.code() {
        Some("channel_not_found") => "the channel was deleted, or we were removed from it",
        Some("not_in_channel") => "we were removed from the channel",
        Some(_) | None => "the channel was archived, and we may not take it out again",
    };
    DeliveryError::RoomGone { reason: format!("Slack channel {}: {reason}", room.address) }
}

/// Whether it is neither about the channel, nor about what may be otherwise later.
pub(super) fn is_about_what_was_asked(error: &ApiError) -> bool {
    !is_shut(error) && matches!(failed(error), DeliveryError::Permanent { .. })
}

/// Whether nothing can be said in the channel any more.
pub(super) fn is_shut(error: &ApiError) -> bool {
    error.is(SHUT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: &str) -> ApiError {
        ApiError::refused(code, None)
    }

    fn after(error: &ApiError) -> Option<Option<Duration>> {
        match failed(error) {
            DeliveryError::Transient { after, .. } => Some(after),
            DeliveryError::Permanent { .. } | DeliveryError::RoomGone { .. } => None,
        }
    }

    #[test]
    fn what_may_work_later_is_tried_again_when_slack_or_an_operator_is_ready() {
        let wait = Duration::from_secs(7);
        assert_eq!(after(&ApiError::RateLimited { after: wait }), Some(Some(wait)));
        assert_eq!(after(&ApiError::Down("no connection".into())), Some(None));
        assert_eq!(after(&ApiError::Ambiguous("HTTP 503".into())), Some(None));
        for code in ["token_revoked", "missing_scope", "restricted_action", "account_inactive"] {
            assert_eq!(after(&refused(code)), Some(Some(FOR_OPERATOR)), "{code}");
        }
        assert_eq!(after(&refused("invalid_arguments")), None);
    }

    #[test]
    fn a_room_that_is_shut_is_gone_and_a_slow_one_is_not() {
        let room = Room {
            platform: crate::platform(),
            address: "C1".into(),
            home: true,
            url: None,
            private: false,
            archived: false,
        };
        for code in SHUT {
            assert!(matches!(failed_in(&room, &refused(code)), DeliveryError::RoomGone { .. }), "{code}");
        }
        let slow = failed_in(&room, &ApiError::Ambiguous("HTTP 503".into()));
        assert!(matches!(slow, DeliveryError::Transient { .. }));
    }
}
