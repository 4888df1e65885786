//! Driving the one way through: identify, read, decide, commit; then dispatch effects and fire timers.

mod alone;
pub mod answer;
mod attempts;
mod beats;
pub mod dispatch;
mod execute;
mod feeds;
mod identify;
mod insist;
pub mod jobs;
mod leaving;
pub mod look;
pub mod parcels;
pub mod runners;
mod signals;
mod sort;
pub mod subscribing;
mod suggest;
pub mod timers;
mod watch;
mod work;

pub(crate) use insist::insist;

pub use execute::Answer;
pub use signals::Signal;

use crate::clock::{Clock, Entropy, Timestamp};
use crate::ids::{IncidentId, PlatformId};
use crate::org::Organisation;
use crate::ports::store::Store;
use signals::Signals;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::Semaphore;

/// How long a caller waits for the answer to a command before being told that it is late.
/// The strictest platform gives 3 s, network included; who asks may have been looked up first, and a busy machine is late with everything.
pub const DEADLINE: Duration = Duration::from_millis(1_750);

/// How many commands may be on their way at once, late ones included. More are turned away at the door.
const IN_FLIGHT: usize = 4_096;

/// Muster itself, free of any platform.
pub struct Muster {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    org: RwLock<Arc<Organisation>>,
    signals: Signals,
    turns: execute::Turns,
    rooms: RwLock<HashMap<(PlatformId, String), IncidentId>>,
    doors: Arc<Semaphore>,
    index: suggest::Index,
    tickets: sort::Tickets,
    beats: beats::Beats,
    asked: subscribing::Asked,
}

impl Muster {
    /// Muster over its ports.
    #[must_use]
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        org: Organisation,
    ) -> Arc<Self> {
        let tickets = sort::Tickets::new(entropy.as_ref());
        Arc::new(Self {
            tickets,
            beats: beats::Beats::default(),
            asked: subscribing::Asked::default(),
            store,
            clock,
            entropy,
            org: RwLock::new(Arc::new(org)),
            signals: Signals::new(),
            turns: execute::Turns::default(),
            rooms: RwLock::default(),
            doors: Arc::new(Semaphore::new(IN_FLIGHT)),
            index: suggest::Index::new(),
        })
    }

    /// The organisation as it is configured now.
    #[must_use]
    pub fn org(&self) -> Arc<Organisation> {
        Arc::clone(&self.org.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes on a new configuration of the organisation. Commands under way keep the one they started with.
    pub fn reconfigure(&self, org: Organisation) {
        *self.org.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(org);
        self.index.forget();
        self.signals.org.notify_waiters();
    }

    /// Returns when a new configuration was taken on since it began to wait. A hint to look again, never the only source.
    pub async fn reconfigured(&self) {
        self.signals.org.notified().await;
    }

    /// The store, for adapters that keep credentials and messages.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// The randomness, for adapters that make secrets.
    #[must_use]
    pub fn entropy(&self) -> &dyn Entropy {
        self.entropy.as_ref()
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Tells of every change made by this process from now on. A hint to look again, never the only source:
    /// another process may change an incident too.
    #[must_use]
    pub fn watch(&self) -> tokio::sync::broadcast::Receiver<Signal> {
        self.signals.watch()
    }
}

/// Until when to rest when nothing could be done now. What is overdue is stuck, not late: it must not make us spin.
fn rest_until(now: Timestamp, next: Option<Timestamp>, poll: chrono::TimeDelta) -> Timestamp {
    next.filter(|next| *next > now).map_or(now + poll, |next| next.min(now + poll))
}
