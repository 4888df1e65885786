//! Forms that are sent. <https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload>

use super::Ack;
use super::ask::Asking;
use super::back::{Back, Surface};
use super::payload::Interaction;
use crate::Slack;
use crate::render;
use muster_core::chat::Told;
use muster_core::chat::{Pending, answer, soon};
use muster_core::inbound::Ask;
use muster_core::reply::Body;
use muster_core::view::View;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A form as it was sent.
struct Sent<'a> {
    modal: &'a Value,
    args: &'a BTreeMap<String, String>,
}

impl Slack {
    /// Runs the command that a form has become: the form closes, or says what is wrong with it, or shows the answer.
    pub(super) async fn submitted(self: &Arc<Self>, interaction: Interaction) -> Ack {
        let Ok((call, carried)) = render::submitted(&interaction.view) else { return Ack::EMPTY };
        let back = Back {
            channel: carried.channel,
            response_url: carried.response_url,
            surface: Surface::Conversation { replaces: false },
            ..Back::of(&interaction)
        };
        let args = call.args.clone();
        let asking = Asking {
            user: back.user.clone(),
            shown: interaction.user.shown().to_owned(),
            channel: back.channel.clone(),
            request: request_of(&interaction),
            ask: Ask::Call(call),
        };
        let slack = Arc::clone(self);
        match soon(async move { slack.ask(asking).await }).await {
            Ok(told) => self.sent(back, told, &Sent { modal: &interaction.view, args: &args }).await,
            Err(pending) => self.shown_later(back, pending, &interaction.view).await,
        }
    }

    async fn sent(self: &Arc<Self>, back: Back, told: Told, sent: &Sent<'_>) -> Ack {
        match told {
            Told::Done(reply) => match reply.body {
                Body::View(view) => self.closed(back, *view).await,
                Body::Form(form) => Ack::with(update(self.modal(&form, &back.carried()))),
            },
            Told::Refused(refusal) => {
                let sentence = answer::in_one_line(&refusal, &self.config.command);
                Ack::with(render::errors(
                    answer::field_of(&refusal.sentence, &fields(sent.modal), sent.args),
                    &sentence,
                ))
            }
            Told::Failed(why) => Ack::with(render::errors(fields(sent.modal).first().copied(), &why)),
            Told::Ignored => Ack::EMPTY,
        }
    }

    /// The answer is said where the form came from. A form that came from no conversation shows it itself.
    async fn closed(self: &Arc<Self>, back: Back, view: View) -> Ack {
        if back.channel.is_none() && back.response_url.is_none() && must_be_read(&view) {
            return Ack::with(update(self.result_modal(&view).await));
        }
        let slack = Arc::clone(self);
        self.go_on(async move { slack.show(&back, &view).await });
        Ack::EMPTY
    }

    async fn shown_later(self: &Arc<Self>, back: Back, pending: Pending<Told>, modal: &Value) -> Ack {
        let Some(id) = modal["id"].as_str().map(str::to_owned) else {
            let slack = Arc::clone(self);
            self.go_on(async move { slack.tell(&back, pending.await).await });
            return Ack::EMPTY;
        };
        let back = Back { surface: Surface::Modal { view: id }, ..back };
        let slack = Arc::clone(self);
        self.go_on(async move { slack.tell(&back, pending.await).await });
        Ack::with(update(self.result_modal(&answer::working()).await))
    }
}

/// A modal is sent once in each form it has: when it is refused and corrected it is the same, and nothing was done.
fn request_of(interaction: &Interaction) -> String {
    let text = |field: &str| interaction.view[field].as_str().filter(|text| !text.is_empty());
    match (text("id"), text("hash")) {
        (Some(id), Some(hash)) => format!("{id}:{hash}"),
        (Some(_) | None, Some(_) | None) => interaction.trigger_id.clone(),
    }
}

/// Whether an answer is more than that it was done.
fn must_be_read(view: &View) -> bool {
    !view.sections.is_empty() || !view.actions.is_empty()
}

fn update(modal: Value) -> Value {
    json!({ "response_action": "update", "view": modal })
}

/// The fields of a modal, by name, in order.
fn fields(modal: &Value) -> Vec<&str> {
    let blocks = modal["blocks"].as_array().map(Vec::as_slice).unwrap_or_default();
    blocks.iter().filter(|block| block["type"] == "input").filter_map(|block| block["block_id"].as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(view: Value) -> Interaction {
        serde_json::from_value(json!({ "type": "view_submission", "trigger_id": "1.2.3", "view": view })).unwrap()
    }

    #[test]
    fn the_same_form_sent_twice_is_one_request_and_another_form_another() {
        assert_eq!(request_of(&sent(json!({ "id": "V1", "hash": "7.a" }))), "V1:7.a");
        assert_ne!(request_of(&sent(json!({ "id": "V1", "hash": "8.b" }))), "V1:7.a");
        assert_eq!(request_of(&sent(json!({ "id": "V1" }))), "1.2.3");
    }

    #[test]
    fn only_what_takes_input_is_a_field() {
        let modal =
            json!({ "blocks": [{ "type": "section", "block_id": "x" }, { "type": "input", "block_id": "title" }] });
        assert_eq!(fields(&modal), ["title"]);
        assert!(fields(&json!({ "blocks": "none" })).is_empty());
    }
}
