//! What only the console can tell: here a request has the name that the one who asks gives it. In a chat the platform
//! names each request, and what it sends again is a test of its adapter.

use muster_core::ids::IncidentId;
use muster_tests::on_each_store;
use muster_tests::world::World;

on_each_store! {
    the_same_request_again_changes_nothing,
    a_code_is_taken_once_however_often_it_is_sent,
}

async fn the_same_request_again_changes_nothing(world: World) {
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    let first = alice.types_as("click-1", "new sev1 checkout is down").await;
    let again = alice.types_as("click-1", "new sev1 checkout is down").await;
    assert_eq!(first, again);
    world.room("INC-1").expects("Welcome").await.ok();
    world.room("INC-1").is_quiet().await;
    assert_eq!(world.dump().await.incidents.keys().collect::<Vec<_>>(), [&IncidentId(1)]);

    // Refused now because it was done: the first answer comes again, not the refusal.
    let taken = bob.types_as("click-2", "INC-1 ic").await;
    let before = world.dump().await;
    assert_eq!(bob.types_as("click-2", "INC-1 ic").await, taken);
    world.pass(3).await;
    assert_eq!(bob.types_as("click-2", "INC-1 ic").await, taken);
    assert_eq!(world.dump().await, before);
    // The ids of one person mean nothing in the hands of another.
    alice.types_as("click-2", "INC-1 ic").await.refused("Bob Lind is Incident Commander").ok_refusal();
    alice.types_as("click-2", "INC-1 note mine").await.shows("Written down as #3").ok();
    // A secret is shown once.
    let code = bob.types_as("click-3", "link").await.shows("Show it to nobody");
    bob.types_as("click-3", "link").await.hides(code.text().lines().nth(1).expect("a code")).shows("shown once").ok();
    world.finish().await;
}

async fn a_code_is_taken_once_however_often_it_is_sent(world: World) {
    let (alice, stranger) = (world.person("alice"), world.handle("fakechat", "U77", "ally"));
    let code = alice.types("link").await.text();
    let line = code.lines().map(str::trim).find(|line| line.starts_with("link ")).expect("the code is shown");
    alice.types(line).await.refused("You are Alice Ek here already").ok_refusal();
    stranger.types_as("same", line).await.shows("From now on you are Alice Ek here, too").ok();
    // The chat sends the same once more because our answer got lost.
    stranger.types_as("same", line).await.shows("From now on you are Alice Ek here, too").ok();
    world.handle("fakechat", "U78", "eve").types(line).await.refused("This code is not good any more").ok_refusal();
    world.finish().await;
}
