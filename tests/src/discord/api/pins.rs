//! Pins. <https://docs.discord.com/developers/resources/message#get-channel-pins>

use super::super::ask::Ask;
use super::super::gateway::GUILDS;
use super::super::message::written;
use super::super::permissions::{PIN_MESSAGES, READ_MESSAGE_HISTORY};
use super::super::refused::{Answer, TOO_MANY_PINS, UNKNOWN_MESSAGE, done, ok};
use super::super::state::{Id, State};
use super::threads;
use chrono::DateTime;
use serde_json::json;

/// Pins of a channel. <https://docs.discord.com/developers/topics/opcodes-and-status-codes#json-json-error-codes>, 30003
const MOST: usize = 250;

/// The latest pin first.
pub(super) fn list(state: &mut State, ask: &Ask) -> Answer {
    let id = ask.id("channel_id")?;
    let channel = state.channel(id)?;
    let may_read = state.allowed(state.bot, channel, READ_MESSAGE_HISTORY).is_ok();
    let before = ask.query.get("before").and_then(|before| DateTime::parse_from_rfc3339(before).ok());
    let limit = ask.number("limit").unwrap_or(50) as usize;
    let fit = channel.pins.iter().rev().filter(|(_, at)| may_read && before.is_none_or(|before| *at < before));
    let fit: Vec<_> = fit.collect();
    let items = fit.iter().take(limit).filter_map(|(pinned, at)| {
        let message = channel.messages.get(pinned)?;
        Some(json!({ "pinned_at": written(*at), "message": state.as_seen(id, message.json.clone()) }))
    });
    ok(json!({ "items": items.collect::<Vec<_>>(), "has_more": fit.len() > limit }))
}

pub(super) fn put(state: &mut State, ask: &Ask) -> Answer {
    let (channel, id) = (ask.id("channel_id")?, ask.id("message_id")?);
    let room = state.channel_for(channel, PIN_MESSAGES)?;
    threads::alive(room)?;
    if !room.messages.contains_key(&id) {
        return Err(UNKNOWN_MESSAGE.into());
    }
    if room.pins.iter().any(|(pinned, _)| *pinned == id) {
        return done();
    }
    if room.pins.len() >= MOST {
        return Err(TOO_MANY_PINS.into());
    }
    set_pin(state, channel, id, true);
    done()
}

pub(super) fn delete(state: &mut State, ask: &Ask) -> Answer {
    let (channel, id) = (ask.id("channel_id")?, ask.id("message_id")?);
    let room = state.channel_for(channel, PIN_MESSAGES)?;
    threads::alive(room)?;
    if !room.messages.contains_key(&id) {
        return Err(UNKNOWN_MESSAGE.into());
    }
    set_pin(state, channel, id, false);
    done()
}

/// Pins a message or takes the pin away, and tells of it.
pub(in super::super) fn set_pin(state: &mut State, channel: Id, id: Id, is_pinned: bool) {
    let now = state.now;
    let room = state.room(channel);
    room.pins.retain(|(pinned, _)| *pinned != id);
    room.pins.extend(is_pinned.then_some((id, now)));
    if let Some(message) = room.messages.get_mut(&id) {
        message.json["pinned"] = json!(is_pinned);
    }
    let event = json!({ "channel_id": channel.to_string(), "last_pin_timestamp": written(now) });
    let event = state.with_guild(channel, event);
    state.tell("CHANNEL_PINS_UPDATE", GUILDS, &event);
}
