//! `pins.*`, `bookmarks.*`, `reactions.*`: what is attached to channels and messages.

use super::super::args::Args;
use super::super::refused::{Answer, Refused};
use super::super::state::{APP, BOT_USER, Channel, State};
use serde_json::{Value, json};

pub(super) fn call(state: &mut State, method: &str, args: &Args) -> Answer {
    match method {
        "pins.add" => pin(state, args),
        "pins.remove" => unpin(state, args),
        "pins.list" => pins(state, args),
        "bookmarks.add" => add_bookmark(state, args),
        "bookmarks.edit" => edit_bookmark(state, args),
        "bookmarks.remove" => remove_bookmark(state, args),
        "bookmarks.list" => Ok(json!({ "bookmarks": bookmarked(state, args)?.bookmarks })),
        "reactions.add" | "reactions.remove" => react_call(state, method, args),
        "reactions.get" => reactions(state, args),
        _ => Err("unknown_method".into()),
    }
}

/// The channel and the `ts` of the message that is meant.
fn meant(state: &mut State, args: &Args) -> Result<(String, String), Refused> {
    let ts = args.need("timestamp", "no_item_specified")?.to_owned();
    let channel = state.own_channel(args.need("channel", "channel_not_found")?)?;
    if !channel.messages.contains_key(&ts) {
        return Err("message_not_found".into());
    }
    Ok((channel.id.clone(), ts))
}

fn pin(state: &mut State, args: &Args) -> Answer {
    let (id, ts) = meant(state, args)?;
    let pins = &state.channels[&id].pins;
    if pins.iter().any(|(pinned, _, _)| *pinned == ts) {
        return Err("already_pinned".into());
    }
    // https://docs.slack.dev/reference/methods/pins.add
    if pins.len() >= 100 {
        return Err("too_many_pins".into());
    }
    set_pin(state, &id, &ts, BOT_USER);
    Ok(json!({}))
}

/// Pins a message, and tells of it.
pub(in super::super) fn set_pin(state: &mut State, id: &str, ts: &str, by: &str) {
    let (now, at) = (state.now.timestamp(), state.ts());
    let Some(channel) = state.channels.get_mut(id) else { return };
    channel.pins.push((ts.to_owned(), now, by.to_owned()));
    let item = pinned(channel, ts, now, by);
    state.event(
        "pin_added",
        Some(id),
        json!({ "type": "pin_added", "user": by, "channel_id": id, "item": item,
        "item_user": item["message"]["user"], "pin_count": 1, "event_ts": at }),
    );
}

fn pinned(channel: &Channel, ts: &str, created: i64, by: &str) -> Value {
    let message = channel.messages.get(ts);
    json!({ "type": "message", "created": created, "created_by": by, "channel": channel.id, "message": message })
}

fn unpin(state: &mut State, args: &Args) -> Answer {
    let (id, ts) = meant(state, args)?;
    if !state.channels[&id].pins.iter().any(|(pinned, _, _)| *pinned == ts) {
        return Err("no_pin".into());
    }
    drop_pin(state, &id, &ts, BOT_USER);
    Ok(json!({}))
}

/// Takes a pin away, and tells of it.
pub(in super::super) fn drop_pin(state: &mut State, id: &str, ts: &str, by: &str) {
    let (now, at) = (state.now.timestamp(), state.ts());
    let Some(channel) = state.channels.get_mut(id) else { return };
    channel.pins.retain(|(pinned, _, _)| pinned != ts);
    let item = pinned(channel, ts, now, by);
    state.event(
        "pin_removed",
        Some(id),
        json!({ "type": "pin_removed", "user": by, "channel_id": id, "item": item,
        "has_pins": !state.channels[id].pins.is_empty(), "event_ts": at }),
    );
}

fn pins(state: &mut State, args: &Args) -> Answer {
    let channel = state.channel(args.need("channel", "channel_not_found")?)?;
    let items: Vec<_> = channel.pins.iter().map(|(ts, created, by)| pinned(channel, ts, *created, by)).collect();
    Ok(json!({ "items": items }))
}

fn bookmarked<'s>(state: &'s mut State, args: &Args) -> Result<&'s mut Channel, Refused> {
    state.own_channel(args.need("channel_id", "channel_not_found")?)
}

fn add_bookmark(state: &mut State, args: &Args) -> Answer {
    let id = state.id("Bk");
    let now = state.now.timestamp();
    let channel = bookmarked(state, args)?;
    if args.text("type") != Some("link") {
        return Err("invalid_bookmark_type".into());
    }
    let link = args.need("link", "invalid_link")?;
    if reqwest::Url::parse(link).is_err() {
        return Err("invalid_link".into());
    }
    // https://docs.slack.dev/reference/methods/bookmarks.add
    if channel.bookmarks.len() >= 100 {
        return Err("too_many_bookmarks".into());
    }
    let bookmark = json!({ "id": id, "channel_id": channel.id, "title": args.text("title"), "link": link,
        "emoji": args.text("emoji").unwrap_or_default(), "icon_url": null, "type": "link", "entity_id": null,
        "date_created": now, "date_updated": 0, "rank": "U", "last_updated_by_user_id": BOT_USER,
        "last_updated_by_team_id": "", "shortcut_id": null, "app_id": APP });
    channel.bookmarks.push(bookmark.clone());
    Ok(json!({ "bookmark": bookmark }))
}

fn bookmark<'c>(channel: &'c mut Channel, args: &Args) -> Result<&'c mut Value, Refused> {
    let id = args.need("bookmark_id", "not_found")?;
    channel.bookmarks.iter_mut().find(|bookmark| bookmark["id"] == id).ok_or_else(|| "not_found".into())
}

fn edit_bookmark(state: &mut State, args: &Args) -> Answer {
    let bookmark = bookmark(bookmarked(state, args)?, args)?;
    for part in ["title", "link", "emoji"] {
        if let Some(text) = args.text(part) {
            bookmark[part] = json!(text);
        }
    }
    Ok(json!({ "bookmark": bookmark }))
}

fn remove_bookmark(state: &mut State, args: &Args) -> Answer {
    let channel = bookmarked(state, args)?;
    let id = bookmark(channel, args)?["id"].clone();
    channel.bookmarks.retain(|bookmark| bookmark["id"] != id);
    Ok(json!({}))
}

fn react_call(state: &mut State, method: &str, args: &Args) -> Answer {
    let (id, ts) = meant(state, args)?;
    let name = args.need("name", "invalid_name")?.to_owned();
    if !name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-+':".contains(c)) {
        return Err("invalid_name".into());
    }
    let added = method == "reactions.add";
    if !react(state, (&id, &ts), (&name, BOT_USER), added) {
        return Err(if added { "already_reacted" } else { "no_reaction" }.into());
    }
    Ok(json!({}))
}

/// Adds or removes somebody's reaction, and tells of it. False when it was as wished already.
pub(in super::super) fn react(
    state: &mut State,
    (channel, ts): (&str, &str),
    (name, user): (&str, &str),
    added: bool,
) -> bool {
    let at = state.ts();
    let message = state.channels.get_mut(channel).and_then(|channel| channel.messages.get_mut(ts));
    let Some(message) = message else { return false };
    let mut all = message["reactions"].as_array().cloned().unwrap_or_default();
    let place = all.iter().position(|reaction| reaction["name"] == name);
    let mut users = place.map(|n| all[n]["users"].as_array().cloned().unwrap_or_default()).unwrap_or_default();
    if users.iter().any(|known| known == user) == added {
        return false;
    }
    if added {
        users.push(json!(user))
    } else {
        users.retain(|known| known != user)
    }
    all.retain(|reaction| reaction["name"] != name);
    if !users.is_empty() {
        all.push(json!({ "name": name, "count": users.len(), "users": users }));
    }
    message["reactions"] = json!(all);
    let author = message["user"].clone();
    let kind = if added { "reaction_added" } else { "reaction_removed" };
    let event = json!({ "type": kind, "user": user, "reaction": name, "item_user": author,
        "item": { "type": "message", "channel": channel, "ts": ts }, "event_ts": at });
    state.event(kind, Some(channel), event);
    true
}

fn reactions(state: &mut State, args: &Args) -> Answer {
    let (id, ts) = meant(state, args)?;
    let message = state.channels[&id].messages[&ts].clone();
    Ok(json!({ "type": "message", "channel": id, "message": message }))
}
