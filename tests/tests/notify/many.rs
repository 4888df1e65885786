//! Very many subscribers, some of whom cannot be reached: each of the rest gets it once, and whoever is paged meanwhile does not wait.
//!
//! `MUSTER_SUBSCRIBERS=10000 cargo test -p muster-tests --test notify many` is all of it.

use chrono::TimeDelta;
use muster_core::app::dispatch::Dispatcher;
use muster_core::app::parcels::{Depot, Threshold, Throttle};
use muster_core::app::subscribing::Wish;
use muster_core::comms::{Bulletin, Channel, LinkKey, SubscriberState, Tally};
use muster_core::effect::Effect;
use muster_core::ids::{EffectKey, IncidentId, PlatformId};
use muster_core::ports::chat::{Chat, Delivery};
use muster_core::ports::courier::Courier;
use muster_core::ports::subscribers::SubscriberQuery;
use muster_notify::{EmailCourier, EmailCourierConfig};
use muster_tests::notify::customers::bulletin;
use muster_tests::notify::{ALICE, Desk, SortingOffice, mail, page};
use muster_tests::process::{eventually, number_from};
use muster_tests::statuspage::language;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

/// So many there are, unless the environment says otherwise.
const USUAL: u64 = 2_000;

static MANY: LazyLock<usize> = LazyLock::new(|| {
    let many = number_from("MUSTER_SUBSCRIBERS").unwrap_or(USUAL);
    usize::try_from(many).expect("a number of people")
});

/// Of those, so many have gone, as many have a full mailbox, and as many a server that always wants it later.
static EACH: LazyLock<usize> = LazyLock::new(|| *MANY / 100);

/// Longer than any of this takes where it works.
const SOON: Duration = Duration::from_secs(240);

fn address(number: usize) -> String {
    let name = ["gone", "full", "later"].get(number / *EACH).copied().unwrap_or("customer");
    format!("{name}-{number}@example.org")
}

fn wish(number: usize) -> Wish {
    let locale = language(["en", "sv", "de"][number % 3]);
    Wish {
        audience: "public".to_owned(),
        channel: Channel::Email,
        address: address(number),
        locale,
        components: BTreeSet::new(),
    }
}

fn depot(desk: &Desk, port: u16) -> Depot {
    let key = LinkKey::new("a key of at least thirty-two characters").expect("a key");
    let config = EmailCourierConfig { email: mail(port), key, bounces: None, connections: 8 };
    let courier = EmailCourier::new(Arc::clone(&desk.world.muster), config).expect("a config that works");
    let throttle = Throttle {
        mails_per_second: NonZeroU32::MAX,
        webhooks_per_second: NonZeroU32::MAX,
        at_once: NonZeroUsize::new(64).expect("some"),
    };
    let couriers: Vec<Arc<dyn Courier>> = vec![Arc::new(courier)];
    Depot::new(Arc::clone(&desk.world.muster), "test".to_owned(), couriers, throttle)
}

/// Message 3 of the first incident is published, to whoever has subscribed.
async fn publishes(desk: &Desk) {
    let cleared = serde_json::from_value(json!("INC-1")).expect("a public incident");
    let effect =
        Effect::Spread { platform: PlatformId::subscribers(), bulletin: Box::new(Bulletin { cleared, ..bulletin() }) };
    let key = EffectKey::from("INC-1/9/0");
    desk.queues(Delivery { key, incident: Some(IncidentId(1)), attempt: 1, made: None, effect }).await;
    let threshold: Arc<dyn Chat> = Arc::new(Threshold::new(Arc::clone(&desk.world.muster)));
    let dispatcher = Dispatcher::new(Arc::clone(&desk.world.muster), "test".to_owned(), vec![threshold]);
    while dispatcher.dispatch_due().await.expect("the outbox can be read") > 0 {}
}

async fn tally(desk: &Desk) -> Tally {
    desk.world.muster.tally_of(IncidentId(1), 3).await.expect("the store answers")
}

/// How many subscribers are in each state.
async fn states(desk: &Desk) -> BTreeMap<&'static str, usize> {
    let query = SubscriberQuery { limit: i64::MAX, ..SubscriberQuery::default() };
    let all = desk.world.muster.store().subscribers(&query).await.expect("the store answers");
    all.into_iter().fold(BTreeMap::new(), |mut states, one| {
        *states.entry(one.state.word()).or_default() += 1;
        states
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_are_told_once_failures_are_tried_again_and_given_up_and_a_page_leaves_at_once() {
    let Some(office) = SortingOffice::start("very many are told once") else { return };
    let desk = Desk::with_mail(office.port).await;
    desk.world.person("bob").types("new sev1 checkout is down").await.ok();
    let wishes: Vec<_> = (0..*MANY).map(wish).collect();
    for some in wishes.chunks(500) {
        desk.world.muster.subscribe(some).await.expect("they are subscribed");
    }
    publishes(&desk).await;
    let carrying = {
        let depot = depot(&desk, office.port);
        tokio::spawn(async move { depot.run(std::future::pending()).await })
    };
    let told = |office: &SortingOffice| office.receivers().iter().filter(|to| to.ends_with("@example.org")).count();
    let until =
        async |count: usize| eventually("they are told", SOON, async || (told(&office) >= count).then_some(())).await;

    until(*MANY / 10).await;
    let began = Instant::now();
    desk.world.person("bob").in_room("INC-1").types("page @alice all stores").await.ok();
    desk.settle().await;
    assert!(began.elapsed() < Duration::from_secs(2), "an SMS took {:?}", began.elapsed());
    assert_eq!(desk.twilio.messages().last().map(|sms| sms["To"].clone()).as_deref(), Some(ALICE));
    let began = Instant::now();
    desk.delivers(&page("email")).await.expect("it is taken");
    assert!(began.elapsed() < Duration::from_secs(2), "a letter about a page took {:?}", began.elapsed());
    assert!(told(&office) < *MANY - 3 * *EACH, "there was nothing left to be told meanwhile");

    until(*MANY - 3 * *EACH).await;
    let first = i64::try_from(*EACH).expect("a number");
    let all = i64::try_from(*MANY).expect("a number");
    let after_once = Tally { done: all - 3 * first, retrying: first, parked: 2 * first, ..Tally::default() };
    eventually("it is on record", SOON, async || (tally(&desk).await == after_once).then_some(())).await;
    carrying.abort();

    let depot = depot(&desk, office.port);
    for (attempts, pause) in (1..).zip([1, 5, 15, 60, 4 * 60, 12 * 60]) {
        assert_eq!(tally(&desk).await, after_once, "after {attempts} attempts");
        desk.world.clock.advance(TimeDelta::minutes(pause));
        while depot.carry_due().await.expect("the store answers") > 0 {}
    }
    assert_eq!(tally(&desk).await, Tally { retrying: 0, parked: 3 * first, ..after_once });
    assert_eq!(states(&desk).await[SubscriberState::Bounced.word()], *EACH, "who has gone is not written to again");
    assert_eq!(states(&desk).await[SubscriberState::Active.word()], *MANY - *EACH);

    let mut receivers: Vec<_> = office.receivers().into_iter().filter(|to| to.ends_with("@example.org")).collect();
    receivers.sort();
    let mut expected: Vec<_> = (3 * *EACH..*MANY).map(address).collect();
    expected.sort();
    assert_eq!(receivers, expected, "each of the rest gets it once");
}
