//! `conversations.*`: channels and who is in them.

use super::super::args::Args;
use super::super::refused::{Answer, Refused};
use super::super::state::{BOT_USER, Channel, Kind, State, TEAM};
use super::lists::page;
use serde_json::{Value, json};

pub(super) fn call(state: &mut State, method: &str, args: &Args) -> Answer {
    match method {
        "conversations.create" => create(state, args),
        "conversations.invite" => invite(state, args),
        "conversations.kick" => kick(state, args),
        "conversations.join" => join(state, args),
        "conversations.leave" => leave(state, args),
        "conversations.rename" => rename_call(state, args),
        "conversations.setTopic" => describe(state, args, "topic"),
        "conversations.setPurpose" => describe(state, args, "purpose"),
        "conversations.archive" => archive_call(state, args),
        "conversations.unarchive" => unarchive(state, args),
        "conversations.open" => open(state, args),
        "conversations.info" => Ok(json!({ "channel": named(state, args)?.json() })),
        "conversations.list" => list(state, args),
        "conversations.members" => {
            let all = named(state, args)?.members.iter().cloned().collect();
            let (members, metadata) = page(all, args, 100)?;
            Ok(json!({ "members": members, "response_metadata": metadata }))
        }
        "conversations.history" => history(state, args, None),
        "conversations.replies" => {
            let thread = args.need("ts", "thread_not_found")?;
            history(state, args, Some(thread))
        }
        _ => Err("unknown_method".into()),
    }
}

fn named<'s>(state: &'s mut State, args: &Args) -> Result<&'s mut Channel, Refused> {
    state.channel(args.need("channel", "channel_not_found")?)
}

/// What may be a channel's name. <https://docs.slack.dev/reference/methods/conversations.create#naming>
fn check_name(state: &State, name: &str) -> Result<(), Refused> {
    if name.is_empty() {
        return Err("invalid_name_required".into());
    }
    if name.chars().count() > 80 {
        return Err("invalid_name_maxlength".into());
    }
    let allowed = |c: char| (c.is_alphanumeric() && !c.is_uppercase()) || c == '-' || c == '_';
    if !name.chars().all(allowed) {
        return Err("invalid_name_specials".into());
    }
    if !name.chars().any(char::is_alphanumeric) {
        return Err("invalid_name_punctuation".into());
    }
    if state.names.contains_key(name) {
        return Err("name_taken".into());
    }
    Ok(())
}

fn create(state: &mut State, args: &Args) -> Answer {
    if state.read_only {
        return Err("restricted_action".into());
    }
    let name = args.text("name").unwrap_or_default().to_owned();
    check_name(state, &name)?;
    let kind = if args.flag("is_private") { Kind::Private } else { Kind::Public };
    let id = make(state, &name, kind, BOT_USER);
    Ok(json!({ "channel": state.channels[&id].json() }))
}

/// A new channel of somebody's.
pub(in super::super) fn make(state: &mut State, name: &str, kind: Kind, creator: &str) -> String {
    let id = state.id("C");
    let mut channel = Channel::new(&id, name, kind, state.now.timestamp());
    creator.clone_into(&mut channel.creator);
    channel.members.insert(creator.to_owned());
    state.names.insert(name.to_owned(), id.clone());
    let event = json!({ "type": "channel_created", "channel": { "id": id, "name": name, "created": channel.created,
        "creator": creator } });
    state.channels.insert(id.clone(), channel);
    if kind == Kind::Public {
        state.event("channel_created", None, event);
    }
    id
}

fn invite(state: &mut State, args: &Args) -> Answer {
    let id = args.need("channel", "channel_not_found")?.to_owned();
    state.own_channel(&id)?;
    let users = args.list("users");
    if users.is_empty() {
        return Err("no_user".into());
    }
    if users.len() > 1000 {
        return Err("too_many_users".into());
    }
    let channel = &state.channels[&id];
    let mut errors = Vec::new();
    for user in &users {
        let error = match state.users.get(user) {
            _ if user == BOT_USER => Some("cant_invite_self"),
            None => Some("user_not_found"),
            Some(known) if known.deleted => Some("user_not_found"),
            Some(known) if known.is_restricted && in_a_channel(state, user) => Some("ura_max_channels"),
            Some(_) if channel.members.contains(user) => Some("already_in_channel"),
            Some(_) => None,
        };
        errors.extend(error.map(|error| json!({ "user": user, "ok": false, "error": error })));
    }
    // Those whose account is gone make the call fail, and keep nobody else out, says the method's page.
    let is_gone = |error: &Value| error["user"].as_str().and_then(|user| state.users.get(user)).is_some();
    let only_gone = errors.iter().all(|error| is_gone(error) && error["error"] == "user_not_found");
    let wrong = |user: &String| errors.iter().any(|error| error["user"] == *user);
    let all = users.len();
    let fit: Vec<String> = users.into_iter().filter(|user| !wrong(user)).collect();
    let partial = args.flag("force") && errors.len() < all;
    if only_gone || partial {
        for user in &fit {
            enter(state, &id, user, Some(BOT_USER));
        }
    }
    if let Some(first) = errors.first().filter(|_| !partial) {
        let mut refused = Refused::from(first["error"].as_str().unwrap_or_default());
        refused.with.insert("errors".to_owned(), json!(errors));
        return Err(refused);
    }
    Ok(json!({ "channel": state.channels[&id].json() }))
}

/// Whether a guest of a single channel has one.
fn in_a_channel(state: &State, user: &str) -> bool {
    state.channels.values().any(|channel| channel.kind != Kind::Direct && channel.members.contains(user))
}

/// Somebody comes in, and the app is told.
pub(in super::super) fn enter(state: &mut State, channel: &str, user: &str, inviter: Option<&str>) {
    let Some(room) = state.channels.get_mut(channel) else { return };
    if !room.members.insert(user.to_owned()) {
        return;
    }
    let letter = if room.kind == Kind::Private { "G" } else { "C" };
    let ts = state.ts();
    let mut event = json!({ "type": "member_joined_channel", "user": user, "channel": channel,
        "channel_type": letter, "team": TEAM, "event_ts": ts });
    if let Some(inviter) = inviter {
        event["inviter"] = json!(inviter);
    }
    state.event("member_joined_channel", Some(channel), event);
    let text = format!("<@{user}> has joined the channel");
    state.post(channel, json!({ "subtype": "channel_join", "user": user, "text": text, "inviter": inviter }));
}

/// Somebody goes, and the app is told; of its own going by other words.
pub(in super::super) fn go(state: &mut State, channel: &str, user: &str) {
    let ts = state.ts();
    let Some(room) = state.channels.get_mut(channel) else { return };
    if !room.members.remove(user) {
        return;
    }
    let (kind, letter) = if room.kind == Kind::Private { ("group_left", "G") } else { ("channel_left", "C") };
    let event = json!({ "type": "member_left_channel", "user": user, "channel": channel, "channel_type": letter,
        "team": TEAM, "event_ts": ts });
    state.event("member_left_channel", Some(channel), event);
    if user == BOT_USER {
        state.event(kind, None, json!({ "type": kind, "channel": channel, "actor_id": user, "event_ts": ts }));
    }
}

fn kick(state: &mut State, args: &Args) -> Answer {
    let user = args.need("user", "user_not_found")?.to_owned();
    let id = args.need("channel", "channel_not_found")?.to_owned();
    let channel = state.own_channel(&id)?;
    if user == BOT_USER {
        return Err("cant_kick_self".into());
    }
    if !channel.members.contains(&user) {
        return Err("not_in_channel".into());
    }
    go(state, &id, &user);
    Ok(json!({}))
}

fn join(state: &mut State, args: &Args) -> Answer {
    let channel = named(state, args)?;
    if channel.is_archived {
        return Err("is_archived".into());
    }
    if channel.kind != Kind::Public {
        return Err("method_not_supported_for_channel_type".into());
    }
    let id = channel.id.clone();
    enter(state, &id, BOT_USER, None);
    Ok(json!({ "channel": state.channels[&id].json() }))
}

fn leave(state: &mut State, args: &Args) -> Answer {
    let channel = named(state, args)?;
    if !channel.members.contains(BOT_USER) {
        return Ok(json!({ "not_in_channel": true }));
    }
    let id = channel.id.clone();
    go(state, &id, BOT_USER);
    Ok(json!({}))
}

fn rename_call(state: &mut State, args: &Args) -> Answer {
    let id = args.need("channel", "channel_not_found")?.to_owned();
    let name = args.text("name").unwrap_or_default().to_owned();
    if state.own_channel(&id)?.name != name {
        check_name(state, &name)?;
        rename(state, &id, &name);
    }
    Ok(json!({ "channel": state.channels[&id].json() }))
}

/// Gives a channel another name, and tells of it.
pub(in super::super) fn rename(state: &mut State, id: &str, name: &str) {
    let ts = state.ts();
    let Some(channel) = state.channels.get_mut(id) else { return };
    let old = std::mem::replace(&mut channel.name, name.to_owned());
    let (kind, created) = if channel.kind == Kind::Private {
        ("group_rename", channel.created)
    } else {
        ("channel_rename", channel.created)
    };
    state.names.remove(&old);
    channel.previous_names.insert(0, old);
    state.names.insert(name.to_owned(), id.to_owned());
    let about = json!({ "id": id, "name": name, "name_normalized": name, "created": created });
    state.event(kind, Some(id), json!({ "type": kind, "channel": about, "event_ts": ts }));
}

fn describe(state: &mut State, args: &Args, what: &str) -> Answer {
    let id = args.need("channel", "channel_not_found")?.to_owned();
    let text = args.text(what).unwrap_or_default().to_owned();
    if text.chars().count() > 250 {
        return Err("too_long".into());
    }
    let set = json!({ "value": text, "creator": BOT_USER, "last_set": state.now.timestamp() });
    let channel = state.own_channel(&id)?;
    let place = if what == "topic" { &mut channel.topic } else { &mut channel.purpose };
    *place = set;
    let message = json!({ "subtype": format!("channel_{what}"), "user": BOT_USER, what: text,
        "text": format!("<@{BOT_USER}> set the channel {what}: {text}") });
    state.post(&id, message);
    Ok(json!({ "channel": state.channels[&id].json(), what: text }))
}

fn archive_call(state: &mut State, args: &Args) -> Answer {
    let channel = named(state, args)?;
    if channel.is_archived {
        return Err("already_archived".into());
    }
    if channel.name == "general" {
        return Err("cant_archive_general".into());
    }
    if !channel.members.contains(BOT_USER) {
        return Err("not_in_channel".into());
    }
    let id = channel.id.clone();
    archive(state, &id, BOT_USER);
    Ok(json!({}))
}

/// Archives a channel, and tells of it.
pub(in super::super) fn archive(state: &mut State, id: &str, by: &str) {
    let ts = state.ts();
    let Some(channel) = state.channels.get_mut(id) else { return };
    channel.is_archived = true;
    let kind = if channel.kind == Kind::Private { "group_archive" } else { "channel_archive" };
    state.event(kind, Some(id), json!({ "type": kind, "channel": id, "user": by, "is_moved": 0, "event_ts": ts }));
}

/// A bot's token does not unarchive: <https://docs.slack.dev/reference/methods/conversations.unarchive> (“Bug alert”).
fn unarchive(state: &mut State, args: &Args) -> Answer {
    let may = state.bot_may_unarchive;
    let channel = named(state, args)?;
    if !channel.is_archived {
        return Err("not_archived".into());
    }
    if !may || !channel.members.contains(BOT_USER) {
        return Err("not_in_channel".into());
    }
    let id = channel.id.clone();
    revive(state, &id, BOT_USER);
    Ok(json!({}))
}

/// Unarchives a channel, and tells of it.
pub(in super::super) fn revive(state: &mut State, id: &str, by: &str) {
    let ts = state.ts();
    let Some(channel) = state.channels.get_mut(id) else { return };
    channel.is_archived = false;
    let kind = if channel.kind == Kind::Private { "group_unarchive" } else { "channel_unarchive" };
    state.event(kind, Some(id), json!({ "type": kind, "channel": id, "user": by, "event_ts": ts }));
}

fn open(state: &mut State, args: &Args) -> Answer {
    if let Some(id) = args.text("channel") {
        let id = id.to_owned();
        let channel = state.channel(&id)?;
        return Ok(json!({ "channel": channel.json() }));
    }
    let users = args.list("users");
    let [user] = users.as_slice() else {
        return Err(if users.is_empty() { "users_list_not_supplied" } else { "not_enough_users" }.into());
    };
    match state.users.get(user) {
        None => Err("user_not_found".into()),
        Some(known) if known.deleted => Err("user_disabled".into()),
        Some(known) if known.is_bot => Err("cannot_dm_bot".into()),
        Some(_) => {
            let already = state.directs.contains_key(user);
            let id = state.direct(user);
            let whole = args.flag("return_im");
            let channel = if whole { state.channels[&id].json() } else { json!({ "id": id }) };
            Ok(json!({ "no_op": already, "already_open": already, "channel": channel }))
        }
    }
}

/// The channels the bot can see, of the types asked for; only those with `member` in them, if named.
pub(super) fn visible(state: &State, args: &Args, member: Option<&str>) -> Vec<Value> {
    let mut types = args.list("types");
    if types.is_empty() {
        types.push("public_channel".to_owned());
    }
    let has = |kind: &str| types.iter().any(|wanted| wanted == kind);
    let shown = state.channels.values().filter(|channel| match channel.kind {
        Kind::Public => has("public_channel"),
        Kind::Private => has("private_channel") && channel.members.contains(BOT_USER),
        Kind::Direct => has("im"),
    });
    let live = shown.filter(|channel| !(channel.is_archived && args.flag("exclude_archived")));
    live.filter(|channel| member.is_none_or(|member| channel.members.contains(member))).map(Channel::json).collect()
}

fn list(state: &mut State, args: &Args) -> Answer {
    let (channels, metadata) = page(visible(state, args, None), args, 100)?;
    Ok(json!({ "channels": channels, "response_metadata": metadata }))
}

fn history(state: &mut State, args: &Args, thread: Option<&str>) -> Answer {
    let channel = named(state, args)?;
    if !channel.members.contains(BOT_USER) {
        return Err("not_in_channel".into());
    }
    if thread.is_some_and(|thread| !channel.messages.contains_key(thread)) {
        return Err("thread_not_found".into());
    }
    let bare = !args.flag("include_all_metadata");
    let inclusive = args.flag("inclusive");
    let (oldest, latest) = (args.text("oldest"), args.text("latest"));
    let within = |ts: &str| {
        oldest.is_none_or(|oldest| ts > oldest || (inclusive && ts == oldest))
            && latest.is_none_or(|latest| ts < latest || (inclusive && ts == latest))
    };
    let in_thread = |ts: &str, message: &Value| match thread {
        Some(thread) => ts == thread || message["thread_ts"] == thread,
        None => message["thread_ts"].is_null() || message["thread_ts"] == ts,
    };
    let found = channel.messages.iter().filter(|(ts, message)| within(ts) && in_thread(ts, message));
    let mut all: Vec<Value> = found.map(|(_, message)| message.clone()).collect();
    if thread.is_none() {
        all.reverse();
    }
    if bare {
        for message in &mut all {
            message.as_object_mut().expect("a message is an object").remove("metadata");
        }
    }
    let pins = channel.pins.len();
    let (messages, metadata) = page(all, args, 100)?;
    let more = metadata["next_cursor"] != "";
    Ok(json!({ "messages": messages, "has_more": more, "pin_count": pins, "response_metadata": metadata }))
}
