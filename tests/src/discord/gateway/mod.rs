//! The gateway's state: sessions, what each has been told, and what tests do to them.
//! <https://docs.discord.com/developers/events/gateway>

mod serve;

use super::refused::Reply;
use super::state::{Id, Kind, State};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::sync::mpsc;

pub(super) use serve::{Entry, serve};

/// Intents the fake tells events by.
/// <https://docs.discord.com/developers/events/gateway#list-of-intents>
pub(super) const GUILDS: u64 = 1 << 0;
/// Who comes, goes and changes; privileged.
pub(super) const GUILD_MEMBERS: u64 = 1 << 1;
/// Messages in the guild.
const GUILD_MESSAGES: u64 = 1 << 9;
/// Reactions in the guild.
const GUILD_MESSAGE_REACTIONS: u64 = 1 << 10;
/// Messages in direct conversations.
const DIRECT_MESSAGES: u64 = 1 << 12;
/// Reactions in direct conversations.
const DIRECT_MESSAGE_REACTIONS: u64 = 1 << 13;
/// Those that are switched on in the app's settings first: members, presences, message content.
const PRIVILEGED: u64 = GUILD_MEMBERS | 1 << 8 | super::shown::MESSAGE_CONTENT;
/// All there are.
const KNOWN: u64 = 0x1_ffff | 1 << 20 | 1 << 21 | 1 << 24 | 1 << 25;

/// How many events of a session can be sent again.
const REMEMBERED: usize = 10_000;

/// What is sent down a connection.
#[derive(Debug)]
pub(super) enum Frame {
    Text(String),
    /// The connection is closed with that code.
    Close(u16),
    /// The connection ends without a word.
    Cut,
    /// The connection stays open; nothing more is sent or read.
    Hush,
}

/// A connection that speaks for a session.
#[derive(Debug)]
struct Link {
    number: Id,
    send: mpsc::UnboundedSender<Frame>,
}

/// A session.
#[derive(Debug)]
pub(super) struct Session {
    id: String,
    intents: u64,
    seq: u64,
    log: Vec<(u64, String)>,
    link: Option<Link>,
}

/// All of it.
#[derive(Debug)]
pub(super) struct Gateway {
    pub(super) sessions: Vec<Session>,
    /// Connections so far, sessions begun, sessions resumed, heartbeats heard.
    pub(super) opened: u64,
    pub(super) identified: u64,
    pub(super) resumed: u64,
    pub(super) beats: u64,
    pub(super) heartbeat: Duration,
    pub(super) withholds_acks: bool,
    pub(super) refuses_resumes: bool,
    pub(super) cuts_next: bool,
}

impl Default for Gateway {
    fn default() -> Self {
        Self {
            sessions: Vec::new(),
            opened: 0,
            identified: 0,
            resumed: 0,
            beats: 0,
            heartbeat: Duration::from_secs(2),
            withholds_acks: false,
            refuses_resumes: false,
            cuts_next: false,
        }
    }
}

impl Gateway {
    /// How many sessions have a connection.
    pub(super) fn connected(&self) -> usize {
        self.sessions.iter().filter(|session| session.link.is_some()).count()
    }

    /// The intents of the latest session.
    pub(super) fn intents(&self) -> Option<u64> {
        self.sessions.last().map(|session| session.intents)
    }

    /// Sends a frame down every connection of a session; after one that ends it, or makes it dumb, there is none.
    pub(super) fn send(&mut self, frame: impl Fn() -> Frame) {
        for session in &mut self.sessions {
            let Some(link) = &session.link else { continue };
            let frame = frame();
            let ends = matches!(frame, Frame::Close(_) | Frame::Cut | Frame::Hush);
            let _ = link.send.send(frame);
            if ends {
                session.link = None;
            }
        }
    }

    /// No session can be resumed any more.
    pub(super) fn forget(&mut self) {
        self.sessions.clear();
    }
}

impl State {
    /// Tells an event to the sessions with that intent; those of intent 0 to all.
    pub(super) fn tell(&mut self, name: &str, intent: u64, data: &Value) {
        let cuts = self.gateway.cuts_next;
        for session in &mut self.gateway.sessions {
            if intent != 0 && session.intents & intent == 0 {
                continue;
            }
            session.seq += 1;
            let text = json!({ "op": 0, "t": name, "s": session.seq, "d": data }).to_string();
            session.log.push((session.seq, text.clone()));
            if session.log.len() > REMEMBERED {
                session.log.remove(0);
            }
            let Some(link) = &session.link else { continue };
            let _ = link.send.send(Frame::Text(text));
            if cuts {
                let _ = link.send.send(Frame::Cut);
                session.link = None;
                self.gateway.cuts_next = false;
            }
        }
    }

    /// Tells an event about a channel that the bot sees.
    pub(super) fn tell_of_channel(&mut self, name: &str, channel: Id) {
        let Some(known) = self.channels.get(&channel) else { return };
        let mut data = self.channel_json(known);
        let is_seen = self.permissions_in(self.bot, known) != 0;
        let is_update = name == "CHANNEL_UPDATE";
        if name == "THREAD_CREATE" {
            data["newly_created"] = json!(true);
        }
        // Who loses sight of a channel is told how it came to that.
        if is_seen || is_update {
            self.tell(name, GUILDS, &data);
        }
    }

    /// Tells an event about a message.
    pub(super) fn tell_of_message(&mut self, name: &str, channel: Id, data: Value) {
        let Some(known) = self.channels.get(&channel) else { return };
        let is_seen = self.permissions_in(self.bot, known) != 0;
        let is_direct = known.kind == Kind::Direct;
        let is_reaction = name.starts_with("MESSAGE_REACTION");
        let intent = match (is_direct, is_reaction) {
            (false, false) => GUILD_MESSAGES,
            (false, true) => GUILD_MESSAGE_REACTIONS,
            (true, false) => DIRECT_MESSAGES,
            (true, true) => DIRECT_MESSAGE_REACTIONS,
        };
        if is_seen {
            let data = if data["author"].is_object() { self.as_seen(channel, data) } else { data };
            self.tell(name, intent, &data);
        }
    }

    /// `GET /gateway/bot`.
    pub(super) fn gateway_bot(&self) -> Reply {
        let limit = json!({ "total": 1000, "remaining": 1000_u64.saturating_sub(self.gateway.identified),
            "reset_after": 86_400_000, "max_concurrency": 1 });
        let url = format!("{}/first", self.gateway_address);
        Reply { status: 200, body: json!({ "url": url, "shards": 1, "session_start_limit": limit }) }
    }
}
