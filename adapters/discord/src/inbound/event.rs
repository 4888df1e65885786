//! Events. <https://docs.discord.com/developers/events/gateway-events#receive-events>
//!
//! Discord tells nobody who opens a public channel, and who comes into a thread only to those whom it trusts with the
//! list of a server's members: people join an incident with “Join” in its welcome, or with any command. That a room is
//! another now (every topic of ours makes it so) is no news: what people did to it is put right when something is next said
//! there.

use super::payload::Happening;
use crate::Discord;
use muster_core::chat::unreadable;
use serde::Deserialize;
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
                | "GUILD_DELETE"
        );
        if !is_ours {
            return;
        }
        let Ok(event) = Happening::deserialize(&data) else {
            return unreadable(&crate::platform(), "gateway", "it is of no known shape", &data);
        };
        match kind {
            "MESSAGE_REACTION_ADD" => self.reacted(&event, name, true).await,
            "MESSAGE_REACTION_REMOVE" => self.reacted(&event, name, false).await,
            "CHANNEL_DELETE" | "THREAD_DELETE" => {
                let address = event.id.map(|id| id.to_string()).unwrap_or_default();
                self.muster.room_deleted(&crate::platform(), &address, &name).await;
            }
            "GUILD_DELETE" if event.id == Some(self.config.guild) && !event.unavailable => {
                tracing::error!("Muster was removed from the Discord server: invite it again");
            }
            _ => {}
        }
    }
}
