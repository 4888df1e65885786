//! What comes over a socket, and how it is acknowledged.

use crate::inbound::payload::{Callback, Envelope, Interaction, SlashCommand};
use crate::inbound::{Ack, Arrived};
use muster_core::chat::unreadable;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Utf8Bytes;

/// What a message over a socket is.
#[derive(Debug)]
pub(super) enum Received {
    /// The connection is ready.
    Hello,
    /// Slack will close the connection; `disabled` when it will not take another.
    Leaving {
        /// Whether it will not.
        disabled: bool,
    },
    /// Something arrived, to be acknowledged by this id.
    Envelope {
        /// The id.
        id: String,
        /// What arrived.
        arrived: Box<Arrived>,
    },
    /// It cannot be read; to be acknowledged all the same where it has an id, or it would come again.
    Unreadable {
        /// The id.
        id: Option<String>,
    },
}

/// Reads a message.
pub(super) fn received(text: &str) -> Received {
    let Ok(whole) = serde_json::from_str::<Value>(text) else {
        unreadable(&crate::platform(), "socket", "it is not JSON", &Value::Null);
        return Received::Unreadable { id: None };
    };
    let Ok(envelope) = serde_json::from_value::<Envelope>(whole.clone()) else {
        unreadable(&crate::platform(), "socket", "it is no envelope", &whole);
        return Received::Unreadable { id: None };
    };
    let arrived = match envelope.kind.as_str() {
        "hello" => return Received::Hello,
        "disconnect" => return Received::Leaving { disabled: envelope.reason == "link_disabled" },
        "slash_commands" => read::<SlashCommand>(envelope.payload).map(Arrived::Command),
        "interactive" => read::<Box<Interaction>>(envelope.payload).map(Arrived::Interaction),
        "events_api" => read::<Box<Callback>>(envelope.payload).map(Arrived::Event),
        _ => None,
    };
    match arrived {
        Some(arrived) => Received::Envelope { id: envelope.envelope_id, arrived: Box::new(arrived) },
        None => {
            unreadable(&crate::platform(), "socket", "it is of no known shape", &whole);
            Received::Unreadable { id: super::super::some(&envelope.envelope_id) }
        }
    }
}

fn read<T: DeserializeOwned>(payload: Value) -> Option<T> {
    serde_json::from_value(payload).ok()
}

/// What acknowledges an envelope.
pub(super) fn acknowledgement(id: &str, ack: Ack) -> Utf8Bytes {
    let body = match ack.0 {
        Some(payload) => json!({ "envelope_id": id, "payload": payload }),
        None => json!({ "envelope_id": id }),
    };
    body.to_string().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_envelope_is_read_by_its_type() {
        let kind = |text: &str| match received(text) {
            Received::Hello => "hello",
            Received::Leaving { disabled: true } => "switched off",
            Received::Leaving { disabled: false } => "leaving",
            Received::Envelope { arrived, .. } => match *arrived {
                Arrived::Command(_) => "command",
                Arrived::Interaction(_) => "interaction",
                Arrived::Event(_) => "event",
            },
            Received::Unreadable { id: Some(_) } => "unreadable, acknowledged",
            Received::Unreadable { id: None } => "unreadable",
        };
        assert_eq!(kind(r#"{"type":"hello","num_connections":1}"#), "hello");
        assert_eq!(kind(r#"{"type":"disconnect","reason":"refresh_requested"}"#), "leaving");
        assert_eq!(kind(r#"{"type":"disconnect","reason":"link_disabled"}"#), "switched off");
        assert_eq!(kind(r#"{"type":"slash_commands","envelope_id":"1","payload":{"text":""}}"#), "command");
        assert_eq!(kind(r#"{"type":"interactive","envelope_id":"1","payload":{}}"#), "interaction");
        assert_eq!(kind(r#"{"type":"events_api","envelope_id":"1","payload":{}}"#), "event");
        assert_eq!(kind(r#"{"type":"events_api","envelope_id":"1"}"#), "unreadable, acknowledged");
        assert_eq!(kind(r#"{"type":"new_kind","envelope_id":"1","payload":{}}"#), "unreadable, acknowledged");
        for odd in ["", "[]", "7", "null", "{}", "{", "\u{0}", r#"{"type":["hello"]}"#] {
            assert_eq!(kind(odd), "unreadable", "{odd}");
        }
    }

    #[test]
    fn an_acknowledgement_names_its_envelope_and_may_show_something() {
        assert_eq!(acknowledgement("1", Ack::EMPTY).as_str(), r#"{"envelope_id":"1"}"#);
        let shown = acknowledgement("1", Ack::with(json!({ "text": "hi" })));
        assert_eq!(shown.as_str(), r#"{"envelope_id":"1","payload":{"text":"hi"}}"#);
    }
}
