//! Reactions: a pin on a message of a room puts it on the timeline, and taking it away takes it off.
//! <https://docs.discord.com/developers/events/gateway-events#message-reaction-add>

use super::ask::Spot;
use super::back::Back;
use super::payload::{Emoji, Happening};
use super::quote::id_of;
use crate::Discord;
use muster_core::chat::Told;
use muster_core::command::Invocation;
use muster_core::inbound::Ask;
use std::sync::Arc;

/// Discord shows the words of a message to apps that have been given the switch for it, and to those that are used on it.
const HIDDEN: &str = "Discord hides from Muster what that message says, so it was not put on the timeline: open the \
                      message's menu, and use “Add to timeline” under “Apps”";

impl Discord {
    /// Pins or unpins a message on behalf of the one who reacted: as long as one pin is left on it, it stays. Only a
    /// refusal is told, and only to them.
    pub(super) async fn reacted(self: &Arc<Self>, event: &Happening, name: String, added: bool) {
        let (Some(user), Some(channel), Some(message)) = (event.user_id, event.channel_id, event.message_id) else {
            return;
        };
        let is_elsewhere = event.guild_id.is_some_and(|guild| guild != self.config.guild);
        if is_elsewhere
            || event.member.user.is_bot
            || !self.is_pin(&event.emoji)
            || self.incident_in(channel).await.is_none()
        {
            return;
        }
        let back = Back::to(user, channel);
        let call = match self.message_at(channel, message).await {
            Some(message) if added && message.is_hidden() => {
                return self.tell(&back, Told::Failed(HIDDEN.to_owned())).await;
            }
            Some(message) if added => self.quote(channel, &message).await.pin(),
            Some(message) if message.reactions.iter().any(|one| self.is_pin(&one.emoji)) => return,
            None if added => {
                let why = "Discord does not show Muster that message, so it was not put on the timeline".to_owned();
                return self.tell(&back, Told::Failed(why)).await;
            }
            Some(_) | None => Invocation::of("timeline unpin").with("message", id_of(channel, message)),
        };
        let told = match self.reactor(user, event).await {
            Ok(handle) => {
                let spot = Spot { channel: Some(channel), thread_of: None };
                self.ask_as(handle, spot, name, Ask::Call(call)).await
            }
            Err(told) => told,
        };
        match told {
            // What was never pinned need not be unpinned: nobody asked in words.
            Told::Done(_) | Told::Ignored => {}
            Told::Refused(_) if !added => {}
            told @ (Told::Refused(_) | Told::Failed(_)) => self.tell(&back, told).await,
        }
    }

    /// Who reacted. Discord says what roles they have when a reaction is added, not when it is taken away.
    async fn reactor(&self, user: u64, event: &Happening) -> Result<muster_core::inbound::Handle, Told> {
        if event.member.user.id == Some(user) { Ok(self.met(user, &event.member)) } else { self.member(user).await }
    }

    /// Whether a reaction is one that pins, whatever the tone of its skin.
    fn is_pin(&self, emoji: &Emoji) -> bool {
        let is_tone = |c: char| ('\u{1F3FB}'..='\u{1F3FF}').contains(&c) || c == '\u{FE0F}';
        let name = emoji.name.trim_end_matches(is_tone);
        !name.is_empty() && self.config.pin_reactions.iter().any(|one| one.trim_end_matches(is_tone) == name)
    }
}
