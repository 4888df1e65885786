//! Events. <https://docs.slack.dev/reference/events>

use super::Ack;
use super::payload::{Callback, Event};
use crate::Slack;
use muster_core::chat::soon;
use serde_json::json;
use std::sync::Arc;

impl Slack {
    /// Acts on an event, or passes it by. Slack is told in time that it arrived; what it leads to may take longer.
    pub(super) async fn callback(self: &Arc<Self>, callback: Callback) -> Ack {
        match callback.kind.as_str() {
            "url_verification" => return Ack::with(json!({ "challenge": callback.challenge })),
            "app_rate_limited" => {
                tracing::warn!("Slack sends no more events for a minute: this workspace has too many of them");
                return Ack::EMPTY;
            }
            _ => {}
        }
        if callback.event_id.is_empty() || !self.inbox.is_new(&callback.event_id) {
            return Ack::EMPTY;
        }
        let slack = Arc::clone(self);
        if let Err(pending) = soon(async move { slack.happened(&callback.event, callback.event_id).await }).await {
            self.go_on(pending);
        }
        Ack::EMPTY
    }

    async fn happened(self: &Arc<Self>, event: &Event, id: String) {
        match event.kind.as_str() {
            "reaction_added" => self.reacted(event, id, true).await,
            "reaction_removed" => self.reacted(event, id, false).await,
            "member_joined_channel" => self.arrived(event, id).await,
            "app_home_opened" => self.home_opened(event, id).await,
            "user_change" => self.people.learn(event.user.whole()),
            "channel_deleted" | "group_deleted" => {
                self.muster.room_deleted(&crate::platform(), event.channel.id(), &id).await;
            }
            "channel_archive" | "group_archive" | "channel_rename" | "group_rename" | "channel_left" | "group_left" => {
                self.room_touched(&event.kind, event.channel.id()).await;
            }
            "tokens_revoked" => tracing::error!("Slack has revoked tokens of Muster: install the app again"),
            "app_uninstalled" => tracing::error!("Muster was removed from the Slack workspace: install the app again"),
            _ => {}
        }
    }

    /// What people do to a room is put right when something is next said in it.
    async fn room_touched(&self, what: &str, channel: &str) {
        if let Some(incident) = self.incident_in(channel).await {
            tracing::info!(what, %incident, "somebody changed the room of an incident in Slack");
        }
    }
}
