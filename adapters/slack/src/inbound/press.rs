//! Buttons and selects, in messages, modals and on the home tab.
//! <https://docs.slack.dev/reference/interaction-payloads/block_actions-payload>

use super::Ack;
use super::ask::Asking;
use super::back::Back;
use super::payload::Interaction;
use crate::Slack;
use crate::render::{self, Pressed};
use muster_core::chat::Told;
use muster_core::chat::soon;
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
        self.asked_beside(Back::of(&interaction), interaction, async move { Some(ask) }).await;
        Ack::EMPTY
    }

    /// Asks what it turns out to be that is asked, and tells what came of it beside the acknowledgement.
    pub(super) async fn asked_beside(
        self: &Arc<Self>,
        back: Back,
        interaction: Interaction,
        ask: impl Future<Output = Option<Ask>> + Send + 'static,
    ) {
        let slack = Arc::clone(self);
        let asker = back.clone();
        let asked = async move {
            let Some(ask) = ask.await else { return Told::Ignored };
            let asking = Asking {
                user: asker.user,
                shown: interaction.user.shown().to_owned(),
                channel: asker.channel,
                request: interaction.trigger_id,
                ask,
            };
            slack.ask(asking).await
        };
        let told = soon(asked).await;
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
