//! What somebody said with a command, from the data of an interaction.
//! <https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-application-command-data-structure>

use super::option::meant;
use super::shelf::shelves;
use super::{LINE, MUSTER, ON_MESSAGE, OnMessage, SLASH, WHICH, limits, row};
use muster_core::command::Invocation;
use muster_core::command::spec::{ArgKind, Spec, Verb};
use serde_json::Value;

/// What was said.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    /// A command with its options.
    Call(Invocation),
    /// A line as typed.
    Line(String),
    /// Something about a message.
    OnMessage {
        /// What.
        what: OnMessage,
        /// The message, as Discord gives it.
        message: Value,
    },
}

/// What somebody is typing.
#[derive(Debug, Clone, PartialEq)]
pub struct Typing {
    /// What can be offered to them.
    pub wanted: Wanted,
    /// What they typed of it.
    pub typed: String,
    /// The call as far as it goes, without what is being typed; `None` for a line.
    pub call: Option<Invocation>,
}

/// What can be offered to somebody who types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Whole lines.
    Line,
    /// Values of an argument.
    Value(ArgKind),
}

/// Why it could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is no command of ours, or one that we had once.
    #[error("Discord shows a command here that Muster no longer has: restart Discord to see those that it has")]
    Unknown,
    /// It names a message that is not there.
    #[error("Discord did not say what the message is: try again")]
    NoMessage,
}

/// Reads what was said.
///
/// # Errors
/// When it is none of the commands that there are.
pub fn read(data: &Value) -> Result<Said, Unreadable> {
    match (data["type"].as_u64().unwrap_or(SLASH), name(data)) {
        (SLASH, MUSTER) => Ok(Said::Line(option(data, LINE).unwrap_or_default())),
        (SLASH, _) => {
            let (spec, verb, options) = path(data).ok_or(Unreadable::Unknown)?;
            Ok(Said::Call(call(spec, verb, options.iter())))
        }
        (ON_MESSAGE, name) => {
            let what = OnMessage::ALL.into_iter().find(|what| what.name() == name).ok_or(Unreadable::Unknown)?;
            let id = data["target_id"].as_str().unwrap_or_default();
            let message = data["resolved"]["messages"].get(id).filter(|message| message.is_object());
            Ok(Said::OnMessage { what, message: message.ok_or(Unreadable::NoMessage)?.clone() })
        }
        (_, _) => Err(Unreadable::Unknown),
    }
}

/// What somebody is typing, if there is anything to offer for it.
#[must_use]
pub fn typing(data: &Value) -> Option<Typing> {
    let is_focused = |option: &&Value| option["focused"] == true;
    if name(data) == MUSTER {
        let focused = options(data).iter().find(is_focused).filter(|option| name(option) == LINE)?;
        return Some(Typing { wanted: Wanted::Line, typed: meant(&focused["value"])?, call: None });
    }
    let (spec, verb, options) = path(data)?;
    let focused = options.iter().find(is_focused)?;
    let kind = match (spec.scope.names_one_with(verb), name(focused)) {
        (true, WHICH) => ArgKind::Incident,
        (_, name) => verb.arg(name)?.kind,
    };
    let others = options.iter().filter(|option| !is_focused(option));
    let call = Some(call(spec, verb, others));
    Some(Typing { wanted: Wanted::Value(kind), typed: meant(&focused["value"])?, call })
}

/// The row that a slash command leads to, and what was filled in there.
fn path(data: &Value) -> Option<(&'static Spec, &'static Verb, &[Value])> {
    shelves().iter().find(|shelf| shelf.names.contains(&name(data)))?;
    let command = options(data).first()?;
    if let Some((spec, verb)) = row(name(command), "") {
        return Some((spec, verb, options(command)));
    }
    let verb_word = options(command).first()?;
    let (spec, verb) = row(name(command), name(verb_word))?;
    Some((spec, verb, options(verb_word)))
}

/// An incident that is none is left among the arguments: core says so.
fn call<'a>(spec: &Spec, verb: &Verb, options: impl Iterator<Item = &'a Value>) -> Invocation {
    let call = Invocation { verb: verb.name.to_owned(), ..Invocation::of(spec.name) };
    options.take(limits::OPTIONS).fold(call, |call, option| {
        let Some(value) = meant(&option["value"]) else { return call };
        match (spec.scope.names_one_with(verb), name(option), value.parse()) {
            (true, WHICH, Ok(incident)) => call.on(incident),
            (_, name, _) => call.with(name, value),
        }
    })
}

fn name(part: &Value) -> &str {
    part["name"].as_str().unwrap_or_default()
}

fn options(part: &Value) -> &[Value] {
    part["options"].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn option(part: &Value, wanted: &str) -> Option<String> {
    options(part).iter().find(|option| name(option) == wanted).and_then(|option| meant(&option["value"]))
}
