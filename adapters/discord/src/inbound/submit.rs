//! Forms that are sent.
//! <https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-modal-submit-data-structure>

use super::ack::Ack;
use super::back::{Back, for_people};
use super::payload::Interaction;
use crate::Discord;
use crate::render;
use muster_core::chat::{Told, answer, soon};
use muster_core::command::Invocation;
use muster_core::inbound::Ask;
use muster_core::reply::Body;
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
        match &told {
            Told::Refused(_) | Told::Failed(_) => {
                let message = self.message(&answer::sentence(&told)).await;
                self.with_form(back, message, "Open the form again", &sent)
            }
            Told::Ignored => self.message(&for_people()).await,
            Told::Done(reply) => match &reply.body {
                Body::View(view) => self.message(view).await,
                Body::Form(form) => self.offered(back, &form.target).await,
            },
        }
    }
}
