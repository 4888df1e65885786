//! Who is called, and who then.

use super::{begun, clock, declared, level, nobody_else, of_person, of_schedule, paging, rings};
use chrono::NaiveTime;
use muster_core::oncall::Window;
use muster_tests::on_every_stage;
use muster_tests::stage::{Record, Stage};

on_every_stage! {
    the_primary_is_called_then_the_secondary_on_the_second_and_whoever_answers_has_it,
    nobody_answers_and_the_last_resort_is_called,
    who_stands_in_is_called_and_who_covers_a_shift,
    where_nobody_is_on_call_the_next_ones_are_called_at_once,
    levels_are_gone_through_again_and_a_worse_incident_waits_less,
    a_page_goes_to_somebody_else_or_is_taken_back,
    a_person_is_paged_by_name,
}

async fn the_primary_is_called_then_the_secondary_on_the_second_and_whoever_answers_has_it(world: Stage) -> Record {
    declared(&world).await;
    let carol = world.person("carol");
    carol.types("INC-1 page payments cards are declined").await.shows("Payments").ok();
    let first = rings(&world, "alice").await.shows("cards are declined");
    world.pages("INC-1").await.shows("calling; goes on at").shows("Alice Ek").hides("Bob Lind").ok();
    carol.types("INC-1 page payments again").await.refused("Payments: already being called, by page 1").ok_refusal();

    world.until(clock("09:04:59")).await;
    nobody_else(&world).await;
    world.until(clock("09:05:00")).await;
    let second = rings(&world, "bob").await;
    world.pages("INC-1").await.shows("Alice Ek").shows("Bob Lind").ok();

    world.person("bob").clicks(&second, "Acknowledge").await.ok();
    world.pages("INC-1").await.shows("acknowledged by").hides("calling").ok();
    world.person("alice").clicks(&first, "Acknowledge").await.refused("Bob Lind has page 1 already").ok_refusal();
    world.person("bob").clicks(&second, "Acknowledge").await.refused("Bob Lind has page 1 already").ok_refusal();
    world.pass(20).await;
    nobody_else(&world).await;
    carol.types("INC-1 resolve").await.ok();
    world.pages("INC-1").await.shows("acknowledged by").ok();
    assert_eq!(
        world.timeline("INC-1").await,
        [
            "#1 09:00 UTC Carol Åberg declared a SEV3 incident: checkout is down",
            "#2 09:00 UTC Carol Åberg became Incident Commander",
            "#3 09:00 UTC Carol Åberg paged Payments (page 1): cards are declined",
            "#4 09:00 UTC Carol Åberg called Alice Ek (page 1)",
            "#5 09:05 UTC Muster called Bob Lind (page 1)",
            "#6 09:05 UTC Bob Lind acknowledged page 1",
            "#7 09:25 UTC Carol Åberg changed the status from triage to resolved",
        ]
    );
    world.finish().await
}

async fn nobody_answers_and_the_last_resort_is_called(world: Stage) -> Record {
    declared(&world).await;
    world.person("carol").types("INC-1 page payments cards are declined").await.ok();
    rings(&world, "alice").await.ok();
    world.pass(5).await;
    rings(&world, "bob").await.ok();
    world.pass(3).await;
    let last = rings(&world, "dave").await;
    world.pass(5).await;
    let lost = world.room("INC-1").expects("Nobody has answered page 1: Payments").await;
    world.pages("INC-1").await.shows("nobody has answered").ok();
    world.pass(30).await;
    nobody_else(&world).await;

    // It is never too late for an answer.
    world.person("dave").clicks(&last, "Acknowledge").await.ok();
    world.pages("INC-1").await.shows("acknowledged by").hides("nobody has answered").ok();
    world.person("bob").clicks(&lost, "Acknowledge 1").await.refused("Dave Holm has page 1 already").ok_refusal();
    world.finish().await
}

async fn who_stands_in_is_called_and_who_covers_a_shift(world: Stage) -> Record {
    declared(&world).await;
    let (alice, bob, carol) = (world.person("alice"), world.person("bob"), world.person("carol"));
    alice.types("oncall override @mallory --team schedule:primary --until \"in 1h\"").await.ok();
    world.ear_of("mallory").skips().await;
    carol.types("INC-1 page payments one").await.ok();
    let call = rings(&world, "mallory").await;
    world.person("mallory").clicks(&call, "Acknowledge").await.ok();

    world.pass(61).await;
    world.room("INC-1").skips().await;
    world.ear_of("carol").skips().await;
    alice.types("oncall swap --team schedule:primary --from 11:30 --until 17:00").await.ok();
    world.ear_of("bob").skips().await;
    bob.types("oncall take 2 --team schedule:primary").await.ok();
    world.ear_of("alice").skips().await;
    world.until(clock("10:30:00")).await;
    world.room("INC-1").skips().await;
    world.ear_of("carol").skips().await;
    carol.types("INC-1 page payments two").await.ok();
    let call = rings(&world, "bob").await;
    bob.clicks(&call, "Acknowledge").await.ok();
    world.until(clock("16:00:00")).await;
    world.room("INC-1").skips().await;
    world.ear_of("carol").skips().await;
    carol.types("INC-1 page payments three").await.ok();
    rings(&world, "alice").await.ok();
    world.finish().await
}

async fn where_nobody_is_on_call_the_next_ones_are_called_at_once(world: Stage) -> Record {
    world.configure(|org| {
        paging(org);
        let night = |time: &str| time.parse::<NaiveTime>().expect("a time of day");
        org.schedules[0].layers[0].windows = vec![Window::daily(Vec::new(), night("20:00:00"), night("08:00:00"))];
    });
    begun(&world).await;
    world.person("carol").types("INC-1 page payments cards are declined").await.ok();
    let call = rings(&world, "bob").await;
    let line = world.timeline("INC-1").await.into_iter().find(|line| line.contains("found nobody"));
    assert_eq!(
        line.as_deref(),
        Some("#4 09:00 UTC Carol Åberg found nobody to call at whoever is on call for Payments primary (page 1)")
    );
    world.person("bob").clicks(&call, "Acknowledge").await.ok();
    world.finish().await
}

async fn levels_are_gone_through_again_and_a_worse_incident_waits_less(world: Stage) -> Record {
    world.configure(|org| {
        paging(org);
        let mut first = level(vec![of_schedule("primary"), of_person("bob")], 5);
        first.round_robin = true;
        first.after_by_severity.insert("SEV1".into(), super::MINUTE);
        org.policies[0].levels = vec![first];
        org.policies[0].repeat = 1;
        org.paging.last_resort.clear();
    });
    begun(&world).await;
    let carol = world.person("carol");
    carol.types("INC-1 page payments once").await.ok();
    rings(&world, "alice").await.ok();
    world.pass(5).await;
    rings(&world, "alice").await.ok();
    world.pass(5).await;
    world.room("INC-1").expects("Nobody has answered page 1").await.ok();

    carol.types("INC-1 sev sev1").await.ok();
    carol.types("INC-1 page payments twice").await.ok();
    rings(&world, "bob").await.ok();
    world.until(clock("09:11:00")).await;
    let again = rings(&world, "bob").await;
    world.person("bob").clicks(&again, "Acknowledge").await.ok();
    world.finish().await
}

async fn a_page_goes_to_somebody_else_or_is_taken_back(world: Stage) -> Record {
    declared(&world).await;
    let carol = world.person("carol").in_room("INC-1");
    carol.types("page payments cards are declined").await.ok();
    let old = rings(&world, "alice").await;
    carol.types("page reassign 1 @mallory").await.ok();
    let new = rings(&world, "mallory").await.shows("cards are declined");
    world.person("alice").clicks(&old, "Acknowledge").await.refused("Page 1 is over already").ok_refusal();
    world.pages("INC-1").await.shows("Mallory Berg").shows("over").ok();
    world.pass(4).await;
    nobody_else(&world).await;
    carol.types("page cancel 2").await.ok();
    carol.types("page cancel 2").await.refused("Page 2 is over already").ok_refusal();
    world.person("mallory").clicks(&new, "Acknowledge").await.refused("Page 2 is over already").ok_refusal();
    world.pass(15).await;
    nobody_else(&world).await;
    world.finish().await
}

async fn a_person_is_paged_by_name(world: Stage) -> Record {
    declared(&world).await;
    let carol = world.person("carol");
    carol.types("INC-1 page @bob can you look at the bank").await.ok();
    rings(&world, "bob").await.shows("can you look at the bank").ok();
    // They are called again, twice.
    for _ in 0..2 {
        world.pass(5).await;
        rings(&world, "bob").await.ok();
    }
    world.pass(5).await;
    let last = rings(&world, "dave").await;
    world.person("dave").clicks(&last, "Acknowledge").await.ok();
    carol.types("INC-1 page nobody help").await.refused("nobody").ok_refusal();
    world.finish().await
}
