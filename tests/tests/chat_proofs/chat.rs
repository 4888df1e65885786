//! A chat platform of ours as the proofs use it: what people do there, and what is to be seen afterwards.

use muster_core::app::Muster;
use muster_core::clock::Clock;
use muster_core::ports::chat;
use muster_tests::fault::Fault;
use muster_tests::process::{Database, Installation, Wire};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

/// A platform. What people do may fail there: they see no answer.
pub(crate) trait Chat: Clone + Send + Sync + 'static {
    /// Somebody there.
    type Hand: Clone + Send + Sync + 'static;
    /// A channel.
    type Room: Clone + Send + Sync + 'static;
    /// A message or a form.
    type Surface: Send + Sync;

    /// Its name in rooms.
    const PLATFORM: &'static str;
    /// So many links stand above a room.
    const LINKS: usize;
    /// The method that pins.
    const PIN: &'static str;

    /// Starts one that goes by this clock.
    fn start_by(clock: Arc<dyn Clock>) -> impl Future<Output = Self> + Send;
    /// The people of an installation.
    fn people(&self) -> BTreeMap<&'static str, Self::Hand>;
    /// A channel that everybody is in.
    fn channel(&self, name: &str, everybody: &BTreeMap<&'static str, Self::Hand>) -> Self::Room;
    /// An installation that is connected to it.
    fn installation(&self, store: &str, announce: &Self::Room, wire: Wire) -> Installation;
    /// Returns once a process that has just been started for the first time can be talked to, and knows everybody.
    fn is_set_up(
        &self,
        database: &mut Database,
        people: &BTreeMap<&'static str, Self::Hand>,
    ) -> impl Future<Output = ()> + Send;
    /// Returns once a process that is ready is listening, too.
    fn is_listened_to(&self, wire: Wire) -> impl Future<Output = ()> + Send;
    /// The adapter, over nothing but the API.
    fn adapter(&self, muster: &Arc<Muster>, announce: &Self::Room) -> Arc<dyn chat::Chat>;

    /// Every call takes so long.
    fn delay(&self, delay: Duration);
    /// Calls fail in this way from now on.
    fn fail(&self, fault: Fault);
    /// No call fails any more.
    fn heal(&self);
    /// The calls since they were last forgotten.
    fn calls(&self) -> Vec<Call>;
    /// Forgets the calls so far.
    fn forget_calls(&self);
    /// The app did nothing that no app may do.
    fn is_content(&self);
    /// The same; and it owes nobody an answer.
    fn finish(&self);

    /// What a channel is called by.
    fn id(room: &Self::Room) -> String;
    /// Every channel as it stands, by its id.
    fn channels(&self) -> BTreeMap<String, Channel>;
    /// A channel of that name, once there is one and all of that can be said of it.
    fn room(
        &self,
        name: &str,
        holds: impl Fn(&Channel) -> bool + Send + Sync,
    ) -> impl Future<Output = Self::Room> + Send;
    /// Whom one finds in a room into which these were brought.
    fn inside(&self, brought: BTreeSet<String>, is_private: bool) -> BTreeSet<String>;

    /// Somebody types a line after `/inc`, and nobody may be there to answer.
    fn tries(by: &Self::Hand, at: &Self::Room, line: &str) -> impl Future<Output = Heard> + Send;
    /// The same; there must be an answer in time.
    fn types(by: &Self::Hand, at: &Self::Room, line: &str) -> impl Future<Output = Heard> + Send;
    /// Somebody uses a button of the pinned card of a room.
    fn clicks(by: &Self::Hand, at: &Self::Room, label: &str) -> impl Future<Output = Heard> + Send;
    /// The form that somebody has in front of them, filled in with a title.
    fn form(by: &Self::Hand, title: &str) -> impl Future<Output = Self::Surface> + Send;
    /// Somebody sends a form while it cannot be done at once. Gives where it will be seen what came of it.
    fn sends(by: &Self::Hand, form: &Self::Surface) -> impl Future<Output = Self::Surface> + Send;
    /// Returns once these words are to be seen there.
    fn comes_to_show(surface: &Self::Surface, words: &str) -> impl Future<Output = ()> + Send;
    /// The first answer to somebody alone that holds these words and was not heard before, as a person sees it.
    fn hears(by: &Self::Hand, words: &str) -> impl Future<Output = String> + Send;
    /// The answers to somebody alone that nobody has heard.
    fn unheard(by: &Self::Hand) -> Vec<String>;
    /// So many answers were given late; returns once there are so many.
    fn answered_late(&self, times: usize) -> impl Future<Output = usize> + Send;
}

/// What came of something that was done.
#[derive(Debug)]
pub(crate) struct Heard {
    /// How long it took to be acknowledged; `None` when it was not in time.
    pub(crate) acked: Option<Duration>,
    /// The answer, as a person sees it, if it came at once.
    pub(crate) answer: Option<String>,
}

/// What a call was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    /// A message is said or edited.
    Message,
    /// A topic is set.
    Topic,
    /// Anything else.
    Other,
}

/// A channel as it stands.
#[derive(Debug)]
pub(crate) struct Channel {
    pub(crate) name: String,
    pub(crate) topic: String,
    /// What is pinned, as a person sees it.
    pub(crate) pins: Vec<String>,
    pub(crate) said: Vec<Said>,
    /// The names of those in it, or who see it where there is no being in it.
    pub(crate) members: BTreeSet<String>,
    /// How many links stand above it.
    pub(crate) links: usize,
}

impl Channel {
    /// How many messages show these words.
    pub(crate) fn shows(&self, words: &str) -> usize {
        self.said.iter().filter(|said| said.picture.contains(words)).count()
    }
}

/// A message.
#[derive(Debug)]
pub(crate) struct Said {
    /// As a person sees it.
    pub(crate) picture: String,
    /// The key of the effect that it is.
    pub(crate) key: Option<String>,
}
