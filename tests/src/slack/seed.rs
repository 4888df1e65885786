//! The workspace as it is when a test begins.

use super::api;
use super::socket::Sockets;
use super::state::{BOT_USER, State, User};
use muster_core::clock::Timestamp;
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

impl State {
    /// A workspace with the bot in it and nobody else.
    pub(super) fn new(url: &str, now: Timestamp) -> Self {
        let subscriptions = [
            "app_home_opened",
            "message.channels",
            "message.groups",
            "message.im",
            "reaction_added",
            "reaction_removed",
            "pin_added",
            "pin_removed",
            "member_joined_channel",
            "member_left_channel",
            "channel_rename",
            "group_rename",
            "channel_archive",
            "group_archive",
            "channel_unarchive",
            "group_unarchive",
            "channel_deleted",
            "group_deleted",
            "channel_left",
            "group_left",
            "tokens_revoked",
            "user_change",
            "team_join",
        ];
        let mut state = Self {
            url: url.to_owned(),
            bot_token: "xoxb-1-muster".to_owned(),
            app_token: "xapp-1-muster".to_owned(),
            signing_secret: "8f742231b10e8888abcd99yyyzzz85a5".to_owned(),
            token_revoked: false,
            scopes: api::all_scopes().collect(),
            subscriptions: subscriptions.map(str::to_owned).into(),
            bot_may_unarchive: false,
            read_only: false,
            users: BTreeMap::new(),
            groups: Vec::new(),
            channels: BTreeMap::new(),
            names: HashMap::new(),
            directs: HashMap::new(),
            whispers: Vec::new(),
            views: HashMap::new(),
            stacks: HashMap::new(),
            homes: HashMap::new(),
            triggers: HashMap::new(),
            trigger_life: Duration::from_secs(3),
            response_urls: HashMap::new(),
            sockets: Sockets::default(),
            calls: Vec::new(),
            violations: Vec::new(),
            faults: crate::fault::Faults::default(),
            delay: Duration::ZERO,
            events: Vec::new(),
            now,
            next: 0,
            last_ts: 0,
        };
        let bot = state.member("muster", "Muster", None);
        let mut user = state.users.remove(&bot).expect("it was just made");
        BOT_USER.clone_into(&mut user.id);
        user.is_bot = true;
        state.users.insert(BOT_USER.to_owned(), user);
        state
    }

    /// A new member; gives their id.
    pub(super) fn member(&mut self, name: &str, real_name: &str, email: Option<&str>) -> String {
        let id = self.id("U");
        let user = User {
            id: id.clone(),
            name: name.to_owned(),
            real_name: real_name.to_owned(),
            email: email.map(str::to_owned),
            deleted: false,
            is_bot: false,
            is_restricted: false,
            tz: "Europe/Stockholm".to_owned(),
        };
        self.users.insert(id.clone(), user);
        id
    }
}
