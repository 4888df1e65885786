//! What becomes of a page by what people do.

use super::{declared, nobody_else, paging, rings};
use muster_core::incident::Visibility;
use muster_tests::on_every_stage;
use muster_tests::stage::{Record, Stage};

on_every_stage! {
    who_says_that_it_is_not_for_them_has_the_next_ones_called_at_once,
    who_wants_to_be_called_again_is_and_nobody_else,
    who_had_it_and_gives_it_back_has_others_called,
    an_incident_that_is_resolved_rings_no_more,
    a_private_incident_opens_for_whoever_is_called,
    one_word_answers_whatever_calls,
}

async fn who_says_that_it_is_not_for_them_has_the_next_ones_called_at_once(world: Stage) -> Record {
    declared(&world).await;
    world.person("carol").types("INC-1 page payments cards are declined").await.ok();
    let call = rings(&world, "alice").await;
    world.pass(1).await;
    world.person("alice").clicks(&call, "Not me").await.ok();
    rings(&world, "bob").await.ok();
    world.pages("INC-1").await.shows("says it is not for them").ok();
    world.person("alice").clicks(&call, "Not me").await.refused("Page 1 does not call you").ok_refusal();
    world.pass(2).await;
    nobody_else(&world).await;
    world.pass(1).await;
    let last = rings(&world, "dave").await;
    world.person("dave").clicks(&last, "Not me").await.ok();
    world.room("INC-1").expects("Nobody has answered page 1").await.ok();
    world.finish().await
}

async fn who_wants_to_be_called_again_is_and_nobody_else(world: Stage) -> Record {
    declared(&world).await;
    world.person("carol").types("INC-1 page payments cards are declined").await.ok();
    rings(&world, "alice").await.ok();
    world.pass(5).await;
    let call = rings(&world, "bob").await;
    world.person("bob").clicks(&call, "15 minutes").await.ok();
    world.pages("INC-1").await.shows("snoozed by").ok();
    world.pass(14).await;
    nobody_else(&world).await;
    world.pass(1).await;
    let again = rings(&world, "bob").await;
    world.pages("INC-1").await.shows("calling").ok();

    // From there it takes its whole way.
    world.pass(5).await;
    rings(&world, "alice").await.ok();
    world.pass(4).await;
    world.person("bob").clicks(&again, "Acknowledge").await.ok();
    world.pass(10).await;
    nobody_else(&world).await;
    world.finish().await
}

async fn who_had_it_and_gives_it_back_has_others_called(world: Stage) -> Record {
    declared(&world).await;
    world.person("carol").types("INC-1 page payments cards are declined").await.ok();
    let call = rings(&world, "alice").await;
    world.person("alice").clicks(&call, "30 minutes").await.ok();
    world.pass(10).await;
    world.person("alice").clicks(&call, "Not me").await.ok();
    let next = rings(&world, "bob").await;
    world.person("bob").clicks(&next, "Acknowledge").await.ok();
    world.pass(40).await;
    nobody_else(&world).await;
    world.finish().await
}

async fn an_incident_that_is_resolved_rings_no_more(world: Stage) -> Record {
    declared(&world).await;
    let carol = world.person("carol");
    carol.types("INC-1 page payments cards are declined").await.ok();
    let call = rings(&world, "alice").await;
    carol.types("INC-1 resolve").await.ok();
    world.pages("INC-1").await.shows("over").hides("calling").ok();
    world.person("alice").clicks(&call, "Acknowledge").await.refused("Page 1 is over already").ok_refusal();
    carol.types("INC-1 page payments again").await.refused("INC-1 is resolved").ok_refusal();
    world.pass(30).await;
    nobody_else(&world).await;
    world.finish().await
}

async fn a_private_incident_opens_for_whoever_is_called(world: Stage) -> Record {
    world.configure(paging);
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    world.person("carol").types("new sev3 checkout is down --private").await.ok();
    world.room("INC-1").expects("Welcome to INC-1").await.ok();
    let carol = world.person("carol").in_room("INC-1");
    carol.types("ic").await.ok();
    assert_eq!(world.incident("INC-1").await.visibility, Visibility::Private);
    bob.types("INC-1 show").await.refused("There is no such incident").ok_refusal();
    carol.types("page payments a leak").await.ok();
    let call = rings(&world, "alice").await;
    alice.types("INC-1 show").await.shows("checkout is down").ok();
    bob.types("INC-1 ack").await.refused("There is no such incident").ok_refusal();
    alice.clicks(&call, "Acknowledge").await.ok();
    world.finish().await
}

async fn one_word_answers_whatever_calls(world: Stage) -> Record {
    declared(&world).await;
    let (alice, carol) = (world.person("alice"), world.person("carol"));
    alice.types("ack").await.refused("No page calls you").instead("list mine").ok_refusal();
    carol.types("new sev4 a till is slow").await.ok();
    world.room("INC-2").skips().await;
    carol.types("INC-2 ic").await.ok();
    carol.types("INC-1 page payments one").await.ok();
    world.ear_of("alice").expects("You are paged: INC-1").await.ok();
    carol.types("INC-2 page @alice two").await.ok();
    world.ear_of("alice").expects("You are paged: INC-2").await.ok();
    alice.types("ack").await.ok();
    for incident in ["INC-1", "INC-2"] {
        world.pages(incident).await.shows("acknowledged by").ok();
    }
    world.pass(20).await;
    nobody_else(&world).await;
    world.finish().await
}
