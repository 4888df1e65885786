//! Messages: those in a channel, and those that one person alone sees.

use super::mentions::{self, Unsaid};
use super::permissions::MENTION_EVERYONE;
use super::state::{Id, State};
use muster_core::clock::Timestamp;
use serde_json::{Value, json};

/// `flags` of a message. <https://docs.discord.com/developers/resources/message#message-object-message-flags>
pub(super) const SUPPRESS_EMBEDS: u64 = 1 << 2;
/// One person alone sees it.
pub(super) const EPHEMERAL: u64 = 1 << 6;
/// A deferred answer: “thinking…”.
pub(super) const LOADING: u64 = 1 << 7;
/// Nobody's phone rings.
pub(super) const SUPPRESS_NOTIFICATIONS: u64 = 1 << 12;
/// All of it is components.
pub(super) const IS_COMPONENTS_V2: u64 = 1 << 15;

/// A message.
#[derive(Debug, Clone)]
pub(super) struct Message {
    /// As Discord shows it.
    pub(super) json: Value,
    /// The nonce it was sent with, and when.
    pub(super) nonce: Option<(String, Timestamp)>,
    /// Whom it pinged when it came, as it is written. An edit pings nobody.
    pub(super) pinged: Vec<String>,
}

/// A message that one person alone sees.
#[derive(Debug, Clone)]
pub(super) struct Whisper {
    pub(super) id: Id,
    pub(super) user: Id,
    pub(super) channel: Id,
    pub(super) message: Message,
    pub(super) is_heard: bool,
    pub(super) is_deleted: bool,
}

/// Where a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spot {
    /// In a channel.
    Message { channel: Id, id: Id },
    /// Before one person.
    Whisper(Id),
}

/// A moment as Discord writes it.
pub(super) fn written(moment: Timestamp) -> String {
    moment.format("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string()
}

/// Numbers the components that have no number, as Discord does.
fn numbered(components: &Value, next: &mut u64) -> Value {
    let mut all = components.as_array().cloned().unwrap_or_default();
    for component in &mut all {
        if component["id"].as_u64().is_none_or(|id| id == 0) {
            *next += 1;
            component["id"] = json!(next);
        }
        for inner in ["components", "accessory"] {
            match component.get(inner) {
                Some(Value::Array(_)) => component[inner] = numbered(&component[inner], next),
                Some(Value::Object(_)) => component[inner] = numbered(&json!([component[inner]]), next)[0].clone(),
                Some(_) | None => {}
            }
        }
    }
    Value::Array(all)
}

/// Embeds as Discord shows them.
fn rich(embeds: &Value) -> Value {
    let mut all = embeds.as_array().cloned().unwrap_or_default();
    for embed in &mut all {
        embed["type"] = json!("rich");
        for field in embed["fields"].as_array_mut().into_iter().flatten() {
            let is_inline = field["inline"] == true;
            field["inline"] = json!(is_inline);
        }
    }
    Value::Array(all)
}

impl State {
    /// A message of somebody's with that body, which is well made.
    pub(super) fn draft(&mut self, author: Id, channel: Id, body: &Value, unsaid: Unsaid) -> Message {
        let id = self.id();
        let mut message = Message { json: Value::Null, nonce: None, pinged: self.pings(author, channel, body, unsaid) };
        message.json = json!({
            "id": id.to_string(), "channel_id": channel.to_string(), "type": 0, "author": self.users[&author].json(),
            "content": "", "timestamp": written(self.now), "edited_timestamp": null, "tts": body["tts"] == true,
            "mention_everyone": false, "mentions": [], "mention_roles": [], "attachments": [], "embeds": [],
            "pinned": false, "flags": 0, "components": [],
        });
        if author == self.bot {
            message.json["application_id"] = json!(self.application.to_string());
        }
        message.json["attachments"] = self.attached(body);
        self.fill(&mut message.json, body, unsaid);
        if let Some(flags) = body["flags"].as_u64() {
            let kept = SUPPRESS_EMBEDS | EPHEMERAL | SUPPRESS_NOTIFICATIONS | IS_COMPONENTS_V2;
            message.json["flags"] = json!(flags & kept);
        }
        if let Some(reference) = body.get("message_reference").filter(|reference| reference.is_object()) {
            let mut reference = reference.clone();
            reference["channel_id"] = json!(channel.to_string());
            message.json["message_reference"] = reference;
            message.json["type"] = json!(19);
        }
        if let Some(nonce) = body.get("nonce").filter(|nonce| !nonce.is_null()) {
            message.json["nonce"] = nonce.clone();
            let text = nonce.as_str().map_or_else(|| nonce.to_string(), str::to_owned);
            message.nonce = Some((text, self.now));
        }
        message
    }

    /// Puts content, embeds and components of a body into a message; what is not named stays.
    pub(super) fn fill(&self, message: &mut Value, body: &Value, unsaid: Unsaid) {
        if let Some(content) = body.get("content") {
            message["content"] = json!(content.as_str().unwrap_or_default().trim());
        }
        if let Some(embeds) = body.get("embeds") {
            message["embeds"] = rich(embeds);
        }
        if let Some(components) = body.get("components") {
            message["components"] = numbered(components, &mut 0);
        }
        if body.get("content").is_some() || message["mentions"] == json!([]) {
            let found = mentions::pinged(body, unsaid);
            let users = found.iter().filter_map(|one| one.strip_prefix("<@")?.trim_end_matches('>').parse().ok());
            let users: Vec<_> = users.filter_map(|id: Id| self.users.get(&id)).map(|user| user.json()).collect();
            let roles = found.iter().filter_map(|one| Some(one.strip_prefix("<@&")?.trim_end_matches('>')));
            message["mention_roles"] = json!(roles.collect::<Vec<_>>());
            message["mentions"] = json!(users);
            message["mention_everyone"] = json!(found.iter().any(|one| one.starts_with("@")));
        }
    }

    /// Whom a new message pings: `@everyone` and roles that are not mentionable only with `MENTION_EVERYONE`.
    fn pings(&self, author: Id, channel: Id, body: &Value, unsaid: Unsaid) -> Vec<String> {
        let may = self.channels.get(&channel).map_or(0, |channel| self.permissions_in(author, channel));
        let is_live = |mention: &String| {
            let role = mention.strip_prefix("<@&").and_then(|rest| rest.trim_end_matches('>').parse::<Id>().ok());
            let user = mention.strip_prefix("<@").and_then(|rest| rest.trim_end_matches('>').parse::<Id>().ok());
            match (role, user) {
                (Some(role), _) => {
                    let role = self.roles.get(&role);
                    role.is_some_and(|role| role.is_mentionable || may & MENTION_EVERYONE != 0)
                }
                (None, Some(user)) => self.users.contains_key(&user),
                (None, None) => may & MENTION_EVERYONE != 0,
            }
        };
        mentions::pinged(body, unsaid).into_iter().filter(is_live).collect()
    }

    fn attached(&mut self, body: &Value) -> Value {
        let files = body["files"].as_array().cloned().unwrap_or_default();
        let shown = files.into_iter().map(|file| {
            let id = self.id();
            let name = file["filename"].as_str().unwrap_or_default();
            let url = format!("https://cdn.discordapp.com/attachments/{id}/{name}");
            json!({ "id": id.to_string(), "filename": name, "size": file["size"], "url": url, "proxy_url": url })
        });
        shown.collect()
    }

    /// The message at a spot, if it is still there.
    pub(super) fn at(&self, spot: Spot) -> Option<&Message> {
        match spot {
            Spot::Message { channel, id } => self.channels.get(&channel)?.messages.get(&id),
            Spot::Whisper(id) => {
                let mut there = self.whispers.iter().filter(|whisper| !whisper.is_deleted);
                there.find(|whisper| whisper.id == id).map(|whisper| &whisper.message)
            }
        }
    }

    /// The same, to change it.
    pub(super) fn at_mut(&mut self, spot: Spot) -> Option<&mut Message> {
        match spot {
            Spot::Message { channel, id } => self.channels.get_mut(&channel)?.messages.get_mut(&id),
            Spot::Whisper(id) => {
                let mut there = self.whispers.iter_mut().filter(|whisper| !whisper.is_deleted);
                there.find(|whisper| whisper.id == id).map(|whisper| &mut whisper.message)
            }
        }
    }

    /// Puts a message into its channel, and tells of it.
    pub(super) fn post(&mut self, channel: Id, message: Message) -> Spot {
        let id = message.id();
        let shown = self.with_guild(channel, message.json.clone());
        self.room(channel).messages.insert(id, message);
        self.tell_of_message("MESSAGE_CREATE", channel, shown);
        Spot::Message { channel, id }
    }

    /// Other content for a message that is there. What is not named stays; an edit pings nobody.
    pub(super) fn edit(&mut self, spot: Spot, body: &Value, unsaid: Unsaid) -> Option<Value> {
        let mut json = self.at(spot)?.json.clone();
        self.fill(&mut json, body, unsaid);
        let flags = json["flags"].as_u64().unwrap_or_default();
        if flags & LOADING == 0 {
            json["edited_timestamp"] = json!(written(self.now));
        }
        let added = body["flags"].as_u64().unwrap_or_default() & (SUPPRESS_EMBEDS | IS_COMPONENTS_V2);
        json["flags"] = json!((flags & !LOADING) | added);
        let files = self.attached(body);
        if let (Some(all), Some(more)) = (json["attachments"].as_array_mut(), files.as_array()) {
            all.extend(more.iter().cloned());
        }
        self.at_mut(spot)?.json = json.clone();
        if let Spot::Message { channel, .. } = spot {
            let shown = self.with_guild(channel, json.clone());
            self.tell_of_message("MESSAGE_UPDATE", channel, shown);
        }
        Some(json)
    }

    /// Takes a message away, with its pin, and tells of it.
    pub(super) fn unsay(&mut self, spot: Spot) {
        match spot {
            Spot::Whisper(id) => {
                let gone = self.whispers.iter_mut().filter(|whisper| whisper.id == id);
                gone.for_each(|whisper| whisper.is_deleted = true);
            }
            Spot::Message { channel, id } => {
                let room = self.room(channel);
                room.messages.remove(&id);
                room.pins.retain(|(pinned, _)| *pinned != id);
                let gone = json!({ "id": id.to_string(), "channel_id": channel.to_string() });
                let shown = self.with_guild(channel, gone);
                self.tell_of_message("MESSAGE_DELETE", channel, shown);
            }
        }
    }
}

impl Message {
    /// Its id.
    pub(super) fn id(&self) -> Id {
        self.json["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or_default()
    }

    /// Whether it is “thinking…”: an answer takes its place.
    pub(super) fn is_promise(&self) -> bool {
        self.json["flags"].as_u64().unwrap_or_default() & LOADING != 0
    }

    /// Whose it is.
    pub(super) fn author(&self) -> Id {
        self.json["author"]["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or_default()
    }
}
