//! A channel, as those in it see it.

use super::state::Channel;
use super::surface::At;
use super::{FakeSlack, Surface, picture};
use serde_json::Value;

/// A channel, or a conversation with the bot.
#[derive(Clone)]
pub struct Room {
    pub(super) slack: FakeSlack,
    pub(super) id: String,
}

impl Room {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    fn look<T>(&self, look: impl FnOnce(&Channel) -> T) -> T {
        let state = self.slack.lock();
        look(state.channels.get(&self.id).expect("the channel was deleted"))
    }

    /// Its name, without `#`.
    #[must_use]
    pub fn name(&self) -> String {
        self.look(|room| room.name.clone())
    }

    /// Its topic.
    #[must_use]
    pub fn topic(&self) -> String {
        self.look(|room| room.topic["value"].as_str().unwrap_or_default().to_owned())
    }

    /// Its purpose.
    #[must_use]
    pub fn purpose(&self) -> String {
        self.look(|room| room.purpose["value"].as_str().unwrap_or_default().to_owned())
    }

    /// Whether it is archived.
    #[must_use]
    pub fn is_archived(&self) -> bool {
        self.look(|room| room.is_archived)
    }

    /// Whether only those in it know of it.
    #[must_use]
    pub fn is_private(&self) -> bool {
        self.look(|room| room.kind == super::state::Kind::Private)
    }

    /// The names of those in it, sorted; the bot's is `muster`.
    #[must_use]
    pub fn members(&self) -> Vec<String> {
        let names = self.slack.names();
        let mut members: Vec<_> = self.look(|room| room.members.iter().map(|id| names[id].clone()).collect());
        members.sort();
        members
    }

    /// What is pinned, the oldest pin first.
    #[must_use]
    pub fn pins(&self) -> Vec<Surface> {
        let pins: Vec<_> = self.look(|room| room.pins.iter().map(|(ts, _, _)| ts.clone()).collect());
        pins.into_iter().map(|ts| self.surface(ts)).collect()
    }

    /// Its bookmarks: title and link.
    #[must_use]
    pub fn bookmarks(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        self.look(|room| room.bookmarks.iter().map(|mark| (text(&mark["title"]), text(&mark["link"]))).collect())
    }

    /// All messages, the oldest first, without Slack's own notices of joins and topics.
    #[must_use]
    pub fn messages(&self) -> Vec<Surface> {
        let said = |room: &Channel| {
            let said = room.messages.iter().filter(|(_, message)| !is_notice(message));
            said.map(|(ts, _)| ts.clone()).collect()
        };
        let all: Vec<_> = self.look(said);
        all.into_iter().map(|ts| self.surface(ts)).collect()
    }

    /// The messages that show these words, the oldest first.
    #[must_use]
    pub fn messages_with(&self, words: &str) -> Vec<Surface> {
        self.messages().into_iter().filter(|message| message.picture().contains(words)).collect()
    }

    /// The first message that shows these words, once there is one.
    pub async fn message(&self, words: &str) -> Surface {
        let names = self.slack.names();
        let what = format!("a message with “{words}” in {}", self.id);
        let ts = self.slack.until(&what, |state| {
            let messages = state.channels.get(&self.id)?.messages.iter();
            let said = messages.filter(|(_, message)| !is_notice(message));
            let mut fit = said.filter(|(_, message)| picture::message(message, &names).contains(words));
            fit.next().map(|(ts, _)| ts.clone())
        });
        self.surface(ts.await)
    }

    /// Returns once that can be said of the room.
    pub async fn until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let held = self.slack.0.state.until(|| holds(self).then_some(())).await;
        assert!(held.is_some(), "{what} never came to be. There is:\n{}", self.slack.inventory());
    }

    fn surface(&self, ts: String) -> Surface {
        Surface::new(&self.slack, At::Message { channel: self.id.clone(), ts })
    }
}

/// Whether Slack itself wrote it: somebody joined, the topic was set.
fn is_notice(message: &Value) -> bool {
    message["subtype"].as_str().is_some_and(|subtype| subtype.starts_with("channel_"))
}
