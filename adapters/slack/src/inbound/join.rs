//! Somebody comes into a room: they join its incident, by themselves or on the word of the one who brought them.
//! <https://docs.slack.dev/reference/events/member_joined_channel>

use super::ask::Asking;
use super::back::Back;
use super::payload::Event;
use crate::Slack;
use muster_core::chat::Told;
use muster_core::command::Invocation;
use muster_core::inbound::Ask;
use std::sync::Arc;

impl Slack {
    /// Lets them join, and shows them where things stand. Those whom Muster brought in have been told.
    pub(super) async fn arrived(self: &Arc<Self>, event: &Event, id: String) {
        let (user, channel) = (event.user.id(), event.channel.id());
        // Before anybody is looked up: many are brought in at once.
        let is_our_doing = self.api.me().is_some_and(|me| me.user == user || me.user == event.inviter);
        if is_our_doing || user.is_empty() || channel.is_empty() || self.incident_in(channel).await.is_none() {
            return;
        }
        let Some(newcomer) = self.actor(user).await else { return };
        let (asker, call) = if event.inviter.is_empty() || event.inviter == user {
            (user, Invocation::of("join"))
        } else {
            (event.inviter.as_str(), Invocation::of("join").with("person", newcomer.person.to_string()))
        };
        let asking = Asking {
            user: asker.to_owned(),
            shown: String::new(),
            channel: Some(channel.to_owned()),
            request: id,
            ask: Ask::Call(call),
        };
        match self.ask(asking).await {
            told @ Told::Done(_) => self.tell(&Back::to(user, channel), told).await,
            // They asked for nothing in words: somebody who has joined already, or may not, is told nothing.
            Told::Refused(_) | Told::Ignored => {}
            Told::Failed(why) => tracing::warn!(why, "somebody who came into a room could not join"),
        }
    }
}
