//! What is offered to somebody who types an option, for them alone to see.
//! <https://docs.discord.com/developers/interactions/application-commands#autocomplete>

use super::ack::Ack;
use super::ask::Spot;
use super::payload::Interaction;
use crate::Discord;
use crate::commands::{self, Typing, Wanted, offered, offered_lines};
use muster_core::chat::soon;
use muster_core::inbound::Caller;
use serde_json::Value;
use std::sync::Arc;

impl Discord {
    /// The values that fit what has been typed. Nothing when there is no time to find out: with the next letter Discord
    /// asks again.
    pub(super) async fn suggestions(self: &Arc<Self>, interaction: Interaction) -> Ack {
        let Some(typing) = commands::typing(&interaction.data) else { return Ack::Offer(offered(&[])) };
        let discord = Arc::clone(self);
        let fitting = soon(async move { discord.fitting(&interaction, &typing).await }).await;
        Ack::Offer(fitting.unwrap_or_else(|_| offered(&[])))
    }

    async fn fitting(&self, interaction: &Interaction, typing: &Typing) -> Value {
        let Ok(handle) = self.asker(interaction).await else { return offered(&[]) };
        let caller = Caller::Handle(handle);
        match typing.wanted {
            Wanted::Line => {
                let place = self.place(Spot::of(interaction)).await;
                offered_lines(&self.muster.complete(&caller, &place, &typing.typed).await)
            }
            Wanted::Value(kind) => offered(&self.muster.suggest(&caller, kind, &typing.typed).await),
        }
    }
}
