//! By what people are reached, when a way fails, and what a drill and a private incident may use. On platforms in memory: it
//! is about what core asks of any of them.

use super::{level, of_person, paging};
use chrono::TimeDelta;
use muster_core::ids::PlatformId;
use muster_core::oncall::Target;
use muster_core::org::{ChatRules, Contact, Loudness, Organisation, Step};
use muster_core::ports::chat::Chat;
use muster_tests::chats::Loopback;
use muster_tests::memory::MemoryStore;
use muster_tests::sample;
use muster_tests::world::World;
use std::sync::Arc;
use std::time::Duration;

/// A chat with a room, text messages, calls, and a system beside all that.
struct Paths {
    world: World,
    chat: Arc<Loopback>,
    sms: Arc<Loopback>,
    voice: Arc<Loopback>,
    system: Arc<Loopback>,
}

fn contact(name: &str) -> Contact {
    Contact { name: name.to_owned(), platform: PlatformId::from(name), address: "+46700000000".to_owned() }
}

impl Paths {
    /// Everybody has a telephone.
    fn new(change: impl FnOnce(&mut Organisation)) -> Self {
        let all @ [chat, sms, voice, system] = &["chat", "sms", "voice", "pagerduty"].map(Loopback::new);
        let mut org = sample::retailer();
        paging(&mut org);
        org.chats = vec![ChatRules { platform: chat.platform(), rooms: true, announces: false }];
        for person in &mut org.people {
            person.reach.contacts = vec![contact("sms"), contact("voice")];
        }
        change(&mut org);
        let chats = all.iter().map(|one| Arc::clone(one) as Arc<dyn Chat>).collect();
        let world = World::with_chats(Arc::new(MemoryStore::default()), org, chats);
        let [chat, sms, voice, system] = [chat, sms, voice, system].map(Arc::clone);
        Self { world, chat, sms, voice, system }
    }

    async fn begun(&self, declare: &str) {
        let carol = self.world.person("carol");
        carol.types(declare).await.ok();
        carol.types("INC-1 ic").await.ok();
        self.calls(&self.chat).await;
    }

    async fn page(&self, rest: &str) {
        self.world.person("carol").types(&format!("INC-1 page {rest}")).await.ok();
        self.world.settle().await;
    }

    /// Who was paged there since the last look.
    async fn calls(&self, platform: &Loopback) -> Vec<String> {
        self.world.settle().await;
        let heard = platform.heard().into_iter();
        let mut calls: Vec<_> = heard.filter_map(|line| Some(line.split_once(" is paged: ")?.0.to_owned())).collect();
        calls.sort();
        calls
    }

    async fn pass(&self, seconds: i64) {
        self.world.until(muster_core::clock::Clock::now(&*self.world.clock) + TimeDelta::seconds(seconds)).await;
    }
}

const NOBODY: [&str; 0] = [];

#[tokio::test]
async fn a_text_message_follows_after_two_minutes_and_a_call_after_four() {
    let paths = Paths::new(|_| {});
    paths.begun("new sev3 checkout is down").await;
    paths.page("payments cards are declined").await;
    assert_eq!(paths.calls(&paths.chat).await, ["@alice/chat"]);
    paths.pass(119).await;
    assert_eq!(paths.calls(&paths.sms).await, NOBODY);
    paths.pass(1).await;
    assert_eq!(paths.calls(&paths.sms).await, ["@alice/sms"]);
    paths.pass(119).await;
    assert_eq!(paths.calls(&paths.voice).await, NOBODY);
    paths.pass(1).await;
    assert_eq!(paths.calls(&paths.voice).await, ["@alice/voice"]);
    paths.world.person("alice").types("ack").await.ok();
    paths.pass(3_600).await;
    for path in [&paths.chat, &paths.sms, &paths.voice] {
        assert_eq!(paths.calls(path).await, NOBODY);
    }
}

#[tokio::test]
async fn people_are_called_by_their_own_rules_and_by_urgency() {
    let paths = Paths::new(|org| {
        let step = |minutes: u64, ways: &[&str]| Step {
            after: Duration::from_secs(60 * minutes),
            contacts: ways.iter().map(|way| (*way).to_owned()).collect(),
        };
        let alice = &mut org.people[0].reach;
        alice.steps.insert(Loudness::High, vec![step(0, &["voice"]), step(1, &["chat", "sms"])]);
        alice.steps.insert(Loudness::Low, vec![step(0, &["chat"])]);
    });
    paths.begun("new sev3 checkout is down").await;
    paths.page("@alice low the receipts look odd").await;
    assert_eq!(paths.calls(&paths.chat).await, ["@alice/chat"]);
    paths.world.person("alice").types("ack").await.ok();
    paths.page("@alice cards are declined").await;
    assert_eq!(paths.calls(&paths.voice).await, ["@alice/voice"]);
    assert_eq!(paths.calls(&paths.chat).await, NOBODY);
    paths.pass(60).await;
    assert_eq!(paths.calls(&paths.chat).await, ["@alice/chat"]);
    assert_eq!(paths.calls(&paths.sms).await, ["@alice/sms"]);
    assert_eq!(paths.calls(&paths.voice).await, NOBODY);
}

#[tokio::test]
async fn who_has_nothing_but_a_telephone_need_not_wait_for_it() {
    let paths = Paths::new(|org| org.chats.clear());
    paths.begun("new sev3 checkout is down").await;
    paths.page("@alice cards are declined").await;
    assert_eq!(paths.calls(&paths.sms).await, ["@alice/sms"]);
    paths.pass(120).await;
    assert_eq!(paths.calls(&paths.voice).await, ["@alice/voice"]);
}

#[tokio::test]
async fn a_way_that_is_closed_leads_to_the_next_at_once_and_the_room_is_told() {
    let paths = Paths::new(|_| {});
    paths.begun("new sev3 checkout is down").await;
    paths.chat.closes();
    paths.page("payments cards are declined").await;
    assert!(
        paths.chat.heard().iter().any(|line| line.starts_with("R1 says: Muster could not reach Alice Ek by chat")),
        "the room is told"
    );
    assert_eq!(paths.calls(&paths.sms).await, ["@alice/sms"], "at once");
    paths.pass(120).await;
    assert_eq!(paths.calls(&paths.sms).await, NOBODY, "once");
    assert_eq!(paths.calls(&paths.voice).await, NOBODY);
    paths.pass(120).await;
    assert_eq!(paths.calls(&paths.voice).await, ["@alice/voice"], "in its own time");
    paths.pass(60).await;
    assert_eq!(paths.calls(&paths.sms).await, ["@bob/sms"]);
}

#[tokio::test]
async fn who_cannot_be_reached_by_anything_is_not_waited_for() {
    let paths = Paths::new(|org| org.people[0].reach.contacts.clear());
    paths.begun("new sev3 checkout is down").await;
    paths.chat.closes();
    paths.page("payments cards are declined").await;
    assert_eq!(paths.calls(&paths.sms).await, ["@bob/sms"], "the secondary, at once");
    let card = paths.world.person("carol").types("INC-1 page list").await.text();
    assert!(card.contains("chat ✗ it is closed"), "{card}");
}

#[tokio::test]
async fn two_ways_that_fail_together_lead_on_once() {
    // Nothing carries e-mail here.
    let paths = Paths::new(|org| org.people[0].reach.contacts.push(contact("email")));
    paths.begun("new sev3 checkout is down").await;
    paths.chat.closes();
    paths.page("payments cards are declined").await;
    assert_eq!(paths.calls(&paths.sms).await, ["@alice/sms"]);
    assert_eq!(paths.calls(&paths.voice).await, NOBODY, "the call waits for its time");
}

#[tokio::test]
async fn a_channel_that_cannot_be_told_is_not_waited_for() {
    let paths = Paths::new(|org| {
        let channel = Target::Channel { platform: PlatformId::from("chat"), address: "C9".to_owned() };
        org.policies[0].levels = vec![level(vec![channel], 5), level(vec![of_person("bob")], 5)];
    });
    paths.begun("new sev3 checkout is down").await;
    paths.chat.closes();
    paths.page("payments cards are declined").await;
    assert_eq!(paths.calls(&paths.sms).await, ["@bob/sms"]);
}

#[tokio::test]
async fn another_system_is_told_what_became_of_it() {
    let system = || Target::Outlet { platform: PlatformId::from("pagerduty"), name: "ops".to_owned() };
    let paths = Paths::new(|org| org.policies[0].levels = vec![level(vec![of_person("alice"), system()], 5)]);
    paths.begun("new sev3 checkout is down").await;
    paths.page("payments cards are declined").await;
    assert_eq!(paths.calls(&paths.system).await, ["!ops"]);
    paths.world.person("alice").types("ack").await.ok();
    assert_eq!(paths.calls(&paths.system).await, ["!ops"], "somebody has it");
    paths.world.person("carol").types("INC-1 resolve").await.ok();
    assert_eq!(paths.calls(&paths.system).await, ["!ops"], "it is over");
}

#[tokio::test]
async fn a_drill_calls_nobody_by_telephone_and_no_other_system() {
    let paths = Paths::new(|org| {
        let system = Target::Outlet { platform: PlatformId::from("pagerduty"), name: "ops".to_owned() };
        org.policies[0].levels = vec![level(vec![of_person("alice"), system], 5)];
    });
    paths.begun("new sev3 checkout is down --kind drill").await;
    paths.page("payments cards are declined").await;
    assert_eq!(paths.calls(&paths.chat).await, ["@alice/chat"]);
    paths.pass(3_600).await;
    for path in [&paths.sms, &paths.voice, &paths.system] {
        assert_eq!(paths.calls(path).await, NOBODY);
    }
}

#[tokio::test]
async fn a_private_incident_is_nothing_for_a_channel_and_its_title_nothing_for_another_system() {
    let paths = Paths::new(|org| {
        let channel = Target::Channel { platform: PlatformId::from("chat"), address: "C9".to_owned() };
        let system = Target::Outlet { platform: PlatformId::from("pagerduty"), name: "ops".to_owned() };
        org.policies[0].levels = vec![level(vec![channel, system, of_person("alice")], 5)];
    });
    paths.begun("new sev3 payroll leak --private").await;
    paths.page("payments who has seen this").await;
    assert_eq!(paths.calls(&paths.chat).await, ["@alice/chat"]);
    assert_eq!(paths.system.heard(), ["!ops is paged: INC-1 SEV3 (private)"]);
}

#[tokio::test]
async fn a_gap_is_told_of_however_late_the_look_comes() {
    let paths = Paths::new(|org| {
        let ends = "2026-12-04T12:30:00".parse().expect("a civil time");
        org.schedules[0].layers[0].until = Some(ends);
    });
    let told = async || {
        paths.world.settle().await;
        let is_gap = |line: &&String| {
            line.starts_with("@alice is told: ") && line.contains("Nobody is on call for Payments primary")
        };
        paths.chat.heard().iter().filter(is_gap).count()
    };
    paths.world.muster.begin_watch().await.expect("the watch begins");
    let hour = |hours: i64| muster_tests::clock::moment("2026-11-27T09:05:00Z") + TimeDelta::hours(hours);
    // The looks from ten on come at five past three, all at once.
    paths.world.clock.set(hour(6));
    assert_eq!(told().await, 1, "it came within sight at half past twelve");
    let week = 7 * 24;
    for hours in 7..week + 3 {
        paths.world.clock.set(hour(hours));
        assert_eq!(told().await, 0, "once, not again after {hours} hours");
    }
    paths.world.clock.set(hour(week + 3));
    assert_eq!(told().await, 1, "and in the hour before it");
}
