//! The shapes of what Slack sends, as far as they matter here.
//!
//! The SDK's models want fields that Slack leaves out at times (`channel` of a button on a home tab, `hash` of a view,
//! `name` of a user), and then lose the whole payload. Here every field may be missing or of another type, and is then
//! empty; unknown fields are ignored. <https://docs.slack.dev/reference/interaction-payloads>

use muster_core::chat::lenient;
use serde::Deserialize;
use serde_json::Value;

/// A slash command. <https://docs.slack.dev/interactivity/implementing-slash-commands>
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct SlashCommand {
    #[serde(deserialize_with = "lenient")]
    pub(super) text: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) channel_id: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) user_id: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) user_name: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) response_url: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) trigger_id: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) ssl_check: String,
}

/// A button, a modal, a shortcut, or a select that wants its options.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Interaction {
    #[serde(rename = "type", deserialize_with = "lenient")]
    pub(super) kind: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) user: User,
    #[serde(deserialize_with = "lenient")]
    pub(super) channel: Channel,
    #[serde(deserialize_with = "lenient")]
    pub(super) container: Container,
    #[serde(deserialize_with = "lenient")]
    pub(super) trigger_id: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) response_url: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) callback_id: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) actions: Vec<Action>,
    #[serde(deserialize_with = "lenient")]
    pub(super) message: Message,
    #[serde(deserialize_with = "lenient")]
    pub(super) message_ts: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) view: Value,
    #[serde(deserialize_with = "lenient")]
    pub(super) action_id: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) value: String,
}

/// Who did it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct User {
    #[serde(deserialize_with = "lenient")]
    pub(super) id: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) username: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) name: String,
}

impl User {
    /// The name they are shown under.
    pub(super) fn shown(&self) -> &str {
        if self.name.is_empty() { &self.username } else { &self.name }
    }
}

/// Where it was done.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Channel {
    #[serde(deserialize_with = "lenient")]
    pub(super) id: String,
}

/// What holds the button.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Container {
    #[serde(deserialize_with = "lenient")]
    pub(super) channel_id: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) is_ephemeral: bool,
}

/// A button that was pressed, or a select in which something was chosen.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Action {
    #[serde(deserialize_with = "lenient")]
    pub(super) action_id: String,
    #[serde(deserialize_with = "lenient")]
    value: String,
    #[serde(deserialize_with = "lenient")]
    selected_option: Choice,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Choice {
    #[serde(deserialize_with = "lenient")]
    value: String,
}

impl Action {
    /// What the button holds, or the option that was chosen.
    pub(super) fn value(&self) -> &str {
        if self.value.is_empty() { &self.selected_option.value } else { &self.value }
    }
}

/// A message that somebody wrote. <https://docs.slack.dev/reference/events/message>
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Message {
    #[serde(deserialize_with = "lenient")]
    pub(super) ts: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) thread_ts: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) user: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) username: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) bot_profile: User,
    #[serde(deserialize_with = "lenient")]
    pub(super) text: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) files: Vec<Named>,
    #[serde(deserialize_with = "lenient")]
    pub(super) reactions: Vec<Named>,
}

/// A file of a message, or a reaction to it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Named {
    #[serde(deserialize_with = "lenient")]
    pub(super) name: String,
}

/// What the Events API sends. <https://docs.slack.dev/apis/events-api>
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Callback {
    #[serde(rename = "type", deserialize_with = "lenient")]
    pub(super) kind: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) challenge: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) event_id: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) event: Event,
}

/// Something that happened.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Event {
    #[serde(rename = "type", deserialize_with = "lenient")]
    pub(super) kind: String,
    pub(super) user: Id,
    pub(super) channel: Id,
    #[serde(deserialize_with = "lenient")]
    pub(super) inviter: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) tab: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) reaction: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) item: Item,
}

/// What was reacted to.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Item {
    #[serde(deserialize_with = "lenient")]
    pub(super) channel: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) ts: String,
}

/// A user or a channel: some events give its id, others the whole of it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Id(Value);

impl Id {
    /// The id; empty if there is none.
    pub(super) fn id(&self) -> &str {
        self.0.as_str().or_else(|| self.0["id"].as_str()).unwrap_or_default()
    }

    /// The whole of it, where that was given.
    pub(super) fn whole(&self) -> &Value {
        &self.0
    }
}

/// What comes over a socket. <https://docs.slack.dev/apis/events-api/using-socket-mode>
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Envelope {
    #[serde(rename = "type", deserialize_with = "lenient")]
    pub(super) kind: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) envelope_id: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) reason: String,
    #[serde(deserialize_with = "lenient")]
    pub(super) payload: Value,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_missing_or_of_another_type_is_empty() {
        let read: Interaction = serde_json::from_value(json!({
            "type": "block_actions", "user": {"id": "U1", "name": null}, "channel": "C1", "actions": [{"action_id": 7}],
            "container": null, "new_field": {"deep": [1]}
        }))
        .unwrap();
        assert_eq!((read.kind.as_str(), read.user.id.as_str(), read.user.shown()), ("block_actions", "U1", ""));
        assert_eq!((read.channel.id.as_str(), read.actions[0].action_id.as_str()), ("", ""));
    }

    #[test]
    fn a_user_or_channel_may_be_an_id_or_the_whole_of_it() {
        let plain: Event = serde_json::from_value(json!({"user": "U1", "channel": {"id": "C1", "name": "x"}})).unwrap();
        assert_eq!((plain.user.id(), plain.channel.id()), ("U1", "C1"));
        let whole: Event = serde_json::from_value(json!({"user": {"id": "U1", "profile": {}}, "channel": 7})).unwrap();
        assert_eq!((whole.user.id(), whole.channel.id()), ("U1", ""));
    }
}
