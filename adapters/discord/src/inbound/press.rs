//! Buttons and menus of messages.
//! <https://docs.discord.com/developers/components/reference>

use super::ack::Ack;
use super::back::Back;
use super::payload::Interaction;
use crate::Discord;
use crate::render::{self, Pressed};
use muster_core::chat::{Told, soon};
use muster_core::inbound::Ask;
use std::sync::Arc;

impl Discord {
    /// Does what the button holds; what is hard to take back, once it has been asked whether that is meant.
    pub(super) async fn pressed(self: &Arc<Self>, interaction: Interaction) -> Ack {
        let (id, chosen) = held(&interaction);
        let back = Back::of(&interaction);
        let ask = match render::pressed(&id, &chosen) {
            Some(Pressed::Run(call)) => Ask::Call(call),
            Some(Pressed::Open(call)) => Ask::Open(call),
            Some(Pressed::Ask(call)) => {
                let label = interaction.message.label_of(&id).unwrap_or_else(|| call.command.clone());
                let message = self.message(&render::confirm(&call, &label)).await;
                return Ack::Say { message, replaces: false };
            }
            Some(Pressed::Kept(name)) => {
                let whose = back.user().unwrap_or_default();
                match self.hearing.kept.find(&name, whose, self.muster.now()) {
                    Some(call) => Ask::Open(call),
                    None => return self.not_understood(back, "This form was kept for 15 minutes: open it anew").await,
                }
            }
            None => {
                return self.not_understood(back, "Muster no longer knows what this does: use `/inc` instead").await;
            }
        };
        let discord = Arc::clone(self);
        let asked = soon(async move { discord.ask(&interaction, ask).await });
        self.answered(back, asked.await).await
    }

    /// Tells somebody that what they used means nothing.
    pub(super) async fn not_understood(self: &Arc<Self>, back: Back, sentence: &str) -> Ack {
        self.answered(back, Ok(Told::Failed(sentence.to_owned()))).await
    }
}

/// The id of a button or menu, and what was chosen in it.
fn held(interaction: &Interaction) -> (String, Vec<String>) {
    let id = interaction.data["custom_id"].as_str().unwrap_or_default().to_owned();
    let values = interaction.data["values"].as_array().map(Vec::as_slice).unwrap_or_default();
    (id, values.iter().filter_map(|value| value.as_str().map(str::to_owned)).collect())
}
