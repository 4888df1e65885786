//! Reactions. <https://docs.discord.com/developers/resources/message#create-reaction>

use super::super::ask::Ask;
use super::super::permissions::{ADD_REACTIONS, READ_MESSAGE_HISTORY};
use super::super::refused::{Answer, Refused, TOO_MANY_REACTIONS, UNKNOWN_EMOJI, UNKNOWN_MESSAGE, done, ok};
use super::super::state::{Id, State};
use super::threads;
use serde_json::{Value, json};

/// Different reactions of a message.
/// <https://docs.discord.com/developers/topics/opcodes-and-status-codes#json-json-error-codes>, 30010
const MOST: usize = 20;

fn meant(state: &State, ask: &Ask, wanted: u64) -> Result<(Id, Id), Refused> {
    let (channel, id) = (ask.id("channel_id")?, ask.id("message_id")?);
    let room = state.channel_for(channel, wanted)?;
    threads::alive(room)?;
    let message = room.messages.get(&id).ok_or(UNKNOWN_MESSAGE)?;
    let emoji = ask.place("emoji_name");
    if emoji.is_empty() || emoji.chars().all(|c| c.is_ascii_alphanumeric()) {
        return Err(UNKNOWN_EMOJI.into());
    }
    let known = message.json["reactions"].as_array().map_or(&[][..], Vec::as_slice);
    let is_new = known.iter().all(|reaction| reaction["emoji"]["name"] != emoji);
    if is_new && known.len() >= MOST {
        return Err(TOO_MANY_REACTIONS.into());
    }
    Ok((channel, id))
}

pub(super) fn put(state: &mut State, ask: &Ask) -> Answer {
    let at = meant(state, ask, ADD_REACTIONS | READ_MESSAGE_HISTORY)?;
    react(state, at, (ask.place("emoji_name"), state.bot), true);
    done()
}

pub(super) fn delete(state: &mut State, ask: &Ask) -> Answer {
    let at = meant(state, ask, 0)?;
    react(state, at, (ask.place("emoji_name"), state.bot), false);
    done()
}

pub(super) fn list(state: &mut State, ask: &Ask) -> Answer {
    let (channel, id) = meant(state, ask, READ_MESSAGE_HISTORY)?;
    let reactions = state.channels[&channel].messages[&id].json["reactions"].as_array().cloned().unwrap_or_default();
    let found = reactions.iter().find(|reaction| reaction["emoji"]["name"] == ask.place("emoji_name"));
    let users = found.and_then(|reaction| reaction["users"].as_array()).cloned().unwrap_or_default();
    let users = users.iter().filter_map(|user| user.as_str()?.parse::<Id>().ok());
    ok(users.map(|user| state.users[&user].json()).collect())
}

/// Adds or removes somebody's reaction, and tells of it. False when it was as wished already.
pub(in super::super) fn react(
    state: &mut State,
    (channel, id): (Id, Id),
    (emoji, user): (&str, Id),
    added: bool,
) -> bool {
    let me = state.bot.to_string();
    let Some(message) = state.room(channel).messages.get_mut(&id) else { return false };
    let author = message.json["author"]["id"].clone();
    let mut all = message.json["reactions"].as_array().cloned().unwrap_or_default();
    let known = all.iter().find(|reaction| reaction["emoji"]["name"] == emoji);
    let mut users = known.and_then(|reaction| reaction["users"].as_array()).cloned().unwrap_or_default();
    let user = user.to_string();
    if users.iter().any(|known| *known == user) == added {
        return false;
    }
    if added {
        users.push(json!(user))
    } else {
        users.retain(|known| *known != user)
    }
    all.retain(|reaction| reaction["emoji"]["name"] != emoji);
    let icon = json!({ "id": null, "name": emoji });
    if !users.is_empty() {
        all.push(json!({ "emoji": icon, "count": users.len(), "me": users.iter().any(|known| *known == me),
            "me_burst": false, "count_details": { "normal": users.len(), "burst": 0 }, "burst_colors": [],
            "users": users }));
    }
    message.json["reactions"] = Value::Array(all);
    let mut event = json!({ "user_id": user, "channel_id": channel.to_string(), "message_id": id.to_string(),
        "emoji": icon, "burst": false, "type": 0 });
    event = state.with_guild(channel, event);
    let name = if added { "MESSAGE_REACTION_ADD" } else { "MESSAGE_REACTION_REMOVE" };
    if added {
        event["message_author_id"] = author;
        if event["guild_id"].is_string() {
            event["member"] = state.member(user.parse().unwrap_or_default());
        }
    }
    state.tell_of_message(name, channel, event);
    true
}
