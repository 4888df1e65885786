//! What the fake Discord holds: one guild, its people and channels, one app.

use super::call::Call;
use super::gateway::Gateway;
use super::interaction::Interaction;
use super::message::{Message, Whisper};
use super::modal::Open;
use super::permissions::Overwrite;
use super::refused::{Refused, UNKNOWN_CHANNEL, UNKNOWN_GUILD};
use crate::fault::Faults;
use ed25519_dalek::SigningKey;
use muster_core::clock::Timestamp;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

/// A snowflake. <https://docs.discord.com/developers/reference#snowflakes>
pub(super) type Id = u64;

/// Milliseconds at the first second of 2015, from which snowflakes count.
const EPOCH: i64 = 1_420_070_400_000;

/// A user.
#[derive(Debug, Clone)]
pub(super) struct User {
    pub(super) id: Id,
    pub(super) name: String,
    pub(super) shown: String,
    pub(super) is_bot: bool,
    /// Whether the bot may not write to them.
    pub(super) is_closed: bool,
}

/// A user in the guild.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) nick: Option<String>,
    pub(super) roles: BTreeSet<Id>,
    pub(super) joined: Timestamp,
    pub(super) locale: String,
}

/// A role.
#[derive(Debug, Clone)]
pub(super) struct Role {
    pub(super) id: Id,
    pub(super) name: String,
    pub(super) permissions: u64,
    pub(super) position: i64,
    pub(super) is_managed: bool,
    pub(super) is_mentionable: bool,
}

/// What kind a channel is. <https://docs.discord.com/developers/resources/channel#channel-object-channel-types>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Direct,
    Voice,
    Category,
    PublicThread,
    PrivateThread,
    Forum,
}

/// What a thread has beyond a channel.
#[derive(Debug, Clone)]
pub(super) struct Thread {
    pub(super) owner: Id,
    pub(super) is_archived: bool,
    pub(super) is_locked: bool,
    pub(super) is_invitable: bool,
    pub(super) auto_archive: i64,
    pub(super) archived_at: Timestamp,
    pub(super) members: BTreeSet<Id>,
    pub(super) tags: Value,
}

/// A channel, a category, a thread, or a conversation with one person.
#[derive(Debug, Clone)]
pub(super) struct Channel {
    pub(super) id: Id,
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) topic: Option<String>,
    pub(super) parent: Option<Id>,
    pub(super) position: i64,
    pub(super) overwrites: BTreeMap<Id, Overwrite>,
    pub(super) messages: BTreeMap<Id, Message>,
    pub(super) pins: Vec<(Id, Timestamp)>,
    pub(super) thread: Option<Thread>,
    pub(super) recipient: Option<Id>,
    /// What the fake keeps and makes nothing of.
    pub(super) others: Map<String, Value>,
}

/// Everything.
pub(super) struct State {
    pub(super) gateway_address: String,
    pub(super) token: String,
    pub(super) is_revoked: bool,
    pub(super) key: SigningKey,
    pub(super) application: Id,
    pub(super) bot: Id,
    pub(super) guild: Id,
    pub(super) owner: Id,
    /// Whether the bot is in the guild.
    pub(super) is_member: bool,
    /// Privileged intents that are switched on for the app.
    pub(super) privileged: u64,
    pub(super) users: BTreeMap<Id, User>,
    pub(super) members: BTreeMap<Id, Member>,
    pub(super) roles: BTreeMap<Id, Role>,
    pub(super) channels: BTreeMap<Id, Channel>,
    pub(super) most_channels: usize,
    pub(super) most_threads: usize,
    pub(super) whispers: Vec<Whisper>,
    pub(super) global_commands: Vec<Value>,
    pub(super) guild_commands: Vec<Value>,
    pub(super) interactions: BTreeMap<Id, Interaction>,
    /// The modal each person has in front of them.
    pub(super) modals: HashMap<Id, Open>,
    pub(super) gateway: Gateway,
    pub(super) calls: Vec<Call>,
    pub(super) violations: Vec<String>,
    /// Whether an interaction that is not answered is no violation.
    pub(super) forgives_silence: bool,
    pub(super) faults: Faults,
    pub(super) buckets: super::buckets::Buckets,
    pub(super) delay: Duration,
    pub(super) now: Timestamp,
    pub(super) last: Id,
}

impl State {
    /// A snowflake that was never given before, of now.
    pub(super) fn id(&mut self) -> Id {
        let millis = u64::try_from(self.now.timestamp_millis() - EPOCH).unwrap_or_default();
        self.last = (self.last + 1).max(millis << 22);
        self.last
    }

    /// Notes that the app did what no app may do.
    pub(super) fn violation(&mut self, what: impl Into<String>) {
        self.violations.push(what.into());
    }

    /// A channel the bot can see.
    ///
    /// # Errors
    /// Unknown channel; missing access.
    pub(super) fn channel(&self, id: Id) -> Result<&Channel, Refused> {
        let channel = self.channels.get(&id).ok_or(UNKNOWN_CHANNEL)?;
        self.allowed(self.bot, channel, super::permissions::VIEW_CHANNEL)?;
        Ok(channel)
    }

    /// A channel the bot may do that in.
    ///
    /// # Errors
    /// Unknown channel; missing access; missing permissions.
    pub(super) fn channel_for(&self, id: Id, permissions: u64) -> Result<&Channel, Refused> {
        let channel = self.channel(id)?;
        self.allowed(self.bot, channel, permissions)?;
        Ok(channel)
    }

    /// The guild, if the bot is in it.
    ///
    /// # Errors
    /// Unknown guild.
    pub(super) fn guild(&self, id: Id) -> Result<(), Refused> {
        if id == self.guild && self.is_member { Ok(()) } else { Err(UNKNOWN_GUILD.into()) }
    }

    /// A channel that is certainly there.
    pub(super) fn room(&mut self, id: Id) -> &mut Channel {
        self.channels.get_mut(&id).expect("the channel exists")
    }

    /// The conversation between the bot and a person.
    pub(super) fn direct(&mut self, user: Id) -> Id {
        let known = self.channels.values().find(|channel| channel.recipient == Some(user));
        if let Some(known) = known {
            return known.id;
        }
        let id = self.id();
        let channel = Channel { recipient: Some(user), ..Channel::new(id, Kind::Direct, "") };
        self.channels.insert(id, channel);
        id
    }

    /// The channels of the guild, threads excepted.
    pub(super) fn guild_channels(&self) -> impl Iterator<Item = &Channel> {
        self.channels.values().filter(|channel| channel.kind != Kind::Direct && channel.thread.is_none())
    }

    /// The threads that are not archived.
    pub(super) fn active_threads(&self) -> impl Iterator<Item = &Channel> {
        let active = |channel: &&Channel| channel.thread.as_ref().is_some_and(|thread| !thread.is_archived);
        self.channels.values().filter(active)
    }
}

impl Kind {
    /// Its number.
    pub(super) fn number(self) -> u64 {
        match self {
            Self::Text => 0,
            Self::Direct => 1,
            Self::Voice => 2,
            Self::Category => 4,
            Self::PublicThread => 11,
            Self::PrivateThread => 12,
            Self::Forum => 15,
        }
    }

    /// The kind of that number, if the fake knows it.
    pub(super) fn of(number: u64) -> Option<Self> {
        [Self::Text, Self::Direct, Self::Voice, Self::Category, Self::PublicThread, Self::PrivateThread, Self::Forum]
            .into_iter()
            .find(|kind| kind.number() == number)
    }
}

impl Channel {
    /// An empty one.
    pub(super) fn new(id: Id, kind: Kind, name: &str) -> Self {
        Self {
            id,
            kind,
            name: name.to_owned(),
            topic: None,
            parent: None,
            position: 0,
            overwrites: BTreeMap::new(),
            messages: BTreeMap::new(),
            pins: Vec::new(),
            thread: None,
            recipient: None,
            others: Map::new(),
        }
    }
}
