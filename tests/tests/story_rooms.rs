//! An incident on a chat platform: its room is opened, shows what changes, gets lost, is put away and taken out again.
//! It is told on a platform in memory only: it is about what core asks of any platform, and in which order.

use chrono::TimeDelta;
use muster_core::app::dispatch::Dispatcher;
use muster_core::ids::IncidentId;
use muster_core::org::ChatRules;
use muster_core::ports::chat::Chat;
use muster_tests::chats::Loopback;
use muster_tests::memory::MemoryStore;
use muster_tests::sample;
use muster_tests::world::World;
use muster_web::ConsoleChat;
use std::sync::Arc;

fn world(chat: &Arc<Loopback>) -> World {
    let mut org = sample::retailer();
    org.rooms.rename = true;
    org.chats = vec![ChatRules { platform: chat.platform(), rooms: true, announces: true }];
    let chat: Arc<dyn Chat> = Arc::clone(chat) as Arc<dyn Chat>;
    World::with_chats(Arc::new(MemoryStore::default()), org, vec![chat])
}

/// What was done, in the order of the alphabet: only what is said in one room has an order.
async fn heard(world: &World, chat: &Loopback) -> Vec<String> {
    world.settle().await;
    let mut heard = chat.heard();
    heard.sort();
    heard
}

#[tokio::test]
async fn a_declared_incident_gets_one_room_with_everything_in_it() {
    let chat = Loopback::new("chat");
    let world = world(&chat);
    world.person("alice").types("new sev1 checkout is down --service tills").await.ok();
    let expected = [
        "R1 headline, first: INC-1 checkout is down",
        "R1 invites alice, carol",
        "R1 links: Console",
        "R1 says: Welcome to INC-1",
        "R1 topic: SEV1 · triage · no commander yet",
        "announce, first: INC-1 checkout is down",
        "open inc-1-checkout-is-down",
    ];
    assert_eq!(heard(&world, &chat).await, expected);
    world.room("INC-1").skips().await;
    world.finish().await;
}

#[tokio::test]
async fn the_room_is_told_what_changes_and_nothing_else() {
    let chat = Loopback::new("chat");
    let world = world(&chat);
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    alice.types("new checkout is slow").await.ok();
    heard(&world, &chat).await;
    bob.types("INC-1 ic").await.ok();
    let expected = [
        "@bob is told: You are Incident Commander of INC-1",
        "R1 headline, again: INC-1 checkout is slow",
        "R1 invites bob",
        "R1 says: Bob Lind became Incident Commander",
        "R1 topic: no severity · triage · IC Bob Lind",
        "announce, again: INC-1 checkout is slow",
    ];
    assert_eq!(heard(&world, &chat).await, expected);
    alice.types("INC-1 note the bank sees it too").await.ok();
    assert_eq!(heard(&world, &chat).await, ["R1 says: Alice Ek noted: the bank sees it too"]);
    alice.types("INC-1 timeline pin it is the switch --by Carol").await.ok();
    assert_eq!(heard(&world, &chat).await, [""; 0], "the room has read it already");
    alice.types("INC-1 edit --title \"checkout is down\"").await.ok();
    let expected = [
        "R1 headline, again: INC-1 checkout is down",
        "R1 is now inc-1-checkout-is-down",
        "R1 says: Alice Ek changed the title from “checkout is slow” to “checkout is down”",
        "announce, again: INC-1 checkout is down",
    ];
    assert_eq!(heard(&world, &chat).await, expected);
    world.room("INC-1").skips().await;
    world.finish().await;
}

#[tokio::test]
async fn a_private_incident_leaves_no_trace_where_everybody_looks() {
    let chat = Loopback::new("chat");
    let world = world(&chat);
    let alice = world.person("alice");
    alice.types("new sev1 payroll breach --private --service tills").await.ok();
    let done = heard(&world, &chat).await;
    assert!(done.contains(&"open inc-1-payroll-breach, private".to_owned()), "{done:?}");
    assert!(done.contains(&"R1 invites alice".to_owned()), "only who is in it: {done:?}");
    assert!(!done.iter().any(|line| line.starts_with("announce")), "{done:?}");
    world.room("INC-1").skips().await;
    world.finish().await;
}

#[tokio::test]
async fn what_becomes_private_goes_on_in_another_room_and_its_announcement_says_nothing() {
    let chat = Loopback::new("chat");
    let world = world(&chat);
    let alice = world.person("alice");
    alice.types("new sev1 odd logins").await.ok();
    heard(&world, &chat).await;
    alice.types("INC-1 edit --visibility private").await.ok();
    let done = heard(&world, &chat).await;
    for line in
        ["R1 is put away", "open inc-1-odd-logins, private", "announce, again: INC-1 is not announced here any more"]
    {
        assert!(done.contains(&line.to_owned()), "{line}: {done:?}");
    }
    assert!(done.contains(&"R2 headline, first: INC-1 odd logins (private)".to_owned()), "{done:?}");
    world.room("INC-1").skips().await;
    world.finish().await;
}

#[tokio::test]
async fn what_becomes_private_before_it_has_a_room_gets_a_private_one_only() {
    let chat = Loopback::new("chat");
    let world = world(&chat);
    let alice = world.person("alice");
    alice.types("new sev1 odd logins").await.ok();
    alice.types("INC-1 edit --visibility private").await.ok();
    let done = heard(&world, &chat).await;
    assert!(done.contains(&"open inc-1-odd-logins, private".to_owned()), "{done:?}");
    assert!(done.contains(&"R1 headline, first: INC-1 odd logins (private)".to_owned()), "{done:?}");
    assert_eq!(done.iter().filter(|line| line.starts_with("open ")).count(), 1, "{done:?}");
    world.room("INC-1").skips().await;
    world.finish().await;
}

#[tokio::test]
async fn what_becomes_private_while_its_room_is_opened_goes_on_in_a_private_one() {
    let chat = Loopback::new("chat");
    let world = world(&chat);
    let alice = world.person("alice");
    alice.types("new sev1 odd logins").await.ok();
    chat.pauses();
    let turning = async {
        chat.is_asked().await;
        alice.types("INC-1 edit --visibility private").await.ok();
        chat.goes_on();
    };
    let (done, ()) = tokio::join!(heard(&world, &chat), turning);
    for line in ["open inc-1-odd-logins", "R1 is put away", "open inc-1-odd-logins, private"] {
        assert_eq!(done.iter().filter(|one| *one == line).count(), 1, "{line}: {done:?}");
    }
    assert!(!done.iter().any(|line| line.starts_with("R1 headline")), "nothing is said in the public room: {done:?}");
    assert!(done.contains(&"R2 headline, first: INC-1 odd logins (private)".to_owned()), "{done:?}");
    world.room("INC-1").skips().await;
    world.finish().await;
}

#[tokio::test]
async fn a_lost_room_is_replaced_a_few_times_and_the_timeline_says_so() {
    let chat = Loopback::new("chat");
    let world = world(&chat);
    let alice = world.person("alice");
    alice.types("new sev1 checkout is down").await.ok();
    heard(&world, &chat).await;
    for lost in 1..=3 {
        chat.loses(&format!("R{lost}"));
        alice.types(&format!("INC-1 note {lost}")).await.ok();
        let next = format!("R{} headline, first: INC-1 checkout is down", lost + 1);
        let done = heard(&world, &chat).await;
        assert_eq!(done.contains(&next), lost < 3, "an incident that loses every room gets no fourth: {done:?}");
    }
    let timeline = world.timeline("INC-1").await;
    assert!(timeline.iter().any(|line| line.contains("lost the room on chat: R1 was deleted")), "{timeline:?}");
    world.room("INC-1").skips().await;
    world.finish().await;
}

#[tokio::test]
async fn rooms_are_put_away_a_day_after_the_end_and_taken_out_when_it_is_not_over() {
    let chat = Loopback::new("chat");
    let world = world(&chat);
    let alice = world.person("alice");
    alice.types("new sev4 a till prints twice").await.ok();
    alice.types("INC-1 resolve").await.ok();
    alice.types("INC-1 close").await.ok();
    heard(&world, &chat).await;
    world.pass(24 * 60 - 1).await;
    assert_eq!(heard(&world, &chat).await, [""; 0]);
    world.pass(1).await;
    assert_eq!(heard(&world, &chat).await, ["R1 is put away"]);
    alice.types("INC-1 followup buy another printer").await.ok();
    assert_eq!(heard(&world, &chat).await, [""; 0], "nothing is said in a room that was put away");
    alice.types("INC-1 reopen it prints thrice").await.ok();
    let done = heard(&world, &chat).await;
    assert_eq!(done.iter().filter(|line| *line == "R1 is taken out").count(), 1, "{done:?}");
    assert!(done.iter().any(|line| line.starts_with("R1 says: Alice Ek reopened")), "{done:?}");
    world.room("INC-1").skips().await;
    world.finish().await;
}

#[tokio::test]
async fn an_incident_is_worked_in_one_more_chat_when_somebody_wants_it() {
    let (chat, other) = (Loopback::new("chat"), Loopback::new("other"));
    let rules = |chat: &Loopback, rooms| ChatRules { platform: chat.platform(), rooms, announces: false };
    let mut org = sample::retailer();
    org.chats = vec![rules(&chat, true), rules(&other, false)];
    let platforms = vec![Arc::clone(&chat) as Arc<dyn Chat>, Arc::clone(&other) as Arc<dyn Chat>];
    let world = World::with_chats(Arc::new(MemoryStore::default()), org, platforms);
    let alice = world.person("alice");
    alice.types("new sev1 checkout is down").await.ok();
    heard(&world, &chat).await;
    assert_eq!(heard(&world, &other).await, [""; 0], "it gets a room there only when somebody wants it");

    let rooms = alice.types("INC-1 room").await.shows("chat");
    alice.clicks(&rooms, "Add other").await.shows("other · is being opened").ok();
    let furnished = heard(&world, &other).await;
    assert!(furnished.contains(&"R1 headline, first: INC-1 checkout is down".to_owned()), "{furnished:?}");
    rooms.ok();
    alice
        .types("INC-1 room add other")
        .await
        .refused("INC-1 has a room on other already")
        .instead("INC-1 room")
        .ok_refusal();
    alice
        .types("INC-1 room add pigeon")
        .await
        .refused("“pigeon” is not a chat here: there are chat, other")
        .ok_refusal();
    alice.types("INC-1 room").await.shows("chat · home").shows("other").ok();

    heard(&world, &chat).await;
    world.person("bob").types("INC-1 ic").await.ok();
    for chat in [&chat, &other] {
        let done = heard(&world, chat).await;
        for line in ["R1 headline, again: INC-1 checkout is down", "R1 says: Bob Lind became Incident Commander"] {
            assert!(done.contains(&line.to_owned()), "{line}: {done:?}");
        }
    }
    let timeline = world.timeline("INC-1").await;
    let rooms: Vec<_> = timeline.iter().filter(|line| line.contains(" room on ")).collect();
    assert_eq!(
        rooms,
        [
            "#2 09:00 UTC Alice Ek asked for a room on other",
            "#3 09:00 UTC Muster opened a room on other: inc-1-checkout-is-down"
        ]
    );
    alice.types("INC-1 resolve").await.ok();
    alice.types("INC-1 close").await.ok();
    alice.types("INC-1 room add other").await.refused("INC-1 is over").instead("INC-1 reopen").ok_refusal();
    world.room("INC-1").skips().await;
    heard(&world, &chat).await;
    world.finish().await;
}

#[tokio::test]
async fn a_platform_that_hangs_keeps_no_other_waiting() {
    let hanging = Loopback::hanging("slow");
    let world = world(&hanging);
    let platforms: Vec<Arc<dyn Chat>> =
        vec![Arc::clone(&hanging) as Arc<dyn Chat>, Arc::new(ConsoleChat::new(Arc::clone(&world.muster)))];
    let dispatcher = Dispatcher::new(Arc::clone(&world.muster), "beside".to_owned(), platforms);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(async move { dispatcher.run(async { drop(stopped.await) }).await });
    let alice = world.person("alice");
    for n in 1..=100 {
        alice.types(&format!("new sev4 till {n} is off")).await.ok();
    }
    let all_said = async {
        for n in 1..=100 {
            let id = IncidentId(n);
            while world.muster.store().said(id, 1).await.expect("messages can be read").is_empty() {
                world.clock.advance(TimeDelta::milliseconds(1));
                tokio::task::yield_now().await;
            }
        }
    };
    let limit = std::time::Duration::from_secs(30);
    tokio::time::timeout(limit, all_said).await.expect("the console is served while the other platform hangs");
    assert_eq!(hanging.heard(), [""; 0]);
    running.abort();
    drop(stop);
}
