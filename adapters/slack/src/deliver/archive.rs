//! Putting a room away, and taking it out again.

use super::failed::{failed, failed_in};
use super::spot::Spot;
use crate::Slack;
use muster_core::incident::room::Room;
use muster_core::ports::chat::{DeliveryError, Receipt};
use serde_json::json;

impl Slack {
    pub(super) async fn archive(&self, room: &Room) -> Result<Receipt, DeliveryError> {
        let body = json!({ "channel": room.address });
        if room.archived {
            match self.call_at(&Spot::of(room), "conversations.archive", &body).await {
                Ok(_) => Ok(Receipt::of(&room.address)),
                // Nothing is there to be put away.
                Err(error) if error.is(&["already_archived", "is_archived", "channel_not_found", "not_in_channel"]) => {
                    Ok(Receipt::of(&room.address))
                }
                Err(error) => Err(failed(&error)),
            }
        } else {
            match self.api.call("conversations.unarchive", &body).await {
                Ok(_) => Ok(Receipt::of(&room.address)),
                Err(error) if error.is(&["not_archived"]) => Ok(Receipt::of(&room.address)),
                Err(error) => Err(failed_in(room, &error)),
            }
        }
    }
}
