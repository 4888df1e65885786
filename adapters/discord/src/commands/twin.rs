//! The twin of a call: what one sends and types in Discord to say the same.

use super::option::{GROUP, STRING, SUBCOMMAND, is_required, sent};
use super::register::options;
use super::shelf::home;
use super::{LINE, MUSTER, SLASH, WHICH, is_group};
use muster_core::chat::answer::is_line;
use muster_core::command::parse;
use muster_core::command::spec::{Arg, Spec, Verb};
use muster_core::command::{Invocation, find};
use muster_core::ids::{PersonId, PlatformId};
use muster_core::inbound::Place;
use muster_core::org::{Organisation, Person, Right};
use serde_json::{Value, json};

/// The data of the interaction that says the same: with options where they can say it, else as a line.
#[must_use]
pub fn twin(call: &Invocation) -> Value {
    with_options(call).unwrap_or_else(|| {
        let line = json!({ "type": STRING, "name": LINE, "value": call.to_line() });
        json!({ "type": SLASH, "name": MUSTER, "options": [line] })
    })
}

fn with_options(call: &Invocation) -> Option<Value> {
    let (spec, verb) = rows(call)?;
    let given = given(call, spec, verb)?;
    let demanded = |arg: &&Arg| is_required(arg);
    if verb.args.iter().filter(demanded).any(|arg| !call.args.contains_key(arg.name)) {
        return None;
    }
    let name = if is_group(spec) { spec.word(verb) } else { spec.name.to_owned() };
    let leaf = json!({ "type": SUBCOMMAND, "name": name, "options": given });
    let row = if is_group(spec) { json!({ "type": GROUP, "name": spec.name, "options": [leaf] }) } else { leaf };
    Some(json!({ "type": SLASH, "name": home(spec), "options": [row] }))
}

fn rows(call: &Invocation) -> Option<(&'static Spec, &'static Verb)> {
    let spec = find(&call.command)?;
    Some((spec, spec.verb(&call.verb)?))
}

/// Every argument as an option, in the order in which Discord shows them; `None` if one cannot be said so.
fn given(call: &Invocation, spec: &Spec, verb: &Verb) -> Option<Vec<Value>> {
    let mut given = Vec::new();
    for arg in options(spec, verb) {
        let value = match (spec.scope.names_one_with(verb), arg.name) {
            (true, WHICH) => call.incident.map(|incident| incident.to_string()),
            (_, name) => call.args.get(name).cloned(),
        };
        if let Some(value) = value {
            given.push(sent(arg, &value)?);
        }
    }
    (given.len() == call.args.len() + usize::from(call.incident.is_some())).then_some(given)
}

/// What one types in Discord for a line: `/inc role assign role:commander person:@alice`. What is no line, such as a
/// name, is the same here; an option has another sign.
#[must_use]
pub fn typed(line: &str) -> String {
    if let Some(name) = line.strip_prefix("--") {
        return format!("{name}:");
    }
    if !is_line(line) {
        return line.to_owned();
    }
    let nowhere = Place { platform: PlatformId::from("discord"), incident: None, address: None, forms: false };
    let call = parse::line(line, &anybody(line), &nowhere);
    call.ok().and_then(|call| words(&call)).unwrap_or_else(|| format!("/{MUSTER} {LINE}:{line}"))
}

/// An organisation in which whoever a line names is somebody: `task call the bank @bob` has a person at its end.
fn anybody(line: &str) -> Organisation {
    let named = line.split_whitespace().filter_map(|word| word.strip_prefix('@'));
    let person = |name: &str| Person {
        id: PersonId::from(name),
        name: name.to_owned(),
        email: None,
        right: Right::View,
        time_zone: Default::default(),
        reach: Default::default(),
    };
    Organisation { people: named.map(person).collect(), ..Organisation::empty("", "") }
}

fn words(call: &Invocation) -> Option<String> {
    let (spec, verb) = rows(call)?;
    let mut words = vec![format!("/{}", home(spec)), spec.name.to_owned()];
    words.extend(is_group(spec).then(|| spec.word(verb)));
    for option in given(call, spec, verb)? {
        let value = &option["value"];
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        words.push(format!("{}:{value}", option["name"].as_str().unwrap_or_default()));
    }
    Some(words.join(" "))
}
