//! Ten minutes of 503: everything arrives once, in order within each room, what somebody waits for before the rest.

use chrono::TimeDelta;
use muster_core::app::dispatch::Dispatcher;
use muster_core::app::{Answer, Muster};
use muster_core::clock::Clock;
use muster_core::ids::{IncidentId, PersonId, PlatformId, RequestId};
use muster_core::inbound::{Ask, Caller, Inbound, Place};
use muster_core::org::{ChatRules, Organisation};
use muster_core::ports::chat::Chat;
use muster_core::ports::store::OutboxState;
use muster_slack::{Slack, SlackConfig, Token};
use muster_tests::clock::{ManualClock, SeededEntropy, moment};
use muster_tests::memory::MemoryStore;
use muster_tests::sample;
use muster_tests::slack::{Call, FakeSlack, Fault, Room, Surface};
use muster_tests::world::MORNING;
use muster_web::ConsoleChat;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// As long as Slack is down, in seconds.
const OUTAGE: i64 = 600;
/// The longest pause between two attempts, in seconds: by then everything has been tried again.
const LONGEST: i64 = 900;
/// So many effects are under way at once.
const UNDER_WAY: usize = 64;
/// More rooms than that: there is something to choose from.
const ROOMS: usize = UNDER_WAY + 6;

/// Muster by a clock that the test moves, in a workspace that may be down.
struct Desk {
    muster: Arc<Muster>,
    clock: Arc<ManualClock>,
    dispatcher: Dispatcher,
    slack: FakeSlack,
    incidents: Room,
    requests: AtomicU32,
}

impl Desk {
    async fn open() -> Self {
        let clock = ManualClock::at(moment(MORNING));
        let rules = ChatRules { platform: muster_slack::platform(), rooms: true, announces: true };
        let org = Organisation { chats: vec![rules], ..sample::retailer() };
        let store = Arc::new(MemoryStore::default());
        let muster = Muster::new(store, Arc::clone(&clock) as Arc<dyn Clock>, SeededEntropy::new(1), org);
        let slack = FakeSlack::start_by(Arc::clone(&clock) as Arc<dyn Clock>).await;
        let alice = slack.person("alice", "Alice Ek", "alice@example.com");
        let incidents = slack.public_channel("incidents", &[&alice]);
        let config = SlackConfig {
            api_url: slack.api_url(),
            announce: Some("incidents".to_owned()),
            ..SlackConfig::new(Token::new(slack.bot_token()))
        };
        let adapter = Slack::new(Arc::clone(&muster), config).expect("the config is good");
        let platforms: Vec<Arc<dyn Chat>> = vec![Arc::new(ConsoleChat::new(Arc::clone(&muster))), adapter];
        let dispatcher = Dispatcher::new(Arc::clone(&muster), "test".to_owned(), platforms);
        Self { muster, clock, dispatcher, slack, incidents, requests: AtomicU32::new(0) }
    }

    /// Alice types in the console; what is due then is done.
    async fn types(&self, incident: Option<i64>, line: &str) {
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

    async fn settle(&self) {
        while self.dispatcher.dispatch_due().await.expect("the outbox can be read") > 0 {}
    }

    /// Lets time pass as it does, second by second.
    async fn pass(&self, seconds: i64) {
        for _ in 0..seconds {
            self.clock.advance(TimeDelta::seconds(1));
            self.settle().await;
        }
    }

    /// Everything was made, and Slack was asked for nothing that no app may do.
    async fn ends(&self) {
        for state in [OutboxState::Waiting, OutboxState::Dead] {
            let left = self.muster.store().effects(state, 10_000).await.expect("the outbox can be read");
            assert!(left.is_empty(), "effects are left {state:?}: {left:?}");
        }
        self.slack.finish();
    }
}

/// The numbers of the lines that were noted, in the order in which a room shows them.
fn lines(room: &Room) -> Vec<usize> {
    let said = room.messages();
    let said = said.iter().map(Surface::picture);
    said.filter_map(|picture| picture.split_once("line ")?.1.split_whitespace().next()?.parse().ok()).collect()
}

#[tokio::test]
async fn ten_minutes_of_503_lose_nothing_and_each_room_reads_in_order() {
    let desk = Desk::open().await;
    desk.types(None, "new sev1 checkout is down").await;
    desk.types(None, "new sev2 tills are slow").await;
    desk.slack.fail(Fault::status(503).until_healed());
    desk.types(None, "new sev1 fridges are warm").await;
    for n in 0..10 {
        desk.types(Some(1), &format!("note line {n}")).await;
        desk.types(Some(2), &format!("note line {n}")).await;
        desk.types(Some(3), &format!("summary so far {n}")).await;
        desk.pass(OUTAGE / 10).await;
    }
    assert!(desk.slack.channel_now("inc-3-fridges-are-warm").is_none(), "Slack was down");
    desk.slack.heal();
    desk.pass(LONGEST).await;
    for name in ["inc-1-checkout-is-down", "inc-2-tills-are-slow"] {
        let room = desk.slack.channel(name).await;
        assert_eq!(lines(&room), (0..10).collect::<Vec<_>>(), "#{name}");
    }
    let late = desk.slack.channel("inc-3-fridges-are-warm").await;
    assert_eq!((late.pins().len(), late.messages_with("Welcome to ").len()), (1, 1));
    assert!(late.pins()[0].picture().contains("so far 9"), "{}", late.pins()[0].picture());
    assert_eq!(late.members(), ["alice", "muster"]);
    for title in ["checkout is down", "tills are slow", "fridges are warm"] {
        assert_eq!(desk.incidents.messages_with(title).len(), 1, "{title} is announced once");
    }
    desk.ends().await;
}

#[tokio::test]
async fn after_an_outage_what_somebody_waits_for_goes_before_the_rest() {
    let desk = Desk::open().await;
    for n in 1..=ROOMS {
        desk.types(None, &format!("new sev3 till {n} is dead")).await;
    }
    desk.slack.fail(Fault::status(503).until_healed());
    for n in (1..).take(ROOMS) {
        desk.types(Some(n), "sev sev1 all of them").await;
    }
    desk.pass(OUTAGE).await;
    desk.slack.heal();
    desk.slack.forget_calls();
    // Everything is due at once.
    desk.clock.advance(TimeDelta::seconds(LONGEST));
    desk.settle().await;
    let calls = desk.slack.calls();
    let is_said = |call: &&Call| ["chat.postMessage", "chat.update"].contains(&call.method.as_str());
    let first = calls.iter().position(|call| call.method == "conversations.setTopic").expect("topics are set");
    let (before, all) = (calls[..first].iter().filter(is_said).count(), calls.iter().filter(is_said).count());
    // In each room a headline and a message, and an announcement.
    assert_eq!(all, 3 * ROOMS);
    assert!(before + UNDER_WAY >= all, "{before} of {all} were said when the first topic was set");
    for n in 1..=ROOMS {
        let room = desk.slack.channel(&format!("inc-{n}-till-{n}-is-dead")).await;
        assert!(room.topic().starts_with("SEV1"), "{}", room.topic());
        assert_eq!(room.messages_with("all of them").len(), 1);
    }
    desk.ends().await;
}
