//! Events. <https://docs.discord.com/developers/events/gateway-events#receive-events>
//!
//! Discord tells nobody who opens a public channel, and who comes into a thread only to those whom it trusts with the
//! list of a server's members: people join an incident with “Join” in its welcome, or with any command.

use super::payload::Happening;
use crate::Discord;
use muster_core::chat::unreadable;
use serde_json::Value;
use std::sync::Arc;

impl Discord {
    /// Acts on an event, or passes it by. `name` names it for ever.
    pub(super) async fn happened(self: &Arc<Self>, kind: &str, data: Value, name: String) {
        let is_ours = matches!(
            kind,
            "MESSAGE_REACTION_ADD"
                | "MESSAGE_REACTION_REMOVE"
                | "MESSAGE_REACTION_REMOVE_ALL"
                | "MESSAGE_REACTION_REMOVE_EMOJI"
                | "CHANNEL_DELETE"
                | "THREAD_DELETE"
                | "CHANNEL_UPDATE"
                | "THREAD_UPDATE"
                | "GUILD_DELETE"
        );
        if !is_ours {
            return;
        }
        let Ok(event) = serde_json::from_value::<Happening>(data.clone()) else {
            return unreadable(&crate::platform(), "gateway", "it is of no known shape", &data);
        };
        match kind {
            "MESSAGE_REACTION_ADD" => self.reacted(&event, name, true).await,
            "MESSAGE_REACTION_REMOVE" => self.reacted(&event, name, false).await,
            "CHANNEL_DELETE" | "THREAD_DELETE" => {
                let address = event.id.map(|id| id.to_string()).unwrap_or_default();
                self.muster.room_deleted(&crate::platform(), &address, &name).await;
            }
            "CHANNEL_UPDATE" | "THREAD_UPDATE" => self.room_touched(kind, &event).await,
            "GUILD_DELETE" if event.id == Some(self.config.guild) && !event.unavailable => {
                tracing::error!("Muster was removed from the Discord server: invite it again");
            }
            _ => {}
        }
    }

    /// What people do to a room is put right when something is next said in it.
    async fn room_touched(&self, what: &str, event: &Happening) {
        let Some(channel) = event.id else { return };
        if let Some(incident) = self.incident_in(channel).await {
            tracing::debug!(what, %incident, "the room of an incident was changed in Discord");
        }
    }
}
