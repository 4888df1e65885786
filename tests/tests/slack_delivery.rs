//! What Muster does in Slack, against a Slack that refuses, loses answers, and is changed by people meanwhile.

use async_trait::async_trait;
use chrono::TimeDelta;
use muster_core::chat::finding::Verdict;
use muster_core::clock::Clock;
use muster_core::effect::Recipient;
use muster_core::ids::PlatformId;
use muster_core::org::{ChatRules, Organisation};
use muster_core::ports::chat::{Chat, Delivery, DeliveryError, Receipt};
use muster_core::ports::store::OutboxState;
use muster_slack::{Slack, SlackConfig, Token};
use muster_tests::memory::MemoryStore;
use muster_tests::notify::customers;
use muster_tests::sample;
use muster_tests::slack::{FakeSlack, Fault, Hand, Room};
use muster_tests::world::World;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

const ROOM: &str = "inc-1-checkout-is-down";
const DECLARE: &str = "new sev1 checkout is down";

/// Slack, once there is a Muster for it.
#[derive(Default)]
struct Late(OnceLock<Arc<Slack>>);

#[async_trait]
impl Chat for Late {
    fn platform(&self) -> PlatformId {
        muster_slack::platform()
    }

    async fn deliver(&self, delivery: &Delivery) -> Result<Receipt, DeliveryError> {
        self.0.get().expect("Slack is there before anything is said").deliver(delivery).await
    }
}

/// Muster, connected to a workspace with a channel for announcements.
struct Desk {
    world: World,
    fake: FakeSlack,
    slack: Arc<Slack>,
    incidents: Room,
    bob: Hand,
}

impl Desk {
    async fn open() -> Self {
        Self::announcing_in("#incidents").await
    }

    async fn announcing_in(announce: &str) -> Self {
        Self::of(announce, sample::retailer()).await
    }

    async fn of(announce: &str, mut org: Organisation) -> Self {
        let late = Arc::new(Late::default());
        org.chats = vec![ChatRules { platform: muster_slack::platform(), rooms: true, announces: true }];
        let world = World::with_chats(Arc::new(MemoryStore::default()), org, vec![Arc::clone(&late) as Arc<dyn Chat>]);
        let fake = FakeSlack::start_by(Arc::clone(&world.clock) as Arc<dyn Clock>).await;
        let alice = fake.person("alice", "Alice Ek", "alice@example.com");
        let bob = fake.person("bob", "Bob Lind", "bob@example.com");
        let incidents = fake.public_channel("incidents", &[&alice]);
        let config = SlackConfig {
            api_url: fake.api_url(),
            app_token: Some(Token::new(fake.app_token())),
            announce: Some(announce.to_owned()),
            patience: Duration::from_millis(500),
            ..SlackConfig::new(Token::new(fake.bot_token()))
        };
        let slack = Slack::new(Arc::clone(&world.muster), config).expect("the config is good");
        slack.greet().await;
        assert!(late.0.set(Arc::clone(&slack)).is_ok());
        Self { world, fake, slack, incidents, bob }
    }

    /// Alice types in the console.
    async fn alice(&self, line: &str) {
        self.world.person("alice").types(line).await.ok();
        self.world.settle().await;
    }

    async fn alice_in(&self, incident: &str, line: &str) {
        self.world.person("alice").in_room(incident).types(line).await.ok();
        self.world.settle().await;
    }

    /// Lets time pass in steps, as it does.
    async fn pass(&self, seconds: i64) {
        for _ in 0..seconds {
            self.world.clock.advance(TimeDelta::seconds(1));
            self.world.settle().await;
        }
    }

    async fn room(&self) -> Room {
        self.fake.channel(ROOM).await
    }

    fn rooms(&self) -> Vec<String> {
        self.fake.channels().iter().map(Room::name).filter(|name| name.starts_with("inc-")).collect()
    }

    fn methods(&self) -> Vec<String> {
        let mut methods: Vec<_> = self.fake.calls().into_iter().map(|call| call.method).collect();
        methods.sort();
        methods
    }

    /// Everything that was to be done is done, and nothing that no app may do.
    async fn finish(&self) {
        let store = self.world.muster.store();
        for state in [OutboxState::Waiting, OutboxState::Dead] {
            let left = store.effects(state, 1_000).await.expect("the outbox can be read");
            let slack = left.iter().filter(|row| *row.outgoing.effect.platform() == muster_slack::platform());
            let left: Vec<_> = slack.map(|row| (&row.outgoing.key, &row.error)).collect();
            assert!(left.is_empty(), "effects are left {state:?}: {left:?}");
        }
        assert!(self.fake.calls().iter().all(|call| !call.early), "a call came before Slack allowed it");
        self.fake.finish();
    }

    /// What a room must hold after a declaration, whatever happened meanwhile: once each.
    fn is_furnished(&self, room: &Room) {
        assert_eq!(room.pins().len(), 1, "one headline is pinned");
        assert_eq!(room.messages_with("‹Declared ").len(), 1, "one headline, and no second one");
        assert!(room.topic().starts_with("SEV1 · "), "{}", room.topic());
        assert_eq!(room.bookmarks().len(), 1);
        assert!(room.members().contains(&"alice".to_owned()), "{:?}", room.members());
    }
}

#[tokio::test]
async fn a_declaration_furnishes_a_room_and_announces_it_with_eight_calls() {
    let desk = Desk::open().await;
    desk.alice(DECLARE).await;
    desk.fake.forget_calls();
    desk.alice("new sev1 tills do not open").await;
    let methods = desk.methods();
    assert_eq!(
        methods,
        [
            "bookmarks.add",
            "chat.postMessage",
            "chat.postMessage",
            "chat.postMessage",
            "conversations.create",
            "conversations.invite",
            "conversations.setTopic",
            "pins.add",
        ]
    );
    let room = desk.fake.channel("inc-2-tills-do-not-open").await;
    desk.is_furnished(&room);
    assert_eq!(desk.incidents.messages_with("tills do not open").len(), 1);
    desk.finish().await;
}

#[tokio::test]
async fn what_changes_is_edited_in_place() {
    let desk = Desk::open().await;
    desk.alice(DECLARE).await;
    let room = desk.room().await;
    let (headline, announced) = (room.pins()[0].ts(), desk.incidents.messages()[0].ts());
    desk.alice_in("INC-1", "sev sev2 only one till").await;
    assert!(room.topic().starts_with("SEV2"), "{}", room.topic());
    assert_eq!(room.pins()[0].ts(), headline);
    assert!(room.pins()[0].picture().contains("SEV2"));
    assert_eq!(desk.incidents.messages().len(), 1);
    assert_eq!(desk.incidents.messages()[0].ts(), announced);
    desk.finish().await;
}

#[tokio::test]
async fn a_channel_that_is_held_back_is_left_alone_and_the_others_go_on() {
    let desk = Desk::open().await;
    desk.alice(DECLARE).await;
    desk.alice("new sev1 tills do not open").await;
    let (held, free) = (desk.room().await, desk.fake.channel("inc-2-tills-do-not-open").await);
    desk.fake.fail(Fault::rate_limited(30).on("chat.postMessage").in_channel(held.id()));
    desk.alice_in("INC-1", "note looking at the logs").await;
    desk.alice_in("INC-2", "note the key is stuck").await;
    desk.pass(29).await;
    assert_eq!(held.messages_with("looking at the logs").len(), 0);
    assert_eq!(free.messages_with("the key is stuck").len(), 1);
    desk.pass(4).await;
    assert_eq!(held.messages_with("looking at the logs").len(), 1);
    desk.finish().await;
}

#[tokio::test]
async fn ten_minutes_without_slack_lose_nothing_and_say_nothing_twice() {
    let desk = Desk::open().await;
    desk.fake.fail(Fault::status(503).until_healed());
    desk.alice(DECLARE).await;
    desk.alice_in("INC-1", "note first").await;
    desk.alice_in("INC-1", "note second").await;
    for _ in 0..10 {
        desk.pass(60).await;
    }
    assert_eq!(desk.rooms(), Vec::<String>::new());
    desk.fake.heal();
    for _ in 0..16 {
        desk.pass(60).await;
    }
    let room = desk.room().await;
    assert_eq!(desk.rooms(), [ROOM]);
    assert_eq!(room.pins().len(), 1);
    assert_eq!(desk.incidents.messages().len(), 1);
    desk.finish().await;
}

#[tokio::test]
async fn an_answer_that_is_lost_makes_no_second_message() {
    for fault in [Fault::reset_after_effect(), Fault::unparseable(), Fault::hang()] {
        let desk = Desk::open().await;
        desk.alice(DECLARE).await;
        let room = desk.room().await;
        desk.fake.fail(fault.clone().on("chat.postMessage").in_channel(room.id()));
        desk.alice_in("INC-1", "note looking at the logs").await;
        desk.alice_in("INC-1", "note found it").await;
        desk.pass(10).await;
        let said = |words| room.messages_with(words).len();
        assert_eq!((said("looking at the logs"), said("found it")), (1, 1), "{fault:?}");
        desk.finish().await;
    }
}

#[tokio::test]
async fn an_answer_that_is_lost_makes_no_second_room_headline_or_announcement() {
    for method in ["conversations.create", "chat.postMessage", "pins.add", "bookmarks.add", "conversations.invite"] {
        for fault in [Fault::reset_after_effect(), Fault::unparseable(), Fault::hang()] {
            let desk = Desk::open().await;
            desk.fake.fail(fault.clone().on(method));
            desk.alice(DECLARE).await;
            desk.pass(20).await;
            assert_eq!(desk.rooms(), [ROOM], "{method} {fault:?}");
            desk.is_furnished(&desk.room().await);
            assert_eq!(desk.incidents.messages().len(), 1, "{method} {fault:?}");
            desk.finish().await;
        }
    }
}

#[tokio::test]
async fn however_many_answers_are_lost_in_a_row_everything_is_there_once() {
    for lost in 1..=16 {
        let desk = Desk::open().await;
        let fault = if lost % 2 == 0 { Fault::reset_after_effect() } else { Fault::unparseable() };
        desk.fake.fail(fault.times(lost));
        desk.alice(DECLARE).await;
        desk.pass(600).await;
        assert_eq!(desk.rooms(), [ROOM], "{lost} lost");
        desk.is_furnished(&desk.room().await);
        assert_eq!(desk.incidents.messages().len(), 1, "{lost} lost");
        desk.finish().await;
    }
}

#[tokio::test]
async fn a_room_whose_name_is_taken_gets_a_number_and_the_others_channel_is_left_alone() {
    let desk = Desk::open().await;
    let eve = desk.fake.person("eve", "Eve Ask", "eve@example.com");
    let theirs = desk.fake.public_channel(ROOM, &[&eve]);
    desk.fake.fail(Fault::reset_after_effect().on("conversations.create").times(2));
    desk.alice(DECLARE).await;
    desk.pass(20).await;
    let mut rooms = desk.rooms();
    rooms.sort();
    assert_eq!(rooms, [ROOM.to_owned(), format!("{ROOM}-2")]);
    assert_eq!(theirs.messages().len(), 0);
    desk.is_furnished(&desk.fake.channel(&format!("{ROOM}-2")).await);
    desk.finish().await;
}

#[tokio::test]
async fn a_headline_that_somebody_deletes_is_said_and_pinned_anew() {
    let desk = Desk::open().await;
    desk.alice(DECLARE).await;
    let room = desk.room().await;
    desk.fake.delete_message(&room.pins()[0]);
    assert_eq!(room.pins().len(), 0);
    desk.alice_in("INC-1", "sev sev2 only one till").await;
    assert!(room.pins()[0].picture().contains("SEV2"));
    desk.finish().await;
}

#[tokio::test]
async fn shut_out_of_a_public_room_muster_comes_back_in() {
    let desk = Desk::open().await;
    desk.alice(DECLARE).await;
    let room = desk.room().await;
    desk.fake.kick_bot(&room);
    desk.alice_in("INC-1", "note looking at the logs").await;
    assert_eq!(room.messages_with("looking at the logs").len(), 1);
    assert_eq!(desk.rooms(), [ROOM]);
    desk.finish().await;
}

#[tokio::test]
async fn shut_out_of_a_private_room_the_incident_goes_on_in_another() {
    let desk = Desk::open().await;
    desk.alice("new sev1 checkout is down --private").await;
    let room = desk.room().await;
    assert!(room.is_private());
    assert_eq!(desk.incidents.messages().len(), 0, "a private incident leaves no trace in public");
    desk.fake.kick_bot(&room);
    desk.alice_in("INC-1", "note looking at the logs").await;
    desk.pass(5).await;
    let other = desk.fake.channel(&format!("{ROOM}-2")).await;
    assert!(other.is_private());
    desk.is_furnished(&other);
    desk.finish().await;
}

#[tokio::test]
async fn a_room_that_somebody_archives_or_deletes_is_replaced() {
    for what in [FakeSlack::archive, FakeSlack::delete] {
        let desk = Desk::open().await;
        desk.alice(DECLARE).await;
        let room = desk.room().await;
        what(&desk.fake, &room);
        desk.alice_in("INC-1", "note looking at the logs").await;
        desk.pass(5).await;
        let rooms = desk.rooms();
        let other = desk.fake.channel(rooms.last().expect("there is a room")).await;
        assert!(other.id() != room.id() && !other.is_archived());
        desk.is_furnished(&other);
        desk.finish().await;
    }
}

#[tokio::test]
async fn a_room_that_somebody_archives_is_taken_out_again_where_bots_may() {
    let desk = Desk::open().await;
    desk.fake.bots_may_unarchive();
    desk.alice(DECLARE).await;
    let room = desk.room().await;
    desk.fake.archive(&room);
    desk.alice_in("INC-1", "note looking at the logs").await;
    assert!(!room.is_archived());
    assert_eq!(room.messages_with("looking at the logs").len(), 1);
    desk.finish().await;
}

#[tokio::test]
async fn a_revoked_token_is_told_to_an_operator_and_nothing_is_lost_until_there_is_another() {
    let desk = Desk::open().await;
    desk.alice(DECLARE).await;
    let room = desk.room().await;
    desk.fake.revoke_token();
    desk.alice_in("INC-1", "note looking at the logs").await;
    desk.pass(130).await;
    let troubles = desk.slack.troubles();
    assert_eq!(troubles.len(), 1, "{troubles:?}");
    assert!(troubles[0].contains("install the app again"), "{troubles:?}");
    desk.fake.restore_token();
    desk.pass(61).await;
    assert_eq!(room.messages_with("looking at the logs").len(), 1);
    assert_eq!(desk.slack.troubles(), Vec::<String>::new());
    desk.finish().await;
}

#[tokio::test]
async fn a_scope_that_is_missing_is_named_and_keeps_back_only_what_needs_it() {
    let desk = Desk::open().await;
    desk.fake.remove_scope("pins:write");
    desk.alice(DECLARE).await;
    let room = desk.room().await;
    assert_eq!(room.pins().len(), 0);
    assert_eq!(room.messages_with("‹Declared ").len(), 1);
    let troubles = desk.slack.troubles();
    assert!(troubles.len() == 1 && troubles[0].contains("`pins:write`"), "{troubles:?}");
    desk.finish().await;
}

#[tokio::test]
async fn a_workspace_that_may_only_be_read_gets_everything_when_it_may_be_written_again() {
    let desk = Desk::open().await;
    desk.fake.read_only(true);
    desk.alice(DECLARE).await;
    desk.pass(5).await;
    assert_eq!(desk.rooms(), Vec::<String>::new());
    assert_eq!(desk.slack.troubles().iter().filter(|one| one.contains("administrator")).count(), 2);
    desk.fake.read_only(false);
    desk.pass(70).await;
    desk.is_furnished(&desk.room().await);
    assert_eq!(desk.incidents.messages().len(), 1);
    assert_eq!(desk.slack.troubles(), Vec::<String>::new());
    desk.finish().await;
}

#[tokio::test]
async fn announcements_wait_for_a_channel_that_is_not_there_and_say_so() {
    let desk = Desk::announcing_in("#outages").await;
    desk.alice(DECLARE).await;
    desk.pass(5).await;
    assert!(desk.slack.troubles()[0].contains("#outages"), "{:?}", desk.slack.troubles());
    let outages = desk.fake.public_channel("outages", &[]);
    desk.fake.kick_bot(&outages);
    desk.pass(65).await;
    assert_eq!(outages.messages_with("checkout is down").len(), 1);
    assert_eq!(desk.slack.troubles(), Vec::<String>::new());
    desk.finish().await;
}

#[tokio::test]
async fn one_person_is_told_once_and_alone_even_when_the_answer_is_lost() {
    let desk = Desk::open().await;
    desk.alice(DECLARE).await;
    desk.alice_in("INC-1", "ic").await;
    desk.fake.forget_calls();
    let bob = desk.fake.person("bobby", "Bobby", "bobby@example.com");
    assert_eq!(bob.direct().messages().len(), 0);
    desk.fake.fail(Fault::reset_after_effect().on("chat.postMessage").times(2));
    desk.alice_in("INC-1", "handoff @bob look at the bank").await;
    desk.pass(10).await;
    let told: Vec<_> = desk.fake.calls().into_iter().filter(|call| call.method == "conversations.open").collect();
    assert_eq!(told.len(), 1);
    assert_eq!(desk.bob.direct().messages_with("look at the bank").len(), 1);
    assert_eq!(bob.direct().messages().len(), 0);
    desk.finish().await;
}

#[tokio::test]
async fn who_has_no_account_here_is_told_nothing_and_holds_nobody_up() {
    let desk = Desk::open().await;
    desk.alice(DECLARE).await;
    desk.alice_in("INC-1", "ic").await;
    desk.fake.forget_calls();
    desk.alice_in("INC-1", "handoff @carol look at the bank").await;
    assert!(!desk.methods().contains(&"conversations.open".to_owned()));
    desk.finish().await;
}

#[tokio::test]
async fn a_room_follows_the_title_if_that_is_wanted_and_evades_a_name_that_is_taken() {
    let mut org = sample::retailer();
    org.rooms.rename = true;
    let desk = Desk::of("#incidents", org).await;
    let eve = desk.fake.person("eve", "Eve Ask", "eve@example.com");
    desk.fake.public_channel("inc-1-tills-are-down", &[&eve]);
    desk.alice(DECLARE).await;
    let room = desk.room().await;
    desk.fake.fail(Fault::reset_after_effect().on("conversations.rename").times(2));
    desk.alice_in("INC-1", "edit --title \"tills are down\"").await;
    desk.pass(10).await;
    assert_eq!(room.name(), "inc-1-tills-are-down-2");
    desk.finish().await;
}

#[tokio::test]
async fn a_room_is_put_away_a_day_after_the_end_and_a_reopened_incident_gets_another() {
    let desk = Desk::open().await;
    desk.alice(DECLARE).await;
    let room = desk.room().await;
    desk.alice_in("INC-1", "resolve the bank is back").await;
    desk.alice_in("INC-1", "close").await;
    assert!(!room.is_archived());
    desk.world.until(desk.world.clock.now() + TimeDelta::hours(25)).await;
    assert!(room.is_archived());
    desk.alice_in("INC-1", "reopen it is down again").await;
    desk.pass(5).await;
    let other = desk.fake.channel(&format!("{ROOM}-2")).await;
    desk.is_furnished(&other);
    desk.finish().await;
}

#[tokio::test]
async fn somebody_who_has_left_keeps_nobody_else_out_of_the_room() {
    let desk = Desk::open().await;
    desk.alice(DECLARE).await;
    let dave = desk.fake.person("dave", "Dave Holm", "dave@example.com");
    let carol = desk.fake.person("carol", "Carol Åberg", "carol@example.com");
    desk.world.person("dave").in_room("INC-1").types("join").await.ok();
    desk.world.settle().await;
    desk.fake.deactivate(&dave);
    desk.alice("new sev1 tills do not open").await;
    desk.world.person("dave").in_room("INC-2").types("join").await.ok();
    desk.world.person("carol").in_room("INC-2").types("join").await.ok();
    desk.world.settle().await;
    let members = desk.fake.channel("inc-2-tills-do-not-open").await.members();
    assert!(members.contains(&"carol".to_owned()) && !members.contains(&"dave".to_owned()), "{members:?}");
    assert!(!carol.id().is_empty());
    desk.finish().await;
}

#[tokio::test]
async fn the_doctor_finds_nothing_wrong_with_a_good_connection_and_says_what_to_do_about_a_bad_one() {
    let desk = Desk::open().await;
    let broken = async || {
        let findings = desk.slack.doctor(desk.world.clock.now()).await;
        let broken = findings.into_iter().filter(|one| one.verdict == Verdict::Broken);
        broken.map(|one| (one.what, one.todo.expect("something to do"))).collect::<Vec<_>>()
    };
    let clock = |found: Vec<(String, String)>| found.into_iter().filter(|(what, _)| !what.contains("clock"));
    assert_eq!(clock(broken().await).collect::<Vec<_>>(), []);
    desk.fake.archive(&desk.incidents);
    let found: Vec<_> = clock(broken().await).collect();
    assert!(found.len() == 1 && found[0].0.contains("#incidents"), "{found:?}");
    desk.fake.revoke_token();
    let found = broken().await;
    assert!(found.len() == 1 && found[0].1.contains("Bot User OAuth Token"), "{found:?}");
    desk.finish().await;
}

#[tokio::test]
async fn customers_read_a_bulletin_once_in_their_channel_and_are_led_to_their_page() {
    let desk = Desk::of("#incidents", Organisation { comms: customers::rules(), ..sample::retailer() }).await;
    let channel = desk.fake.public_channel("customers", &[&desk.bob]);
    let to = Recipient::Channel { address: channel.id().to_owned() };
    let told = customers::publication("slack", to, "INC-7/12/0", customers::bulletin());
    desk.slack.deliver(&told).await.expect("it is said");
    desk.slack.deliver(&Delivery { attempt: 2, ..told }).await.expect("it is known");
    assert_eq!(channel.messages_with("Card payments fail").len(), 1);
    let said: Vec<_> = desk.fake.calls().into_iter().filter(|call| call.method == "chat.postMessage").collect();
    let [call] = said.as_slice() else { panic!("it is said once: {said:?}") };
    let body = serde_json::Value::from(call.args.clone()).to_string();
    assert!(
        body.contains("https://status.example.com/incidents/INC-7/") && !body.contains("muster.example.com"),
        "{body}"
    );
    desk.finish().await;
}
