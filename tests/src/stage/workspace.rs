//! A Slack workspace with a Muster in it, and everything that runs in a real one: the adapter, the dispatcher, the
//! timers. The clock is moved by hand.

use crate::clock::{ManualClock, SeededEntropy, moment};
use crate::memory::MemoryStore;
use crate::sample;
use crate::shown::Shown;
use crate::slack::{FakeSlack, Hand, Heard, Room, Surface, Way, live_mentions};
use crate::world::MORNING;
use chrono::TimeDelta;
use muster_core::app::dispatch::Dispatcher;
use muster_core::app::{Answer, Muster};
use muster_core::clock::{Clock, Timestamp};
use muster_core::decide::Needs;
use muster_core::ids::{IncidentId, PersonId, PlatformId, RequestId};
use muster_core::inbound::{Ask, Caller, Inbound, Place};
use muster_core::incident::Incident;
use muster_core::org::{ChatRules, Organisation, Right};
use muster_core::ports::chat::Chat;
use muster_core::ports::store::{OutboxState, Store};
use muster_slack::{Slack, SlackConfig, Token};
use muster_web::ConsoleChat;
use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub use crate::process::slack::Wire;

/// Where the announcements are.
const ANNOUNCED_IN: &str = "incidents";

/// How long a test waits for Muster to come to rest, in real time.
const PATIENCE: Duration = Duration::from_secs(20);

/// A Slack with a Muster in it.
pub struct Workspace {
    /// The platform.
    pub slack: FakeSlack,
    /// Of payments.
    pub alice: Hand,
    /// Of payments, too.
    pub bob: Hand,
    /// Of the stores.
    pub carol: Hand,
    /// Operates Muster.
    pub dave: Hand,
    /// May only look.
    pub victor: Hand,
    /// Is let in to nothing that is private.
    pub mallory: Hand,
    /// Where everybody looks.
    pub incidents: Room,
    /// A channel that is no incident's.
    pub general: Room,
    /// Muster itself.
    pub muster: Arc<Muster>,
    clock: Arc<ManualClock>,
    app: Arc<Slack>,
    stop: oneshot::Sender<()>,
    listening: JoinHandle<()>,
    running: Vec<JoinHandle<()>>,
    requests: AtomicU64,
    /// The direct messages that a test has expected.
    heard: Mutex<HashSet<String>>,
    _home: tempfile::TempDir,
}

impl Workspace {
    /// Everybody is in the workspace, nothing has happened.
    pub async fn begin(wire: Wire) -> Self {
        let home = tempfile::tempdir().expect("there is a place for a database");
        let store: Arc<dyn Store> = match wire {
            Wire::Socket => {
                let path = home.path().join("muster.db");
                muster_store::connect(&format!("sqlite:{}", path.display())).await.expect("a new database")
            }
            Wire::Http => Arc::new(MemoryStore::default()),
        };
        let clock = ManualClock::at(moment(MORNING));
        let by = || Arc::clone(&clock) as Arc<dyn Clock>;
        let muster = Muster::new(store, by(), SeededEntropy::new(1), organisation());
        let slack = FakeSlack::start_by(by()).await;
        let person = |(id, name, _)| slack.person(id, name, &format!("{id}@example.com"));
        let [alice, bob, carol, dave, victor, mallory] = sample::PEOPLE.map(person);
        let everybody = [&alice, &bob, &carol, &dave, &victor, &mallory];
        let (incidents, general) =
            (slack.public_channel(ANNOUNCED_IN, &everybody), slack.public_channel("general", &everybody));
        let secret = |which: Wire, text: String| (which == wire).then(|| Token::new(text));
        let config = SlackConfig {
            api_url: slack.api_url(),
            app_token: secret(Wire::Socket, slack.app_token()),
            signing_secret: secret(Wire::Http, slack.signing_secret()),
            announce: Some(ANNOUNCED_IN.to_owned()),
            ..SlackConfig::new(Token::new(slack.bot_token()))
        };
        let app = Slack::new(Arc::clone(&muster), config).expect("the config is good");
        app.greet().await;
        let chats: Vec<Arc<dyn Chat>> =
            vec![Arc::new(ConsoleChat::new(Arc::clone(&muster))), Arc::clone(&app) as Arc<dyn Chat>];
        let dispatcher = Dispatcher::new(Arc::clone(&muster), "story".to_owned(), chats);
        let timers = Arc::clone(&muster);
        let running = vec![
            tokio::spawn(async move { dispatcher.run(std::future::pending()).await }),
            tokio::spawn(async move { timers.keep_time().await }),
        ];
        let (stop, stopped) = oneshot::channel();
        let listening = listen(wire, &app, &slack, stopped).await;
        Self {
            slack,
            alice,
            bob,
            carol,
            dave,
            victor,
            mallory,
            incidents,
            general,
            muster,
            clock,
            app,
            stop,
            listening,
            running,
            requests: AtomicU64::new(0),
            heard: Mutex::default(),
            _home: home,
        }
    }

    /// The organisation is configured otherwise from now on.
    pub fn configured(self, change: impl FnOnce(&mut Organisation)) -> Self {
        let mut org = organisation();
        change(&mut org);
        self.muster.reconfigure(org);
        self
    }

    /// Somebody types `/inc …`: what they alone are answered.
    pub async fn types(&self, hand: &Hand, room: &Room, line: &str) -> Surface {
        let heard = hand.types(room, "/inc", line).await;
        private(hand, heard).await
    }

    /// Somebody types `/inc …` and gets a form.
    pub async fn opens(&self, hand: &Hand, room: &Room, line: &str) -> Surface {
        let heard = hand.types(room, "/inc", line).await;
        assert!(heard.said.is_none(), "a form comes instead of an answer");
        hand.modal().await
    }

    /// Alice declares “checkout is down”, SEV1; its room, with all that belongs into it.
    pub async fn declared(&self) -> Room {
        let answer = self.types(&self.alice, &self.general, "new sev1 checkout is down").await;
        let _ = answer.shows("INC-1 checkout is down");
        let room = self.slack.channel("inc-1-checkout-is-down").await;
        room.message("Welcome to INC-1").await;
        self.settle().await;
        room
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
            answer = self.muster.execute(inbound.clone()).await;
        }
        Shown::answer(answer)
    }

    /// The next direct message that somebody gets, which must hold these words.
    pub async fn is_told(&self, hand: &Hand, words: &str) -> Surface {
        let message = hand.direct().message(words).await;
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).insert(message.ts());
        message
    }

    /// The timeline as the console shows it, a line each.
    pub async fn timeline(&self, incident: &str) -> String {
        self.in_console("alice", &format!("{incident} timeline")).await.text()
    }

    /// Everybody, in the order of [`sample::PEOPLE`].
    #[must_use]
    pub fn everybody(&self) -> [&Hand; 6] {
        [&self.alice, &self.bob, &self.carol, &self.dave, &self.victor, &self.mallory]
    }

    /// The clock of Muster and of Slack.
    #[must_use]
    pub fn clock(&self) -> &ManualClock {
        &self.clock
    }

    /// An incident as it is kept, if there is one of that number.
    ///
    /// # Panics
    /// When the store fails.
    pub async fn incident(&self, id: IncidentId) -> Option<Incident> {
        let needs = Needs { incident: Some(id), ..Needs::default() };
        self.muster.store().load(&needs).await.expect("an incident can be read").incident
    }

    /// Takes every direct message to somebody as expected.
    pub fn has_heard(&self, hand: &Hand) {
        let told = hand.direct().messages().into_iter().map(|message| message.ts());
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).extend(told);
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
            let (store, now) = (self.muster.store(), self.clock.now());
            let timers = store.due(now, 1).await.expect("timers can be read");
            let waiting = store.effects(OutboxState::Waiting, 1_000).await.expect("the outbox can be read");
            timers.is_empty() && waiting.iter().all(|row| row.outgoing.due_at > now)
        };
        self.comes_to("rest", is_at_rest).await;
    }

    /// Lets time pass, and does on the way whatever falls due.
    pub async fn pass(&self, minutes: i64) {
        let to: Timestamp = self.clock.now() + TimeDelta::minutes(minutes);
        loop {
            self.settle().await;
            let next = self.muster.store().next_due().await.expect("timers can be read");
            match next.filter(|next| *next < to) {
                Some(next) => self.clock.set(next),
                None => break,
            }
        }
        self.clock.set(to);
        self.settle().await;
    }

    /// The end of a story: everything has been said, heard, and was allowed; nobody was pinged who was not meant.
    ///
    /// # Panics
    /// When that is not so.
    pub async fn finish(self) {
        self.settle().await;
        let everybody = self.everybody().map(Hand::clone);
        drop(self.stop);
        self.listening.await.expect("listening ends by itself");
        self.app.finish().await;
        self.running.iter().for_each(JoinHandle::abort);
        let dead = self.muster.store().effects(OutboxState::Dead, 100).await.expect("the outbox can be read");
        assert!(dead.is_empty(), "effects were given up: {dead:?}");
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        for hand in &everybody {
            let unheard = hand.unheard().into_iter();
            let untold = hand.direct().messages().into_iter().filter(|message| !heard.contains(&message.ts()));
            let left: Vec<_> = unheard.chain(untold).map(|surface| surface.picture()).collect();
            assert!(left.is_empty(), "nobody expected that {} is told:\n{}", hand.id(), left.join("\n\n"));
        }
        assert_eq!(self.slack.lost_events(), [serde_json::Value::Null; 0], "events were not acknowledged");
        assert_eq!(self.app.troubles(), [""; 0], "an operator has something to mend");
        self.slack.finish();
    }
}

/// What somebody alone is answered, whether it came at once or after “Working on it…”.
pub async fn private(hand: &Hand, heard: Heard) -> Surface {
    match heard.said {
        Some(said) if !said.picture().contains("Working on it") => said,
        Some(_) | None => hand.hears("").await,
    }
}

/// Whom a message pings.
pub fn pings(message: &Surface) -> Vec<String> {
    live_mentions(&message.json())
}

fn organisation() -> Organisation {
    let mut org = sample::retailer();
    org.chats = vec![ChatRules { platform: muster_slack::platform(), rooms: true, announces: true }];
    org.guest_right = Right::View;
    org
}

async fn listen(wire: Wire, app: &Arc<Slack>, slack: &FakeSlack, stopped: oneshot::Receiver<()>) -> JoinHandle<()> {
    let stopped = async { drop(stopped.await) };
    match wire {
        Wire::Socket => {
            let listening = tokio::spawn(Arc::clone(app).listen(stopped));
            slack.has_sockets(1).await;
            listening
        }
        Wire::Http => {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            let url = format!("http://{}", listener.local_addr().expect("an address"));
            slack.listen_at(Way::Http { url });
            let router = app.router();
            tokio::spawn(async move {
                let serving = axum::serve(listener, router).with_graceful_shutdown(stopped);
                serving.await.expect("the router serves");
            })
        }
    }
}
