//! `chat.*`: messages.

use super::super::args::Args;
use super::super::blocks;
use super::super::refused::{Answer, Refused};
use super::super::state::{APP, BOT, BOT_USER, Channel, Kind, State, TEAM, Whisper};
use serde_json::{Map, Value, json};

pub(super) fn call(state: &mut State, method: &str, args: &Args) -> Answer {
    match method {
        "chat.postMessage" => post(state, args),
        "chat.update" => update(state, args),
        "chat.delete" => delete(state, args),
        "chat.postEphemeral" => post_ephemeral(state, args),
        "chat.getPermalink" => permalink(state, args),
        _ => Err("unknown_method".into()),
    }
}

/// What a message says, once it is found well made; pure, and not under the lock.
///
/// # Errors
/// `no_text`, `msg_too_long`, `msg_blocks_too_long`, `invalid_blocks`, `invalid_metadata_format` and kin.
pub(in super::super) fn checked_content(args: &Args) -> Result<(), Refused> {
    let text = args.text("text").or_else(|| args.text("markdown_text"));
    let blocks = args.json("blocks", "invalid_blocks_format")?;
    let has_blocks = blocks.as_ref().and_then(Value::as_array).is_some_and(|blocks| !blocks.is_empty());
    if text.is_none() && !has_blocks && args.json("attachments", "invalid_attachments")?.is_none() {
        return Err("no_text".into());
    }
    // https://docs.slack.dev/changelog/2018-truncating-really-long-messages
    if text.is_some_and(|text| text.chars().count() > 40_000) {
        return Err("msg_too_long".into());
    }
    if let Some(blocks) = &blocks {
        let faults = blocks::check_message(blocks);
        if !faults.is_empty() {
            return Err(Refused::because("invalid_blocks", &faults));
        }
        if blocks::text_length(blocks) > blocks::MESSAGE_TEXT {
            return Err("msg_blocks_too_long".into());
        }
    }
    metadata(args.json("metadata", "invalid_metadata_format")?.as_ref())
}

/// <https://docs.slack.dev/messaging/message-metadata>
fn metadata(metadata: Option<&Value>) -> Result<(), Refused> {
    let Some(metadata) = metadata else { return Ok(()) };
    let Some(event) = metadata["event_type"].as_str() else { return Err("invalid_metadata_format".into()) };
    if event.is_empty() || event.len() > 255 || !metadata["event_payload"].is_object() {
        return Err("invalid_metadata_schema".into());
    }
    if metadata.to_string().len() > 8_000 {
        return Err("metadata_too_large".into());
    }
    Ok(())
}

/// The members of a message that the app has its hand in. Blocks without an id are given one, as Slack does.
///
/// # Errors
/// When it is not well made.
pub(in super::super) fn content(state: &mut State, args: &Args) -> Result<Map<String, Value>, Refused> {
    let mut message = Map::new();
    let text = args.text("text").or_else(|| args.text("markdown_text")).unwrap_or_default();
    message.insert("text".to_owned(), json!(text));
    if let Some(mut blocks) = args.json("blocks", "invalid_blocks_format")? {
        name_blocks(state, &mut blocks);
        message.insert("blocks".to_owned(), blocks);
    }
    for part in ["attachments", "metadata"] {
        if let Some(value) = args.json(part, "invalid_arguments")? {
            message.insert(part.to_owned(), value);
        }
    }
    Ok(message)
}

/// Gives ids to blocks and interactive elements that have none.
pub(super) fn name_blocks(state: &mut State, blocks: &mut Value) {
    for block in blocks.as_array_mut().into_iter().flatten() {
        if block["block_id"].as_str().is_none() {
            block["block_id"] = json!(format!("b{}", state.number()));
        }
        let mut name = |element: &mut Value| {
            let silent = ["image", "plain_text", "mrkdwn"].iter().any(|kind| element["type"] == *kind);
            if element.is_object() && !silent && element["action_id"].as_str().is_none() {
                element["action_id"] = json!(format!("a{}", state.number()));
            }
        };
        if block["type"] == "actions" {
            block["elements"].as_array_mut().into_iter().flatten().for_each(&mut name);
        }
        for part in ["accessory", "element"] {
            if let Some(element) = block.get_mut(part) {
                name(element);
            }
        }
    }
}

/// The bot's own message.
fn by_bot(mut message: Map<String, Value>) -> Value {
    message.insert("user".to_owned(), json!(BOT_USER));
    message.insert("bot_id".to_owned(), json!(BOT));
    message.insert("app_id".to_owned(), json!(APP));
    message.insert("team".to_owned(), json!(TEAM));
    message.insert(
        "bot_profile".to_owned(),
        json!({ "id": BOT, "app_id": APP, "name": "muster", "deleted": false,
        "updated": 1_600_000_000, "team_id": TEAM, "icons": {} }),
    );
    Value::Object(message)
}

/// Where a message may be posted.
fn writable(state: &mut State, id: &str) -> Result<String, Refused> {
    if state.read_only {
        return Err("team_access_not_granted".into());
    }
    if let Some(user) = state.users.get(id) {
        let (deleted, id) = (user.deleted, user.id.clone());
        return if deleted { Err("channel_not_found".into()) } else { Ok(state.direct(&id)) };
    }
    let public = state.scopes.contains("chat:write.public");
    let channel = state.channel(id)?;
    check_writable(channel, public)?;
    Ok(channel.id.clone())
}

fn check_writable(channel: &Channel, public: bool) -> Result<(), Refused> {
    if channel.is_archived {
        return Err("is_archived".into());
    }
    if channel.is_read_only {
        return Err("restricted_action_read_only_channel".into());
    }
    let open = public && channel.kind == Kind::Public;
    if !open && !channel.members.contains(BOT_USER) {
        return Err("not_in_channel".into());
    }
    Ok(())
}

fn post(state: &mut State, args: &Args) -> Answer {
    let channel = writable(state, args.need("channel", "channel_not_found")?)?;
    let mut message = content(state, args)?;
    if let Some(thread) = args.text("thread_ts") {
        if !state.channels[&channel].messages.contains_key(thread) {
            return Err("thread_not_found".into());
        }
        message.insert("thread_ts".to_owned(), json!(thread));
    }
    let mut message = by_bot(message);
    let ts = state.post(&channel, message.clone());
    message["type"] = json!("message");
    message["ts"] = json!(ts);
    Ok(json!({ "channel": channel, "ts": ts, "message": message }))
}

/// A message of the bot's own.
fn own<'s>(state: &'s mut State, args: &Args, otherwise: &'static str) -> Result<&'s mut Value, Refused> {
    let ts = args.need("ts", "message_not_found")?;
    let channel = state.channel(args.need("channel", "channel_not_found")?)?;
    if channel.is_archived {
        return Err("is_archived".into());
    }
    let message = channel.messages.get_mut(ts).ok_or_else(|| Refused::from("message_not_found"))?;
    if message["bot_id"] == BOT { Ok(message) } else { Err(otherwise.into()) }
}

fn update(state: &mut State, args: &Args) -> Answer {
    if state.read_only {
        return Err("team_access_not_granted".into());
    }
    let channel = args.need("channel", "channel_not_found")?.to_owned();
    let ts = args.need("ts", "message_not_found")?.to_owned();
    own(state, args, "cant_update_message")?;
    let content = content(state, args)?;
    change(state, &channel, &ts, content);
    let message = state.channels[&channel].messages[&ts].clone();
    Ok(json!({ "channel": channel, "ts": ts, "text": message["text"], "message": message }))
}

/// Puts other content into a message, and tells of it.
pub(in super::super) fn change(state: &mut State, channel: &str, ts: &str, content: Map<String, Value>) {
    let edited = state.ts();
    let Some(room) = state.channels.get_mut(channel) else { return };
    let kind = room.kind;
    let Some(message) = room.messages.get_mut(ts) else { return };
    let previous = message.clone();
    if !content.contains_key("blocks") && content.contains_key("text") {
        message.as_object_mut().expect("a message is an object").remove("blocks");
    }
    message.as_object_mut().expect("a message is an object").extend(content);
    message["edited"] = json!({ "user": message["user"], "ts": edited });
    let event = json!({ "type": "message", "subtype": "message_changed", "hidden": true, "message": message,
        "previous_message": previous, "channel": channel, "ts": edited, "event_ts": edited,
        "channel_type": kind.word() });
    state.event(kind.message_event(), Some(channel), event);
}

fn delete(state: &mut State, args: &Args) -> Answer {
    let ts = args.need("ts", "message_not_found")?.to_owned();
    let channel = args.need("channel", "channel_not_found")?.to_owned();
    own(state, args, "cant_delete_message")?;
    remove(state, &channel, &ts);
    Ok(json!({ "channel": channel, "ts": ts }))
}

/// Takes a message away, with its pin, and tells of it.
pub(in super::super) fn remove(state: &mut State, channel: &str, ts: &str) {
    let at = state.ts();
    let Some(room) = state.channels.get_mut(channel) else { return };
    let Some(previous) = room.messages.remove(ts) else { return };
    room.pins.retain(|(pinned, _, _)| pinned != ts);
    let kind = room.kind;
    let event = json!({ "type": "message", "subtype": "message_deleted", "hidden": true, "deleted_ts": ts,
        "previous_message": previous, "channel": channel, "ts": at, "event_ts": at, "channel_type": kind.word() });
    state.event(kind.message_event(), Some(channel), event);
}

fn post_ephemeral(state: &mut State, args: &Args) -> Answer {
    let channel = writable(state, args.need("channel", "channel_not_found")?)?;
    let user = args.need("user", "user_not_found")?.to_owned();
    if !state.channels[&channel].members.contains(&user) {
        return Err("user_not_in_channel".into());
    }
    let message = content(state, args)?;
    let ts = whisper(state, &user, &channel, message);
    Ok(json!({ "message_ts": ts }))
}

/// Says something to one person alone.
pub(in super::super) fn whisper(state: &mut State, user: &str, channel: &str, message: Map<String, Value>) -> String {
    let ts = state.ts();
    let mut message = by_bot(message);
    message["ts"] = json!(ts);
    message["type"] = json!("message");
    let (user, channel) = (user.to_owned(), channel.to_owned());
    state.whispers.push(Whisper { user, channel, ts: ts.clone(), message, heard: false, deleted: false });
    ts
}

fn permalink(state: &mut State, args: &Args) -> Answer {
    let ts = args.need("message_ts", "message_not_found")?;
    let channel = state.channel(args.need("channel", "channel_not_found")?)?;
    if !channel.messages.contains_key(ts) {
        return Err("message_not_found".into());
    }
    let link = format!("https://acme.slack.com/archives/{}/p{}", channel.id, ts.replace('.', ""));
    Ok(json!({ "channel": channel.id, "permalink": link }))
}
