//! What the fake workspace holds.

use super::refused::Refused;
use super::socket::Sockets;
use crate::fault::Faults;
use muster_core::clock::Timestamp;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::{Duration, Instant};

/// The workspace's id.
pub(super) const TEAM: &str = "T0MUSTER00";
/// The workspace's domain.
pub(super) const DOMAIN: &str = "acme";
/// The app's id.
pub(super) const APP: &str = "A0MUSTER00";
/// The bot's user id.
pub(super) const BOT_USER: &str = "U0BOT00000";
/// The bot's id.
pub(super) const BOT: &str = "B0BOT00000";

/// A member of the workspace.
#[derive(Debug, Clone)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) real_name: String,
    pub(super) email: Option<String>,
    pub(super) deleted: bool,
    pub(super) is_bot: bool,
    pub(super) is_restricted: bool,
    pub(super) tz: String,
}

/// A user group.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) id: String,
    pub(super) handle: String,
    pub(super) name: String,
    pub(super) users: Vec<String>,
    pub(super) disabled: bool,
}

/// What kind of conversation a channel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Public,
    Private,
    Direct,
}

/// A conversation.
#[derive(Debug, Clone)]
pub(super) struct Channel {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) previous_names: Vec<String>,
    pub(super) kind: Kind,
    pub(super) is_archived: bool,
    pub(super) is_read_only: bool,
    pub(super) creator: String,
    pub(super) created: i64,
    pub(super) topic: Value,
    pub(super) purpose: Value,
    pub(super) members: BTreeSet<String>,
    /// By `ts`, as Slack shows them.
    pub(super) messages: BTreeMap<String, Value>,
    /// `ts` of what is pinned, with when and by whom.
    pub(super) pins: Vec<(String, i64, String)>,
    pub(super) bookmarks: Vec<Value>,
}

/// A message that one person alone sees.
#[derive(Debug, Clone)]
pub(super) struct Whisper {
    pub(super) user: String,
    pub(super) channel: String,
    pub(super) ts: String,
    pub(super) message: Value,
    pub(super) heard: bool,
    pub(super) deleted: bool,
}

/// A modal or a home tab.
#[derive(Debug, Clone)]
pub(super) struct View {
    /// As Slack shows it, without `state`.
    pub(super) json: Value,
    /// How many times it was changed.
    pub(super) version: u64,
}

/// A permission to open a modal. <https://docs.slack.dev/surfaces/modals#interactions>
#[derive(Debug)]
pub(super) struct Trigger {
    pub(super) user: String,
    pub(super) made: Instant,
    pub(super) used: bool,
    /// The view it came from, if any.
    pub(super) view: Option<String>,
}

/// What a response URL was made for.
#[derive(Debug, Clone)]
pub(super) enum Original {
    /// Nothing: a slash command or a shortcut.
    Nothing,
    /// A message in the channel.
    Message(String),
    /// An ephemeral message, by its `ts`.
    Whisper(String),
}

/// A response URL. <https://docs.slack.dev/interactivity/handling-user-interaction#message_responses>
#[derive(Debug, Clone)]
pub(super) struct ResponseUrl {
    pub(super) user: String,
    pub(super) channel: String,
    pub(super) original: Original,
    pub(super) uses: u32,
    pub(super) made: Timestamp,
}

/// One call of the Web API, as it happened.
#[derive(Debug, Clone)]
pub struct Call {
    /// The method, such as `chat.postMessage`.
    pub method: String,
    /// Its arguments.
    pub args: Map<String, Value>,
    /// When it arrived, since the start of the fake.
    pub at: Duration,
    /// The HTTP status of the answer; 0 where there was none.
    pub status: u16,
    /// The error code, if it was refused.
    pub error: Option<String>,
    /// Whether it came before a `Retry-After` had passed.
    pub early: bool,
}

/// Everything.
pub(super) struct State {
    pub(super) url: String,
    pub(super) bot_token: String,
    pub(super) app_token: String,
    pub(super) signing_secret: String,
    pub(super) token_revoked: bool,
    pub(super) scopes: BTreeSet<String>,
    pub(super) subscriptions: BTreeSet<String>,
    pub(super) bot_may_unarchive: bool,
    pub(super) read_only: bool,
    pub(super) users: BTreeMap<String, User>,
    pub(super) groups: Vec<Group>,
    pub(super) channels: BTreeMap<String, Channel>,
    pub(super) names: HashMap<String, String>,
    pub(super) directs: HashMap<String, String>,
    pub(super) whispers: Vec<Whisper>,
    pub(super) views: HashMap<String, View>,
    /// Open modals of a person, the topmost last.
    pub(super) stacks: HashMap<String, Vec<String>>,
    pub(super) homes: HashMap<String, String>,
    pub(super) triggers: HashMap<String, Trigger>,
    pub(super) trigger_life: Duration,
    pub(super) response_urls: HashMap<String, ResponseUrl>,
    pub(super) sockets: Sockets,
    pub(super) calls: Vec<Call>,
    pub(super) violations: Vec<String>,
    pub(super) faults: Faults,
    pub(super) delay: Duration,
    /// Events that are to be sent to the app.
    pub(super) events: Vec<Value>,
    pub(super) now: Timestamp,
    pub(super) next: u64,
    pub(super) last_ts: i64,
}

impl State {
    /// A number that was never given before.
    pub(super) fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// A new id with this letter in front.
    pub(super) fn id(&mut self, letter: &str) -> String {
        format!("{letter}{:09}", self.number())
    }

    /// A message's `ts`: unique, and later than all before.
    pub(super) fn ts(&mut self) -> String {
        self.last_ts = self.now.timestamp_micros().max(self.last_ts + 1);
        format!("{}.{:06}", self.last_ts / 1_000_000, self.last_ts % 1_000_000)
    }

    /// A permission to open a modal.
    pub(super) fn trigger(&mut self, user: &str, view: Option<&str>) -> String {
        let id = format!("{}.{}.muster", self.number(), 1_000_000);
        let trigger =
            Trigger { user: user.to_owned(), made: Instant::now(), used: false, view: view.map(str::to_owned) };
        self.triggers.insert(id.clone(), trigger);
        id
    }

    /// A response URL.
    pub(super) fn response_url(&mut self, user: &str, channel: &str, original: Original) -> String {
        let key = format!("{TEAM}/{}/muster", self.number());
        let made = self.now;
        let url = ResponseUrl { user: user.to_owned(), channel: channel.to_owned(), original, uses: 0, made };
        self.response_urls.insert(key.clone(), url);
        format!("{}/response/{key}", self.url)
    }

    /// A channel the bot can see.
    ///
    /// # Errors
    /// `channel_not_found`.
    pub(super) fn channel(&mut self, id: &str) -> Result<&mut Channel, Refused> {
        let channel = self.channels.get_mut(id).ok_or_else(|| Refused::from("channel_not_found"))?;
        if channel.kind != Kind::Public && !channel.members.contains(BOT_USER) {
            return Err("channel_not_found".into());
        }
        Ok(channel)
    }

    /// A channel the bot can change: it is in it, and the channel lives.
    ///
    /// # Errors
    /// `channel_not_found`, `is_archived`, `not_in_channel`.
    pub(super) fn own_channel(&mut self, id: &str) -> Result<&mut Channel, Refused> {
        let channel = self.channel(id)?;
        if channel.is_archived {
            return Err("is_archived".into());
        }
        if !channel.members.contains(BOT_USER) {
            return Err("not_in_channel".into());
        }
        Ok(channel)
    }

    /// The conversation between the bot and one person.
    pub(super) fn direct(&mut self, user: &str) -> String {
        if let Some(id) = self.directs.get(user) {
            return id.clone();
        }
        let id = self.id("D");
        let mut channel = Channel::new(&id, "", Kind::Direct, self.now.timestamp());
        channel.members = [user.to_owned(), BOT_USER.to_owned()].into();
        user.clone_into(&mut channel.creator);
        self.channels.insert(id.clone(), channel);
        self.directs.insert(user.to_owned(), id.clone());
        id
    }

    /// Something to be told to the app, if it subscribed to it and can see the channel.
    pub(super) fn event(&mut self, subscription: &str, channel: Option<&str>, event: Value) {
        let seen = channel
            .and_then(|id| self.channels.get(id))
            .is_none_or(|channel| channel.members.contains(BOT_USER) || event["user"] == BOT_USER);
        if seen && self.subscriptions.contains(subscription) && !self.token_revoked {
            self.events.push(event);
        }
    }

    /// A message as it appears in a channel, and the event of it.
    pub(super) fn post(&mut self, channel: &str, mut message: Value) -> String {
        let ts = self.ts();
        message["type"] = json!("message");
        message["ts"] = json!(ts);
        let Some(room) = self.channels.get_mut(channel) else { return ts };
        room.messages.insert(ts.clone(), message.clone());
        let subscription = room.kind.message_event();
        message["channel"] = json!(channel);
        message["event_ts"] = json!(ts);
        message["channel_type"] = json!(room.kind.word());
        if self.subscriptions.contains(subscription) {
            self.event(subscription, Some(channel), message);
        }
        ts
    }

    /// Notes that the app did what no client of Slack's may do.
    pub(super) fn violation(&mut self, what: String) {
        self.violations.push(what);
    }
}

impl Kind {
    /// As events call it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Public => "channel",
            Self::Private => "group",
            Self::Direct => "im",
        }
    }

    /// What one subscribes to for its messages.
    pub(super) fn message_event(self) -> &'static str {
        match self {
            Self::Public => "message.channels",
            Self::Private => "message.groups",
            Self::Direct => "message.im",
        }
    }
}

impl Channel {
    /// An empty one.
    pub(super) fn new(id: &str, name: &str, kind: Kind, created: i64) -> Self {
        let nothing = json!({ "value": "", "creator": "", "last_set": 0 });
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            previous_names: Vec::new(),
            kind,
            is_archived: false,
            is_read_only: false,
            creator: String::new(),
            created,
            topic: nothing.clone(),
            purpose: nothing,
            members: BTreeSet::new(),
            messages: BTreeMap::new(),
            pins: Vec::new(),
            bookmarks: Vec::new(),
        }
    }

    /// As the Web API shows it to the bot.
    pub(super) fn json(&self) -> Value {
        if self.kind == Kind::Direct {
            return json!({ "id": self.id, "created": self.created, "is_im": true, "is_org_shared": false,
                "is_archived": false, "user": self.creator, "is_user_deleted": false, "priority": 0 });
        }
        json!({
            "id": self.id, "name": self.name, "name_normalized": self.name, "created": self.created,
            "creator": self.creator, "is_archived": self.is_archived, "is_channel": self.kind == Kind::Public,
            "is_group": self.kind == Kind::Private, "is_im": false, "is_mpim": false,
            "is_private": self.kind == Kind::Private, "is_general": self.name == "general", "is_shared": false,
            "is_ext_shared": false, "is_org_shared": false, "is_pending_ext_shared": false, "pending_shared": [],
            "is_member": self.members.contains(BOT_USER), "unlinked": 0, "topic": self.topic,
            "purpose": self.purpose, "previous_names": self.previous_names, "num_members": self.members.len(),
        })
    }
}

impl User {
    /// As `users.info` shows it. An address is shown only to those with `users:read.email`.
    pub(super) fn json(&self, with_email: bool) -> Value {
        let mut profile = json!({
            "real_name": self.real_name, "real_name_normalized": self.real_name, "display_name": self.name,
            "display_name_normalized": self.name, "team": TEAM, "status_text": "", "status_emoji": "",
        });
        if let Some(email) = self.email.as_ref().filter(|_| with_email) {
            profile["email"] = json!(email);
        }
        json!({
            "id": self.id, "team_id": TEAM, "name": self.name, "real_name": self.real_name, "deleted": self.deleted,
            "is_bot": self.is_bot, "is_app_user": false, "is_restricted": self.is_restricted,
            "is_ultra_restricted": self.is_restricted, "tz": self.tz, "tz_label": self.tz, "tz_offset": 0, "updated": 1_600_000_000,
            "profile": profile,
        })
    }
}

impl Group {
    /// As `usergroups.list` shows it.
    pub(super) fn json(&self) -> Value {
        json!({
            "id": self.id, "team_id": TEAM, "is_usergroup": true, "is_subteam": true, "name": self.name,
            "description": "", "handle": self.handle, "is_external": false, "date_create": 1_600_000_000,
            "date_update": 1_600_000_000, "date_delete": 0, "auto_type": null, "created_by": BOT_USER,
            "updated_by": BOT_USER, "prefs": { "channels": [], "groups": [] }, "user_count": self.users.len(),
            "users": self.users,
        })
    }
}
