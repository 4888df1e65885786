//! Slash commands. <https://docs.slack.dev/interactivity/implementing-slash-commands>

use super::ask::Asking;
use super::back::{Back, Surface};
use super::payload::SlashCommand;
use super::{Ack, some, text};
use crate::Slack;
use muster_core::chat::Told;
use muster_core::chat::dash::with_flags;
use muster_core::chat::{answer, soon};
use muster_core::inbound::{Actor, Ask};
use muster_core::reply::Body;
use std::sync::Arc;

impl Slack {
    /// Answers a command: with what came of it if that is known in time, else with the promise of it.
    pub(super) async fn command(self: &Arc<Self>, command: SlashCommand) -> Ack {
        if !command.ssl_check.is_empty() {
            return Ack::EMPTY;
        }
        let back = Back {
            user: command.user_id.clone(),
            channel: some(&command.channel_id),
            response_url: some(&command.response_url),
            trigger: some(&command.trigger_id),
            surface: Surface::Conversation { replaces: false },
        };
        let slack = Arc::clone(self);
        match soon(async move { slack.line(command).await }).await {
            Ok(told) => self.answered(back, told).await,
            Err(pending) => {
                let slack = Arc::clone(self);
                let back = Back { surface: Surface::Conversation { replaces: true }, ..back };
                self.go_on(async move { slack.tell(&back, pending.await).await });
                Ack::with(self.ephemeral(&answer::working()).await)
            }
        }
    }

    async fn line(self: &Arc<Self>, command: SlashCommand) -> Told {
        let known = self.known(&command.text, name_in_a_line).await;
        let asking = Asking {
            user: command.user_id,
            shown: command.user_name,
            channel: some(&command.channel_id),
            request: command.trigger_id,
            ask: Ask::Line(with_flags(&text::meant(&command.text, &known))),
        };
        self.ask(asking).await
    }

    async fn answered(self: &Arc<Self>, back: Back, told: Told) -> Ack {
        match told {
            Told::Done(reply) => match reply.body {
                Body::View(view) => Ack::with(self.ephemeral(&view).await),
                Body::Form(form) => {
                    let slack = Arc::clone(self);
                    self.go_on(async move { slack.open(&back, &form).await });
                    Ack::EMPTY
                }
            },
            Told::Refused(_) | Told::Failed(_) => Ack::with(self.ephemeral(&answer::sentence(&told)).await),
            Told::Ignored => Ack::EMPTY,
        }
    }
}

/// What a command understands: the id of somebody whom the organisation knows.
fn name_in_a_line(actor: &Actor) -> Option<String> {
    actor.known.then(|| actor.person.to_string())
}
