//! What a select offers while somebody types into it.
//! <https://docs.slack.dev/reference/interaction-payloads/block_suggestion-payload>

use super::Ack;
use super::ask::Asking;
use super::payload::Interaction;
use crate::Slack;
use crate::render;
use crate::render::limits;
use muster_core::chat::Told;
use muster_core::chat::fit::length;
use muster_core::chat::offer::best;
use muster_core::chat::soon;
use muster_core::inbound::Ask;
use muster_core::reply::Body;
use muster_core::view::form::{Choice, Form, Input};
use serde_json::{Value, json};
use std::sync::Arc;

impl Slack {
    /// The choices of the field of a form that fit what has been typed. Nothing when there is no time to find out:
    /// with the next letter Slack asks again.
    pub(super) async fn suggestions(self: &Arc<Self>, interaction: Interaction) -> Ack {
        let Ok((call, carried)) = render::submitted(&interaction.view) else { return Ack::with(options(&[], "")) };
        let asking = Asking {
            user: interaction.user.id.clone(),
            shown: interaction.user.shown().to_owned(),
            channel: carried.channel,
            request: interaction.trigger_id,
            ask: Ask::Open(call),
        };
        let slack = Arc::clone(self);
        let Ok(Told::Done(reply)) = soon(async move { slack.ask(asking).await }).await else {
            return Ack::with(options(&[], ""));
        };
        let Body::Form(form) = reply.body else { return Ack::with(options(&[], "")) };
        Ack::with(options(choices(&form, &interaction.action_id), &interaction.value))
    }
}

fn choices<'a>(form: &'a Form, field: &str) -> &'a [Choice] {
    match form.fields.iter().find(|one| one.name == field).map(|one| &one.input) {
        Some(Input::Select(choices) | Input::MultiSelect(choices) | Input::Person(choices)) => choices,
        Some(Input::Line { .. } | Input::Paragraph { .. } | Input::Each { .. } | Input::Toggle) | None => &[],
    }
}

fn options(choices: &[Choice], typed: &str) -> Value {
    let options: Vec<_> = best(choices, typed).filter_map(option).take(limits::OPTIONS).collect();
    json!({ "options": options })
}

fn option(choice: &Choice) -> Option<Value> {
    let fits = !choice.label.is_empty() && !choice.value.is_empty() && length(&choice.value) <= limits::OPTION_VALUE;
    let label: String = choice.label.chars().take(limits::OPTION).collect();
    fits.then(|| json!({ "text": { "type": "plain_text", "text": label }, "value": choice.value }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_offered_than_slack_takes() {
        let many: Vec<_> = (0..500).map(|n| Choice { value: n.to_string(), label: format!("Number {n}") }).collect();
        assert_eq!(options(&many, "number")["options"].as_array().unwrap().len(), limits::OPTIONS);
    }
}
