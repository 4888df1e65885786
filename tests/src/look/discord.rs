//! A view as Discord shows it, held against its limits: within them, pinging nobody by accident, no text that is more than
//! text, each button leading back to its command.

use super::markdown::{Live, live};
use super::{CONSOLE, Look, actions, mentioned};
use crate::discord::{check_message, check_modal, live_mentions, render_text};
use crate::sample::PEOPLE;
use muster_core::ids::{IncidentId, PersonId};
use muster_core::view::form::Form;
use muster_core::view::{Action, Does, Line, View, Weight};
use muster_discord::Id;
use muster_discord::render::{self, Names, Pressed};
use serde_json::Value;

/// Discord.
pub struct Discord;

impl Look for Discord {
    fn name(&self) -> &'static str {
        "discord"
    }

    fn view(&self, of: &View) -> String {
        shown(of)
    }

    fn form(&self, of: &Form) -> String {
        form(of)
    }

    fn topic(&self, of: &Line) -> String {
        let topic = render::topic(of);
        assert!(topic.chars().count() <= 1_024, "{topic}");
        assert!(is_mere(&topic), "{topic}");
        topic
    }

    fn leads_back(&self, of: &View) {
        let back = pressed(&render::message(of, &names()));
        let meant = meant(of);
        assert!(meant.iter().all(|one| back.contains(one)), "{meant:?} came back as {back:?}");
        assert!(back.iter().all(|one| meant.contains(one)), "{back:?} is offered, {meant:?} are meant");
    }
}

/// Users of the tests begin here, in the order of [`PEOPLE`].
const FIRST: Id = 500_000_000_000_000_000;

fn user(person: &PersonId) -> Option<Id> {
    let place = PEOPLE.iter().position(|(id, ..)| *id == person.as_str())?;
    Some(FIRST + place as Id)
}

/// The room of the first incident is a channel; of the others nothing is known yet.
fn channel(incident: IncidentId) -> Option<Id> {
    (incident == IncidentId(1)).then_some(600_000_000_000_000_001)
}

/// A server in which everybody is linked.
#[must_use]
pub fn names() -> Names<'static> {
    Names { user: &user, channel: &channel, guild: 700_000_000_000_000_000, console_url: CONSOLE }
}

/// A view as a message, held against Discord's limits.
///
/// # Panics
/// When Discord would refuse it, somebody would be pinged who is not meant, or a text would be more than text.
#[must_use]
pub fn shown(view: &View) -> String {
    let message = render::message(view, &names());
    refuses_nothing(&check_message(&message), &message);
    let meant = mentions(view);
    let pings = live_mentions(&message);
    assert!(pings.iter().all(|ping| meant.contains(ping)), "{pings:?} are pinged, {meant:?} are meant");
    let embed = &message["embeds"][0];
    let fields = embed["fields"].as_array().into_iter().flatten();
    let texts =
        fields.flat_map(|field| [&field["name"], &field["value"]]).chain([&embed["title"], &embed["description"]]);
    for text in texts.filter_map(Value::as_str) {
        for live in live(text) {
            assert!(is_meant(&live, &meant), "{live:?} is live in:\n{text}");
        }
    }
    called(render_text(&message))
}

/// Whether what is live is ours: a mention or a moment of the view, a link that is nobody's trick, our small print.
fn is_meant(live: &Live, mentions: &[String]) -> bool {
    match live {
        Live::Bracketed(inside) => inside.starts_with("t:") || mentions.contains(&format!("<{inside}>")),
        Live::Link(url) => url.starts_with("https://") || url.starts_with("http://"),
        Live::Address(address) => !address.contains(['<', '*', '@']),
        Live::Row(row) => row == "-# ",
        Live::Mark(_) => false,
    }
}

fn is_mere(text: &str) -> bool {
    live(text).is_empty()
}

/// A form as a modal, held against Discord's limits.
///
/// # Panics
/// When Discord would refuse it.
#[must_use]
pub fn opened(form: &Form) -> Value {
    let modal = render::modal(form);
    refuses_nothing(&check_modal(&modal), &modal);
    assert!(modal["custom_id"].as_str().is_some_and(|id| id.contains(&form.target.command)));
    for part in modal["components"].as_array().into_iter().flatten() {
        assert!(is_mere(part["content"].as_str().unwrap_or_default()), "{part:#}");
    }
    modal
}

fn refuses_nothing(wrong: &[String], what: &Value) {
    assert!(wrong.is_empty(), "Discord would refuse:\n{}\n{what:#}", wrong.join("\n"));
}

/// Whom a view means to notify, as Discord writes it.
fn mentions(view: &View) -> Vec<String> {
    mentioned(view).into_iter().filter_map(user).map(|user| format!("<@{user}>")).collect()
}

/// Every button and option of a message, read back as it comes in when it is pressed.
fn pressed(message: &Value) -> Vec<Pressed> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut all = Vec::new();
    for component in list(&message["components"]).iter().flat_map(|row| list(&row["components"])) {
        let Some(id) = component["custom_id"].as_str() else { continue };
        let read = |values: &[String]| {
            render::pressed(id, values).unwrap_or_else(|| panic!("{id} with {values:?} means nothing"))
        };
        match component["options"].as_array() {
            None => all.push(read(&[])),
            Some(options) => {
                let values = options.iter().map(|option| option["value"].as_str().unwrap_or_default().to_owned());
                all.extend(values.map(|value| read(&[value])));
            }
        }
    }
    all
}

/// What the actions of a view mean. Links do not come back.
fn meant(view: &View) -> Vec<Pressed> {
    let run = |action: &Action, call: &muster_core::command::Invocation| match action.weight {
        Weight::Danger => Pressed::Ask(call.clone()),
        Weight::Primary | Weight::Plain => Pressed::Run(call.clone()),
    };
    let of = |action: &Action| match &action.does {
        Does::Run(call) => vec![run(action, call)],
        Does::Open(call) => vec![Pressed::Open(call.clone())],
        Does::Choose(choices) => choices.iter().map(|choice| run(action, &choice.run)).collect(),
        Does::Visit(_) => Vec::new(),
    };
    actions(view).into_iter().flat_map(of).collect()
}

/// A form as Discord shows it.
#[must_use]
pub fn form(form: &Form) -> String {
    render_text(&opened(form))
}

/// The picture with people's names for their ids.
fn called(picture: String) -> String {
    let named = PEOPLE.iter().enumerate();
    named.fold(picture, |picture, (place, (_, name, _))| picture.replace(&(FIRST + place as Id).to_string(), name))
}
