//! Somebody comes into a room: they join its incident, by themselves or on the word of the one who brought them.
//! <https://docs.slack.dev/reference/events/member_joined_channel>

use super::ask::{Asking, Told};
use super::back::Back;
use super::payload::Event;
use crate::Slack;
use muster_core::command::Invocation;
use muster_core::inbound::Ask;
use std::sync::Arc;

impl Slack {
    /// Lets them join, and shows them where things stand. Those whom Muster brought in have been told.
    pub(super) async fn arrived(self: &Arc<Self>, event: &Event, id: String) {
        let (user, channel) = (event.user.id(), event.channel.id());
        if user.is_empty() || channel.is_empty() || self.incident_in(channel).await.is_none() {
            return;
        }
        let Some(newcomer) = self.actor(user).await else { return };
        let came_alone = event.inviter.is_empty() || event.inviter == user;
        let was_brought_by_us = self.api.me().is_some_and(|me| me.user == event.inviter);
        let (asker, call) = match (came_alone, was_brought_by_us) {
            (true, _) => (user, Invocation::of("join")),
            (false, true) => return,
            (false, false) => {
                (event.inviter.as_str(), Invocation::of("join").with("person", newcomer.person.to_string()))
            }
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
