//! Every view and form of core as Slack shows it: within its limits, pinging nobody by accident, each button leading
//! back to its command. Look at the pictures: `INSTA_UPDATE=always cargo test -p muster-tests --test slack_views`.

mod commands;
mod docs;
mod hostile;
mod page;
mod picture;

use muster_core::ids::{IncidentId, PersonId};
use muster_core::view::form::Form;
use muster_core::view::{Action, Does, Section, Span, View};
use muster_slack::render::{self, Carried, Names, Pressed};
use muster_tests::slack::{MESSAGE_TEXT, check_message, check_view, live_mentions};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Where the console of the tests is.
const CONSOLE: &str = "https://muster.example.com";

fn user(person: &PersonId) -> Option<String> {
    let name = person.as_str();
    name.chars().all(|c| c.is_ascii_alphanumeric()).then(|| format!("U{}", name.to_uppercase()))
}

/// The room of the first incident is a channel; of the others nothing is known yet.
fn channel(incident: IncidentId) -> Option<String> {
    (incident == IncidentId(1)).then(|| "CINC1".to_owned())
}

/// A workspace in which everybody is linked.
fn names() -> Names<'static> {
    Names {
        user: &user,
        channel: &channel,
        workspace_url: Some("https://nordvaror.slack.com"),
        ..Names::unknown(CONSOLE)
    }
}

/// A view as a message, held against Slack's limits; and as a modal and a home tab as well.
fn shown(view: &View) -> String {
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
    picture::message(&message.blocks)
}

/// A form as a modal, held against Slack's limits.
fn opened(form: &Form) -> Value {
    let modal = render::modal(form, &Carried::default(), &names());
    refuses_nothing(check_view(&modal), &modal);
    assert_eq!(live_mentions(&modal), Vec::<String>::new());
    modal
}

fn refuses_nothing(wrong: Vec<String>, what: &Value) {
    assert!(wrong.is_empty(), "Slack would refuse:\n{}\n{what:#}", wrong.join("\n"));
}

/// Whom a view means to notify.
fn mentions(view: &View) -> Vec<String> {
    let lines = view.sections.iter().flat_map(|section| match section {
        Section::Text(line) => vec![line],
        Section::Fields(fields) => fields.iter().map(|field| &field.value).collect(),
        Section::List(items) => items.iter().map(|item| &item.line).collect(),
        Section::Heading(_) | Section::Code(_) => Vec::new(),
    });
    let spans = lines.chain([&view.title, &view.footer]).flatten();
    let meant = spans.filter_map(|span| if let Span::Mention { id, .. } = span { user(id) } else { None });
    meant.map(|user| format!("<@{user}>")).collect()
}

/// Everything one can do with a view, in the order in which Slack shows it: beside the items, then in the rows.
fn actions(view: &View) -> Vec<&Action> {
    let items = view.sections.iter().flat_map(|section| match section {
        Section::List(items) => items.as_slice(),
        Section::Text(_) | Section::Heading(_) | Section::Fields(_) | Section::Code(_) => &[],
    });
    items.filter_map(|item| item.action.as_ref()).chain(&view.actions).collect()
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

/// Several pictures on one page, each under what was typed for it.
#[derive(Default)]
struct Page(String);

impl Page {
    fn add(&mut self, caption: &str, picture: &str) {
        let _ = write!(self.0, "=== {caption}\n{picture}\n\n");
    }

    /// A view whose actions all come back as what they mean.
    fn view(&mut self, caption: &str, view: &View) {
        let back = pressed(&render::message(view, &names()).blocks);
        let meant = meant(view);
        assert_eq!(back.len(), meant.len(), "{caption}: something is not offered");
        assert!(meant.iter().all(|one| back.contains(one)), "{caption}: {meant:?} came back as {back:?}");
        self.add(caption, &shown(view));
    }
}
