//! What becomes of an effect when a call fails.

use crate::Discord;
use crate::api::{ApiError, Call, Health, code, guild};
use muster_core::incident::room::Room;
use muster_core::ports::chat::DeliveryError;
use serenity::http::Route;
use std::time::Duration;

/// How long to leave alone what only an operator can change.
pub(super) const FOR_OPERATOR: Duration = Duration::from_secs(60);

/// What becomes of an effect when a call fails, wherever it does.
pub(super) fn failed(error: &ApiError) -> DeliveryError {
    let reason = error.to_string();
    match error {
        ApiError::RateLimited { after } => DeliveryError::Transient { reason, after: Some(*after) },
        ApiError::Ambiguous(_) | ApiError::Down(_) => DeliveryError::Transient { reason, after: None },
        ApiError::Refused(_) if Health::is_for_operator(error) => {
            DeliveryError::Transient { reason, after: Some(FOR_OPERATOR) }
        }
        ApiError::Refused(_) if error.is(&[code::MISSING_ACCESS]) => {
            DeliveryError::Transient { reason, after: Some(FOR_OPERATOR) }
        }
        ApiError::Refused(_) => DeliveryError::Permanent { reason },
    }
}

/// Whether it is neither about the channel, nor about what may be otherwise later.
pub(super) fn is_about_what_was_asked(error: &ApiError) -> bool {
    !error.is(&[code::UNKNOWN_CHANNEL]) && matches!(failed(error), DeliveryError::Permanent { .. })
}

impl Discord {
    /// What becomes of an effect when a call fails in a room: perhaps the room is no more. One that we do not see any more
    /// is gone, too, unless we see nothing at all because we were put out of the server.
    pub(super) async fn failed_in(&self, room: &Room, error: &ApiError) -> DeliveryError {
        let gone =
            |reason: &str| DeliveryError::RoomGone { reason: format!("Discord channel {}: {reason}", room.address) };
        if error.is(&[code::UNKNOWN_CHANNEL]) {
            return gone("it was deleted");
        }
        if !error.is(&[code::MISSING_ACCESS]) {
            return failed(error);
        }
        match self.api.call(Call::get(Route::Guild { guild_id: guild(self.config.guild) })).await {
            Ok(_) => gone("we were shut out of it"),
            Err(error) => self.failed_in_server(&error),
        }
    }

    /// What becomes of an effect when a call about the server as a whole fails.
    pub(super) fn failed_in_server(&self, error: &ApiError) -> DeliveryError {
        if error.is(&[code::MISSING_ACCESS, code::UNKNOWN_GUILD]) {
            let server = self.config.guild;
            let todo = "bring it in with `muster discord invite-url`";
            self.api.health().put_out(format!("Muster is not in the Discord server {server}: {todo}"));
        }
        failed(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn after(status: u16, code: u64) -> Option<Option<Duration>> {
        match failed(&ApiError::refused(status, &json!({ "code": code }))) {
            DeliveryError::Transient { after, .. } => Some(after),
            DeliveryError::Permanent { .. } | DeliveryError::RoomGone { .. } => None,
        }
    }

    #[test]
    fn what_may_work_later_is_tried_again_when_discord_or_an_operator_is_ready() {
        for (status, code) in
            [(401, 0), (403, code::MISSING_PERMISSIONS), (403, code::MISSING_ACCESS), (403, code::TWO_FACTOR)]
        {
            assert_eq!(after(status, code), Some(Some(FOR_OPERATOR)), "{code}");
        }
        assert_eq!(after(400, code::INVALID_FORM), None);
        let wait = Duration::from_secs(7);
        let limited = failed(&ApiError::RateLimited { after: wait });
        assert!(matches!(limited, DeliveryError::Transient { after, .. } if after == Some(wait)));
        let down = failed(&ApiError::Down("no connection".into()));
        assert!(matches!(down, DeliveryError::Transient { after: None, .. }));
    }
}
