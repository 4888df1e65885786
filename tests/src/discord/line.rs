//! A typed line as the options of a registered command: what a person fills in who means the same.

use super::state::{Id, State};
use super::{Hand, Room};
use muster_core::command::{Invocation, find, parse};
use muster_core::ids::{IncidentId, PlatformId};
use muster_core::inbound::Place;
use serde_json::{Value, json};
use std::sync::PoisonError;

/// The command that takes any line.
const ANY: &str = "muster";

/// `data` of the interaction that means the line.
///
/// # Panics
/// When neither its command nor the one that takes any line is registered.
pub(super) fn filled_in(hand: &Hand, room: &Room, (command, text): (&str, &str)) -> Value {
    let organisation = hand.discord.0.organisation.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let incident = incident_of(&room.name());
    let place = Place { platform: PlatformId::from("discord"), incident, address: None, forms: true };
    let parsed = parse::line(text, &organisation, &place).ok();
    hand.discord.look(|state| {
        let typed = parsed.and_then(|call| twin(state, hand.id, command, &call));
        typed.unwrap_or_else(|| {
            let line = json!({ "name": "line", "type": 3, "value": mentioning(state, text) });
            whole(state, &json!({ "name": ANY, "options": [line] }))
        })
    })
}

/// A person knows by its name whose room it is: `inc-42-checkout-is-down`.
fn incident_of(name: &str) -> Option<IncidentId> {
    let number = name.strip_prefix("inc-")?.split('-').next()?;
    format!("INC-{number}").parse().ok()
}

/// The options that mean a call; `None` when the registered command has no place for something of it.
fn twin(state: &State, user: Id, command: &str, call: &Invocation) -> Option<Value> {
    let named = state.guild_commands.iter().chain(&state.global_commands).filter(|known| known["type"] == 1);
    let home = named.filter(|known| option(known, &call.command).is_some());
    // What one typed first; where that has no room for it, the command that has.
    let home = home.min_by_key(|known| known["name"] != command)?;
    let first = option(home, &call.command)?;
    let (path, leaf) = match first["type"].as_u64()? {
        1 if call.verb.is_empty() => (vec![first], first),
        2 => {
            let inner = verb(first, call)?;
            (vec![first, inner], inner)
        }
        _ => return None,
    };
    let mut given = Vec::new();
    for (name, text) in &call.args {
        given.push(value(state, user, option(leaf, name)?, text)?);
    }
    if let Some(incident) = call.incident {
        given.push(value(state, user, option(leaf, "incident")?, &incident.to_string())?);
    }
    let needed = leaf["options"].as_array().into_iter().flatten().filter(|option| option["required"] == true);
    if needed.into_iter().any(|needed| given.iter().all(|given| given["name"] != needed["name"])) {
        return None;
    }
    let mut options = json!(given);
    for step in path.into_iter().rev() {
        options = json!([{ "name": step["name"], "type": step["type"], "options": options }]);
    }
    Some(whole(state, &json!({ "name": home["name"], "options": options })))
}

fn option<'o>(parent: &'o Value, name: &str) -> Option<&'o Value> {
    parent["options"].as_array()?.iter().find(|option| option["name"] == name)
}

/// The subcommand of a verb. The nameless verb's has a name that no other verb has.
fn verb<'o>(group: &'o Value, call: &Invocation) -> Option<&'o Value> {
    if !call.verb.is_empty() {
        return option(group, &call.verb);
    }
    let spec = find(&call.command)?;
    let is_named = |name: &Value| spec.verbs.iter().any(|verb| !verb.name.is_empty() && *name == verb.name);
    group["options"].as_array()?.iter().find(|option| !is_named(&option["name"]))
}

/// A value as an option of its declared type holds it.
fn value(state: &State, user: Id, option: &Value, text: &str) -> Option<Value> {
    let kind = option["type"].as_u64()?;
    let chosen = option["choices"].as_array().filter(|choices| !choices.is_empty()).map(|choices| {
        let same = |known: &Value| known.as_str().is_some_and(|known| known.eq_ignore_ascii_case(text));
        choices.iter().find(|choice| same(&choice["value"]) || same(&choice["name"]))
    });
    let value = match (kind, chosen) {
        (_, Some(choice)) => choice?["value"].clone(),
        (3, None) => {
            let text = mentioning(state, text);
            let length = text.chars().count() as u64;
            let fits = length >= option["min_length"].as_u64().unwrap_or(0);
            json!((fits && length <= option["max_length"].as_u64().unwrap_or(6000)).then_some(text)?)
        }
        (4, None) => {
            let number = text.trim_start_matches('#').parse::<i64>().ok()?;
            let least = option["min_value"].as_i64().unwrap_or(i64::MIN);
            let most = option["max_value"].as_i64().unwrap_or(i64::MAX);
            json!((least..=most).contains(&number).then_some(number)?)
        }
        (10, None) => json!(text.parse::<f64>().ok()?),
        (5, None) => json!(["no", "yes"].iter().position(|word| *word == text)? == 1),
        (6 | 9, None) => json!(somebody(state, user, text)?.to_string()),
        (_, None) => return None,
    };
    Some(json!({ "name": option["name"], "type": kind, "value": value }))
}

/// A text as the client sends it: a word that is the name of a member is a mention of them.
fn mentioning(state: &State, text: &str) -> String {
    let mention = |word: &str| {
        let member = state.users.values().find(|known| word.strip_prefix('@') == Some(&known.name));
        member.map_or_else(|| word.to_owned(), |known| format!("<@{}>", known.id))
    };
    text.split(' ').map(mention).collect::<Vec<_>>().join(" ")
}

/// Who is meant by `@bob`, `me`, or a mention.
fn somebody(state: &State, user: Id, text: &str) -> Option<Id> {
    if text == "me" {
        return Some(user);
    }
    let name = text.trim_start_matches("<@").trim_end_matches('>').trim_start_matches('@').to_lowercase();
    let is_meant = |known: &&super::state::User| {
        known.id.to_string() == name || known.name.to_lowercase() == name || known.shown.to_lowercase() == name
    };
    state.users.values().find(is_meant).map(|known| known.id)
}

/// `data` with what Discord adds: the command's id and type, and what its options stand for.
///
/// # Panics
/// When no such command is registered.
pub(super) fn whole(state: &State, data: &Value) -> Value {
    let name = data["name"].as_str().unwrap_or_default();
    let command = state.command(1, name).unwrap_or_else(|| panic!("no command “{name}” is registered"));
    let mut data = data.clone();
    data["id"] = command["id"].clone();
    data["type"] = json!(1);
    if command["guild_id"].is_string() {
        data["guild_id"] = command["guild_id"].clone();
    }
    let mut ids = Vec::new();
    meant(&data["options"], &mut ids);
    if !ids.is_empty() {
        data["resolved"] = state.resolved(&ids);
    }
    data
}

/// The ids in options that stand for people, channels and roles.
fn meant(options: &Value, ids: &mut Vec<Id>) {
    for option in options.as_array().into_iter().flatten() {
        if matches!(option["type"].as_u64(), Some(6..=9)) {
            ids.extend(option["value"].as_str().and_then(|id| id.parse::<Id>().ok()));
        }
        meant(&option["options"], ids);
    }
}

/// `data` of an autocompletion: `("inc sev", ("incident", "INC"))`.
///
/// # Panics
/// When the option is not there, or does not complete.
pub(super) fn focused(state: &State, path: &str, (name, partial): (&str, &str)) -> Value {
    let steps: Vec<&str> = path.split(' ').collect();
    let mut at = state.command(1, steps[0]).unwrap_or_else(|| panic!("no command “{path}” is registered"));
    let mut above = Vec::new();
    for step in &steps[1..] {
        at = option(at, step).unwrap_or_else(|| panic!("no “{step}” in “{path}”"));
        above.push(at);
    }
    let found = option(at, name).unwrap_or_else(|| panic!("“{path}” has no option “{name}”"));
    assert!(found["autocomplete"] == true, "the option “{name}” of “{path}” does not complete");
    let mut options = json!([{ "name": name, "type": found["type"], "value": partial, "focused": true }]);
    for step in above.into_iter().rev() {
        options = json!([{ "name": step["name"], "type": step["type"], "options": options }]);
    }
    whole(state, &json!({ "name": steps[0], "options": options }))
}
