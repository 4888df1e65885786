//! What Discord is answered at once.
//! <https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-interaction-callback-type>

use super::payload::EPHEMERAL;
use muster_core::chat::Pending;
use muster_core::command::Invocation;
use serde_json::{Value, json};

/// What Discord is answered at once.
pub(super) enum Ack {
    /// We are here.
    Pong,
    /// Something for them alone to read.
    Say {
        /// The message.
        message: Value,
        /// Whether it takes the place of the one whose button they used.
        replaces: bool,
    },
    /// There will be something to read.
    Later {
        /// Whether it may take the place of the one whose button they used.
        replaces: bool,
        /// What is still to be done. It ends with saying it, and must begin after Discord has heard this.
        rest: Pending<()>,
    },
    /// A form to fill in.
    Open {
        /// The form.
        modal: Value,
        /// What it is the form of.
        target: Invocation,
    },
    /// What could be typed.
    Offer(Value),
}

impl Ack {
    /// As Discord reads it.
    pub(super) fn body(&self) -> Value {
        match self {
            Self::Pong => json!({ "type": 1 }),
            Self::Say { message, replaces: false } => json!({ "type": 4, "data": aside(message) }),
            Self::Say { message, replaces: true } => json!({ "type": 7, "data": message }),
            Self::Later { replaces: false, .. } => json!({ "type": 5, "data": { "flags": EPHEMERAL } }),
            Self::Later { replaces: true, .. } => json!({ "type": 6 }),
            Self::Offer(choices) => json!({ "type": 8, "data": choices }),
            Self::Open { modal, .. } => json!({ "type": 9, "data": modal }),
        }
    }

    /// What is still to be done.
    pub(super) fn rest(self) -> Option<Pending<()>> {
        match self {
            Self::Later { rest, .. } => Some(rest),
            Self::Pong | Self::Say { .. } | Self::Open { .. } | Self::Offer(_) => None,
        }
    }
}

/// A message that one person sees.
pub(super) fn aside(message: &Value) -> Value {
    let mut message = message.clone();
    if let Some(message) = message.as_object_mut() {
        message.insert("flags".to_owned(), json!(EPHEMERAL));
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_answered_is_for_one_person_to_see() {
        let say = |replaces| Ack::Say { message: json!({ "content": "hi" }), replaces }.body();
        assert_eq!(say(false), json!({ "type": 4, "data": { "content": "hi", "flags": 64 } }));
        assert_eq!(say(true), json!({ "type": 7, "data": { "content": "hi" } }), "what it replaces is theirs already");
        let later = Ack::Later { replaces: false, rest: Box::pin(async {}) };
        assert_eq!(later.body(), json!({ "type": 5, "data": { "flags": 64 } }));
        assert!(later.rest().is_some() && Ack::Pong.rest().is_none());
    }
}
