//! A channel, as those who see it see it.

use super::permissions;
use super::state::{Channel, Id, Kind, State};
use super::surface::At;
use super::{FakeDiscord, Hand, Surface, picture};

/// A channel, a category, a thread, or a conversation with the bot.
#[derive(Clone)]
pub struct Room {
    pub(super) discord: FakeDiscord,
    pub(super) id: Id,
}

impl Room {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> String {
        self.id.to_string()
    }

    fn look<T>(&self, look: impl FnOnce(&Channel, &State) -> T) -> T {
        self.discord.look(|state| look(state.channels.get(&self.id).expect("the channel was deleted"), state))
    }

    /// Whether it is gone.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.discord.look(|state| !state.channels.contains_key(&self.id))
    }

    /// Its name, without `#`.
    #[must_use]
    pub fn name(&self) -> String {
        self.look(|room, _| room.name.clone())
    }

    /// Its topic.
    #[must_use]
    pub fn topic(&self) -> String {
        self.look(|room, _| room.topic.clone().unwrap_or_default())
    }

    /// The name of its category; of a thread, of the channel it belongs to.
    #[must_use]
    pub fn category(&self) -> Option<String> {
        self.look(|room, state| {
            room.parent.and_then(|parent| state.channels.get(&parent)).map(|room| room.name.clone())
        })
    }

    /// What it is: `text`, `voice`, `category`, `forum`, `thread`, `private thread` or `direct`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.look(|room, _| match room.kind {
            Kind::Text => "text",
            Kind::Direct => "direct",
            Kind::Voice => "voice",
            Kind::Category => "category",
            Kind::PublicThread => "thread",
            Kind::PrivateThread => "private thread",
            Kind::Forum => "forum",
        })
    }

    /// Whether it is an archived thread.
    #[must_use]
    pub fn is_archived(&self) -> bool {
        self.look(|room, _| room.thread.as_ref().is_some_and(|thread| thread.is_archived))
    }

    /// Whether it is a locked thread.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.look(|room, _| room.thread.as_ref().is_some_and(|thread| thread.is_locked))
    }

    /// Whether somebody sees it.
    #[must_use]
    pub fn sees(&self, hand: &Hand) -> bool {
        self.look(|room, state| state.sees(hand.id, room))
    }

    /// Whether somebody can write in it.
    #[must_use]
    pub fn can_write(&self, hand: &Hand) -> bool {
        self.look(|room, state| {
            let locked = room.thread.as_ref().is_some_and(|thread| thread.is_locked || thread.is_archived);
            let wanted = match (&room.thread, locked) {
                (Some(_), true) => permissions::MANAGE_THREADS,
                (Some(_), false) => permissions::SEND_MESSAGES_IN_THREADS,
                (None, _) => permissions::SEND_MESSAGES,
            };
            state.allowed(hand.id, room, wanted).is_ok()
        })
    }

    /// Its overwrites, a line each: who, what is allowed, what is denied. Sorted.
    #[must_use]
    pub fn overwrites(&self) -> Vec<String> {
        let mut lines = self.look(|room, state| {
            let names = state.names();
            let line = |one: &permissions::Overwrite| {
                let who = names.get(&one.id).cloned().unwrap_or_else(|| one.id.to_string());
                let plus = permissions::names(one.allow).into_iter().map(|name| format!(" +{name}"));
                let minus = permissions::names(one.deny).into_iter().map(|name| format!(" -{name}"));
                format!("{who}{}", plus.chain(minus).collect::<String>())
            };
            room.overwrites.values().map(line).collect::<Vec<_>>()
        });
        lines.sort();
        lines
    }

    /// The names of those in a thread, sorted; else of all who see it, the owner of the guild and the bot excepted.
    #[must_use]
    pub fn members(&self) -> Vec<String> {
        let mut members: Vec<_> = self.look(|room, state| {
            let is_in = |id: &Id| match &room.thread {
                Some(thread) => thread.members.contains(id),
                None => *id != state.owner && *id != state.bot && state.sees(*id, room),
            };
            state.members.keys().filter(|id| is_in(id)).map(|id| state.users[id].name.clone()).collect()
        });
        members.sort();
        members
    }

    /// What is pinned, the oldest pin first.
    #[must_use]
    pub fn pins(&self) -> Vec<Surface> {
        let pins: Vec<_> = self.look(|room, _| room.pins.iter().map(|(id, _)| *id).collect());
        pins.into_iter().map(|id| self.surface(id)).collect()
    }

    /// All messages, the oldest first.
    #[must_use]
    pub fn messages(&self) -> Vec<Surface> {
        let all: Vec<_> = self.look(|room, _| room.messages.keys().copied().collect());
        all.into_iter().map(|id| self.surface(id)).collect()
    }

    /// The messages that show these words, the oldest first.
    #[must_use]
    pub fn messages_with(&self, words: &str) -> Vec<Surface> {
        self.messages().into_iter().filter(|message| message.picture().contains(words)).collect()
    }

    /// The first message that shows these words, once there is one.
    pub async fn message(&self, words: &str) -> Surface {
        let what = format!("a message with “{words}” in {}", self.id);
        let id = self.discord.until(&what, |state| {
            let names = state.names();
            let mut messages = state.channels.get(&self.id)?.messages.iter();
            messages.find(|(_, message)| picture::message(&message.json, &names).contains(words)).map(|(id, _)| *id)
        });
        self.surface(id.await)
    }

    /// Returns once that can be said of the room.
    pub async fn until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let held = self.discord.0.state.until(|| holds(self).then_some(())).await;
        assert!(held.is_some(), "{what} never came to be. There is:\n{}", self.discord.inventory());
    }

    fn surface(&self, id: Id) -> Surface {
        Surface::new(&self.discord, At::Message { channel: self.id, id })
    }
}
