//! A view as Slack shows it, held against its limits: within them, pinging nobody by accident, each button leading back
//! to its command.

use super::{CONSOLE, Look, actions, blocks, mentioned};
use crate::slack::{MESSAGE_TEXT, check_message, check_view, live_mentions};
use muster_core::ids::{IncidentId, PersonId};
use muster_core::view::form::Form;
use muster_core::view::{Action, Does, Line, View};
use muster_slack::render::{self, Carried, Names, Pressed};
use serde_json::{Value, json};

/// Slack.
pub struct Slack;

impl Look for Slack {
    fn name(&self) -> &'static str {
        "slack"
    }

    fn view(&self, of: &View) -> String {
        shown(of)
    }

    fn form(&self, of: &Form) -> String {
        form(of)
    }

    fn topic(&self, of: &Line) -> String {
        let topic = render::topic(of);
        assert!(topic.chars().count() <= 250, "{topic}");
        assert_eq!(live_mentions(&json!({ "text": topic })), [""; 0]);
        topic
    }

    fn leads_back(&self, of: &View) {
        let back = pressed(&render::message(of, &names()).blocks);
        let meant = meant(of);
        assert_eq!(back.len(), meant.len(), "something is not offered");
        assert!(meant.iter().all(|one| back.contains(one)), "{meant:?} came back as {back:?}");
    }
}

fn user(person: &PersonId) -> Option<String> {
    let name = person.as_str();
    name.chars().all(|c| c.is_ascii_alphanumeric()).then(|| format!("U{}", name.to_uppercase()))
}

/// The room of the first incident is a channel; of the others nothing is known yet.
fn channel(incident: IncidentId) -> Option<String> {
    (incident == IncidentId(1)).then(|| "CINC1".to_owned())
}

/// A workspace in which everybody is linked.
#[must_use]
pub fn names() -> Names<'static> {
    Names {
        user: &user,
        channel: &channel,
        workspace_url: Some("https://nordvaror.slack.com"),
        ..Names::unknown(CONSOLE)
    }
}

/// A view as a message, held against Slack's limits; and as a modal and a home tab as well.
///
/// # Panics
/// When Slack would refuse it, or somebody would be pinged who is not meant.
#[must_use]
pub fn shown(view: &View) -> String {
    let message = render::message(view, &names());
    refuses_nothing(check_message(&message.blocks), &message.blocks);
    let size = message.blocks.to_string().chars().count();
    assert!(size <= MESSAGE_TEXT, "the message is of {size} characters, counted with all its markup");
    assert!(!message.text.trim().is_empty() && message.text.chars().count() < 4_000, "{}", message.text);
    let meant = mentions(view);
    let live =
        [live_mentions(&json!({ "blocks": message.blocks })), live_mentions(&json!({ "text": message.text }))].concat();
    assert!(live.iter().all(|ping| meant.contains(ping)), "{live:?} are pinged, {meant:?} are meant");
    for surface in [render::result_modal(view, &names()), render::home(view, &names())] {
        refuses_nothing(check_view(&surface), &surface);
        assert!(live_mentions(&surface).iter().all(|ping| meant.contains(ping)));
    }
    blocks::message(&message.blocks)
}

/// A form as a modal, held against Slack's limits.
///
/// # Panics
/// When Slack would refuse it.
#[must_use]
pub fn opened(form: &Form) -> Value {
    let modal = render::modal(form, &Carried::default(), &names());
    refuses_nothing(check_view(&modal), &modal);
    assert_eq!(live_mentions(&modal), Vec::<String>::new());
    assert!(modal["private_metadata"].as_str().is_some_and(|text| text.contains(&form.target.command)));
    modal
}

fn refuses_nothing(wrong: Vec<String>, what: &Value) {
    assert!(wrong.is_empty(), "Slack would refuse:\n{}\n{what:#}", wrong.join("\n"));
}

/// Whom a view means to notify, as Slack writes it.
fn mentions(view: &View) -> Vec<String> {
    mentioned(view).into_iter().filter_map(user).map(|user| format!("<@{user}>")).collect()
}

/// Every button and option of a message, read back as it comes in when it is pressed.
fn pressed(blocks: &Value) -> Vec<Pressed> {
    let elements = blocks.as_array().into_iter().flatten().flat_map(|block| {
        let row = block["elements"].as_array().filter(|_| block["type"] == "actions").cloned().unwrap_or_default();
        row.into_iter().chain(Some(block["accessory"].clone()).filter(|one| !one.is_null()))
    });
    let read = |id: &str, value: &Value| {
        let value = value.as_str().unwrap_or_default();
        render::action(id, value).unwrap_or_else(|| panic!("{id} with “{value}” means nothing"))
    };
    let mut all = Vec::new();
    for element in elements {
        let id = element["action_id"].as_str().unwrap_or_default();
        match element["options"].as_array() {
            Some(options) => all.extend(options.iter().map(|option| read(id, &option["value"]))),
            None => all.push(read(id, &element["value"])),
        }
    }
    all
}

/// What the actions of a view mean.
fn meant(view: &View) -> Vec<Pressed> {
    let of = |action: &Action| match &action.does {
        Does::Run(call) => vec![Pressed::Run(call.clone())],
        Does::Open(call) => vec![Pressed::Open(call.clone())],
        Does::Choose(choices) => choices.iter().map(|choice| Pressed::Run(choice.run.clone())).collect(),
        Does::Visit(_) => vec![Pressed::Visit],
    };
    actions(view).into_iter().flat_map(of).collect()
}

/// A form as Slack shows it.
#[must_use]
pub fn form(form: &Form) -> String {
    blocks::view(&opened(form))
}

/// The home tab as Slack shows it.
#[must_use]
pub fn home(view: &View) -> String {
    blocks::view(&render::home(view, &names()))
}
