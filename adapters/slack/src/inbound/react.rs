//! Reactions: a pin on a message of a room puts it on the timeline, and taking it away takes it off.
//! <https://docs.slack.dev/reference/events/reaction_added>

use super::ask::Asking;
use super::back::Back;
use super::payload::Event;
use super::quote::id_of;
use crate::Slack;
use muster_core::chat::Told;
use muster_core::command::Invocation;
use muster_core::inbound::Ask;
use std::sync::Arc;

impl Slack {
    /// Pins or unpins a message on behalf of the one who reacted: as long as one pin is left on it, it stays. Only a refusal is told, and only to them.
    pub(super) async fn reacted(self: &Arc<Self>, event: &Event, id: String, added: bool) {
        let (channel, ts) = (&event.item.channel, &event.item.ts);
        let is_place = !channel.is_empty() && !ts.is_empty();
        if !is_place || !self.is_pin(&event.reaction) || self.incident_in(channel).await.is_none() {
            return;
        }
        let call = match self.message_at(channel, ts).await {
            Some(message) if added => self.quote(channel, &message).await.pin(),
            Some(message) if message.reactions.iter().any(|one| self.is_pin(&one.name)) => return,
            None if added => {
                let why = "Slack does not show Muster that message, so it was not put on the timeline".to_owned();
                return self.tell(&Back::to(event.user.id(), channel), Told::Failed(why)).await;
            }
            Some(_) | None => Invocation::of("timeline unpin").with("message", id_of(channel, ts)),
        };
        let asking = Asking {
            user: event.user.id().to_owned(),
            shown: String::new(),
            channel: Some(channel.clone()),
            request: id,
            ask: Ask::Call(call),
        };
        match self.ask(asking).await {
            // What was never pinned need not be unpinned: nobody asked in words.
            Told::Done(_) | Told::Ignored => {}
            Told::Refused(_) if !added => {}
            told @ (Told::Refused(_) | Told::Failed(_)) => self.tell(&Back::to(event.user.id(), channel), told).await,
        }
    }

    /// Whether a reaction is one that pins, whatever the tone of its skin.
    fn is_pin(&self, reaction: &str) -> bool {
        let name = reaction.split("::").next().unwrap_or_default();
        !name.is_empty() && self.config.pin_reactions.iter().any(|one| one == name)
    }
}
