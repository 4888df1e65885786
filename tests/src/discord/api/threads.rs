//! Threads and forum posts. <https://docs.discord.com/developers/topics/threads>

use super::super::ask::Ask;
use super::super::gateway::GUILDS;
use super::super::mentions::Unsaid;
use super::super::permissions::{
    CREATE_PRIVATE_THREADS, CREATE_PUBLIC_THREADS, MANAGE_THREADS, SEND_MESSAGES, SEND_MESSAGES_IN_THREADS,
};
use super::super::refused::{
    ARCHIVED, Answer, HAS_THREAD, MISSING_ACCESS, MISSING_PERMISSIONS, Refused, TOO_MANY_THREADS, UNKNOWN_MEMBER,
    UNKNOWN_MESSAGE, UNKNOWN_USER, WRONG_KIND, Wrong, created, done, ok,
};
use super::super::state::{Channel, Id, Kind, State, Thread};
use serde_json::{Value, json};

/// Whether what is done in a channel can be done: an archived thread takes nothing.
///
/// # Errors
/// 50083.
pub(super) fn alive(channel: &Channel) -> Result<(), Refused> {
    let is_archived = channel.thread.as_ref().is_some_and(|thread| thread.is_archived);
    if is_archived { Err(ARCHIVED.into()) } else { Ok(()) }
}

/// A message wakes an archived thread, and its author joins it.
/// <https://docs.discord.com/developers/topics/threads#active-and-archived-threads>
pub(super) fn wake(state: &mut State, id: Id) {
    let (me, now) = (state.bot, state.now);
    let Some(thread) = &mut state.room(id).thread else { return };
    thread.members.insert(me);
    if std::mem::take(&mut thread.is_archived) {
        thread.archived_at = now;
        state.tell_of_channel("THREAD_UPDATE", id);
    }
}

/// A new thread of the bot's below a channel.
fn open(state: &mut State, parent: Id, id: Id, kind: Kind, body: &Value) -> Result<Id, Refused> {
    if state.active_threads().count() >= state.most_threads {
        return Err(TOO_MANY_THREADS.into());
    }
    let thread = Thread {
        owner: state.bot,
        is_archived: false,
        is_locked: false,
        is_invitable: body["invitable"] != false,
        auto_archive: body["auto_archive_duration"].as_i64().unwrap_or(4320),
        archived_at: state.now,
        members: [state.bot].into(),
        tags: body.get("applied_tags").filter(|tags| tags.is_array()).cloned().unwrap_or_else(|| json!([])),
    };
    let name = body["name"].as_str().unwrap_or_default().trim().to_owned();
    let channel = Channel { parent: Some(parent), thread: Some(thread), ..Channel::new(id, kind, &name) };
    state.channels.insert(id, channel);
    state.tell_of_channel("THREAD_CREATE", id);
    Ok(id)
}

/// <https://docs.discord.com/developers/resources/channel#start-thread-from-message>
pub(super) fn from_message(state: &mut State, ask: &Ask) -> Answer {
    let (parent, id) = (ask.id("channel_id")?, ask.id("message_id")?);
    let channel = state.channel_for(parent, CREATE_PUBLIC_THREADS)?;
    if channel.kind != Kind::Text {
        return Err(WRONG_KIND.into());
    }
    if !channel.messages.contains_key(&id) {
        return Err(UNKNOWN_MESSAGE.into());
    }
    if state.channels.contains_key(&id) {
        return Err(HAS_THREAD.into());
    }
    let id = open(state, parent, id, Kind::PublicThread, &ask.body)?;
    created(state.channel_json(&state.channels[&id]))
}

/// Without a message, or a post in a forum.
/// <https://docs.discord.com/developers/resources/channel#start-thread-in-forum-or-media-channel>
pub(super) fn create(state: &mut State, ask: &Ask) -> Answer {
    let parent = ask.id("channel_id")?;
    let channel = state.channel(parent)?;
    let (kind, wanted) = match (channel.kind, ask.body["type"].as_u64()) {
        (Kind::Forum, _) => (Kind::PublicThread, SEND_MESSAGES),
        (Kind::Text, Some(11)) => (Kind::PublicThread, CREATE_PUBLIC_THREADS),
        // https://docs.discord.com/developers/resources/channel#start-thread-without-message
        (Kind::Text, Some(12) | None) => (Kind::PrivateThread, CREATE_PRIVATE_THREADS),
        (Kind::Text, Some(_)) => return Err(WRONG_KIND.into()),
        (Kind::Voice | Kind::Category | Kind::Direct | Kind::PublicThread | Kind::PrivateThread, _) => {
            return Err(WRONG_KIND.into());
        }
    };
    let is_post = channel.kind == Kind::Forum;
    state.allowed(state.bot, channel, wanted)?;
    if is_post && !ask.body["message"].is_object() {
        let wrong = Wrong::at("message", "This field is required");
        state.violation(format!("POST /channels/{{}}/threads: {wrong}"));
        return Err(Refused::form(&[wrong]));
    }
    let id = state.id();
    let id = open(state, parent, id, kind, &ask.body)?;
    let mut shown = Value::Null;
    if is_post {
        // The first message of a post has the post's id.
        let mut body = ask.body["message"].clone();
        body["files"] = ask.body["files"].clone();
        let mut message = state.draft(state.bot, id, &body, Unsaid::Everything);
        message.json["id"] = json!(id.to_string());
        shown = message.json.clone();
        state.post(id, message);
    }
    let mut thread = state.channel_json(&state.channels[&id]);
    if is_post {
        thread["message"] = shown;
    }
    created(thread)
}

/// <https://docs.discord.com/developers/topics/threads#editing-and-deleting-threads>
pub(super) fn patch(state: &mut State, id: Id, body: &Value) -> Answer {
    let channel = state.channel(id)?;
    let own = state.permissions_in(state.bot, channel);
    let Some(thread) = &channel.thread else { return Err(WRONG_KIND.into()) };
    let is_manager = own & MANAGE_THREADS != 0;
    let is_owner = thread.owner == state.bot;
    if thread.is_archived && body["archived"] != false {
        return Err(ARCHIVED.into());
    }
    let wakes = super::channels::only(body, &["archived"]) && body["archived"] == false && !thread.is_locked;
    let narrow = body.get("locked").is_some() || body.get("rate_limit_per_user").is_some();
    let may =
        is_manager || (wakes && own & SEND_MESSAGES_IN_THREADS != 0) || (is_owner && !narrow && !thread.is_locked);
    if !may {
        return Err(MISSING_PERMISSIONS.into());
    }
    if thread.is_archived && body["archived"] == false && state.active_threads().count() >= state.most_threads {
        return Err(TOO_MANY_THREADS.into());
    }
    let now = state.now;
    let channel = state.room(id);
    if let Some(name) = body["name"].as_str() {
        name.trim().clone_into(&mut channel.name);
    }
    if let Some(thread) = &mut channel.thread {
        if let Some(archived) = body["archived"].as_bool() {
            thread.is_archived = archived;
            thread.archived_at = now;
        }
        thread.is_locked = body["locked"].as_bool().unwrap_or(thread.is_locked);
        thread.is_invitable = body["invitable"].as_bool().unwrap_or(thread.is_invitable);
        thread.auto_archive = body["auto_archive_duration"].as_i64().unwrap_or(thread.auto_archive);
        if body["applied_tags"].is_array() {
            thread.tags = body["applied_tags"].clone();
        }
    }
    state.tell_of_channel("THREAD_UPDATE", id);
    ok(state.channel_json(&state.channels[&id]))
}

pub(super) fn active(state: &mut State, ask: &Ask) -> Answer {
    state.guild(ask.id("guild_id")?)?;
    let seen = state.active_threads().filter(|thread| state.permissions_in(state.bot, thread) != 0);
    let threads: Vec<_> = seen.map(|thread| state.channel_json(thread)).collect();
    ok(json!({ "threads": threads, "members": [] }))
}

pub(super) fn archived(state: &mut State, ask: &Ask) -> Answer {
    let parent = ask.id("channel_id")?;
    state.channel(parent)?;
    let below = state.channels.values().filter(|channel| channel.parent == Some(parent) && alive(channel).is_err());
    let threads: Vec<_> = below.map(|thread| state.channel_json(thread)).collect();
    ok(json!({ "threads": threads, "members": [], "has_more": false }))
}

/// The thread that is meant, which must live.
fn meant(state: &State, ask: &Ask) -> Result<Id, Refused> {
    let channel = state.channel(ask.id("channel_id")?)?;
    if channel.thread.is_none() {
        return Err(WRONG_KIND.into());
    }
    alive(channel)?;
    Ok(channel.id)
}

pub(super) fn members(state: &mut State, ask: &Ask) -> Answer {
    let channel = state.channel(ask.id("channel_id")?)?;
    let thread = channel.thread.as_ref().ok_or(WRONG_KIND)?;
    let id = channel.id.to_string();
    let one = |user: &Id| {
        json!({ "id": id, "user_id": user.to_string(), "flags": 0,
        "join_timestamp": super::super::message::written(thread.archived_at) })
    };
    ok(thread.members.iter().map(one).collect())
}

pub(super) fn join(state: &mut State, ask: &Ask) -> Answer {
    let id = meant(state, ask)?;
    membership(state, id, state.bot, true);
    done()
}

pub(super) fn leave(state: &mut State, ask: &Ask) -> Answer {
    let id = meant(state, ask)?;
    membership(state, id, state.bot, false);
    done()
}

/// <https://docs.discord.com/developers/resources/channel#add-thread-member>
pub(super) fn add(state: &mut State, ask: &Ask) -> Answer {
    let (id, user) = (meant(state, ask)?, ask.id("user_id")?);
    state.channel_for(id, SEND_MESSAGES_IN_THREADS)?;
    if !state.users.contains_key(&user) {
        return Err(UNKNOWN_USER.into());
    }
    if !state.members.contains_key(&user) {
        return Err(UNKNOWN_MEMBER.into());
    }
    // <https://docs.discord.com/developers/topics/permissions#inherited-permissions-threads>
    let parent = state.channels[&id].parent.and_then(|parent| state.channels.get(&parent));
    if parent.is_some_and(|parent| !state.sees(user, parent)) {
        return Err(MISSING_ACCESS.into());
    }
    membership(state, id, user, true);
    done()
}

pub(super) fn remove(state: &mut State, ask: &Ask) -> Answer {
    let (id, user) = (meant(state, ask)?, ask.id("user_id")?);
    let is_owner = state.channels[&id].thread.as_ref().is_some_and(|thread| thread.owner == state.bot);
    if !(is_owner && state.channels[&id].kind == Kind::PrivateThread) {
        state.channel_for(id, MANAGE_THREADS)?;
    }
    membership(state, id, user, false);
    done()
}

fn membership(state: &mut State, id: Id, user: Id, is_in: bool) {
    let Some(thread) = &mut state.room(id).thread else { return };
    let changed = if is_in { thread.members.insert(user) } else { thread.members.remove(&user) };
    if !changed {
        return;
    }
    let count = thread.members.len();
    let added = json!([{ "id": id.to_string(), "user_id": user.to_string(), "flags": 0,
        "join_timestamp": super::super::message::written(state.now) }]);
    let event = json!({ "id": id.to_string(), "guild_id": state.guild.to_string(), "member_count": count,
        "added_members": if is_in { added } else { json!([]) },
        "removed_member_ids": if is_in { json!([]) } else { json!([user.to_string()]) } });
    state.tell("THREAD_MEMBERS_UPDATE", GUILDS, &event);
}
