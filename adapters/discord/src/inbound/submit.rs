//! Forms that are sent.
//! <https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-modal-submit-data-structure>

use super::ack::Ack;
use super::back::Back;
use super::payload::Interaction;
use crate::Discord;
use crate::render;
use muster_core::chat::{Told, soon};
use muster_core::command::Invocation;
use muster_core::inbound::Ask;
use serde_json::Value;
use std::sync::Arc;

impl Discord {
    /// Runs the command that a form has become. Discord closes the form whatever the answer is: what was refused is kept,
    /// and can be opened again as it was sent.
    pub(super) async fn submitted(self: &Arc<Self>, interaction: Interaction) -> Ack {
        let back = Back::of(&interaction);
        let Ok(call) = render::submitted(&interaction.data) else {
            return self.not_understood(back, "Muster no longer knows this form: open it anew").await;
        };
        let discord = Arc::clone(self);
        let sent = call.clone();
        match soon(async move { discord.ask(&interaction, Ask::Call(call)).await }).await {
            Ok(told) => Ack::Say { message: self.said_of_form(&back, told, sent).await, replaces: false },
            Err(pending) => {
                let discord = Arc::clone(self);
                let rest = async move {
                    let message = discord.said_of_form(&back, pending.await, sent).await;
                    discord.say_back(&back, message, true).await;
                };
                Ack::Later { replaces: false, rest: Box::pin(rest) }
            }
        }
    }

    async fn said_of_form(&self, back: &Back, told: Told, sent: Invocation) -> Value {
        let is_refused = matches!(told, Told::Refused(_) | Told::Failed(_));
        let message = self.worded(back, told).await;
        if is_refused { self.with_form(back, message, "Open the form again", &sent) } else { message }
    }
}
