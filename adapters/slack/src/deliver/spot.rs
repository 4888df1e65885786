//! A channel in which something is done, and what may be done when somebody has changed it under our feet.

use crate::Slack;
use crate::api::ApiError;
use muster_core::incident::room::Room;
use serde_json::{Value, json};

/// A channel in which something is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spot {
    /// Its id.
    pub(super) channel: String,
    /// Whether we may come in by ourselves.
    joins: bool,
    /// Whether it is to be taken out when somebody has put it away.
    unarchives: bool,
}

impl Spot {
    /// A room of an incident.
    pub(super) fn of(room: &Room) -> Self {
        Self { channel: room.address.clone(), joins: !room.private, unarchives: !room.archived }
    }

    /// A channel that is somebody else's: we come in, but do not change what they did to it.
    pub(super) fn of_others(channel: String) -> Self {
        Self { channel, joins: true, unarchives: false }
    }

    /// A conversation with one person.
    pub(super) fn alone(channel: String) -> Self {
        Self { channel, joins: false, unarchives: false }
    }
}

impl Slack {
    /// Calls a method about a channel. If we were removed from it, or it was put away, that is healed once if it can be.
    ///
    /// # Errors
    /// [`ApiError`]; the first one where healing did not help.
    pub(super) async fn call_at(&self, spot: &Spot, method: &'static str, body: &Value) -> Result<Value, ApiError> {
        let first = self.api.call(method, body).await;
        let Err(error) = &first else { return first };
        let healing = match error.code() {
            Some("not_in_channel") if spot.joins => "conversations.join",
            Some("is_archived" | "is_inactive") if spot.unarchives => "conversations.unarchive",
            Some(_) | None => return first,
        };
        match self.api.call(healing, &json!({ "channel": spot.channel })).await {
            Ok(_) => {
                tracing::warn!(channel = spot.channel, healing, "somebody changed the channel; it was healed");
                self.api.call(method, body).await
            }
            // A bot may not take a channel out of which it was put: <https://github.com/slack-go/slack/issues/1066>.
            Err(ApiError::Slack(_)) => first,
            Err(error) => Err(error),
        }
    }
}
