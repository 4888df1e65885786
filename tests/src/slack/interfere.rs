//! What people and the platform do to the app's things: rename, archive, delete, revoke, fail.

use super::state::{BOT_USER, Kind};
use super::surface::At;
use super::{FakeSlack, Fault, Hand, Room, Surface, api};
use serde_json::json;
use std::time::Duration;

/// The workspace's owner, who does what nobody else is named for.
const OWNER: &str = "U0OWNER000";

impl FakeSlack {
    /// Calls fail in this way from now on.
    pub fn fail(&self, fault: Fault) {
        self.with(|state| state.faults.add(fault));
    }

    /// No call fails any more; rate limits in force end.
    pub fn heal(&self) {
        self.with(|state| state.faults.heal());
    }

    /// Every call takes so long.
    pub fn delay(&self, delay: Duration) {
        self.with(|state| state.delay = delay);
    }

    /// A trigger lives so long; three seconds until then.
    pub fn trigger_life(&self, life: Duration) {
        self.with(|state| state.trigger_life = life);
    }

    /// A trigger of that person's, as a slash command would bring one.
    #[must_use]
    pub fn trigger(&self, hand: &Hand) -> String {
        self.with(|state| state.trigger(&hand.id, None))
    }

    /// The app subscribes to these events only.
    pub fn subscribe_to(&self, events: &[&str]) {
        self.with(|state| state.subscriptions = events.iter().map(|event| (*event).to_owned()).collect());
    }

    /// The bot's token has these scopes only.
    pub fn scopes(&self, scopes: &[&str]) {
        self.with(|state| state.scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect());
    }

    /// The bot's token loses a scope.
    pub fn remove_scope(&self, scope: &str) {
        self.with(|state| state.scopes.remove(scope));
    }

    /// The bot's token gains a scope.
    pub fn add_scope(&self, scope: &str) {
        self.with(|state| state.scopes.insert(scope.to_owned()));
    }

    /// The tokens are revoked; the app is told.
    pub fn revoke_token(&self) {
        self.with(|state| {
            let tokens = json!({ "oauth": [], "bot": [BOT_USER] });
            state.event("tokens_revoked", None, json!({ "type": "tokens_revoked", "tokens": tokens }));
            state.token_revoked = true;
        });
    }

    /// The tokens are good again.
    pub fn restore_token(&self) {
        self.with(|state| state.token_revoked = false);
    }

    /// Nobody may write in the workspace, or everybody again.
    pub fn read_only(&self, is_read_only: bool) {
        self.with(|state| state.read_only = is_read_only);
    }

    /// Only admins may write in a channel.
    pub fn read_only_channel(&self, room: &Room) {
        self.with(|state| state.channels.get_mut(&room.id).expect("the channel exists").is_read_only = true);
    }

    /// A bot may unarchive channels it is in. Slack's does not; its page calls that a bug.
    pub fn bots_may_unarchive(&self) {
        self.with(|state| state.bot_may_unarchive = true);
    }

    /// Somebody renames a channel.
    pub fn rename(&self, room: &Room, name: &str) {
        self.with(|state| api::rename(state, &room.id, name));
    }

    /// Somebody archives a channel.
    pub fn archive(&self, room: &Room) {
        self.with(|state| api::archive(state, &room.id, OWNER));
    }

    /// Somebody unarchives a channel.
    pub fn unarchive(&self, room: &Room) {
        self.with(|state| api::revive(state, &room.id, OWNER));
    }

    /// Somebody deletes a channel.
    pub fn delete(&self, room: &Room) {
        self.with(|state| {
            let kind = match state.channels.get(&room.id) {
                Some(channel) if channel.kind == Kind::Private => "group_deleted",
                Some(_) | None => "channel_deleted",
            };
            let event = json!({ "type": kind, "channel": room.id, "event_ts": state.ts() });
            state.event(kind, Some(&room.id), event);
            if let Some(channel) = state.channels.remove(&room.id) {
                state.names.remove(&channel.name);
            }
        });
    }

    /// Somebody removes the bot from a channel.
    pub fn kick_bot(&self, room: &Room) {
        self.with(|state| api::go(state, &room.id, BOT_USER));
    }

    /// Somebody deletes a message.
    ///
    /// # Panics
    /// When it is no message of a channel.
    pub fn delete_message(&self, message: &Surface) {
        let At::Message { channel, ts } = &message.at else { panic!("one deletes messages") };
        self.with(|state| api::remove(state, channel, ts));
    }

    /// Somebody's account is deactivated; they leave every channel.
    pub fn deactivate(&self, hand: &Hand) {
        self.with(|state| {
            let Some(user) = state.users.get_mut(&hand.id) else { return };
            user.deleted = true;
            let user = user.json(false);
            for channel in state.channels.values_mut() {
                channel.members.remove(&hand.id);
            }
            let event = json!({ "type": "user_change", "user": user, "event_ts": state.ts() });
            state.event("user_change", None, event);
        });
    }

    /// Every socket is told that it will be closed: `warning` or `refresh_requested`.
    pub fn disconnect_sockets(&self, reason: &str) {
        self.with(|state| state.sockets.disconnect(reason));
    }

    /// Every socket is cut without a word.
    pub fn cut_sockets(&self) {
        self.with(|state| state.sockets.cut());
    }

    /// The sockets that are open stay so and bring nothing more.
    pub fn silence_sockets(&self) {
        self.with(|state| state.sockets.silence());
    }
}
