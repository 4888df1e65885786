//! A new guild, and what tests put into it.

use super::gateway::Gateway;
use super::permissions::{self, Overwrite};
use super::state::{Channel, Id, Kind, Member, Role, State, User};
use super::{FakeDiscord, Hand, Room, api};
use ed25519_dalek::SigningKey;
use muster_core::clock::Timestamp;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write;
use std::time::Duration;

/// What the key of every fake is made from; nothing is secret here.
const SEED: [u8; 32] = *b"the fake's key is known to all..";

impl State {
    /// A guild with its owner and the bot in it.
    pub(super) fn new(gateway_address: &str, now: Timestamp) -> Self {
        let mut state = Self {
            gateway_address: gateway_address.to_owned(),
            token: "MTIzNDU2Nzg5MDEyMzQ1Njc4.fake.muster-muster-muster-muster".to_owned(),
            is_revoked: false,
            key: SigningKey::from_bytes(&SEED),
            application: 0,
            bot: 0,
            guild: 0,
            owner: 0,
            is_member: true,
            privileged: 0,
            users: BTreeMap::new(),
            members: BTreeMap::new(),
            roles: BTreeMap::new(),
            channels: BTreeMap::new(),
            most_channels: 500,
            most_threads: 1000,
            whispers: Vec::new(),
            global_commands: Vec::new(),
            guild_commands: Vec::new(),
            interactions: BTreeMap::new(),
            modals: HashMap::new(),
            gateway: Gateway::default(),
            calls: Vec::new(),
            violations: Vec::new(),
            forgives_silence: false,
            faults: crate::fault::Faults::default(),
            buckets: super::buckets::Buckets::default(),
            delay: Duration::ZERO,
            now,
            last: 0,
        };
        state.guild = state.id();
        state.role("@everyone", permissions::EVERYONE, state.guild);
        state.owner = state.user("owner", "Olivia Owner", false);
        state.bot = state.user("muster", "muster", true);
        // Of newer apps the bot has the app's id.
        state.application = state.bot;
        let role = state.id();
        state.role("muster", permissions::BOT, role);
        state.roles.entry(role).and_modify(|role| role.is_managed = true);
        state.members.entry(state.bot).and_modify(|member| member.roles = [role].into());
        state
    }

    fn role(&mut self, name: &str, permissions: u64, id: Id) {
        let position = self.roles.len() as i64;
        let role = Role { id, name: name.to_owned(), permissions, position, is_managed: false, is_mentionable: false };
        self.roles.insert(id, role);
    }

    fn user(&mut self, name: &str, shown: &str, is_bot: bool) -> Id {
        let id = self.id();
        let user = User { id, name: name.to_owned(), shown: shown.to_owned(), is_bot, is_closed: false };
        self.users.insert(id, user);
        let (joined, locale) = (self.now, "en-US".to_owned());
        self.members.insert(id, Member { nick: None, roles: BTreeSet::new(), joined, locale });
        id
    }

    /// The key interactions are signed with, in hexadecimal.
    pub(super) fn public_key(&self) -> String {
        let mut text = String::new();
        for byte in self.key.verifying_key().to_bytes() {
            let _ = write!(text, "{byte:02x}");
        }
        text
    }

    /// What people, channels and roles are called.
    pub(super) fn names(&self) -> HashMap<Id, String> {
        let users = self.users.keys().map(|id| (*id, self.called(*id)));
        let rooms = self.channels.values().map(|room| (room.id, room.name.clone()));
        let roles = self.roles.values().map(|role| (role.id, role.name.trim_start_matches('@').to_owned()));
        roles.chain(users).chain(rooms).collect()
    }
}

impl FakeDiscord {
    /// A new member of the guild, by user name and display name.
    pub fn person(&self, id: &str, name: &str) -> Hand {
        let id = self.with(|state| {
            let id = state.user(id, name, false);
            let member = state.member(id);
            state.tell_of_member("GUILD_MEMBER_ADD", member);
            id
        });
        Hand { discord: self.clone(), id }
    }

    /// A new role, which grants nothing. Gives its id.
    pub fn role(&self, name: &str) -> String {
        self.with(|state| {
            let id = state.id();
            state.role(name, 0, id);
            state.tell_of_role("GUILD_ROLE_CREATE", id);
            id.to_string()
        })
    }

    /// Gives somebody a role, by its id.
    pub fn gives(&self, hand: &Hand, role: &str) {
        self.changes_roles(hand, |roles| roles.insert(role.parse().expect("the id of a role")));
    }

    /// Takes a role from somebody, by its id.
    pub fn takes(&self, hand: &Hand, role: &str) {
        self.changes_roles(hand, |roles| roles.remove(&role.parse().expect("the id of a role")));
    }

    fn changes_roles(&self, hand: &Hand, change: impl FnOnce(&mut BTreeSet<Id>) -> bool) {
        self.with(|state| {
            let member = state.members.get_mut(&hand.id).expect("they are in the guild");
            change(&mut member.roles);
            let member = state.member(hand.id);
            state.tell_of_member("GUILD_MEMBER_UPDATE", member);
        });
    }

    /// A new category.
    pub fn category(&self, name: &str) -> Room {
        self.fresh(Kind::Category, name, None)
    }

    /// A new text channel.
    pub fn text_channel(&self, name: &str, category: Option<&Room>) -> Room {
        self.fresh(Kind::Text, name, category)
    }

    /// A new forum.
    pub fn forum(&self, name: &str, category: Option<&Room>) -> Room {
        self.fresh(Kind::Forum, name, category)
    }

    /// A new voice channel.
    pub fn voice_channel(&self, name: &str, category: Option<&Room>) -> Room {
        self.fresh(Kind::Voice, name, category)
    }

    /// A new text channel that only these people see, and the bot does not.
    pub fn private_channel(&self, name: &str, members: &[&Hand]) -> Room {
        let room = self.fresh(Kind::Text, name, None);
        self.with(|state| {
            let guild = state.guild;
            let channel = state.room(room.id);
            let view = permissions::VIEW_CHANNEL;
            channel.overwrites.insert(guild, Overwrite { id: guild, is_member: false, allow: 0, deny: view });
            for hand in members {
                channel.overwrites.insert(hand.id, Overwrite { id: hand.id, is_member: true, allow: view, deny: 0 });
            }
        });
        room
    }

    fn fresh(&self, kind: Kind, name: &str, category: Option<&Room>) -> Room {
        let id = self.with(|state| {
            let id = api::fresh(state, kind, name, category.map(|room| room.id)).ok()?;
            state.tell_of_channel("CHANNEL_CREATE", id);
            Some(id)
        });
        Room { discord: self.clone(), id: id.expect("there is a place for one more channel") }
    }

    /// Fills a category with channels up to fifty.
    pub fn fills(&self, category: &Room) {
        for number in 0..50 {
            let full = self.with(|state| {
                let name = format!("filler-{number}");
                api::fresh(state, Kind::Text, &name, Some(category.id)).is_err()
            });
            if full {
                return;
            }
        }
    }

    /// A guild takes so many channels, and so many threads that are not archived; 500 and 1000 until then.
    pub fn holds_at_most(&self, channels: usize, threads: usize) {
        self.with(|state| (state.most_channels, state.most_threads) = (channels, threads));
    }
}

impl State {
    /// Tells of a member who came, changed, or went.
    pub(super) fn tell_of_member(&mut self, name: &str, mut member: serde_json::Value) {
        member["guild_id"] = json!(self.guild.to_string());
        self.tell(name, super::gateway::GUILD_MEMBERS, &member);
    }

    /// Tells of a role.
    pub(super) fn tell_of_role(&mut self, name: &str, id: Id) {
        let Some(role) = self.roles.get(&id) else { return };
        let event = json!({ "guild_id": self.guild.to_string(), "role": role.json() });
        self.tell(name, super::gateway::GUILDS, &event);
    }

    /// Whether somebody sees a channel.
    pub(super) fn sees(&self, user: Id, channel: &Channel) -> bool {
        self.permissions_in(user, channel) & permissions::VIEW_CHANNEL != 0
    }
}
