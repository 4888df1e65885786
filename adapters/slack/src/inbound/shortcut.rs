//! Shortcuts: declare, from anywhere or from a message; a message for the timeline; a message as a task.
//! <https://docs.slack.dev/interactivity/implementing-shortcuts>

use super::Ack;
use super::back::Back;
use super::payload::Interaction;
use crate::Slack;
use muster_core::command::Invocation;
use muster_core::inbound::Ask;
use std::sync::Arc;

impl Slack {
    /// Opens the form of a shortcut, filled from the message it was used on.
    pub(super) async fn shortcut(self: &Arc<Self>, interaction: Interaction) -> Ack {
        let back = Back::of(&interaction);
        let slack = Arc::clone(self);
        let (channel, used) = (back.channel.clone().unwrap_or_default(), interaction.clone());
        let ask = async move { slack.asked_by_shortcut(&channel, &used).await };
        self.asked_beside(back, interaction, ask).await;
        Ack::EMPTY
    }

    async fn asked_by_shortcut(self: &Arc<Self>, channel: &str, interaction: &Interaction) -> Option<Ask> {
        let quote = async || {
            let mut message = interaction.message.clone();
            if message.ts.is_empty() {
                message.ts.clone_from(&interaction.message_ts);
            }
            self.quote(channel, &message).await
        };
        match interaction.callback_id.as_str() {
            "declare" => Some(Ask::Open(Invocation::of("new"))),
            "declare_from_message" => Some(Ask::Open(quote().await.declaration())),
            "make_task" => Some(Ask::Open(quote().await.task())),
            "add_to_timeline" => {
                let pin = quote().await.pin();
                let is_room = !channel.is_empty() && self.incident_in(channel).await.is_some();
                Some(if is_room { Ask::Call(pin) } else { Ask::Open(pin) })
            }
            _ => None,
        }
    }
}
