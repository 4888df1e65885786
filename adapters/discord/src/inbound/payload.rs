//! The shapes of what Discord sends, as far as they matter here.
//!
//! The SDK's models refuse what lacks a field that nobody needs, or has a value that is new, and then lose all of it. Here
//! every field may be missing or of another type, and is then empty; unknown fields are ignored.

use crate::api::part::read_id;
use crate::config::Id;
use muster_core::chat::lenient;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

fn id<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Id>, D::Error> {
    Ok(read_id(&Value::deserialize(from)?))
}

/// The flag of a message that one person sees.
/// <https://docs.discord.com/developers/resources/message#message-object-message-flags>
pub(super) const EPHEMERAL: u64 = 1 << 6;

/// A command, a button, a form, or an option that is being typed. It prints nothing of itself: its token lets anybody
/// answer in our name.
/// <https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object>
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Interaction {
    #[serde(deserialize_with = "id")]
    pub(super) id: Option<Id>,
    #[serde(deserialize_with = "id")]
    pub(super) application_id: Option<Id>,
    #[serde(rename = "type", deserialize_with = "lenient")]
    pub(super) kind: u64,
    pub(super) data: Value,
    #[serde(deserialize_with = "id")]
    pub(super) guild_id: Option<Id>,
    #[serde(deserialize_with = "id")]
    pub(super) channel_id: Option<Id>,
    #[serde(deserialize_with = "lenient")]
    pub(super) channel: Channel,
    #[serde(deserialize_with = "lenient")]
    pub(super) member: Member,
    #[serde(deserialize_with = "lenient")]
    pub(super) user: User,
    #[serde(deserialize_with = "lenient")]
    pub(super) token: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) message: Message,
}

impl Interaction {
    /// Who did it: a member where it was done in a server, a user elsewhere.
    pub(super) fn user(&self) -> &User {
        if self.member.user.id.is_some() { &self.member.user } else { &self.user }
    }
}

/// Somebody in a server. <https://docs.discord.com/developers/resources/guild#guild-member-object>
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Member {
    #[serde(deserialize_with = "lenient")]
    pub(super) user: User,
    #[serde(deserialize_with = "lenient")]
    nick: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) roles: Vec<String>,
}

impl Member {
    /// The name they are shown under in the server.
    pub(super) fn shown(&self) -> &str {
        if self.nick.is_empty() { self.user.shown() } else { &self.nick }
    }
}

/// A user. <https://docs.discord.com/developers/resources/user#user-object>
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct User {
    #[serde(deserialize_with = "id")]
    pub(super) id: Option<Id>,
    #[serde(deserialize_with = "lenient")]
    username: String,
    #[serde(deserialize_with = "lenient")]
    global_name: String,
    #[serde(rename = "bot", deserialize_with = "lenient")]
    pub(super) is_bot: bool,
}

impl User {
    /// The name they are shown under.
    pub(super) fn shown(&self) -> &str {
        if self.global_name.is_empty() { &self.username } else { &self.global_name }
    }
}

/// Where it was done. <https://docs.discord.com/developers/resources/channel#channel-object>
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Channel {
    #[serde(rename = "type", deserialize_with = "lenient")]
    kind: u64,
    #[serde(deserialize_with = "id")]
    parent_id: Option<Id>,
}

impl Channel {
    /// The channel that it is a thread of.
    pub(super) fn thread_of(&self) -> Option<Id> {
        self.parent_id.filter(|_| matches!(self.kind, 10..=12))
    }
}

/// A message. <https://docs.discord.com/developers/resources/message#message-object>
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Message {
    #[serde(deserialize_with = "id")]
    pub(super) id: Option<Id>,
    #[serde(deserialize_with = "lenient")]
    pub(super) content: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) author: User,
    #[serde(deserialize_with = "lenient")]
    pub(super) mentions: Vec<User>,
    #[serde(deserialize_with = "lenient")]
    pub(super) attachments: Vec<Attachment>,
    #[serde(deserialize_with = "lenient")]
    embeds: Vec<Value>,
    #[serde(deserialize_with = "lenient")]
    sticker_items: Vec<Value>,
    #[serde(deserialize_with = "lenient")]
    components: Vec<Value>,
    poll: Value,
    #[serde(deserialize_with = "lenient")]
    message_snapshots: Vec<Value>,
    #[serde(deserialize_with = "lenient")]
    pub(super) reactions: Vec<Reacted>,
    #[serde(rename = "type", deserialize_with = "lenient")]
    kind: u64,
    #[serde(deserialize_with = "lenient")]
    pub(super) flags: u64,
}

impl Message {
    /// Whether Discord keeps from us what it says: nobody can write a message of nothing.
    /// <https://docs.discord.com/developers/events/gateway#message-content-intent>
    pub(super) fn is_hidden(&self) -> bool {
        let is_written = matches!(self.kind, 0 | 19);
        let shows = [&self.embeds, &self.sticker_items, &self.components, &self.message_snapshots];
        let is_empty =
            self.content.is_empty() && self.attachments.is_empty() && shows.iter().all(|part| part.is_empty());
        is_written && is_empty && self.poll.is_null()
    }

    /// Whether only one person sees it.
    pub(super) fn is_ephemeral(&self) -> bool {
        self.flags & EPHEMERAL != 0
    }

    /// What is written on the button or menu of it that has this id.
    pub(super) fn label_of(&self, custom_id: &str) -> Option<String> {
        let rows = self.components.iter().filter_map(|row| row["components"].as_array()).flatten();
        let found = rows.into_iter().find(|component| component["custom_id"] == custom_id)?;
        found["label"].as_str().map(str::to_owned)
    }
}

/// A file of a message.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Attachment {
    #[serde(deserialize_with = "lenient")]
    pub(super) filename: String,
}

/// A reaction that a message has.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Reacted {
    #[serde(deserialize_with = "lenient")]
    pub(super) emoji: Emoji,
}

/// An emoji: the sign itself, or the name of the server's own.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Emoji {
    #[serde(deserialize_with = "lenient")]
    pub(super) name: String,
}

/// Something that happened to a channel, a thread, a message, a server.
/// <https://docs.discord.com/developers/events/gateway-events#receive-events>
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Happening {
    #[serde(deserialize_with = "id")]
    pub(super) id: Option<Id>,
    #[serde(deserialize_with = "id")]
    pub(super) guild_id: Option<Id>,
    #[serde(deserialize_with = "id")]
    pub(super) channel_id: Option<Id>,
    #[serde(deserialize_with = "id")]
    pub(super) message_id: Option<Id>,
    #[serde(deserialize_with = "id")]
    pub(super) user_id: Option<Id>,
    #[serde(deserialize_with = "lenient")]
    pub(super) member: Member,
    #[serde(deserialize_with = "lenient")]
    pub(super) emoji: Emoji,
    #[serde(deserialize_with = "lenient")]
    pub(super) unavailable: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_missing_or_of_another_type_is_empty() {
        let read: Interaction = serde_json::from_value(json!({
            "id": "7", "type": "2", "guild_id": 9, "channel": "C1", "user": {"id": "1", "bot": null, "username": "alice"},
            "member": {"user": {"id": "0"}, "nick": null}, "message": [], "new_field": {"deep": [1]}
        }))
        .unwrap();
        assert_eq!((read.id, read.kind, read.guild_id, read.user().id), (Some(7), 0, None, Some(1)));
        assert_eq!((read.user().shown(), read.user().is_bot, read.message.is_ephemeral()), ("alice", false, false));
    }

    #[test]
    fn a_member_is_shown_as_in_the_server() {
        let name = |member: Value| serde_json::from_value::<Member>(member).unwrap().shown().to_owned();
        let user = json!({ "username": "alice.ek", "global_name": "Alice" });
        assert_eq!(name(json!({ "nick": "Alice (SRE)", "user": user })), "Alice (SRE)");
        assert_eq!(name(json!({ "nick": null, "user": user })), "Alice");
        assert_eq!(name(json!({ "user": { "username": "alice.ek" } })), "alice.ek");
    }

    #[test]
    fn a_message_that_says_nothing_at_all_is_one_whose_words_are_kept_from_us() {
        let is_hidden = |message: Value| serde_json::from_value::<Message>(message).unwrap().is_hidden();
        assert!(is_hidden(json!({ "content": "", "attachments": [], "embeds": [] })));
        for shown in [
            json!({ "content": "hi" }),
            json!({ "content": "", "attachments": [{ "filename": "graph.png" }] }),
            json!({ "content": "", "sticker_items": [{}] }),
            json!({ "content": "", "poll": {} }),
            json!({ "content": "", "type": 7 }),
        ] {
            assert!(!is_hidden(shown.clone()), "{shown}");
        }
    }
}
