//! Shortcuts: declare, from anywhere or from a message; a message for the timeline; a message as a task.
//! <https://docs.slack.dev/interactivity/implementing-shortcuts>

use super::Ack;
use super::back::Back;
use super::payload::Interaction;
use super::quote::{Quote, first_line, fitting};
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
            "declare_from_message" => Some(Ask::Open(declaration(&quote().await))),
            "make_task" => {
                let call = Invocation::of("task");
                let text = fitting(&call, "text", &first_line(&quote().await.text));
                Some(Ask::Open(call.with("text", text)))
            }
            "add_to_timeline" => {
                let pin = quote().await.pin();
                let is_room = !channel.is_empty() && self.incident_in(channel).await.is_some();
                Some(if is_room { Ask::Call(pin) } else { Ask::Open(pin) })
            }
            _ => None,
        }
    }
}

/// The title is the first line of the message, the summary all of it.
fn declaration(quote: &Quote) -> Invocation {
    let call = Invocation::of("new");
    let title = fitting(&call, "title", &first_line(&quote.text));
    let link = quote.link.iter().map(|link| format!("\n{link}")).collect::<String>();
    let summary = fitting(&call, "summary", &format!("{}{link}", quote.text));
    call.with("title", title).with("summary", summary)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_incident_declared_from_a_message_has_its_first_line_as_title_and_leads_back_to_it() {
        let quote = Quote {
            text: "Checkout is down\nsince 10:40".into(),
            link: Some("https://acme.slack.com/archives/C1/p1".into()),
            ..Quote::default()
        };
        let call = declaration(&quote);
        assert_eq!(call.args["title"], "Checkout is down");
        assert_eq!(call.args["summary"], "Checkout is down\nsince 10:40\nhttps://acme.slack.com/archives/C1/p1");
    }

    #[test]
    fn a_message_of_any_length_fits_the_form() {
        let quote = Quote { text: "å".repeat(50_000), ..Quote::default() };
        let call = declaration(&quote);
        assert_eq!(call.args["title"].chars().count(), 150);
        assert!(call.args["title"].ends_with('…'));
    }
}
