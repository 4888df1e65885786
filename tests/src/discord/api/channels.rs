//! Channels and categories. <https://docs.discord.com/developers/resources/channel>

use super::super::ask::Ask;
use super::super::permissions::{MANAGE_CHANNELS, MANAGE_ROLES, MANAGE_THREADS};
use super::super::refused::{Answer, MISSING_PERMISSIONS, Refused, TOO_MANY_CHANNELS, Wrong, created, ok};
use super::super::state::{Channel, Id, Kind, State};
use super::{overwrites, threads};
use serde_json::Value;

/// Channels of a category. <https://docs.discord.com/developers/resources/channel#channel-object-channel-types>
const IN_CATEGORY: usize = 50;

pub(super) fn list(state: &mut State, ask: &Ask) -> Answer {
    state.guild(ask.id("guild_id")?)?;
    ok(state.guild_channels().map(|channel| state.channel_json(channel)).collect())
}

pub(super) fn get(state: &mut State, ask: &Ask) -> Answer {
    let channel = state.channel(ask.id("channel_id")?)?;
    ok(state.channel_json(channel))
}

/// <https://docs.discord.com/developers/resources/guild#create-guild-channel>
pub(super) fn create(state: &mut State, ask: &Ask) -> Answer {
    state.guild(ask.id("guild_id")?)?;
    let number = ask.body["type"].as_u64().unwrap_or_default();
    let kind = Kind::of(number).ok_or_else(|| Refused::form(&[Wrong::at("type", "the fake makes no such channel")]))?;
    let parent = ask.snowflake("parent_id")?;
    let own = match parent.and_then(|parent| state.channels.get(&parent)) {
        Some(category) => state.permissions_in(state.bot, category),
        None => state.permissions(state.bot),
    };
    if own & MANAGE_CHANNELS == 0 {
        return Err(MISSING_PERMISSIONS.into());
    }
    let asked = overwrites::read(&ask.body["permission_overwrites"]);
    if !asked.is_empty() && own & MANAGE_ROLES == 0 {
        return Err(MISSING_PERMISSIONS.into());
    }
    state.may_set(own, asked.values())?;
    let name = normal(kind, ask.body["name"].as_str().unwrap_or_default());
    if name.is_empty() {
        return Err(Refused::form(&[Wrong::at("name", "Must be between 1 and 100 in length.")]));
    }
    let id = fresh(state, kind, &name, parent)?;
    let channel = state.room(id);
    channel.topic = ask.body["topic"].as_str().filter(|topic| !topic.is_empty()).map(str::to_owned);
    if ask.body["permission_overwrites"].is_array() {
        channel.overwrites = asked;
    }
    if let Some(tags) = ask.body.get("available_tags") {
        channel.others.insert("available_tags".to_owned(), tags.clone());
    }
    state.tell_of_channel("CHANNEL_CREATE", id);
    created(state.channel_json(&state.channels[&id]))
}

/// A new channel, with the overwrites of its category.
///
/// # Errors
/// When there is no room for it.
pub(in super::super) fn fresh(state: &mut State, kind: Kind, name: &str, parent: Option<Id>) -> Result<Id, Refused> {
    if state.guild_channels().count() >= state.most_channels {
        return Err(TOO_MANY_CHANNELS.into());
    }
    if let Some(parent) = parent {
        fits_category(state, parent)?;
    }
    let id = state.id();
    let position = state.guild_channels().filter(|channel| channel.parent == parent).count() as i64;
    let mut channel = Channel { parent, position, ..Channel::new(id, kind, name) };
    if let Some(category) = parent.and_then(|parent| state.channels.get(&parent)) {
        channel.overwrites = category.overwrites.clone();
    }
    state.channels.insert(id, channel);
    Ok(id)
}

/// Whether one more channel finds a place in a category.
fn fits_category(state: &State, parent: Id) -> Result<(), Refused> {
    let why = match state.channels.get(&parent) {
        Some(category) if category.kind == Kind::Category => {
            let inside = state.channels.values().filter(|channel| channel.parent == Some(parent)).count();
            if inside < IN_CATEGORY {
                return Ok(());
            }
            "Maximum number of channels in category reached (50)"
        }
        Some(_) => "Not a category",
        None => "Category does not exist",
    };
    Err(Refused::form(&[Wrong::at("parent_id", why)]))
}

/// A name as Discord keeps it: of text channels and forums in lower case, with dashes for spaces and without signs.
pub(in super::super) fn normal(kind: Kind, name: &str) -> String {
    let name = name.trim();
    match kind {
        Kind::Text | Kind::Forum => {
            let mut normal = String::new();
            for c in name.chars().flat_map(char::to_lowercase) {
                match c {
                    c if c.is_whitespace() || c == '-' => {
                        if !normal.ends_with('-') {
                            normal.push('-');
                        }
                    }
                    c if c.is_ascii() && !c.is_ascii_alphanumeric() && c != '_' => {}
                    c => normal.push(c),
                }
            }
            normal.trim_matches('-').to_owned()
        }
        Kind::Voice | Kind::Category | Kind::PublicThread | Kind::PrivateThread | Kind::Direct => name.to_owned(),
    }
}

pub(super) fn patch(state: &mut State, ask: &Ask) -> Answer {
    let id = ask.id("channel_id")?;
    let channel = state.channel(id)?;
    if channel.thread.is_some() {
        return threads::patch(state, id, &ask.body);
    }
    let own = state.permissions_in(state.bot, channel);
    let kind = channel.kind;
    if own & MANAGE_CHANNELS == 0 {
        return Err(MISSING_PERMISSIONS.into());
    }
    let changed =
        ask.body["permission_overwrites"].as_array().map(|_| overwrites::read(&ask.body["permission_overwrites"]));
    if let Some(asked) = &changed {
        if own & MANAGE_ROLES == 0 {
            return Err(MISSING_PERMISSIONS.into());
        }
        // What stays as it is needs no right.
        let new = asked.values().filter(|one| channel.overwrites.get(&one.id) != Some(one));
        state.may_set(own, new)?;
    }
    let moved = ask.body.get("parent_id").is_some();
    let parent = ask.snowflake("parent_id")?;
    if let Some(parent) = parent.filter(|parent| Some(*parent) != state.channels[&id].parent) {
        fits_category(state, parent)?;
    }
    let name = ask.body["name"].as_str().map(|name| normal(kind, name));
    if name.as_ref().is_some_and(String::is_empty) {
        return Err(Refused::form(&[Wrong::at("name", "Must be between 1 and 100 in length.")]));
    }
    let channel = state.room(id);
    channel.name = name.unwrap_or_else(|| channel.name.clone());
    if let Some(topic) = ask.body.get("topic") {
        channel.topic = topic.as_str().filter(|topic| !topic.is_empty()).map(str::to_owned);
    }
    if moved {
        channel.parent = parent;
    }
    if let Some(position) = ask.body["position"].as_i64() {
        channel.position = position;
    }
    channel.overwrites = changed.unwrap_or_else(|| channel.overwrites.clone());
    state.tell_of_channel("CHANNEL_UPDATE", id);
    ok(state.channel_json(&state.channels[&id]))
}

pub(super) fn delete(state: &mut State, ask: &Ask) -> Answer {
    let id = ask.id("channel_id")?;
    let wanted = if state.channel(id)?.thread.is_some() { MANAGE_THREADS } else { MANAGE_CHANNELS };
    let channel = state.channel_for(id, wanted)?;
    let shown = state.channel_json(channel);
    gone(state, id);
    ok(shown)
}

/// Takes a channel away with its threads; what was in a category stays. Tells of it.
pub(in super::super) fn gone(state: &mut State, id: Id) {
    let Some(channel) = state.channels.get(&id) else { return };
    let name = if channel.thread.is_some() { "THREAD_DELETE" } else { "CHANNEL_DELETE" };
    if channel.kind == Kind::Category {
        let inside: Vec<Id> =
            state.channels.values().filter(|inner| inner.parent == Some(id)).map(|inner| inner.id).collect();
        for inner in inside {
            state.room(inner).parent = None;
            state.tell_of_channel("CHANNEL_UPDATE", inner);
        }
    }
    state.tell_of_channel(name, id);
    state.channels.retain(|known, channel| *known != id && (channel.thread.is_none() || channel.parent != Some(id)));
}

/// Whether a body asks for nothing but these.
pub(super) fn only(body: &Value, names: &[&str]) -> bool {
    body.as_object().is_some_and(|map| map.keys().all(|name| names.contains(&name.as_str())))
}
