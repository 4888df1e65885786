//! Who may do what where. <https://docs.discord.com/developers/topics/permissions>

use super::refused::{MISSING_ACCESS, MISSING_PERMISSIONS, Refused};
use super::state::{Channel, Id, Kind, State};
use serde_json::{Value, json};

pub(super) const ADMINISTRATOR: u64 = 1 << 3;
pub(super) const MANAGE_CHANNELS: u64 = 1 << 4;
pub(super) const ADD_REACTIONS: u64 = 1 << 6;
pub(super) const VIEW_CHANNEL: u64 = 1 << 10;
pub(super) const SEND_MESSAGES: u64 = 1 << 11;
pub(super) const MANAGE_MESSAGES: u64 = 1 << 13;
pub(super) const EMBED_LINKS: u64 = 1 << 14;
pub(super) const ATTACH_FILES: u64 = 1 << 15;
pub(super) const READ_MESSAGE_HISTORY: u64 = 1 << 16;
pub(super) const MENTION_EVERYONE: u64 = 1 << 17;
pub(super) const MANAGE_ROLES: u64 = 1 << 28;
pub(super) const MANAGE_THREADS: u64 = 1 << 34;
pub(super) const CREATE_PUBLIC_THREADS: u64 = 1 << 35;
pub(super) const CREATE_PRIVATE_THREADS: u64 = 1 << 36;
pub(super) const SEND_MESSAGES_IN_THREADS: u64 = 1 << 38;
pub(super) const PIN_MESSAGES: u64 = 1 << 51;

/// Their names, for tests.
const NAMES: &[(&str, u64)] = &[
    ("ADMINISTRATOR", ADMINISTRATOR),
    ("MANAGE_CHANNELS", MANAGE_CHANNELS),
    ("MANAGE_GUILD", 1 << 5),
    ("ADD_REACTIONS", ADD_REACTIONS),
    ("VIEW_CHANNEL", VIEW_CHANNEL),
    ("SEND_MESSAGES", SEND_MESSAGES),
    ("MANAGE_MESSAGES", MANAGE_MESSAGES),
    ("EMBED_LINKS", EMBED_LINKS),
    ("ATTACH_FILES", ATTACH_FILES),
    ("READ_MESSAGE_HISTORY", READ_MESSAGE_HISTORY),
    ("MENTION_EVERYONE", MENTION_EVERYONE),
    ("USE_EXTERNAL_EMOJIS", 1 << 18),
    ("CONNECT", 1 << 20),
    ("SPEAK", 1 << 21),
    ("MANAGE_ROLES", MANAGE_ROLES),
    ("USE_APPLICATION_COMMANDS", 1 << 31),
    ("MANAGE_THREADS", MANAGE_THREADS),
    ("CREATE_PUBLIC_THREADS", CREATE_PUBLIC_THREADS),
    ("CREATE_PRIVATE_THREADS", CREATE_PRIVATE_THREADS),
    ("SEND_MESSAGES_IN_THREADS", SEND_MESSAGES_IN_THREADS),
    ("PIN_MESSAGES", PIN_MESSAGES),
];

/// What everybody may do in a new guild.
pub(super) const EVERYONE: u64 = VIEW_CHANNEL
    | SEND_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | ADD_REACTIONS
    | CREATE_PUBLIC_THREADS
    | CREATE_PRIVATE_THREADS
    | SEND_MESSAGES_IN_THREADS
    | 1 << 20
    | 1 << 21
    | 1 << 31;

/// What the bot was invited with.
pub(super) const BOT: u64 =
    MANAGE_CHANNELS | MANAGE_ROLES | MANAGE_MESSAGES | MANAGE_THREADS | PIN_MESSAGES | MENTION_EVERYONE | EVERYONE;

/// The bit of a permission's name.
///
/// # Panics
/// When the fake knows no such permission.
pub(super) fn bit(name: &str) -> u64 {
    let known = NAMES.iter().find(|(known, _)| *known == name);
    known.unwrap_or_else(|| panic!("the fake knows no permission {name}")).1
}

/// The names of these permissions, as far as the fake knows them.
pub(super) fn names(permissions: u64) -> Vec<&'static str> {
    NAMES.iter().filter(|(_, bit)| permissions & bit != 0).map(|(name, _)| *name).collect()
}

/// What a role or a member may do in one channel, or may not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Overwrite {
    pub(super) id: Id,
    pub(super) is_member: bool,
    pub(super) allow: u64,
    pub(super) deny: u64,
}

impl Overwrite {
    /// As Discord shows it.
    pub(super) fn json(&self) -> Value {
        json!({ "id": self.id.to_string(), "type": u8::from(self.is_member), "allow": self.allow.to_string(),
            "deny": self.deny.to_string() })
    }
}

/// A set of permissions as it is sent: a string of digits; nothing where it is missing.
pub(super) fn read(value: &Value) -> u64 {
    value.as_str().and_then(|text| text.parse().ok()).or_else(|| value.as_u64()).unwrap_or_default()
}

impl State {
    /// What somebody may do in the guild at large.
    pub(super) fn permissions(&self, user: Id) -> u64 {
        if user == self.owner {
            return u64::MAX >> 1;
        }
        let Some(member) = self.members.get(&user) else { return 0 };
        let everyone = self.roles.get(&self.guild).map_or(0, |role| role.permissions);
        let all =
            member.roles.iter().filter_map(|id| self.roles.get(id)).fold(everyone, |all, role| all | role.permissions);
        if all & ADMINISTRATOR != 0 { u64::MAX >> 1 } else { all }
    }

    /// What somebody may do in a channel.
    /// <https://docs.discord.com/developers/topics/permissions#permission-overwrites>
    pub(super) fn permissions_in(&self, user: Id, channel: &Channel) -> u64 {
        if channel.kind == Kind::Direct {
            let is_theirs = user == self.bot || channel.recipient == Some(user);
            return if is_theirs { EVERYONE | PIN_MESSAGES } else { 0 };
        }
        if let Some(thread) = &channel.thread {
            let Some(parent) = channel.parent.and_then(|parent| self.channels.get(&parent)) else { return 0 };
            let all = self.permissions_in(user, parent);
            let is_shut_out =
                channel.kind == Kind::PrivateThread && !thread.members.contains(&user) && all & MANAGE_THREADS == 0;
            return if is_shut_out { 0 } else { all };
        }
        let mut all = self.permissions(user);
        if all & ADMINISTRATOR != 0 {
            return all;
        }
        let Some(member) = self.members.get(&user) else { return 0 };
        let over = |all: u64, deny: u64, allow: u64| (all & !deny) | allow;
        if let Some(everyone) = channel.overwrites.get(&self.guild) {
            all = over(all, everyone.deny, everyone.allow);
        }
        let roles = member.roles.iter().filter_map(|role| channel.overwrites.get(role));
        let (deny, allow) = roles.fold((0, 0), |(deny, allow), role| (deny | role.deny, allow | role.allow));
        all = over(all, deny, allow);
        if let Some(own) = channel.overwrites.get(&user) {
            all = over(all, own.deny, own.allow);
        }
        if all & VIEW_CHANNEL == 0 { 0 } else { all }
    }

    /// Whether somebody may do all of that in a channel.
    ///
    /// # Errors
    /// Missing access where they do not see it; else missing permissions.
    pub(super) fn allowed(&self, user: Id, channel: &Channel, wanted: u64) -> Result<(), Refused> {
        let all = self.permissions_in(user, channel);
        if all & VIEW_CHANNEL == 0 {
            return Err(MISSING_ACCESS.into());
        }
        if all & wanted == wanted { Ok(()) } else { Err(MISSING_PERMISSIONS.into()) }
    }

    /// Whether the bot may set these overwrites: only what it may do itself can be allowed or denied, and
    /// `MANAGE_ROLES` only by administrators.
    /// <https://docs.discord.com/developers/resources/guild#create-guild-channel>
    ///
    /// # Errors
    /// Missing permissions.
    pub(super) fn may_set<'o>(
        &self,
        own: u64,
        overwrites: impl IntoIterator<Item = &'o Overwrite>,
    ) -> Result<(), Refused> {
        let is_admin = own & ADMINISTRATOR != 0;
        for overwrite in overwrites {
            let wanted = overwrite.allow | overwrite.deny;
            if !is_admin && (wanted & !own != 0 || wanted & MANAGE_ROLES != 0) {
                return Err(MISSING_PERMISSIONS.into());
            }
        }
        Ok(())
    }
}
