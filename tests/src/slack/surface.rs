//! What a person sees and can click: a message, an ephemeral message, a modal, a home tab.

use super::FakeSlack;
use super::picture;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum At {
    Message { channel: String, ts: String },
    Whisper { channel: String, ts: String },
    View { id: String },
}

/// Something a person sees. It shows what is there now: an edit is seen through it.
#[derive(Clone)]
pub struct Surface {
    pub(super) slack: FakeSlack,
    pub(super) at: At,
    /// What was typed into a modal, by block and action.
    pub(super) filled: BTreeMap<(String, String), Value>,
}

/// An element one can use.
pub(super) struct Found {
    pub(super) block: String,
    pub(super) element: Value,
}

impl Surface {
    pub(super) fn new(slack: &FakeSlack, at: At) -> Self {
        Self { slack: slack.clone(), at, filled: BTreeMap::new() }
    }

    /// As Slack's JSON; null when it is gone.
    #[must_use]
    pub fn json(&self) -> Value {
        self.slack.seen(&self.at)
    }

    /// Whether it is gone: deleted, closed, dismissed.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.json().is_null()
    }

    /// The blocks.
    #[must_use]
    pub fn blocks(&self) -> Vec<Value> {
        self.json()["blocks"].as_array().cloned().unwrap_or_default()
    }

    /// Whether it is in that channel.
    #[must_use]
    pub fn is_in(&self, room: &super::Room) -> bool {
        match &self.at {
            At::Message { channel, .. } | At::Whisper { channel, .. } => *channel == room.id,
            At::View { .. } => false,
        }
    }

    /// The `ts` of a message; empty for a view.
    #[must_use]
    pub fn ts(&self) -> String {
        match &self.at {
            At::Message { ts, .. } | At::Whisper { ts, .. } => ts.clone(),
            At::View { .. } => String::new(),
        }
    }

    /// As a person sees it.
    #[must_use]
    pub fn picture(&self) -> String {
        picture::surface(&self.json(), &self.slack.names())
    }

    /// The same, and fails when these words are not in it.
    ///
    /// # Panics
    /// When they are not.
    #[must_use]
    pub fn shows(self, words: &str) -> Self {
        let picture = self.picture();
        assert!(picture.contains(words), "“{words}” is not in:\n{picture}");
        self
    }

    /// The labels of what one can click or choose from.
    #[must_use]
    pub fn buttons(&self) -> Vec<String> {
        elements(&self.json()).iter().map(|(_, element)| picture::label(element).to_owned()).collect()
    }

    /// Returns once it shows these words.
    ///
    /// # Panics
    /// When it never does.
    pub async fn comes_to_show(&self, words: &str) {
        let names = self.slack.names();
        let shows = || picture::surface(&self.slack.seen(&self.at), &names).contains(words);
        let shown = self.slack.0.state.until(|| shows().then_some(())).await;
        assert!(shown.is_some(), "“{words}” never came to be in:\n{}", self.picture());
    }

    /// The element of that label, in the block that shows `beside` if it is named.
    ///
    /// # Panics
    /// When there is none.
    pub(super) fn find(&self, label: &str, beside: Option<&str>) -> Found {
        let json = self.json();
        let names = self.slack.names();
        let alone = |block: &Value| picture::message(&json!({ "blocks": [block] }), &names);
        let fits = |block: &Value| beside.is_none_or(|words| alone(block).contains(words));
        let found = elements(&json).into_iter().find(|(block, element)| {
            fits(block) && (picture::label(element) == label || element["action_id"] == label || labelled(block, label))
        });
        let Some((block, element)) = found else { panic!("there is no “{label}” to use in:\n{}", self.picture()) };
        Found { block: block["block_id"].as_str().unwrap_or_default().to_owned(), element: element.clone() }
    }
}

/// Whether an input block has that label.
fn labelled(block: &Value, label: &str) -> bool {
    block["type"] == "input" && (block["label"]["text"] == label || block["block_id"] == label)
}

/// Every interactive element with the block it stands in.
pub(super) fn elements(json: &Value) -> Vec<(&Value, &Value)> {
    let mut all = Vec::new();
    for block in json["blocks"].as_array().into_iter().flatten() {
        match block["type"].as_str().unwrap_or_default() {
            "actions" => all.extend(block["elements"].as_array().into_iter().flatten().map(|element| (block, element))),
            "section" if block["accessory"].is_object() && block["accessory"]["type"] != "image" => {
                all.push((block, &block["accessory"]));
            }
            "input" => all.push((block, &block["element"])),
            _ => {}
        }
    }
    all
}

impl FakeSlack {
    /// What is there, without telling anybody that somebody looked.
    fn seen(&self, at: &At) -> Value {
        let state = self.lock();
        match at {
            At::Message { channel, ts } => {
                state.channels.get(channel).and_then(|room| room.messages.get(ts)).cloned().unwrap_or_default()
            }
            At::Whisper { ts, .. } => {
                let found = state.whispers.iter().find(|whisper| whisper.ts == *ts && !whisper.deleted);
                found.map(|whisper| whisper.message.clone()).unwrap_or_default()
            }
            At::View { id } => state.views.get(id).map(|view| view.json.clone()).unwrap_or_default(),
        }
    }
}
