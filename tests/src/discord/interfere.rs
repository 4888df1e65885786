//! What people and the platform do to the app's things: rename, delete, revoke, cut, fail.

use super::gateway::{Frame, GUILDS};
use super::message::Spot;
use super::permissions::{self, Overwrite};
use super::state::{Id, Member};
use super::surface::At;
use super::{FakeDiscord, Fault, Hand, Room, Surface, api};
use serde_json::{Value, json};
use std::time::Duration;

impl FakeDiscord {
    /// Calls fail in this way from now on. A method is written `POST /channels/{}/messages`.
    pub fn fail(&self, fault: Fault) {
        self.with(|state| state.faults.add(fault));
    }

    /// No call fails any more; rate limits in force end.
    pub fn heal(&self) {
        self.with(|state| state.faults.heal());
    }

    /// Not to answer an interaction is no violation any more: the test takes away what the app hears it by.
    pub fn forgives_silence(&self) {
        self.with(|state| state.forgives_silence = true);
    }

    /// Every call takes so long.
    pub fn delay(&self, delay: Duration) {
        self.with(|state| state.delay = delay);
    }

    /// That route takes so many calls in that time about one channel, guild or webhook.
    pub fn bucket(&self, route: &str, limit: u32, span: Duration) {
        self.with(|state| state.buckets.set(route, limit, span));
    }

    /// These privileged intents are switched on for the app: `GUILD_MEMBERS`, `GUILD_PRESENCES`, `MESSAGE_CONTENT`.
    /// None are until then.
    /// <https://docs.discord.com/developers/events/gateway#privileged-intents>
    ///
    /// # Panics
    /// When it is none of them.
    pub fn allows_intents(&self, names: &[&str]) {
        let bit = |name: &&str| match *name {
            "GUILD_MEMBERS" => 1 << 1,
            "GUILD_PRESENCES" => 1 << 8,
            "MESSAGE_CONTENT" => 1 << 15,
            other => panic!("{other} is no privileged intent"),
        };
        self.with(|state| state.privileged = names.iter().map(bit).sum());
    }

    /// The token is revoked: every call is refused, and the gateway closes with 4004.
    pub fn revoke_token(&self) {
        self.with(|state| {
            state.is_revoked = true;
            state.gateway.send(|| Frame::Close(4004));
            state.gateway.forget();
        });
    }

    /// The token is good again.
    pub fn restore_token(&self) {
        self.with(|state| state.is_revoked = false);
    }

    /// The bot may do this in the guild no more, by the name of the permission: `MANAGE_CHANNELS`.
    pub fn remove_permission(&self, name: &str) {
        self.permit(name, false);
    }

    /// The bot may do this in the guild.
    pub fn add_permission(&self, name: &str) {
        self.permit(name, true);
    }

    fn permit(&self, name: &str, is_allowed: bool) {
        let bit = permissions::bit(name);
        self.with(|state| {
            let guild = state.guild;
            let mine: Vec<_> = state.members[&state.bot].roles.iter().copied().collect();
            for id in mine.into_iter().chain((!is_allowed).then_some(guild)) {
                let Some(role) = state.roles.get_mut(&id) else { continue };
                let before = role.permissions;
                role.permissions = if is_allowed { before | bit } else { before & !bit };
                if role.permissions != before {
                    state.tell_of_role("GUILD_ROLE_UPDATE", id);
                }
            }
        });
    }

    /// A role, by its id, may be mentioned by everybody.
    pub fn makes_mentionable(&self, role: &str) {
        self.with(|state| {
            let id = role.parse().expect("the id of a role");
            state.roles.get_mut(&id).expect("the role exists").is_mentionable = true;
            state.tell_of_role("GUILD_ROLE_UPDATE", id);
        });
    }

    /// Somebody deletes a role, by its id.
    pub fn delete_role(&self, role: &str) {
        self.with(|state| {
            let id = role.parse().expect("the id of a role");
            state.roles.remove(&id);
            state.members.values_mut().for_each(|member| {
                member.roles.remove(&id);
            });
            let event = json!({ "guild_id": state.guild.to_string(), "role_id": role });
            state.tell("GUILD_ROLE_DELETE", GUILDS, &event);
        });
    }

    /// Somebody keeps the bot from doing this in a channel, or from seeing it: `VIEW_CHANNEL`.
    pub fn deny_bot(&self, room: &Room, name: &str) {
        self.deny(room, self.look(|state| state.bot), permissions::bit(name));
    }

    /// Somebody keeps a person from seeing a channel.
    pub fn hide(&self, room: &Room, hand: &Hand) {
        self.deny(room, hand.id, permissions::VIEW_CHANNEL);
    }

    fn deny(&self, room: &Room, member: Id, bit: u64) {
        self.with(|state| {
            let new = Overwrite { id: member, is_member: true, allow: 0, deny: 0 };
            let own = state.room(room.id).overwrites.entry(member).or_insert(new);
            own.deny |= bit;
            own.allow &= !bit;
            state.tell_of_channel("CHANNEL_UPDATE", room.id);
        });
    }

    /// Somebody lets the bot do this in a channel again.
    pub fn allow_bot(&self, room: &Room, name: &str) {
        let bit = permissions::bit(name);
        self.with(|state| {
            let bot = state.bot;
            if let Some(own) = state.room(room.id).overwrites.get_mut(&bot) {
                own.deny &= !bit;
            }
            state.tell_of_channel("CHANNEL_UPDATE", room.id);
        });
    }

    /// Somebody renames a channel.
    pub fn rename(&self, room: &Room, name: &str) {
        self.with(|state| {
            let channel = state.room(room.id);
            channel.name = api::normal(channel.kind, name);
            let event = if channel.thread.is_some() { "THREAD_UPDATE" } else { "CHANNEL_UPDATE" };
            state.tell_of_channel(event, room.id);
        });
    }

    /// Somebody moves a channel out of its category or into another.
    pub fn move_to(&self, room: &Room, category: Option<&Room>) {
        self.with(|state| {
            state.room(room.id).parent = category.map(|category| category.id);
            state.tell_of_channel("CHANNEL_UPDATE", room.id);
        });
    }

    /// Somebody archives a thread, or wakes it.
    pub fn archive(&self, room: &Room, is_archived: bool) {
        self.with(|state| {
            let thread = state.room(room.id).thread.as_mut().expect("only threads are archived");
            thread.is_archived = is_archived;
            state.tell_of_channel("THREAD_UPDATE", room.id);
        });
    }

    /// Somebody deletes a channel, a thread or a category.
    pub fn delete(&self, room: &Room) {
        self.with(|state| api::gone(state, room.id));
    }

    /// Somebody deletes a message.
    ///
    /// # Panics
    /// When it is no message of a channel.
    pub fn delete_message(&self, message: &Surface) {
        let At::Message { channel, id } = message.at else { panic!("one deletes messages") };
        self.with(|state| state.unsay(Spot::Message { channel, id }));
    }

    /// Somebody removes the bot from the guild.
    pub fn kick_bot(&self) {
        self.with(|state| {
            let event = json!({ "id": state.guild.to_string() });
            state.tell("GUILD_DELETE", GUILDS, &event);
            state.is_member = false;
            state.members.remove(&state.bot);
        });
    }

    /// Somebody brings the bot back, with what it had before.
    pub fn invite_bot(&self) {
        self.with(|state| {
            let roles = state.roles.values().filter(|role| role.is_managed).map(|role| role.id).collect();
            let (joined, locale) = (state.now, "en-US".to_owned());
            state.members.insert(state.bot, Member { nick: None, roles, joined, locale });
            state.is_member = true;
            let event = state.whole_guild();
            state.tell("GUILD_CREATE", GUILDS, &event);
        });
    }

    /// Somebody leaves the guild.
    pub fn leaves(&self, hand: &Hand) {
        self.with(|state| {
            state.members.remove(&hand.id);
            let user = state.users[&hand.id].json();
            state.tell_of_member("GUILD_MEMBER_REMOVE", json!({ "user": user }));
        });
    }

    /// Returns once so many sessions of the gateway have a connection.
    pub async fn has_connections(&self, count: usize) {
        self.until("sessions with a connection", |state| (state.gateway.connected() >= count).then_some(())).await;
    }

    /// Returns once so many sessions have been begun since the start.
    pub async fn has_identified(&self, times: u64) {
        self.until("identified sessions", |state| (state.gateway.identified >= times).then_some(())).await;
    }

    /// Returns once so many sessions have been resumed since the start.
    pub async fn has_resumed(&self, times: u64) {
        self.until("resumed sessions", |state| (state.gateway.resumed >= times).then_some(())).await;
    }

    /// Returns once so many heartbeats have been heard since the start.
    pub async fn has_beaten(&self, times: u64) {
        self.until("heartbeats", |state| (state.gateway.beats >= times).then_some(())).await;
    }

    /// How many connections to the gateway there have been, sessions begun, and sessions resumed.
    #[must_use]
    pub fn gateway_counts(&self) -> (u64, u64, u64) {
        self.look(|state| (state.gateway.opened, state.gateway.identified, state.gateway.resumed))
    }

    /// The intents of the latest session.
    #[must_use]
    pub fn intents(&self) -> Option<u64> {
        self.look(|state| state.gateway.intents())
    }

    /// New connections are told to send a heartbeat this often; two seconds until then.
    pub fn heartbeat(&self, interval: Duration) {
        self.with(|state| state.gateway.heartbeat = interval);
    }

    /// Heartbeats are acknowledged no more, or again: the connection is a zombie.
    pub fn withholds_acks(&self, withheld: bool) {
        self.with(|state| state.gateway.withholds_acks = withheld);
    }

    /// Every connection to the gateway is cut without a word.
    pub fn cut(&self) {
        self.with(|state| state.gateway.send(|| Frame::Cut));
    }

    /// A connection is cut right after the next event went down it.
    pub fn cut_after_sending(&self) {
        self.with(|state| state.gateway.cuts_next = true);
    }

    /// The connections that are open stay so and bring nothing more.
    pub fn silence(&self) {
        self.with(|state| state.gateway.send(|| Frame::Hush));
    }

    /// Every connection is closed with that code; the sessions stay, if it is a code after which one may resume.
    /// <https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes>
    pub fn closes_with(&self, code: u16) {
        self.with(|state| {
            state.gateway.send(|| Frame::Close(code));
            if matches!(code, 4003 | 4004 | 4007 | 4009..=4014) {
                state.gateway.forget();
            }
        });
    }

    /// Every connection is told to reconnect.
    pub fn asks_to_reconnect(&self) {
        self.sends_raw(&json!({ "op": 7, "d": null, "s": null, "t": null }));
    }

    /// Every connection is told that its session is invalid, and whether it can be resumed all the same.
    pub fn invalidates(&self, is_resumable: bool) {
        self.sends_raw(&json!({ "op": 9, "d": is_resumable, "s": null, "t": null }));
        if !is_resumable {
            self.with(|state| state.gateway.forget());
        }
    }

    /// The next attempt to resume is told that the session is invalid.
    pub fn refuses_resume(&self) {
        self.with(|state| state.gateway.refuses_resumes = true);
    }

    /// Sends anything at all down every connection.
    pub fn sends_raw(&self, frame: &Value) {
        let text = frame.to_string();
        self.with(|state| state.gateway.send(|| Frame::Text(text.clone())));
    }

    /// Sends an event with anything in it to every session: numbered, and sent again to who resumes.
    pub fn dispatches(&self, name: &str, data: &Value) {
        self.with(|state| state.tell(name, 0, data));
    }
}
