//! Commands: slash commands with their options, and those in a message's menu.
//! <https://docs.discord.com/developers/interactions/application-commands>

use super::ack::Ack;
use super::back::Back;
use super::payload::{Interaction, Message};
use crate::Discord;
use crate::commands::{self, OnMessage, Said};
use muster_core::chat::dash::with_flags;
use muster_core::chat::{Told, soon};
use muster_core::command::Invocation;
use muster_core::inbound::{Actor, Ask};
use std::sync::Arc;

impl Discord {
    /// Answers a command: with what came of it if that is known in time, else with the promise of it.
    pub(super) async fn command(self: &Arc<Self>, interaction: Interaction) -> Ack {
        let back = Back::of(&interaction);
        let discord = Arc::clone(self);
        let asked = soon(async move {
            let ask = match commands::read(&interaction.data) {
                Ok(Said::Call(call)) => discord.called(call).await,
                Ok(Said::Line(line)) => Ask::Line(with_flags(&discord.meant(&line, name_in_a_line).await)),
                Ok(Said::OnMessage { what, message }) => discord.about_message(&interaction, what, message).await,
                Err(unreadable) => return Told::Failed(unreadable.to_string()),
            };
            discord.ask(&interaction, ask).await
        });
        self.answered(back, asked.await).await
    }

    /// A command with its options is what it is as a line: whatever is missing the form asks for.
    async fn called(&self, mut call: Invocation) -> Ask {
        for value in call.args.values_mut() {
            *value = self.meant(value, name_in_a_line).await;
        }
        Ask::Line(call.to_line())
    }

    async fn about_message(
        self: &Arc<Self>,
        interaction: &Interaction,
        what: OnMessage,
        message: serde_json::Value,
    ) -> Ask {
        let message: Message = serde_json::from_value(message).unwrap_or_default();
        let channel = interaction.channel_id.unwrap_or_default();
        let quote = self.quote(channel, &message).await;
        match what {
            OnMessage::Declare => Ask::Open(quote.declaration()),
            OnMessage::Task => Ask::Open(quote.task()),
            OnMessage::Timeline => {
                let place = self.place(super::ask::Spot::of(interaction)).await;
                let incident = place.address.as_deref().and_then(|address| address.parse().ok());
                let is_room = match incident {
                    Some(address) => self.incident_in(address).await.is_some(),
                    None => false,
                };
                if is_room { Ask::Call(quote.pin()) } else { Ask::Open(quote.pin()) }
            }
        }
    }
}

/// What a command understands: the id of somebody whom the organisation knows.
fn name_in_a_line(actor: &Actor) -> Option<String> {
    actor.known.then(|| actor.person.to_string())
}
