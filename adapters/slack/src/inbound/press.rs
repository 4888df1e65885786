//! Buttons and selects, in messages, modals and on the home tab.
//! <https://docs.slack.dev/reference/interaction-payloads/block_actions-payload>

use super::ask::Asking;
use super::back::Back;
use super::payload::Interaction;
use super::{Ack, soon};
use crate::Slack;
use crate::render::{self, Pressed};
use muster_core::inbound::Ask;
use std::sync::Arc;

impl Slack {
    /// Does what the button holds. What comes of it is told beside the acknowledgement, which cannot hold it.
    pub(super) async fn pressed(self: &Arc<Self>, interaction: Interaction) -> Ack {
        let pressed = interaction.actions.iter().find_map(|one| render::action(&one.action_id, one.value()));
        let ask = match pressed {
            Some(Pressed::Run(call)) => Ask::Call(call),
            Some(Pressed::Open(call)) => Ask::Open(call),
            Some(Pressed::Visit) | None => return Ack::EMPTY,
        };
        let back = Back::of(&interaction);
        self.asked_beside(back, &interaction, ask).await;
        Ack::EMPTY
    }

    /// Asks, and tells what came of it beside the acknowledgement.
    pub(super) async fn asked_beside(self: &Arc<Self>, back: Back, interaction: &Interaction, ask: Ask) {
        let asking = Asking {
            user: back.user.clone(),
            shown: interaction.user.shown().to_owned(),
            channel: back.channel.clone(),
            request: interaction.trigger_id.clone(),
            ask,
        };
        let asked = Arc::clone(self);
        let told = soon(async move { asked.ask(asking).await }).await;
        let slack = Arc::clone(self);
        self.go_on(async move {
            let told = match told {
                Ok(told) => told,
                Err(pending) => pending.await,
            };
            slack.tell(&back, told).await;
        });
    }
}
