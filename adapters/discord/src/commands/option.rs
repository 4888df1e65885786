//! Arguments as options: how one is registered, what is sent for a value, and which value was meant.

use super::limits;
use muster_core::chat::fit::{cut, is_blank, length};
use muster_core::command::spec::{Arg, ArgKind, Slot};
use muster_core::comms::PublicStatus;
use muster_core::incident::Kind;
use muster_core::incident::status::Phase;
use serde_json::{Value, json};

/// The types of options.
/// <https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-option-type>
pub(super) const SUBCOMMAND: u64 = 1;
pub(super) const GROUP: u64 = 2;
pub(super) const STRING: u64 = 3;
const INTEGER: u64 = 4;
const BOOLEAN: u64 = 5;

/// Names, times and the like are short; lists and fields are longer.
const WORD: usize = 100;
const LIST: usize = 400;

/// What an option holds.
enum Shape {
    Toggle,
    Number,
    /// One of these, which are the same everywhere.
    Choice(Vec<&'static str>),
    /// Text of at most so many characters; `offered` while it is typed, where there is something to offer.
    Text {
        max: usize,
        offered: bool,
    },
}

/// What the organisation has is offered rather than chosen from: what is registered depends on the table alone, so that
/// a new config never leaves people with choices that are no longer there.
fn shape(kind: ArgKind) -> Shape {
    match kind {
        ArgKind::Toggle => Shape::Toggle,
        ArgKind::Number => Shape::Number,
        ArgKind::Status => choice(Phase::USUAL.iter().map(|phase| phase.word()).collect()),
        ArgKind::Kind => choice(Kind::ALL.iter().map(|kind| kind.word()).collect()),
        ArgKind::PublicStatus => choice(PublicStatus::ALL.iter().map(|status| status.word()).collect()),
        ArgKind::Word(words) => choice(words.to_vec()),
        ArgKind::Line(max) | ArgKind::Paragraph(max) => Shape::Text { max: max.min(limits::VALUE), offered: false },
        ArgKind::Fields | ArgKind::Components => Shape::Text { max: LIST, offered: false },
        ArgKind::Inputs => Shape::Text { max: limits::VALUE, offered: false },
        ArgKind::Services | ArgKind::Sites => Shape::Text { max: LIST, offered: true },
        ArgKind::Severity
        | ArgKind::Role
        | ArgKind::Person
        | ArgKind::Incident
        | ArgKind::Category
        | ArgKind::Chat
        | ArgKind::Target
        | ArgKind::Duty
        | ArgKind::When
        | ArgKind::Moment
        | ArgKind::Span
        | ArgKind::Runbook
        | ArgKind::RunbookOrRun
        | ArgKind::Template
        | ArgKind::Audience
        | ArgKind::Command => Shape::Text { max: WORD, offered: true },
    }
}

fn choice(words: Vec<&'static str>) -> Shape {
    if words.len() <= limits::CHOICES { Shape::Choice(words) } else { Shape::Text { max: WORD, offered: true } }
}

/// Whether Discord asks for it before anything can be sent. Text it does not ask for: Discord has one line for it, and
/// whoever leaves it out gets the form.
pub(super) fn is_required(arg: &Arg) -> bool {
    arg.required && arg.slot == Slot::Positional
}

/// The option as it is registered.
pub(super) fn registered(arg: &Arg) -> Value {
    let mut option = json!({ "name": arg.name, "description": cut(arg.help, limits::DESCRIPTION) });
    if is_required(arg) {
        option["required"] = json!(true);
    }
    match shape(arg.kind) {
        Shape::Toggle => option["type"] = json!(BOOLEAN),
        Shape::Number => {
            option["type"] = json!(INTEGER);
            option["min_value"] = json!(1);
            option["max_value"] = json!(limits::NUMBER);
        }
        Shape::Choice(words) => {
            option["type"] = json!(STRING);
            option["choices"] = words.into_iter().map(|word| json!({ "name": word, "value": word })).collect();
        }
        Shape::Text { max, offered } => {
            option["type"] = json!(STRING);
            option["max_length"] = json!(max);
            if offered {
                option["autocomplete"] = json!(true);
            }
        }
    }
    option
}

/// The option as it is sent for that value; `None` if it cannot say it.
pub(super) fn sent(arg: &Arg, value: &str) -> Option<Value> {
    let (kind, sent) = match shape(arg.kind) {
        Shape::Toggle => (BOOLEAN, json!(on(value)?)),
        Shape::Number => {
            let number = value.parse().ok().filter(|number| (1..=limits::NUMBER).contains(number))?;
            (INTEGER, json!(number))
        }
        Shape::Choice(words) => (STRING, json!(words.into_iter().find(|word| *word == value)?)),
        Shape::Text { max, .. } if is_blank(value) || length(value) > max => return None,
        Shape::Text { .. } => (STRING, json!(value)),
    };
    let option = json!({ "type": kind, "name": arg.name, "value": sent });
    (meant(&option["value"]).as_deref() == Some(value)).then_some(option)
}

fn on(value: &str) -> Option<bool> {
    match value {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

/// The value that was sent.
pub(super) fn meant(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(on) => Some(if *on { "yes" } else { "no" }.to_owned()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
