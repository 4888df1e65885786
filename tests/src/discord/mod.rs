//! FakeDiscord: the platform over loopback, as strict as the real one.
//!
//! The app talks to it over HTTP and WebSocket with its real SDK; a test talks to it through people: they type, click,
//! and see. What an app may not do is a violation; [`FakeDiscord::finish`] fails on any.

mod api;
mod ask;
mod body;
mod buckets;
mod call;
mod check;
mod deliver;
mod gateway;
mod hand;
mod interaction;
mod interfere;
mod line;
mod mentions;
mod message;
mod modal;
mod openapi;
mod payload;
mod permissions;
mod picture;
mod reading;
mod refused;
mod room;
mod seed;
mod server;
mod shown;
mod state;
mod surface;
mod tls;

pub use crate::fault::Fault;
pub use call::Call;
pub use check::{check_commands, check_message, check_modal};
pub use hand::{Hand, Heard};
pub use mentions::live_mentions;
pub use picture::render_text;
pub use room::Room;
pub use surface::Surface;

use crate::sample;
use crate::tls::certified;
use crate::watched::Watched;
use body::read;
use muster_core::clock::{Clock, SystemClock};
use muster_core::org::Organisation;
use serde_json::Value;
use state::{Channel, Id, Kind, State};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// How interactions reach the app. <https://docs.discord.com/developers/interactions/overview#configuring-an-interactions-endpoint-url>
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// Down the gateway.
    Gateway,
    /// By signed requests to `{url}/discord/interactions`.
    Http {
        /// Where the app listens, without a slash at the end.
        url: String,
    },
}

/// A Discord with one guild and one app.
#[derive(Clone)]
pub struct FakeDiscord(Arc<Inner>);

struct Inner {
    address: SocketAddr,
    /// The certificate of the authority that vouches for the fake, where it serves over TLS.
    authority: Option<String>,
    started: Instant,
    clock: Arc<dyn Clock>,
    http: reqwest::Client,
    state: Watched<State>,
    way: Mutex<Way>,
    /// The last interaction, as it was delivered.
    last: Mutex<Option<Value>>,
    /// Whose people, services and severities a typed line may mean.
    organisation: Mutex<Organisation>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        for task in self.tasks.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            task.abort();
        }
    }
}

impl FakeDiscord {
    /// Starts one on a free port, by the machine's clock.
    pub async fn start() -> Self {
        Self::start_by(Arc::new(SystemClock)).await
    }

    /// Starts one whose ids, timestamps, signatures and rate limits go by this clock: the app's own.
    ///
    /// # Panics
    /// When there is no port.
    pub async fn start_by(clock: Arc<dyn Clock>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let discord = Self::at(address, &format!("ws://{address}"), None, clock);
        let serving = tokio::spawn(tls::serve_plain(listener, Arc::downgrade(&discord.0)));
        discord.0.tasks.lock().unwrap_or_else(PoisonError::into_inner).push(serving);
        discord
    }

    /// Starts one that serves as `discord.com` over TLS, by the machine's clock. A client that is to use it resolves
    /// `discord.com` to [`FakeDiscord::address`] and trusts [`FakeDiscord::ca_pem`].
    ///
    /// # Panics
    /// When there is no port.
    pub async fn start_tls() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (authority, acceptor) = certified(&["discord.com", "gateway.discord.gg"]);
        let gateway = format!("wss://discord.com:{}", address.port());
        let discord = Self::at(address, &gateway, Some(authority), Arc::new(SystemClock));
        let serving = tokio::spawn(tls::serve(listener, acceptor, Arc::downgrade(&discord.0)));
        discord.0.tasks.lock().unwrap_or_else(PoisonError::into_inner).push(serving);
        discord
    }

    fn at(address: SocketAddr, gateway: &str, authority: Option<String>, clock: Arc<dyn Clock>) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        Self(Arc::new(Inner {
            address,
            authority,
            started: Instant::now(),
            http: http.build().expect("a client"),
            state: Watched::new(State::new(gateway, clock.now())),
            clock,
            way: Mutex::new(Way::Gateway),
            last: Mutex::default(),
            organisation: Mutex::new(sample::retailer()),
            tasks: Mutex::default(),
        }))
    }

    /// Where the API is, as `https://discord.com` is of the real one: what serenity takes as its proxy.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.0.address)
    }

    /// The address it serves at.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.0.address
    }

    /// The certificate of the authority that vouches for it, as PEM.
    ///
    /// # Panics
    /// When it does not serve over TLS.
    #[must_use]
    pub fn ca_pem(&self) -> String {
        self.0.authority.clone().expect("it was started with TLS")
    }

    /// The time since the start of the fake, by which [`Call::at`] goes.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.0.started.elapsed()
    }

    /// The bot's token.
    #[must_use]
    pub fn token(&self) -> String {
        self.with(|state| state.token.clone())
    }

    /// The app's id.
    #[must_use]
    pub fn application_id(&self) -> String {
        self.with(|state| state.application.to_string())
    }

    /// The key that interactions over HTTP are signed with, in hexadecimal.
    #[must_use]
    pub fn public_key(&self) -> String {
        self.with(|state| state.public_key())
    }

    /// The guild's id; also that of its role `@everyone`.
    #[must_use]
    pub fn guild(&self) -> String {
        self.with(|state| state.guild.to_string())
    }

    /// The bot's user id.
    #[must_use]
    pub fn bot_user(&self) -> String {
        self.with(|state| state.bot.to_string())
    }

    /// How interactions reach the app from now on; the gateway until then.
    pub fn listen_at(&self, way: Way) {
        *self.0.way.lock().unwrap_or_else(PoisonError::into_inner) = way;
    }

    /// Whose words a typed line may use; the retailer's until then.
    pub fn types_for(&self, organisation: Organisation) {
        *self.0.organisation.lock().unwrap_or_else(PoisonError::into_inner) = organisation;
    }

    /// The channel, category or thread of that name, once there is one.
    pub async fn channel(&self, name: &str) -> Room {
        let named =
            |state: &State| state.channels.values().find(|channel| channel.name == name).map(|channel| channel.id);
        let id = self.until(&format!("a channel named {name}"), |state| named(state)).await;
        Room { discord: self.clone(), id }
    }

    /// The channel, category or thread of that name, if there is one now.
    #[must_use]
    pub fn channel_now(&self, name: &str) -> Option<Room> {
        self.channels().into_iter().find(|room| room.name() == name)
    }

    /// Every channel, category and thread of the guild, the oldest first.
    #[must_use]
    pub fn channels(&self) -> Vec<Room> {
        let is_guilds = |channel: &&Channel| channel.kind != Kind::Direct;
        let ids: Vec<Id> = self.with(|state| state.channels.values().filter(is_guilds).map(|room| room.id).collect());
        ids.into_iter().map(|id| Room { discord: self.clone(), id }).collect()
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

    /// Returns once there are so many calls of this route: `POST /channels/{}/messages`.
    pub async fn called(&self, route: &str, times: usize) -> Vec<Call> {
        self.until(&format!("{times} calls of {route}"), |state| {
            let found: Vec<_> = state.calls.iter().filter(|call| call.route == route).cloned().collect();
            (found.len() >= times).then_some(found)
        })
        .await
    }

    /// The calls that count against the app's budget of invalid requests: 401, 403, and 429 but for shared limits.
    /// <https://docs.discord.com/developers/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans>
    #[must_use]
    pub fn invalid_requests(&self) -> Vec<Call> {
        self.calls().into_iter().filter(|call| call.is_invalid).collect()
    }

    /// What is registered now: the guild's commands, or the global ones.
    #[must_use]
    pub fn commands(&self, of_guild: bool) -> Vec<Value> {
        self.with(|state| if of_guild { state.guild_commands.clone() } else { state.global_commands.clone() })
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
    /// When the app did what no app may do, or owes somebody an answer.
    pub fn finish(&self) {
        let mut wrong = self.violations();
        wrong.extend(self.with(|state| state.owed()));
        assert!(wrong.is_empty(), "the app did what no app may do:\n{}", wrong.join("\n"));
    }

    /// The ids of people, channels and roles with their names, for pictures.
    fn names(&self) -> HashMap<Id, String> {
        self.look(State::names)
    }

    /// The id of somebody by what they are called.
    ///
    /// # Panics
    /// When there is nobody.
    fn named(&self, name: &str) -> Id {
        let name = name.trim_start_matches('@');
        let found = self.look(|state| {
            let mut users = state.users.values();
            users
                .find(|user| user.name == name || user.shown == name || user.id.to_string() == name)
                .map(|user| user.id)
        });
        found.unwrap_or_else(|| panic!("there is no {name}"))
    }

    /// Changes the state; what follows from that is told to those who wait, and to the app.
    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = {
            let mut state = self.0.state.lock();
            state.now = self.0.clock.now();
            change(&mut state)
        };
        self.0.state.touch();
        result
    }

    /// Looks at the state, and tells nobody.
    fn look<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.0.state.lock())
    }

    /// Waits until something can be seen.
    ///
    /// # Panics
    /// When it cannot be seen in twenty seconds; says what is there instead.
    async fn until<T>(&self, what: &str, mut look: impl FnMut(&State) -> Option<T>) -> T {
        let found = self.0.state.until(|| look(&self.0.state.lock())).await;
        found.unwrap_or_else(|| panic!("{what} is not to be seen. There is:\n{}", self.inventory()))
    }

    /// What there is, for a test that failed.
    fn inventory(&self) -> String {
        self.look(picture::inventory)
    }
}
