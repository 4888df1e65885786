//! What comes from Slack, over HTTP or Socket Mode: both ways end in [`Slack::take`], which answers in time whatever
//! happens behind it.

mod ask;
mod back;
mod event;
mod home;
mod http;
mod join;
mod payload;
mod press;
mod quote;
mod react;
mod shortcut;
mod slash;
mod socket;
mod submit;
mod suggest;
mod text;

use crate::Slack;
use payload::{Callback, Interaction, SlashCommand};
use serde_json::Value;
use std::sync::Arc;

/// Something that arrived from Slack, and that is known to be from Slack.
#[derive(Debug, Clone)]
enum Arrived {
    /// A slash command.
    Command(SlashCommand),
    /// A button, a modal, a shortcut, a select that wants its options.
    Interaction(Box<Interaction>),
    /// An event.
    Event(Box<Callback>),
}

/// What Slack is answered at once: that it arrived, and perhaps what to show.
#[derive(Debug, Clone, Default, PartialEq)]
struct Ack(Option<Value>);

impl Ack {
    /// It arrived.
    const EMPTY: Self = Self(None);

    /// It arrived, and this is to be shown.
    fn with(body: Value) -> Self {
        Self(Some(body))
    }
}

impl Slack {
    /// Does what is asked and answers in time.
    async fn take(self: &Arc<Self>, arrived: Arrived) -> Ack {
        match arrived {
            Arrived::Command(command) => self.command(command).await,
            Arrived::Interaction(interaction) => self.interaction(*interaction).await,
            Arrived::Event(callback) => self.callback(*callback).await,
        }
    }

    async fn interaction(self: &Arc<Self>, interaction: Interaction) -> Ack {
        match interaction.kind.as_str() {
            "block_actions" => self.pressed(interaction).await,
            "view_submission" => self.submitted(interaction).await,
            "shortcut" | "message_action" => self.shortcut(interaction).await,
            "block_suggestion" => self.suggestions(interaction).await,
            // A modal was closed, or it is of an age or a kind that Muster has nothing of: dialogs, workflow steps.
            _ => Ack::EMPTY,
        }
    }

    /// Goes on with something after Slack has been answered.
    fn go_on(self: &Arc<Self>, work: impl Future<Output = ()> + Send + 'static) {
        self.inbox.go_on(work);
    }

    /// Waits for what goes on after Slack has been answered, for up to 5 s.
    pub async fn finish(&self) {
        self.inbox.finish().await;
    }
}

/// The text, if there is any.
fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
