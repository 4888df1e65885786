//! FakeSlack: the platform over loopback, as strict as the real one.
//!
//! The app talks to it over HTTP and WebSocket with its real SDK; a test talks to it through people: they type, click,
//! and see. What an app may not do is a violation; [`FakeSlack::finish`] fails on any.

mod api;
mod args;
mod blocks;
mod deliver;
mod elements;
mod events;
mod fill;
mod hand;
mod interfere;
mod picture;
mod reading;
mod refused;
mod respond;
mod room;
mod schema;
mod seed;
mod server;
mod socket;
mod state;
mod surface;

pub use crate::fault::Fault;
pub use blocks::{MESSAGE_TEXT, check_message, check_view};
pub use fill::Submitted;
pub use hand::{Hand, Heard};
pub use picture::{live_mentions, picture, render_text};
pub use room::Room;
pub use state::Call;
pub use surface::Surface;

use crate::watched::Watched;
use crate::wire::Door;
use muster_core::clock::{Clock, SystemClock};
use serde_json::Value;
use state::{BOT_USER, Group, Kind, State};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// How the app is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// Down the WebSockets it opens with `apps.connections.open`.
    Socket,
    /// By signed requests to `{url}/slack/commands`, `{url}/slack/interactivity` and `{url}/slack/events`.
    Http {
        /// Where the app listens, without a slash at the end.
        url: String,
    },
}

/// A Slack with one workspace and one app.
#[derive(Clone)]
pub struct FakeSlack(Arc<Inner>);

struct Inner {
    address: SocketAddr,
    started: Instant,
    clock: Arc<dyn Clock>,
    http: reqwest::Client,
    state: Watched<State>,
    way: Mutex<Way>,
    /// What somebody clicked last, as it was delivered.
    last: Mutex<Option<Value>>,
    events: mpsc::UnboundedSender<Value>,
    /// Events that were never acknowledged.
    lost: Mutex<Vec<Value>>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        for task in self.tasks.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            task.abort();
        }
    }
}

impl FakeSlack {
    /// Starts one on a free port, by the machine's clock.
    pub async fn start() -> Self {
        Self::start_by(Arc::new(SystemClock)).await
    }

    /// Starts one whose timestamps, signatures and rate limits go by this clock: the app's own.
    ///
    /// # Panics
    /// When there is no port.
    pub async fn start_by(clock: Arc<dyn Clock>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        let (events, queue) = mpsc::unbounded_channel();
        let slack = Self(Arc::new(Inner {
            address,
            started: Instant::now(),
            http: http.build().expect("a client"),
            state: Watched::new(State::new(&format!("http://{address}"), clock.now())),
            clock,
            way: Mutex::new(Way::Socket),
            last: Mutex::default(),
            events,
            lost: Mutex::default(),
            tasks: Mutex::default(),
        }));
        let serving = tokio::spawn(server::serve(Door(listener), Arc::downgrade(&slack.0)));
        let telling = tokio::spawn(events::pump(Arc::downgrade(&slack.0), queue));
        slack.0.tasks.lock().unwrap_or_else(PoisonError::into_inner).extend([serving, telling]);
        slack
    }

    /// Where the Web API is, as `https://slack.com/api` is of the real one.
    #[must_use]
    pub fn api_url(&self) -> String {
        format!("http://{}/api", self.0.address)
    }

    /// The time since the start of the fake, by which [`Call::at`] goes.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.0.started.elapsed()
    }

    /// The bot's token, `xoxb-…`.
    #[must_use]
    pub fn bot_token(&self) -> String {
        self.with(|state| state.bot_token.clone())
    }

    /// The app's token for Socket Mode, `xapp-…`.
    #[must_use]
    pub fn app_token(&self) -> String {
        self.with(|state| state.app_token.clone())
    }

    /// What requests to the app are signed with.
    #[must_use]
    pub fn signing_secret(&self) -> String {
        self.with(|state| state.signing_secret.clone())
    }

    /// The bot's user id.
    #[must_use]
    pub fn bot_user(&self) -> String {
        BOT_USER.to_owned()
    }

    /// How the app is reached from now on; Socket Mode until then.
    pub fn listen_at(&self, way: Way) {
        *self.0.way.lock().unwrap_or_else(PoisonError::into_inner) = way;
    }

    /// A new human member of the workspace.
    pub fn person(&self, name: &str, real_name: &str, email: &str) -> Hand {
        let id = self.with(|state| state.member(name, real_name, Some(email)));
        Hand { slack: self.clone(), id }
    }

    /// A new guest of a single channel, without an address.
    pub fn guest(&self, name: &str, real_name: &str) -> Hand {
        let id = self.with(|state| {
            let id = state.member(name, real_name, None);
            state.users.get_mut(&id).expect("a member").is_restricted = true;
            id
        });
        Hand { slack: self.clone(), id }
    }

    /// A new user group of these members. Gives its id.
    pub fn group(&self, handle: &str, name: &str, members: &[&Hand]) -> String {
        self.with(|state| {
            let id = state.id("S");
            let users = members.iter().map(|hand| hand.id.clone()).collect();
            let (handle, name) = (handle.to_owned(), name.to_owned());
            state.groups.push(Group { id: id.clone(), handle, name, users, disabled: false });
            id
        })
    }

    /// A new public channel with the bot and these people in it.
    pub fn public_channel(&self, name: &str, members: &[&Hand]) -> Room {
        self.new_channel(name, Kind::Public, members, true)
    }

    /// A new private channel of these people, without the bot.
    pub fn private_channel(&self, name: &str, members: &[&Hand]) -> Room {
        self.new_channel(name, Kind::Private, members, false)
    }

    fn new_channel(&self, name: &str, kind: Kind, members: &[&Hand], with_bot: bool) -> Room {
        let creator = members.first().map_or(BOT_USER, |hand| hand.id.as_str());
        let id = self.with(|state| {
            let id = api::make(state, name, kind, creator);
            let room = state.channels.get_mut(&id).expect("it was just made");
            room.members.extend(members.iter().map(|hand| hand.id.clone()));
            room.members.extend(with_bot.then(|| BOT_USER.to_owned()));
            state.events.clear();
            id
        });
        Room { slack: self.clone(), id }
    }

    /// The channel of that name, once there is one.
    pub async fn channel(&self, name: &str) -> Room {
        let id = self.until(&format!("a channel named {name}"), |state| state.names.get(name).cloned()).await;
        Room { slack: self.clone(), id }
    }

    /// The channel of that name, if there is one now.
    #[must_use]
    pub fn channel_now(&self, name: &str) -> Option<Room> {
        let id = self.with(|state| state.names.get(name).cloned())?;
        Some(Room { slack: self.clone(), id })
    }

    /// Every channel that is not a direct message, the oldest first.
    #[must_use]
    pub fn channels(&self) -> Vec<Room> {
        let ids: Vec<String> = self.with(|state| {
            let rooms = state.channels.values().filter(|room| room.kind != Kind::Direct);
            rooms.map(|room| room.id.clone()).collect()
        });
        ids.into_iter().map(|id| Room { slack: self.clone(), id }).collect()
    }

    /// Returns once so many WebSockets of the app are open.
    pub async fn has_sockets(&self, count: usize) {
        self.until("open sockets", |state| (state.sockets.open.len() >= count).then_some(())).await;
    }

    /// Returns once so many WebSockets have been opened since the start.
    pub async fn has_had_sockets(&self, count: u64) {
        self.until("opened sockets", |state| (state.sockets.total >= count).then_some(())).await;
    }

    /// The calls so far, in the order they were answered.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.with(|state| state.calls.clone())
    }

    /// Forgets the calls so far; a benchmark does, to stay small.
    pub fn forget_calls(&self) {
        self.with(|state| state.calls.clear());
    }

    /// Returns once there is a call of this method, counting from `calls` with at least so many.
    pub async fn called(&self, method: &str, times: usize) -> Vec<Call> {
        self.until(&format!("{times} calls of {method}"), |state| {
            let found: Vec<_> = state.calls.iter().filter(|call| call.method == method).cloned().collect();
            (found.len() >= times).then_some(found)
        })
        .await
    }

    /// What the app did that no app may do.
    #[must_use]
    pub fn violations(&self) -> Vec<String> {
        self.with(|state| state.violations.clone())
    }

    /// The violations, which are forgiven: a test that provokes them has looked at them.
    #[must_use]
    pub fn take_violations(&self) -> Vec<String> {
        self.with(|state| std::mem::take(&mut state.violations))
    }

    /// The end of a test.
    ///
    /// # Panics
    /// When the app did what no app may do.
    pub fn finish(&self) {
        let violations = self.violations();
        assert!(violations.is_empty(), "the app did what no app may do:\n{}", violations.join("\n"));
    }

    /// The ids of people, channels and groups with their names, for pictures.
    fn names(&self) -> HashMap<String, String> {
        self.with(|state| {
            let users = state.users.values().map(|user| (user.id.clone(), user.name.clone()));
            let rooms = state.channels.values().map(|room| (room.id.clone(), room.name.clone()));
            let groups = state.groups.iter().map(|group| (group.id.clone(), group.handle.clone()));
            users.chain(rooms).chain(groups).collect()
        })
    }

    /// Changes or reads the state; what follows from that is told to those who wait, and to the app.
    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let (result, events) = {
            let mut state = self.lock();
            state.now = self.0.clock.now();
            let result = change(&mut state);
            (result, std::mem::take(&mut state.events))
        };
        for event in events {
            let _ = self.0.events.send(event);
        }
        self.0.state.touch();
        result
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock()
    }

    /// Waits until something can be seen.
    ///
    /// # Panics
    /// When it cannot be seen in twenty seconds; says what is there instead.
    async fn until<T>(&self, what: &str, mut look: impl FnMut(&mut State) -> Option<T>) -> T {
        let found = self.0.state.until(|| look(&mut self.lock())).await;
        found.unwrap_or_else(|| panic!("{what} is not to be seen. There is:\n{}", self.inventory()))
    }

    /// What there is, for a test that failed.
    fn inventory(&self) -> String {
        let names = self.names();
        let state = self.lock();
        let mut text = String::new();
        for room in state.channels.values() {
            text += &format!("#{} ({} messages)\n", room.name, room.messages.len());
            for message in room.messages.values().rev().take(5) {
                text += &format!("{}\n", picture::message(message, &names));
            }
        }
        for whisper in state.whispers.iter().rev().take(5) {
            let who = names.get(&whisper.user).map_or("?", String::as_str);
            text += &format!("to @{who} alone: {}\n", picture::message(&whisper.message, &names));
        }
        let calls = state.calls.iter().rev().take(12).map(|call| match &call.error {
            Some(error) => format!("{} ({error})", call.method),
            None => format!("{} ({})", call.method, call.status),
        });
        text += &format!("last calls, the latest first: {}\n", calls.collect::<Vec<_>>().join(", "));
        text + &format!("violations: {:?}\n", state.violations)
    }
}
