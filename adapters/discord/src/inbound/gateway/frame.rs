//! What travels over the gateway. Discord adds events and fields at any time: nothing here fails for one.
//! <https://docs.discord.com/developers/events/gateway-events#payload-structure>

use super::session::Session;
use muster_core::chat::token::Token;
use muster_core::chat::unreadable;
use serde_json::{Value, json};
use std::time::Duration;

/// We are told of channels and threads that are deleted, and of reactions. None of these is privileged, and none lets
/// Discord send what people say. <https://docs.discord.com/developers/events/gateway#list-of-intents>
const GUILDS: u64 = 1 << 0;
const GUILD_MESSAGE_REACTIONS: u64 = 1 << 10;

/// What Discord says, by its opcode.
/// <https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-opcodes>
#[derive(Debug)]
pub(super) enum Frame {
    /// Something happened.
    Event(Event),
    /// A heartbeat is wanted now.
    BeatNow,
    /// Open another connection and go on there.
    Reconnect,
    /// The session is over, unless it can be resumed over another connection.
    Invalid {
        /// Whether it can.
        resumable: bool,
    },
    /// The first thing that is said: how often a heartbeat is wanted.
    Hello {
        /// How often.
        every: Duration,
    },
    /// A heartbeat was heard.
    Heard,
    /// It cannot be read.
    Unreadable,
}

/// Something that happened.
#[derive(Debug, Default)]
pub(super) struct Event {
    /// Its number in the session.
    pub(super) number: Option<u64>,
    /// What kind of thing.
    pub(super) kind: String,
    /// The rest.
    pub(super) data: Value,
}

/// Reads what Discord says.
pub(super) fn read(text: &str) -> Frame {
    let Ok(mut whole) = serde_json::from_str::<Value>(text) else {
        unreadable(&crate::platform(), "gateway", "it is not JSON", &Value::Null);
        return Frame::Unreadable;
    };
    match whole["op"].as_u64() {
        Some(0) => Frame::Event(Event {
            number: whole["s"].as_u64(),
            kind: whole["t"].as_str().unwrap_or_default().to_owned(),
            data: whole["d"].take(),
        }),
        Some(1) => Frame::BeatNow,
        Some(7) => Frame::Reconnect,
        Some(9) => Frame::Invalid { resumable: whole["d"].as_bool().unwrap_or(false) },
        Some(10) => match whole["d"]["heartbeat_interval"].as_u64().filter(|every| *every > 0) {
            Some(every) => Frame::Hello { every: Duration::from_millis(every) },
            None => unknown(&whole),
        },
        Some(11) => Frame::Heard,
        Some(_) | None => unknown(&whole),
    }
}

fn unknown(whole: &Value) -> Frame {
    unreadable(&crate::platform(), "gateway", "it is of no known shape", whole);
    Frame::Unreadable
}

/// Starts a session. <https://docs.discord.com/developers/events/gateway-events#identify>
pub(super) fn identify(token: &Token) -> Value {
    let properties = json!({ "os": std::env::consts::OS, "browser": "muster", "device": "muster" });
    let intents = GUILDS | GUILD_MESSAGE_REACTIONS;
    json!({ "op": 2, "d": { "token": token.reveal(), "intents": intents, "properties": properties } })
}

/// Goes on with a session. <https://docs.discord.com/developers/events/gateway-events#resume>
pub(super) fn resume(token: &Token, session: &Session) -> Value {
    json!({ "op": 6, "d": { "token": token.reveal(), "session_id": session.id, "seq": session.number } })
}

/// A heartbeat, with the number of the last event.
/// <https://docs.discord.com/developers/events/gateway#sending-heartbeats>
pub(super) fn beat(number: Option<u64>) -> Value {
    json!({ "op": 1, "d": number })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_read_by_its_opcode() {
        let kind = |text: &str| match read(text) {
            Frame::Event(event) => format!("event {:?} {}", event.number, event.kind),
            Frame::BeatNow => "beat now".to_owned(),
            Frame::Reconnect => "reconnect".to_owned(),
            Frame::Invalid { resumable } => format!("invalid {resumable}"),
            Frame::Hello { every } => format!("hello {every:?}"),
            Frame::Heard => "heard".to_owned(),
            Frame::Unreadable => "unreadable".to_owned(),
        };
        assert_eq!(kind(r#"{"op":10,"d":{"heartbeat_interval":41250},"s":null,"t":null}"#), "hello 41.25s");
        assert_eq!(kind(r#"{"op":0,"s":7,"t":"RESUMED","d":{}}"#), "event Some(7) RESUMED");
        assert_eq!(kind(r#"{"op":0,"s":"x","t":3}"#), "event None ");
        assert_eq!(kind(r#"{"op":1,"d":null}"#), "beat now");
        assert_eq!(kind(r#"{"op":7,"d":null}"#), "reconnect");
        assert_eq!(kind(r#"{"op":9,"d":true}"#), "invalid true");
        assert_eq!(kind(r#"{"op":9}"#), "invalid false");
        assert_eq!(kind(r#"{"op":11}"#), "heard");
        for odd in ["", "[]", "7", "null", "{}", "{", "\u{0}", r#"{"op":"0"}"#, r#"{"op":99}"#, r#"{"op":10,"d":{}}"#] {
            assert_eq!(kind(odd), "unreadable", "{odd}");
        }
    }

    #[test]
    fn no_intent_is_privileged() {
        let intents = identify(&Token::new("x"))["d"]["intents"].as_u64().unwrap();
        let (members, presences, content) = (1 << 1, 1 << 8, 1 << 15);
        assert_eq!(intents & (members | presences | content), 0);
    }
}
