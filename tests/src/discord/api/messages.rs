//! Messages of channels. <https://docs.discord.com/developers/resources/message>

use super::super::ask::{Ask, snowflake};
use super::super::mentions::Unsaid;
use super::super::message::{EPHEMERAL, SUPPRESS_EMBEDS, Spot};
use super::super::permissions::{
    ATTACH_FILES, EMBED_LINKS, MANAGE_MESSAGES, MANAGE_THREADS, READ_MESSAGE_HISTORY, SEND_MESSAGES,
    SEND_MESSAGES_IN_THREADS,
};
use super::super::refused::{
    Answer, CLOSED_DIRECT, EMPTY_MESSAGE, FORUM_MESSAGE, MISSING_PERMISSIONS, NON_TEXT, NOT_THE_AUTHOR, Refused,
    UNKNOWN_MESSAGE, Wrong, done, ok,
};
use super::super::state::{Channel, Id, Kind, State};
use super::threads;
use chrono::TimeDelta;
use serde_json::{Value, json};

/// How long a nonce is remembered: “the past few minutes”.
/// <https://docs.discord.com/developers/resources/message#create-message-jsonform-params>
const NONCE_LIFE: TimeDelta = TimeDelta::minutes(3);

/// Where the bot may write now.
fn writable(state: &State, id: Id) -> Result<&Channel, Refused> {
    let channel = state.channel(id)?;
    let wanted = match channel.kind {
        Kind::Forum => return Err(FORUM_MESSAGE.into()),
        Kind::Category => return Err(NON_TEXT.into()),
        Kind::Direct => {
            let person = channel.recipient.and_then(|person| state.users.get(&person));
            let is_closed = person.is_none_or(|person| person.is_closed || !state.members.contains_key(&person.id));
            return if is_closed { Err(CLOSED_DIRECT.into()) } else { Ok(channel) };
        }
        Kind::PublicThread | Kind::PrivateThread => SEND_MESSAGES_IN_THREADS,
        Kind::Text | Kind::Voice => SEND_MESSAGES,
    };
    let is_locked = channel.thread.as_ref().is_some_and(|thread| thread.is_locked);
    state.allowed(state.bot, channel, wanted | if is_locked { MANAGE_THREADS } else { 0 })?;
    Ok(channel)
}

/// Whether a body says anything.
fn says(body: &Value) -> bool {
    let content = body["content"].as_str().is_some_and(|content| !content.trim().is_empty());
    let lists = ["embeds", "components", "files", "sticker_ids"];
    let list = lists.iter().any(|name| body[*name].as_array().is_some_and(|items| !items.is_empty()));
    content || list || body["poll"].is_object()
}

pub(super) fn post(state: &mut State, ask: &Ask) -> Answer {
    let id = ask.id("channel_id")?;
    let channel = writable(state, id)?;
    let embeds = ask.body["embeds"].as_array().is_some_and(|embeds| !embeds.is_empty());
    let wanted = [(embeds, EMBED_LINKS), (ask.body["files"].is_array(), ATTACH_FILES)];
    for (_, permission) in wanted.into_iter().filter(|(is_wanted, _)| *is_wanted) {
        state.allowed(state.bot, channel, permission)?;
    }
    if !says(&ask.body) {
        return Err(EMPTY_MESSAGE.into());
    }
    if ask.body["flags"].as_u64().unwrap_or_default() & EPHEMERAL != 0 {
        state.violation("POST /channels/{}/messages: only answers to interactions are ephemeral");
    }
    let channel = &state.channels[&id];
    answers(state, channel, &ask.body)?;
    if ask.body["enforce_nonce"] == true
        && let Some(known) = by_nonce(state, channel, &ask.body["nonce"])
    {
        return ok(known);
    }
    threads::wake(state, id);
    let message = state.draft(state.bot, id, &ask.body, Unsaid::Everything);
    let shown = message.json.clone();
    state.post(id, message);
    ok(shown)
}

/// A reply is to a message that is there.
fn answers(state: &State, channel: &Channel, body: &Value) -> Result<(), Refused> {
    let Some(wanted) = snowflake(&body["message_reference"]["message_id"]) else { return Ok(()) };
    state.allowed(state.bot, channel, READ_MESSAGE_HISTORY)?;
    let may_fail = body["message_reference"]["fail_if_not_exists"] == false;
    if channel.messages.contains_key(&wanted) || may_fail {
        return Ok(());
    }
    Err(Refused::form(&[Wrong::at("message_reference", "Unknown message")]))
}

/// The bot's own message of that nonce in the last few minutes.
fn by_nonce(state: &State, channel: &Channel, nonce: &Value) -> Option<Value> {
    let wanted = nonce.as_str().map_or_else(|| nonce.to_string(), str::to_owned);
    let known = channel.messages.values().find(|message| {
        let same = message.nonce.as_ref().filter(|(nonce, _)| *nonce == wanted);
        same.is_some_and(|(_, at)| state.now - *at < NONCE_LIFE) && message.author() == state.bot
    });
    known.map(|message| message.json.clone())
}

/// A message of a channel the bot can read.
fn readable(state: &State, ask: &Ask) -> Result<Spot, Refused> {
    let (channel, id) = (ask.id("channel_id")?, ask.id("message_id")?);
    let room = state.channel(channel)?;
    if room.messages.contains_key(&id) { Ok(Spot::Message { channel, id }) } else { Err(UNKNOWN_MESSAGE.into()) }
}

pub(super) fn get(state: &mut State, ask: &Ask) -> Answer {
    let channel = ask.id("channel_id")?;
    state.channel_for(channel, READ_MESSAGE_HISTORY)?;
    let spot = readable(state, ask)?;
    let message = state.at(spot).ok_or(UNKNOWN_MESSAGE)?;
    ok(state.as_seen(channel, message.json.clone()))
}

/// The latest first. <https://docs.discord.com/developers/resources/message#get-channel-messages>
pub(super) fn list(state: &mut State, ask: &Ask) -> Answer {
    let id = ask.id("channel_id")?;
    let channel = state.channel(id)?;
    if state.allowed(state.bot, channel, READ_MESSAGE_HISTORY).is_err() {
        return ok(json!([]));
    }
    let limit = ask.number("limit").unwrap_or(50) as usize;
    let (before, after, around) = (ask.number("before"), ask.number("after"), ask.number("around"));
    let all = channel.messages.iter();
    let fit = all.filter(|(id, _)| before.is_none_or(|before| **id < before) && after.is_none_or(|after| **id > after));
    let mut fit: Vec<_> = fit.map(|(id, message)| (*id, message.json.clone())).collect();
    if let Some(around) = around {
        fit.sort_by_key(|(id, _)| id.abs_diff(around));
        fit.truncate(limit);
        fit.sort_by_key(|(id, _)| *id);
    }
    if after.is_some() {
        fit.truncate(limit);
    }
    let latest = fit.into_iter().rev().take(limit);
    ok(latest.map(|(_, message)| state.as_seen(id, message)).collect())
}

/// <https://docs.discord.com/developers/resources/message#edit-message>
pub(super) fn patch(state: &mut State, ask: &Ask) -> Answer {
    let id = ask.id("channel_id")?;
    let spot = readable(state, ask)?;
    let is_own = state.at(spot).is_some_and(|message| message.author() == state.bot);
    let channel = state.channel(id)?;
    if !is_own && !super::channels::only(&ask.body, &["flags"]) {
        return Err(NOT_THE_AUTHOR.into());
    }
    if !is_own {
        state.allowed(state.bot, channel, MANAGE_MESSAGES)?;
    }
    threads::alive(channel)?;
    let mut left = state.at(spot).map(|message| message.json.clone()).unwrap_or_default();
    state.fill(&mut left, &ask.body, Unsaid::Everything);
    left["files"] = left["attachments"].clone();
    if !says(&left) {
        return Err(EMPTY_MESSAGE.into());
    }
    if ask.body["flags"].as_u64().unwrap_or_default() & !(SUPPRESS_EMBEDS | super::super::message::IS_COMPONENTS_V2)
        != 0
    {
        state.violation("PATCH /channels/{}/messages/{}: a flag that cannot be edited");
    }
    ok(state.edit(spot, &ask.body, Unsaid::Everything).unwrap_or_default())
}

pub(super) fn delete(state: &mut State, ask: &Ask) -> Answer {
    let id = ask.id("channel_id")?;
    let spot = readable(state, ask)?;
    if state.at(spot).is_some_and(|message| message.author() != state.bot) {
        state.channel_for(id, MANAGE_MESSAGES)?;
    }
    threads::alive(&state.channels[&id])?;
    state.unsay(spot);
    done()
}

pub(super) fn typing(state: &mut State, ask: &Ask) -> Answer {
    let channel = writable(state, ask.id("channel_id")?);
    channel.map_err(|refused| if refused.code == FORUM_MESSAGE.1 { MISSING_PERMISSIONS.into() } else { refused })?;
    done()
}
