//! What is offered to somebody who types: what they may know, from memory, and never held up by the database.

use chrono::TimeDelta;
use muster_core::command::spec::ArgKind;
use muster_core::ids::PlatformId;
use muster_core::inbound::{Caller, Handle};
use muster_core::org::{GroupRule, Organisation, Right};
use muster_discord::commands::{limits, offered};
use muster_tests::generate::HOSTILE;
use muster_tests::memory::MemoryStore;
use muster_tests::sample;
use muster_tests::world::World;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A client waits three seconds for what is offered; people have long typed on by then.
const SOON: Duration = Duration::from_secs(1);

fn world_over(store: &MemoryStore) -> World {
    World::over(Arc::new(store.clone()), sample::retailer(), Box::new(()))
}

async fn declare(world: &World, line: &str) {
    world.person("alice").types(line).await.ok();
}

#[tokio::test]
async fn what_the_config_has_is_offered_the_best_first() {
    let world = World::memory();
    let alice = world.person("alice");
    assert_eq!(alice.is_offered(ArgKind::Role, "comm").await[0], "commander · Incident Commander");
    assert_eq!(alice.is_offered(ArgKind::Person, "@bo").await, ["@bob · Bob Lind"]);
    assert_eq!(alice.is_offered(ArgKind::Person, "åberg").await, ["@carol · Carol Åberg"]);
    assert_eq!(alice.is_offered(ArgKind::Severity, "SEV1").await.len(), 1);
    assert_eq!(alice.is_offered(ArgKind::Category, "sec").await, ["security · Security"]);
    let of_timelines = ["timeline · Look at the timeline, and put it right", "note · Write something on the timeline"];
    assert_eq!(alice.is_offered(ArgKind::Command, "timel").await, of_timelines);
    assert_eq!(alice.is_offered(ArgKind::Paragraph(4_000), "x").await, [""; 0]);
}

#[tokio::test]
async fn after_a_comma_the_next_item_of_a_list_is_offered() {
    let world = World::memory();
    let alice = world.person("alice");
    assert_eq!(alice.is_offered(ArgKind::Services, "checkout, pay").await, ["checkout,payment · Card payments"]);
    let more = alice.is_offered(ArgKind::Sites, "stockholm,").await;
    assert_eq!(more.len(), 2, "what is there already is not offered again: {more:?}");
}

#[tokio::test]
async fn a_change_is_seen_with_the_next_letter() {
    let world = World::memory();
    let bob = world.person("bob");
    assert_eq!(bob.is_offered(ArgKind::Incident, "").await, [""; 0]);
    declare(&world, "new tills are slow").await;
    assert_eq!(bob.is_offered(ArgKind::Incident, "till").await, ["INC-1 · tills are slow"]);
    declare(&world, "INC-1 cancel a false alarm").await;
    assert_eq!(bob.is_offered(ArgKind::Incident, "").await, [""; 0]);
}

#[tokio::test]
async fn what_another_process_does_is_seen_within_seconds() {
    let store = MemoryStore::default();
    let (here, there) = (world_over(&store), world_over(&store));
    assert_eq!(here.person("bob").is_offered(ArgKind::Incident, "").await, [""; 0]);
    declare(&there, "new tills are slow").await;
    here.clock.advance(TimeDelta::seconds(4));
    assert_eq!(here.person("bob").is_offered(ArgKind::Incident, "").await, ["INC-1 · tills are slow"]);
}

#[tokio::test]
async fn a_private_incident_is_offered_to_its_people_alone() {
    let world = World::memory();
    declare(&world, "new --private somebody sells cards").await;
    declare(&world, "new tills are slow").await;
    let seen = ["INC-2 · tills are slow"];
    assert_eq!(world.person("alice").is_offered(ArgKind::Incident, "").await.len(), 2);
    assert_eq!(world.person("mallory").is_offered(ArgKind::Incident, "").await, seen);
    assert_eq!(world.person("bob").is_offered(ArgKind::Incident, "cards").await, [""; 0]);
    declare(&world, "INC-1 join @bob").await;
    assert_eq!(world.person("bob").is_offered(ArgKind::Incident, "cards").await.len(), 1);
    declare(&world, "INC-2 edit --visibility private").await;
    assert_eq!(world.person("mallory").is_offered(ArgKind::Incident, "").await, [""; 0]);
}

#[tokio::test]
async fn whoever_may_not_look_is_offered_nothing_at_all() {
    let world = World::memory();
    declare(&world, "new tills are slow").await;
    let guest = world.handle("discord", "5", "Gus");
    let nobody = world.person("nobody");
    for kind in [ArgKind::Incident, ArgKind::Person, ArgKind::Services, ArgKind::Role, ArgKind::Command] {
        assert_eq!(guest.is_offered(kind, "").await, [""; 0]);
        assert_eq!(nobody.is_offered(kind, "").await, [""; 0]);
    }
    world.muster.reconfigure(Organisation { guest_right: Right::View, ..sample::retailer() });
    assert_eq!(guest.is_offered(ArgKind::Incident, "").await.len(), 1);
    world.muster.reconfigure(sample::retailer());
    assert_eq!(guest.is_offered(ArgKind::Incident, "").await, [""; 0]);
}

#[tokio::test]
async fn whoever_has_lost_the_group_that_let_them_look_is_offered_nothing_from_then_on() {
    let (store, chat) = (MemoryStore::default(), PlatformId::from("chat"));
    let rule = GroupRule { platform: chat.clone(), group: "7".to_owned(), team: None, right: Right::View };
    let org = Organisation { groups: vec![rule], ..sample::retailer() };
    let world = World::over(Arc::new(store.clone()), org, Box::new(()));
    declare(&world, "new tills are slow").await;
    let eve = |groups: &[&str]| {
        let groups = groups.iter().map(|&group| group.to_owned()).collect();
        Caller::Handle(Handle { platform: chat.clone(), id: "9".into(), name: "Eve".into(), email: None, groups })
    };
    let offered = async |caller: Caller| world.muster.suggest(&caller, ArgKind::Incident, "till").await.len();
    assert_eq!(offered(eve(&["7"])).await, 1);
    assert_eq!(offered(eve(&[])).await, 0, "what was fresh for the group is not for her");
    let _stall = store.stalls().await;
    assert_eq!(offered(eve(&[])).await, 0, "nor is it when the database does not answer");
}

#[tokio::test]
async fn a_stalled_database_holds_nobody_up_and_what_was_known_is_offered() {
    let store = MemoryStore::default();
    let world = world_over(&store);
    declare(&world, "new tills are slow").await;
    let bob = world.person("bob");
    assert_eq!(bob.is_offered(ArgKind::Incident, "").await.len(), 1);
    let stall = store.stalls().await;
    world.clock.advance(TimeDelta::hours(1));
    let started = Instant::now();
    let typed = (0..50).map(|_| bob.is_offered(ArgKind::Incident, "till"));
    for offered in futures::future::join_all(typed).await {
        assert_eq!(offered, ["INC-1 · tills are slow"]);
    }
    assert_eq!(world.person("carol").is_offered(ArgKind::Role, "").await, [""; 0], "nobody knows yet who she is");
    assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
    drop(stall);
    assert_eq!(world.person("carol").is_offered(ArgKind::Incident, "till").await.len(), 1);
    declare(&world, "INC-1 cancel a false alarm").await;
    assert_eq!(bob.is_offered(ArgKind::Incident, "till").await, [""; 0]);
}

#[tokio::test]
async fn of_many_the_best_are_offered_as_many_as_discord_takes() {
    let world = World::memory();
    for n in 1..=60 {
        declare(&world, &format!("new till {n} is slow 日本語 🔥")).await;
    }
    let alice = world.person("alice");
    assert_eq!(alice.is_offered(ArgKind::Incident, "").await.len(), 60);
    assert_eq!(alice.is_offered(ArgKind::Incident, "INC-41").await, ["INC-41 · till 41 is slow 日本語 🔥"]);
    let choices = alice.suggestions(ArgKind::Incident, "till").await;
    let offered = offered(&choices);
    assert_eq!(offered["choices"].as_array().map(Vec::len), Some(limits::CHOICES));
}

#[tokio::test]
async fn whatever_is_typed_something_fitting_or_nothing_is_offered() {
    let world = World::memory();
    declare(&world, "new tills are slow").await;
    let alice = world.person("alice");
    for typed in HOSTILE.iter().map(|text| (*text).to_owned()).chain([",".repeat(6_000), "å,".repeat(3_000)]) {
        for kind in [ArgKind::Incident, ArgKind::Person, ArgKind::Services, ArgKind::Span] {
            let choices = offered(&alice.suggestions(kind, &typed).await);
            assert!(choices["choices"].as_array().is_some_and(|list| list.len() <= limits::CHOICES), "{typed}");
        }
    }
}
