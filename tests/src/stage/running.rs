//! A Muster as it runs: the dispatcher and the timers work by themselves, on the console and on whatever chats it is given.
//! Only the clock is moved by hand.

use crate::clock::{ManualClock, SeededEntropy, moment};
use crate::memory::MemoryStore;
use crate::shown::Shown;
use crate::ways::Ways;
use crate::world::MORNING;
use axum::Router;
use chrono::TimeDelta;
use muster_core::app::dispatch::Dispatcher;
use muster_core::app::{Answer, Muster};
use muster_core::clock::{Clock, Timestamp};
use muster_core::decide::Needs;
use muster_core::effect::Outgoing;
use muster_core::ids::{IncidentId, PersonId, PlatformId, RequestId};
use muster_core::inbound::{Ask, Caller, Inbound, Place};
use muster_core::incident::Incident;
use muster_core::org::Organisation;
use muster_core::ports::chat::Chat;
use muster_core::ports::store::{OutboxRow, OutboxState, Store};
use muster_web::ConsoleChat;
use std::any::Any;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// How long a test waits for Muster to come to rest, in real time.
const PATIENCE: Duration = Duration::from_secs(20);

/// Serves a chat's router until the end. Gives its address.
///
/// # Panics
/// When there is no port.
pub(super) async fn serve(router: Router, stopped: oneshot::Receiver<()>) -> (String, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let serving = tokio::spawn(async move {
        let serving = axum::serve(listener, router).with_graceful_shutdown(async { drop(stopped.await) });
        serving.await.expect("the router serves");
    });
    (url, serving)
}

/// A running Muster.
pub struct Running {
    /// Muster itself.
    pub app: Arc<Muster>,
    /// Its clock.
    pub clock: Arc<ManualClock>,
    /// The ways to those outside, which a story may open.
    pub ways: Ways,
    loops: Mutex<Vec<JoinHandle<()>>>,
    requests: AtomicU64,
    _home: Box<dyn Any + Send + Sync>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.loops().iter().for_each(JoinHandle::abort);
    }
}

impl Running {
    /// Over maps in memory.
    #[must_use]
    pub fn in_memory(org: Organisation) -> Arc<Self> {
        Self::over(Arc::new(MemoryStore::default()), org, Box::new(()))
    }

    /// Over an SQLite file of its own.
    ///
    /// # Panics
    /// When there is no place for it.
    pub async fn over_a_file(org: Organisation) -> Arc<Self> {
        let home = tempfile::tempdir().expect("there is a place for a database");
        let url = format!("sqlite:{}", home.path().join("muster.db").display());
        let store = muster_store::connect(&url).await.expect("a new database can be opened");
        Self::over(store, org, Box::new(home))
    }

    /// Over any store.
    #[must_use]
    pub fn on(store: Arc<dyn Store>, org: Organisation) -> Arc<Self> {
        Self::over(store, org, Box::new(()))
    }

    fn over(store: Arc<dyn Store>, org: Organisation, home: Box<dyn Any + Send + Sync>) -> Arc<Self> {
        let clock = ManualClock::at(moment(MORNING));
        let app = Muster::new(store, Arc::clone(&clock) as Arc<dyn Clock>, SeededEntropy::new(1), org);
        let (ways, loops, requests) = (Ways::default(), Mutex::default(), AtomicU64::new(0));
        Arc::new(Self { app, clock, ways, loops, requests, _home: home })
    }

    /// Begins to work, on these chats and the console.
    pub fn run(&self, chats: Vec<Arc<dyn Chat>>) {
        let console: Arc<dyn Chat> = Arc::new(ConsoleChat::new(Arc::clone(&self.app)));
        let chats = self.ways.chats().into_iter().chain([console]).chain(chats).collect();
        let dispatcher = Dispatcher::new(Arc::clone(&self.app), "story".to_owned(), chats);
        let (timers, alerts) = (Arc::clone(&self.app), Arc::clone(&self.app));
        self.loops().push(tokio::spawn(async move { dispatcher.run(std::future::pending()).await }));
        self.loops().push(tokio::spawn(async move { timers.keep_time().await }));
        self.loops().push(tokio::spawn(async move { alerts.sort_alerts().await }));
    }

    fn loops(&self) -> MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.loops.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody of the organisation gives a command in the console.
    pub async fn in_console(&self, person: &str, line: &str) -> Shown {
        let place = Place { platform: PlatformId::console(), incident: None, address: None, forms: false };
        let request = self.requests.fetch_add(1, Ordering::Relaxed);
        let inbound = Inbound {
            caller: Caller::Person(PersonId::from(person)),
            place,
            request: RequestId::new(format!("console-{request}")),
            ask: Ask::Line(line.to_owned()),
        };
        let mut answer = Answer::Late;
        while answer == Answer::Late {
            answer = self.app.execute(inbound.clone()).await;
        }
        Shown::answer(answer)
    }

    /// The timeline as the console shows it, a line each.
    pub async fn timeline(&self, incident: &str) -> String {
        self.in_console("alice", &format!("{incident} timeline")).await.text()
    }

    /// An incident as it is kept, if there is one of that number.
    ///
    /// # Panics
    /// When the store fails.
    pub async fn incident(&self, id: IncidentId) -> Option<Incident> {
        let needs = Needs { incident: Some(id), ..Needs::default() };
        self.app.store().load(&needs).await.expect("an incident can be read").incident
    }

    /// Returns once the timeline holds these words.
    pub async fn is_on_record(&self, incident: &str, words: &str) {
        self.comes_to(&format!("“{words}” on the timeline"), async || {
            self.timeline(incident).await.contains(words)
        })
        .await;
    }

    /// Returns once that is so, looking again whenever something else has had its turn.
    pub async fn comes_to(&self, what: &str, is_so: impl AsyncFn() -> bool) {
        let coming = async {
            while !is_so().await {
                tokio::task::yield_now().await;
            }
        };
        assert!(tokio::time::timeout(PATIENCE, coming).await.is_ok(), "{what} never came to be");
    }

    /// Returns once nothing is due and nothing waits to be told.
    pub async fn settle(&self) {
        let is_at_rest = async || {
            let (store, now) = (self.app.store(), self.clock.now());
            let signals = store.waiting(1).await.expect("signals can be read");
            let timers = store.due(now, 1).await.expect("timers can be read");
            let waiting = store.effects(OutboxState::Waiting, 1_000).await.expect("the outbox can be read");
            // Whoever is not the first in a lane waits for the first.
            let mut lanes: BTreeMap<_, &Outgoing> = BTreeMap::new();
            for OutboxRow { outgoing, .. } in &waiting {
                let first = lanes.entry(&outgoing.lane).or_insert(outgoing);
                if outgoing.position < first.position {
                    *first = outgoing;
                }
            }
            signals.is_empty() && timers.is_empty() && lanes.values().all(|first| first.due_at > now)
        };
        self.comes_to("rest", is_at_rest).await;
    }

    /// Lets time pass, and does on the way whatever falls due.
    pub async fn pass(&self, minutes: i64) {
        let to: Timestamp = self.clock.now() + TimeDelta::minutes(minutes);
        loop {
            self.settle().await;
            let next = self.app.store().next_due().await.expect("timers can be read");
            match next.filter(|next| *next < to) {
                Some(next) => self.clock.set(next),
                None => break,
            }
        }
        self.clock.set(to);
        self.settle().await;
    }

    /// The end: nothing was given up.
    ///
    /// # Panics
    /// When something was.
    pub async fn finish(&self) {
        let dead = self.app.store().effects(OutboxState::Dead, 100).await.expect("the outbox can be read");
        assert!(dead.is_empty(), "effects were given up: {dead:?}");
    }
}
