//! Registered commands. <https://docs.discord.com/developers/interactions/application-commands>

use super::super::ask::Ask;
use super::super::refused::{Answer, MISSING_ACCESS, Refused, UNKNOWN_COMMAND, Wrong, created, done, ok};
use super::super::state::State;
use serde_json::{Value, json};

/// The commands a path is about: the guild's or the global ones.
fn meant<'s>(state: &'s mut State, ask: &Ask) -> Result<&'s mut Vec<Value>, Refused> {
    if ask.id("application_id")? != state.application {
        return Err((403, 20012, "You are not authorized to perform this action on this application").into());
    }
    if !ask.places.contains_key("guild_id") {
        return Ok(&mut state.global_commands);
    }
    // https://docs.discord.com/developers/interactions/application-commands#bulk-overwrite-guild-application-commands
    if ask.id("guild_id")? != state.guild || !state.is_member {
        return Err(MISSING_ACCESS.into());
    }
    Ok(&mut state.guild_commands)
}

/// A command as Discord shows it: of one that was there with its id.
fn known(state: &mut State, ask: &Ask, asked: &Value) -> Result<Value, Refused> {
    let fresh = state.id();
    let (version, application) = (state.id(), state.application);
    let kind = asked["type"].as_u64().unwrap_or(1);
    let old = meant(state, ask)?.iter().find(|old| old["name"] == asked["name"] && old["type"] == kind).cloned();
    let mut shown = asked.clone();
    shown["id"] = old.map_or_else(|| json!(fresh.to_string()), |old| old["id"].clone());
    shown["type"] = json!(kind);
    shown["application_id"] = json!(application.to_string());
    shown["version"] = json!(version.to_string());
    shown["nsfw"] = json!(asked["nsfw"] == true);
    for (name, otherwise) in [("description", json!("")), ("default_member_permissions", Value::Null)] {
        if shown[name].is_null() {
            shown[name] = otherwise;
        }
    }
    if let Some(guild) = ask.places.get("guild_id") {
        shown["guild_id"] = json!(guild);
    }
    Ok(shown)
}

pub(super) fn list(state: &mut State, ask: &Ask) -> Answer {
    let mut all = meant(state, ask)?.clone();
    if !ask.flag("with_localizations") {
        for command in &mut all {
            if let Some(map) = command.as_object_mut() {
                map.remove("name_localizations");
                map.remove("description_localizations");
            }
        }
    }
    ok(json!(all))
}

pub(super) fn put(state: &mut State, ask: &Ask) -> Answer {
    let asked = ask.body.as_array().cloned().unwrap_or_default();
    let all = asked.iter().map(|one| known(state, ask, one)).collect::<Result<Vec<_>, _>>()?;
    meant(state, ask)?.clone_from(&all);
    ok(json!(all))
}

pub(super) fn post(state: &mut State, ask: &Ask) -> Answer {
    let one = known(state, ask, &ask.body)?;
    let all = meant(state, ask)?;
    let before = all.len();
    all.retain(|old| old["id"] != one["id"]);
    let is_new = all.len() == before;
    if all.iter().filter(|old| old["type"] == one["type"]).count() >= if one["type"] == 1 { 100 } else { 15 } {
        return Err(Refused::form(&[Wrong::at("", "Maximum number of application commands reached")]));
    }
    all.push(one.clone());
    if is_new { created(one) } else { ok(one) }
}

pub(super) fn delete(state: &mut State, ask: &Ask) -> Answer {
    let id = ask.place("command_id").to_owned();
    let all = meant(state, ask)?;
    let before = all.len();
    all.retain(|old| old["id"] != *id);
    if all.len() == before { Err(UNKNOWN_COMMAND.into()) } else { done() }
}
