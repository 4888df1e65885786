//! Alerts, as people live them: one incident for what belongs together, one page for whom it concerns, and quiet about
//! everything else.

use chrono::TimeDelta;
use futures::join;
use muster_core::alert::{Action, Level, Resolve, Route, Signal};
use muster_core::app::Muster;
use muster_core::clock::Clock;
use muster_core::decide::ListQuery;
use muster_core::ids::{IncidentId, PersonId};
use muster_core::incident::entry::Entry;
use muster_core::incident::event::Event;
use muster_core::incident::status::Phase;
use muster_core::org::{AlertRules, Heartbeat, Loudness, Organisation, Service, ServiceKind, Team};
use muster_tests::clock::SeededEntropy;
use muster_tests::world::World;
use muster_tests::{on_each_store, sample};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

on_each_store! {
    an_alert_is_one_incident_and_pages_the_owner_of_the_service_once,
    when_all_is_resolved_the_room_is_asked_whether_it_is_over_and_what_comes_back_reopens,
    where_the_route_says_so_an_incident_nobody_has_taken_ends_by_itself,
    a_storm_of_ten_thousand_is_three_incidents_three_pages_and_a_count_that_is_right,
    a_silenced_alert_disturbs_nobody_until_the_silence_ends,
    planned_work_disturbs_nobody,
    an_alert_that_flaps_is_told_of_once_it_is_calm,
    a_worse_alert_makes_it_worse_and_pages_again,
    what_was_merged_takes_its_alerts_along,
    two_who_sort_at_once_make_one_incident,
    silence_of_those_who_should_check_in_is_an_alert_once,
}

fn signal(action: Action, key: &str, title: &str, service: &str) -> Signal {
    Signal {
        source: "prometheus".to_owned(),
        key: key.to_owned(),
        action,
        title: title.to_owned(),
        text: None,
        level: Some(Level::Error),
        labels: BTreeMap::from([("service".to_owned(), service.to_owned())]),
        links: Vec::new(),
        at: None,
    }
}

fn fires(key: &str) -> Signal {
    signal(Action::Trigger, key, "Checkout answers slowly", "checkout")
}

/// What resolves says no more than a key, as PagerDuty's events do.
fn resolves(key: &str) -> Signal {
    Signal { labels: BTreeMap::new(), level: None, ..signal(Action::Resolve, key, "", "") }
}

fn rules(world: &World, rules: AlertRules) {
    world.muster.reconfigure(Organisation { alerting: rules, ..sample::retailer() });
}

async fn phase(world: &World, incident: &str) -> Phase {
    world.whole(incident).await.incident.status.phase()
}

async fn pages(world: &World, incident: &str) -> Vec<String> {
    world.whole(incident).await.incident.pages.iter().map(|page| page.name.clone()).collect()
}

async fn incidents(world: &World) -> usize {
    let all = ListQuery { limit: 100, ..ListQuery::of(PersonId::from("alice")) };
    world.muster.list(all).await.expect("incidents can be listed").0.len()
}

async fn an_alert_is_one_incident_and_pages_the_owner_of_the_service_once(world: World) {
    world.hears([fires("web-1")]).await;
    world.room("INC-1").expects("Welcome to INC-1").await.ok();
    let seen = world.whole("INC-1").await.incident;
    assert_eq!((seen.title.as_str(), seen.status.phase()), ("Checkout answers slowly", Phase::Triage));
    assert_eq!(seen.services, BTreeSet::from(["checkout".to_owned()]));
    assert_eq!(pages(&world, "INC-1").await, ["Payments"]);
    world.hears([fires("web-1"), fires("web-2")]).await;
    world.hears([fires("web-1")]).await;
    let seen = world.whole("INC-1").await.incident;
    assert_eq!((seen.alerts.firing, seen.alerts.total), (2, 2), "what repeats itself is not counted again");
    assert_eq!((incidents(&world).await, seen.pages.len()), (1, 1));
    world.pass(1).await;
    let said = world.timeline("INC-1").await;
    let said: Vec<_> = said.iter().filter(|line| !line.contains("called") && !line.contains("reached")).collect();
    insta::assert_debug_snapshot!("one_incident", said);
    let alice = world.person("alice");
    let here = alice.in_room("INC-1").types("alert").await.shows("Alerts of INC-1");
    alice.clicks(&here, "Show").await.shows("service=checkout").shows("Heard        ").ok();
    alice.types("alert show nonsense").await.refused("No alert that is firing is called").ok_refusal();
}

async fn when_all_is_resolved_the_room_is_asked_whether_it_is_over_and_what_comes_back_reopens(world: World) {
    world.hears([fires("web-1"), fires("web-2")]).await;
    world.room("INC-1").skips().await;
    world.hears([resolves("web-1")]).await;
    world.hears([resolves("web-2"), resolves("never-heard-of")]).await;
    world.pass(4).await;
    world.room("INC-1").skips().await;
    world.pass(2).await;
    let asked = world.room("INC-1").expects("All alerts of INC-1 are resolved").await.shows("Is it over?");
    let alice = world.person("alice");
    let form = alice.clicks(&asked, "Resolve").await;
    alice.fills(&form, &[]).await.ok();
    assert_eq!(phase(&world, "INC-1").await, Phase::Resolved);
    world.pass(10).await;
    world.hears([fires("web-1")]).await;
    assert_eq!(phase(&world, "INC-1").await, Phase::Investigating, "it has come back");
    assert_eq!(pages(&world, "INC-1").await, ["Payments", "Payments"]);
    alice.types("INC-1 resolve").await.ok();
    world.hears([fires("web-1")]).await;
    assert_eq!(phase(&world, "INC-1").await, Phase::Resolved, "whoever ended it knew that it was firing");
    world.pass(20).await;
    world.hears([fires("web-2")]).await;
    assert_eq!(incidents(&world).await, 2, "after a quarter of an hour it is another one");
}

async fn where_the_route_says_so_an_incident_nobody_has_taken_ends_by_itself(world: World) {
    let auto = Route { resolve: Resolve::Auto, ..Route::usual(None) };
    rules(&world, AlertRules { routes: vec![auto], ..AlertRules::default() });
    let tills = |action| signal(action, "till", "A till is offline", "tills");
    // One after another, so that it is known which is which: groups are sorted beside one another.
    world.hears([fires("web-1")]).await;
    world.hears([tills(Action::Trigger)]).await;
    let (free, taken) = ("INC-1", "INC-2");
    world.person("alice").types("INC-2 role commander").await.ok();
    world.hears([resolves("web-1"), tills(Action::Resolve)]).await;
    world.pass(6).await;
    assert_eq!(phase(&world, free).await, Phase::Resolved);
    assert_eq!(phase(&world, taken).await, Phase::Triage, "whoever has taken command decides");
}

async fn a_storm_of_ten_thousand_is_three_incidents_three_pages_and_a_count_that_is_right(world: World) {
    let mut org = sample::retailer();
    org.teams.push(Team { id: "search".into(), name: "Search".into(), members: Vec::new(), policy: None });
    org.services.push(Service {
        id: "search".into(),
        name: "Search".into(),
        kind: ServiceKind::Web,
        owner: Some("search".into()),
    });
    world.muster.reconfigure(org);
    const SERVICES: [&str; 3] = ["checkout", "tills", "search"];
    let storm = |n: usize| {
        let title = format!("Kind {} of trouble", n % 10);
        signal(Action::Trigger, &format!("host-{n}"), &title, SERVICES[n % 3])
    };
    for second in 0..10 {
        let part = (second * 1_000..(second + 1) * 1_000).map(storm).collect();
        world.muster.take_in(part).await.expect("signals can be taken in");
        world.clock.advance(TimeDelta::seconds(6));
        // The desk is as quick as ever.
        world.person("alice").types("list").await.ok();
    }
    world.hears([]).await;
    assert_eq!(incidents(&world).await, 3);
    world.pass(1).await;
    let mut total = 0;
    for incident in ["INC-1", "INC-2", "INC-3"] {
        let seen = world.whole(incident).await;
        assert_eq!(seen.incident.pages.len(), 1, "{incident}: {:?}", seen.incident.pages);
        assert_eq!(seen.incident.alerts.kinds.len(), 10);
        let told: Vec<_> = seen.entries.iter().filter_map(told).collect();
        let sum: i64 = told.iter().sum();
        assert_eq!(sum, seen.incident.alerts.total, "{incident}: the timeline tells of each alert once");
        assert!(told.len() <= 12, "{incident}: the timeline is not flooded: {told:?}");
        assert_eq!(seen.incident.alerts.firing, seen.incident.alerts.total);
        total += seen.incident.alerts.total;
    }
    assert_eq!(total, 10_000);
    assert_eq!(world.muster.store().count_waiting().await.expect("it can be counted"), 0);
}

/// Of how many alerts that began to fire an entry tells.
fn told(entry: &Entry) -> Option<i64> {
    if let Event::AlertsFired { kinds } = &entry.what {
        return i64::try_from(kinds.len()).ok();
    }
    if let Event::AlertsCounted { counts, .. } = &entry.what { Some(counts.fired) } else { None }
}

async fn a_silenced_alert_disturbs_nobody_until_the_silence_ends(world: World) {
    let alice = world.person("alice");
    alice.types("silence add service=* 2h").await.refused("why").ok_refusal();
    alice.types("silence add service=* 2h a deploy").await.refused("every alert").ok_refusal();
    alice.types("silence add service=checkout 2h a deploy of build 812").await.shows("Silence 1").ok();
    world.hears([fires("web-1"), signal(Action::Trigger, "till", "A till is offline", "tills")]).await;
    assert_eq!(world.whole("INC-1").await.incident.title, "A till is offline");
    assert_eq!(incidents(&world).await, 1);
    alice.types("alert").await.shows("silenced").ok();
    world.pass(60).await;
    world.hears([fires("web-2")]).await;
    world.hears([resolves("web-2")]).await;
    let list = alice.types("silence list").await.shows("a deploy of build 812");
    alice.clicks(&list, "End").await.shows("Silence 1 has ended").ok();
    world.hears([]).await;
    let seen = world.whole("INC-2").await.incident;
    assert_eq!(
        (seen.title.as_str(), seen.alerts.firing),
        ("Checkout answers slowly", 1),
        "what is firing still is heard"
    );
    assert_eq!(seen.pages.len(), 1);
    alice.types("silence end 1").await.refused("or it has ended").ok_refusal();
}

async fn planned_work_disturbs_nobody(world: World) {
    let line = "maintenance add 2h new tills --service tills,wan --from \"in 1h\"";
    world.person("alice").types(line).await.shows("Maintenance 1").ok();
    let till = |key: &str| signal(Action::Trigger, key, "A till is offline", "tills");
    world.hears([till("1")]).await;
    assert_eq!(incidents(&world).await, 1, "it has not begun");
    world.pass(90).await;
    world.hears([signal(Action::Trigger, "line", "A line is down", "wan"), fires("web-1")]).await;
    assert_eq!(world.whole("INC-2").await.incident.title, "Checkout answers slowly");
    assert_eq!(incidents(&world).await, 2);
    world.pass(91).await;
    world.hears([]).await;
    assert_eq!(world.whole("INC-3").await.incident.title, "A line is down", "the work is done and it is still down");
}

async fn an_alert_that_flaps_is_told_of_once_it_is_calm(world: World) {
    let alice = world.person("alice");
    for _ in 0..2 {
        world.hears([fires("web-1")]).await;
        world.hears([resolves("web-1")]).await;
        world.pass(1).await;
    }
    assert_eq!(incidents(&world).await, 1);
    alice.types("INC-1 resolve").await.ok();
    alice.types("INC-1 close").await.ok();
    world.hears([fires("web-1")]).await;
    assert_eq!(incidents(&world).await, 2, "five turns are not too many");
    world.hears([resolves("web-1")]).await;
    alice.types("INC-2 resolve").await.ok();
    alice.types("INC-2 close").await.ok();
    world.hears([fires("web-1")]).await;
    assert_eq!(incidents(&world).await, 2, "it flaps: nobody is told");
    world.pass(30).await;
    world.hears([]).await;
    assert_eq!(incidents(&world).await, 3, "it has stayed, and is heard");
}

async fn a_worse_alert_makes_it_worse_and_pages_again(world: World) {
    let by_level =
        [(Level::Error, "SEV3"), (Level::Critical, "SEV1")].map(|(level, key): (_, &str)| (level, key.into()));
    let route = Route { by_level: BTreeMap::from(by_level), ..Route::usual(None) };
    rules(&world, AlertRules { routes: vec![route], ..AlertRules::default() });
    world.hears([fires("web-1")]).await;
    world.hears([Signal { level: Some(Level::Critical), ..fires("web-2") }]).await;
    let seen = world.whole("INC-1").await.incident;
    assert_eq!(seen.severity.map(|key| key.to_string()).as_deref(), Some("SEV1"));
    let loud: Vec<_> = seen.pages.iter().map(|page| (page.loudness, page.is_open())).collect();
    assert_eq!(loud, [(Loudness::Low, false), (Loudness::High, true)], "what could wait cannot any more");
    world.person("alice").types("INC-1 ack").await.ok();
    world.hears([Signal { level: Some(Level::Critical), ..fires("web-9") }]).await;
    assert_eq!(pages(&world, "INC-1").await.len(), 2, "somebody has it");
    world.person("alice").types("INC-1 status investigating").await.ok();
    world.person("alice").types("INC-1 sev sev2").await.ok();
    world.hears([Signal { level: Some(Level::Critical), ..fires("web-3") }]).await;
    let seen = world.whole("INC-1").await.incident;
    assert_eq!(
        seen.severity.map(|key| key.to_string()).as_deref(),
        Some("SEV2"),
        "once somebody works on it, people decide"
    );
}

async fn what_was_merged_takes_its_alerts_along(world: World) {
    world.person("alice").types("new checkout is slow for customers --service checkout").await.ok();
    world.hears([fires("web-1")]).await;
    let seen = world.whole("INC-2").await.incident;
    assert_eq!(seen.alerts.like, Some(IncidentId(1)), "it looks like the one that people have declared");
    world.person("alice").types("INC-2 merge INC-1").await.ok();
    world.hears([fires("web-2"), resolves("web-1")]).await;
    let seen = world.whole("INC-1").await.incident;
    assert_eq!((seen.alerts.firing, seen.alerts.total), (1, 2));
    assert_eq!(incidents(&world).await, 2);
}

async fn two_who_sort_at_once_make_one_incident(world: World) {
    let clock = Arc::clone(&world.clock) as Arc<dyn Clock>;
    let other = Muster::new(Arc::clone(world.muster.store()), clock, SeededEntropy::new(2), sample::retailer());
    for round in 0..20 {
        let key = |n: usize| format!("web-{}", round * 10 + n);
        world.muster.take_in((0..5).map(|n| fires(&key(n))).collect()).await.expect("signals can be taken in");
        other.take_in((5..10).map(|n| fires(&key(n))).collect()).await.expect("signals can be taken in");
        let (one, two) = join!(world.muster.sort_due(), other.sort_due());
        one.and(two).expect("signals can be sorted");
    }
    world.hears([]).await;
    let seen = world.whole("INC-1").await.incident;
    assert_eq!((seen.alerts.total, seen.alerts.firing, seen.pages.len()), (200, 200, 1));
    assert_eq!(incidents(&world).await, 1);
}

async fn silence_of_those_who_should_check_in_is_an_alert_once(world: World) {
    let backup = Heartbeat {
        id: "backup".to_owned(),
        name: "The nightly backup".to_owned(),
        every: TimeDelta::minutes(60),
        grace: TimeDelta::minutes(5),
        level: Level::Critical,
        labels: BTreeMap::from([("service".to_owned(), "checkout".to_owned())]),
    };
    rules(&world, AlertRules { heartbeats: vec![backup], ..AlertRules::default() });
    assert!(!world.muster.beat("stranger").await.expect("the store works"));
    world.muster.expect_beats().await.expect("the store works");
    world.pass(50).await;
    assert!(world.muster.beat("backup").await.expect("the store works"));
    world.pass(60).await;
    assert_eq!(incidents(&world).await, 0, "it has checked in");
    world.pass(10).await;
    world.hears([]).await;
    let seen = world.whole("INC-1").await.incident;
    assert_eq!(seen.title, "The nightly backup has not checked in for 65 minutes");
    world.pass(300).await;
    assert_eq!((incidents(&world).await, world.whole("INC-1").await.incident.alerts.total), (1, 1), "it is said once");
    assert!(world.muster.beat("backup").await.expect("the store works"));
    world.hears([]).await;
    assert_eq!(world.whole("INC-1").await.incident.alerts.firing, 0, "it is back");
}
