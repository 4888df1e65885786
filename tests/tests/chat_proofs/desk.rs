//! Muster by a clock that the test moves, in a chat that may be down.

use crate::chat::{Channel, Chat};
use chrono::TimeDelta;
use muster_core::app::dispatch::Dispatcher;
use muster_core::app::{Answer, Muster};
use muster_core::clock::Clock;
use muster_core::ids::{IncidentId, PersonId, PlatformId, RequestId};
use muster_core::inbound::{Ask, Caller, Inbound, Place};
use muster_core::org::{ChatRules, Organisation};
use muster_core::ports::chat;
use muster_core::ports::store::OutboxState;
use muster_tests::clock::{ManualClock, SeededEntropy, moment};
use muster_tests::memory::MemoryStore;
use muster_tests::sample;
use muster_tests::world::MORNING;
use muster_web::ConsoleChat;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// As long as a chat is down, in seconds.
pub(crate) const OUTAGE: i64 = 600;
/// The longest pause between two attempts, in seconds: by then everything has been tried again.
pub(crate) const LONGEST: i64 = 900;

/// Muster without a process around it.
pub(crate) struct Desk<C: Chat> {
    muster: Arc<Muster>,
    pub(crate) clock: Arc<ManualClock>,
    dispatcher: Dispatcher,
    pub(crate) chat: C,
    requests: AtomicU32,
}

impl<C: Chat> Desk<C> {
    pub(crate) async fn open() -> Self {
        let clock = ManualClock::at(moment(MORNING));
        let rules = ChatRules { platform: PlatformId::from(C::PLATFORM), rooms: true, announces: true };
        let org = Organisation { chats: vec![rules], ..sample::retailer() };
        let store = Arc::new(MemoryStore::default());
        let muster = Muster::new(store, Arc::clone(&clock) as Arc<dyn Clock>, SeededEntropy::new(1), org);
        let chat = C::start_by(Arc::clone(&clock) as Arc<dyn Clock>).await;
        let people = chat.people();
        let [_, incidents] = ["general", "incidents"].map(|name| chat.channel(name, &people));
        let adapter = chat.adapter(&muster, &incidents);
        let platforms: Vec<Arc<dyn chat::Chat>> = vec![Arc::new(ConsoleChat::new(Arc::clone(&muster))), adapter];
        let dispatcher = Dispatcher::new(Arc::clone(&muster), "test".to_owned(), platforms);
        Self { muster, clock, dispatcher, chat, requests: AtomicU32::new(0) }
    }

    /// Alice types in the console; what is due then is done.
    pub(crate) async fn types(&self, incident: Option<i64>, line: &str) {
        let request = self.requests.fetch_add(1, Ordering::Relaxed);
        let place =
            Place { platform: PlatformId::console(), incident: incident.map(IncidentId), address: None, forms: false };
        let inbound = Inbound {
            caller: Caller::Person(PersonId::from("alice")),
            place,
            request: RequestId::new(format!("r{request}")),
            ask: Ask::Line(line.to_owned()),
        };
        let answer = self.muster.execute(inbound).await;
        assert!(matches!(answer, Answer::Done(_)), "{line}: {answer:?}");
        self.settle().await;
    }

    pub(crate) async fn settle(&self) {
        while self.dispatcher.dispatch_due().await.expect("the outbox can be read") > 0 {}
    }

    /// Lets time pass as it does, second by second.
    pub(crate) async fn pass(&self, seconds: i64) {
        for _ in 0..seconds {
            self.clock.advance(TimeDelta::seconds(1));
            self.settle().await;
        }
    }

    /// Everything was made, and the chat was asked for nothing that no app may do.
    pub(crate) async fn ends(&self) {
        for state in [OutboxState::Waiting, OutboxState::Dead] {
            let left = self.muster.store().effects(state, 10_000).await.expect("the outbox can be read");
            assert!(left.is_empty(), "effects are left {state:?}: {left:?}");
        }
        self.chat.finish();
    }

    /// The channel of that name as it stands, if there is one.
    pub(crate) fn channel(&self, name: &str) -> Option<Channel> {
        self.chat.channels().into_values().find(|room| room.name == name)
    }

    /// The room of an incident.
    ///
    /// # Panics
    /// When it has none, or has two.
    pub(crate) fn room(&self, incident: i64) -> Channel {
        let start = format!("inc-{incident}-");
        let mut found: Vec<_> =
            self.chat.channels().into_values().filter(|room| room.name.starts_with(&start)).collect();
        assert_eq!(found.len(), 1, "INC-{incident} has one room: {found:#?}");
        found.remove(0)
    }

    /// How many announcements show these words.
    pub(crate) fn announced(&self, words: &str) -> usize {
        self.channel("incidents").map_or(0, |room| room.shows(words))
    }
}

/// The numbers of the lines that were noted, in the order in which a room shows them.
pub(crate) fn lines(room: &Channel) -> Vec<usize> {
    let numbers = room.said.iter().filter_map(|said| said.picture.split_once("line ")?.1.split_whitespace().next());
    numbers.filter_map(|number| number.parse().ok()).collect()
}
