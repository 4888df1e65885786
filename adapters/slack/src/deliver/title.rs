//! What stands above a room: its topic and its name.

use super::failed::failed_in;
use super::open::names;
use super::spot::Spot;
use crate::Slack;
use crate::api::{ApiError, part};
use crate::render;
use muster_core::incident::room::Room;
use muster_core::ports::chat::{DeliveryError, Receipt};
use muster_core::view::Line;
use serde_json::json;

/// Codes that say that the room keeps the name it has. <https://docs.slack.dev/reference/methods/conversations.rename#errors>
const KEEPS: &[&str] = &["not_authorized", "name_taken"];

impl Slack {
    pub(super) async fn topic(&self, room: &Room, line: &Line) -> Result<Receipt, DeliveryError> {
        let body = json!({ "channel": room.address, "topic": render::topic(line) });
        let set = self.call_at(&Spot::of(room), "conversations.setTopic", &body).await;
        set.map(|_| Receipt::of(&room.address)).map_err(|error| failed_in(room, &error))
    }

    pub(super) async fn rename(&self, room: &Room, name: &str) -> Result<Receipt, DeliveryError> {
        match self.name(room, name).await {
            Ok(()) => Ok(Receipt::of(name)),
            Err(error) if error.is(KEEPS) => {
                tracing::warn!(channel = room.address, %error, "the channel keeps its name");
                Ok(Receipt::of(name))
            }
            Err(error) => Err(failed_in(room, &error)),
        }
    }

    /// Gives the room the best name that is free. Its own name is taken, too: by itself.
    async fn name(&self, room: &Room, wanted: &str) -> Result<(), ApiError> {
        let spot = Spot::of(room);
        let mut own = None;
        let mut taken = ApiError::refused("name_taken", None);
        for name in names(wanted) {
            let body = json!({ "channel": room.address, "name": name });
            match self.call_at(&spot, "conversations.rename", &body).await {
                Ok(_) => return Ok(()),
                Err(error) if error.is(&["name_taken"]) => taken = error,
                Err(error) => return Err(error),
            }
            if own.is_none() {
                let info = self.call_at(&spot, "conversations.info", &json!({ "channel": room.address })).await?;
                own = Some(part::text(&info["channel"], "name")?.to_owned());
            }
            if own.as_deref() == Some(name.as_str()) {
                return Ok(());
            }
        }
        Err(taken)
    }
}
