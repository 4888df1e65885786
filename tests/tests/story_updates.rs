//! Keeping everybody on one page: updates on a cadence, whoever comes late, customers who wait for a word, planned work.

use muster_core::alert::{Action, Level, Signal};
use muster_core::incident::status::Phase;
use muster_core::org::Organisation;
use muster_tests::clock::moment;
use muster_tests::fixtures::audience;
use muster_tests::stage::{Record, Stage};
use muster_tests::{on_every_stage, sample};
use std::collections::BTreeMap;

on_every_stage! {
    an_update_says_what_we_know_and_do_and_a_late_one_is_asked_for_again,
    whoever_comes_late_catches_up_alone,
    the_room_is_warned_before_customers_are_due_a_word,
    planned_work_begins_by_the_clock_and_disturbs_nobody,
    planned_work_that_takes_longer_is_extended_by_people_only,
    planned_work_is_moved_begun_by_hand_and_cancelled,
}

async fn declared(world: &Stage) {
    world.person("alice").types("new sev1 checkout is down").await.ok();
    world.room("INC-1").skips().await;
    let alice = world.person("alice").in_room("INC-1");
    alice.types("ic").await.ok();
}

async fn an_update_says_what_we_know_and_do_and_a_late_one_is_asked_for_again(world: Stage) -> Record {
    declared(&world).await;
    let alice = world.person("alice").in_room("INC-1");
    let line = "update the bank confirms --doing \"failing over to the second bank\" --next 20m";
    alice.types(line).await.shows("the next is due").ok();
    let headline = world.person("bob").types("show INC-1").await;
    headline.shows("the bank confirms").shows("What we do: failing over to the second bank").ok();

    world.pass(20).await;
    world.room("INC-1").expects("INC-1 is due for an update").await.ok();
    world.ear_of("alice").expects("INC-1 is due for an update").await.ok();
    world.pass(4).await;
    world.room("INC-1").is_quiet().await;
    world.pass(1).await;
    world.room("INC-1").expects("INC-1 has been due for an update for 5 minutes").await.ok();
    world.pass(5).await;
    let late = world.room("INC-1").expects("INC-1 has been due for an update for 10 minutes").await;
    world.ear_of("alice").skips().await;
    alice.clicks(&late, "Dismiss").await.ok();
    // It can be typed, too, and is no update that says “dismiss”.
    alice.types("update dismiss").await.refused("does not come any more").ok_refusal();
    world.pass(120).await;
    world.room("INC-1").is_quiet().await;
    // The next one is promised anew, and asked for anew.
    alice.types("update failed over --next 15m").await.ok();
    world.pass(15).await;
    world.room("INC-1").expects("INC-1 is due for an update").await.ok();
    world.ear_of("alice").skips().await;
    assert_eq!(
        world.timeline("INC-1").await[2..5],
        [
            "#3 09:00 UTC Alice Ek wrote an update: the bank confirms · what we do: failing over to the second bank \
             (next at 09:20 UTC)",
            "#4 09:20 UTC Muster reminded the room that an update is due",
            "#5 09:25 UTC Muster reminded the room that an update is due",
        ]
    );
    world.finish().await
}

async fn whoever_comes_late_catches_up_alone(world: Stage) -> Record {
    declared(&world).await;
    let alice = world.person("alice").in_room("INC-1");
    for line in [
        "summary No store can take cards since 08:50.",
        "note somebody had lunch",
        "task restart the payment workers",
        "update the bank sees time-outs",
        "role scribe",
    ] {
        alice.types(line).await.ok();
    }
    world.pass(12).await;
    alice.types("status identified a bad certificate at the bank").await.ok();
    alice.types("update the certificate is being replaced --doing \"watching the error rate\"").await.ok();
    world.pass(3).await;

    let caught_up = world.person("bob").types("catchup INC-1").await;
    caught_up
        .shows("Catching up on INC-1 checkout is down")
        .shows("Declared 15 minutes ago; identified for 3 minutes.")
        .shows("No store can take cards since 08:50.")
        .shows("Incident Commander: Alice Ek")
        .shows("wrote an update: the bank sees time-outs")
        .shows("what we do: watching the error rate")
        .shows("from triage to identified: a bad certificate at the bank")
        .shows("1. restart the payment workers")
        .hides("lunch")
        .ok();
    let lately = world.person("bob").types("catchup INC-1 --since 5m").await;
    lately
        .shows("Updates of the last 5 minutes")
        .shows("a bad certificate at the bank")
        .hides("the bank sees time-outs")
        .ok();
    world.pass(30).await;
    let quiet = world.person("bob").types("catchup INC-1 --since 5m").await;
    quiet.shows("The timeline of the last 5 minutes holds no update and no decision.").ok();
    world.room("INC-1").skips().await;
    world.ear_of("alice").skips().await;
    world.finish().await
}

/// Customers read the status page, and hear of a SEV1 within a quarter of an hour.
fn customers(org: &mut Organisation) {
    org.comms.audiences = vec![audience()];
}

async fn the_room_is_warned_before_customers_are_due_a_word(world: Stage) -> Record {
    world.configure(customers);
    declared(&world).await;
    let carol = world.person("carol").in_room("INC-1");
    carol.types("role comms").await.ok();
    carol.types("show INC-1").await.shows("not told yet; due").ok();
    world.pass(9).await;
    world.room("INC-1").is_quiet().await;
    world.pass(1).await;
    let warning = world.room("INC-1").expects("INC-1: customers are to be told within 5 minutes").await;
    let warning = warning.shows("They have been told nothing yet.");
    world.ear_of("carol").expects("customers are to be told within 5 minutes").await.ok();
    world.ear_of("alice").is_quiet().await;
    carol.clicks(&warning, "30 minutes").await.ok();
    world.pass(20).await;
    world.room("INC-1").expects("is due for an update").await.ok();
    world.ear_of("carol").expects("is due for an update").await.ok();
    world.room("INC-1").is_quiet().await;
    carol.types("update snooze 90m").await.ok();
    world.pass(10).await;
    let late = world.room("INC-1").expects("INC-1: customers should have been told 25 minutes ago").await;
    world.ear_of("carol").skips().await;
    carol.clicks(&late, "Dismiss").await.ok();
    carol.types("reminder dismiss customers").await.refused("does not come any more").ok_refusal();
    world.pass(45).await;
    world.room("INC-1").is_quiet().await;
    carol.types("reminder snooze customers 5m").await.ok();
    world.pass(5).await;
    world.room("INC-1").expects("INC-1: customers should have been told").await.ok();
    world.ear_of("carol").skips().await;
    carol.types("resolve it was one till").await.ok();
    world.pass(120).await;
    world.room("INC-1").is_quiet().await;
    assert_eq!(world.incident("INC-1").await.comms_clock.due(), None, "they never heard of it");
    world.finish().await
}

fn line_is_down() -> Signal {
    Signal {
        source: "prometheus".to_owned(),
        key: "line-7".to_owned(),
        action: Action::Trigger,
        title: "A store line is down".to_owned(),
        text: None,
        level: Some(Level::Error),
        labels: BTreeMap::from([("service".to_owned(), "wan".to_owned())]),
        links: Vec::new(),
        at: None,
    }
}

async fn phase(world: &Stage, incident: &str) -> Phase {
    world.incident(incident).await.status.phase()
}

async fn planned_work_begins_by_the_clock_and_disturbs_nobody(world: Stage) -> Record {
    let alice = world.person("alice");
    let planned = alice.types("maintenance plan 2h new store lines --service wan --from \"in 1h\"").await;
    planned.shows("MAINTENANCE INC-1 new store lines").shows("Status planned").ok();
    world.room("INC-1").expects("Welcome to INC-1").await.shows("Its alerts disturb nobody").ok();
    alice.types("silence list").await.shows("INC-1: new store lines").ok();
    world.pass(59).await;
    world.room("INC-1").is_quiet().await;
    assert_eq!(phase(&world, "INC-1").await, Phase::Triage, "nobody need be in command of what has not begun");
    world.pass(1).await;
    assert_eq!(phase(&world, "INC-1").await, Phase::Investigating);
    let here = alice.in_room("INC-1");
    here.types("ic").await.ok();
    assert_eq!(world.incident("INC-1").await.update_due, None, "work goes by its plan, not by a cadence");

    world.pass(30).await;
    world.hears([line_is_down()]).await;
    alice.types("list all").await.hides("A store line is down").ok();
    alice.types("show INC-1").await.shows("Status in progress").ok();
    here.types("maintenance finish both lines carry traffic").await.shows("completed").ok();
    world.hears([]).await;
    assert_eq!(world.incident("INC-2").await.title, "A store line is down", "the work is done, and it is still down");
    alice.types("silence list").await.shows("None").ok();
    world.pass(240).await;
    world.room("INC-1").is_quiet().await;
    assert_eq!(
        world.timeline("INC-1").await[1..],
        [
            "#2 09:00 UTC Alice Ek planned the work for 2026-11-27 10:00 UTC to 2026-11-27 12:00 UTC",
            "#3 10:00 UTC Muster changed the status from triage to investigating",
            "#4 10:00 UTC Muster began the planned work",
            "#5 10:00 UTC Alice Ek became Incident Commander",
            "#6 10:30 UTC Alice Ek changed the status from investigating to resolved: both lines carry traffic",
        ]
    );
    forget_what_the_alert_led_to(&world).await;
    world.finish().await
}

/// The incident that an alert has opened pages people and reminds them: a story of its own.
async fn forget_what_the_alert_led_to(world: &Stage) {
    let dave = world.person("dave");
    dave.types("join INC-2").await.ok();
    dave.types("INC-2 cancel seen").await.ok();
    world.room("INC-2").skips().await;
    for (person, ..) in sample::PEOPLE {
        world.ear_of(person).skips().await;
    }
}

async fn planned_work_that_takes_longer_is_extended_by_people_only(world: Stage) -> Record {
    let alice = world.person("alice");
    alice.types("maintenance plan 1h new store lines --service wan").await.ok();
    world.room("INC-1").expects("Welcome to INC-1").await.ok();
    assert_eq!(phase(&world, "INC-1").await, Phase::Investigating, "from now on, unless another time is said");
    alice.types("INC-1 ic").await.ok();
    world.pass(60).await;
    world.room("INC-1").expects("INC-1 should be done now").await.ok();
    world.ear_of("alice").expects("INC-1 should be done now").await.ok();
    assert_eq!(phase(&world, "INC-1").await, Phase::Investigating, "only people know whether it is done");
    world.pass(5).await;
    let late = world.room("INC-1").expects("INC-1 should have been done 5 minutes ago").await;
    world.ear_of("alice").skips().await;
    alice.clicks(&late, "30 minutes").await.ok();
    world.hears([line_is_down()]).await;
    alice.types("list all").await.hides("A store line is down").ok();
    world.pass(29).await;
    world.room("INC-1").is_quiet().await;
    alice.types("list all").await.hides("A store line is down").ok();
    world.pass(1).await;
    let late = world.room("INC-1").expects("INC-1 should be done now").await;
    world.hears([]).await;
    assert_eq!(world.incident("INC-2").await.title, "A store line is down", "nobody has said that it takes longer");
    alice.clicks(&late, "Finish").await.shows("completed").ok();
    world.pass(120).await;
    world.room("INC-1").is_quiet().await;
    forget_what_the_alert_led_to(&world).await;
    world.finish().await
}

async fn planned_work_is_moved_begun_by_hand_and_cancelled(world: Stage) -> Record {
    let alice = world.person("alice");
    alice.types("maintenance plan 2h new store lines --service wan --from \"2026-11-28 06:00 utc\"").await.ok();
    let welcome = world.room("INC-1").expects("Welcome to INC-1").await;
    let here = alice.in_room("INC-1");
    here.types("maintenance move").await.refused("Say when it begins, or how long it takes").ok_refusal();
    here.types("maintenance move --from \"20m ago\" --for 10m").await.refused("That is over already").ok_refusal();
    here.types("maintenance move --from \"2026-11-29 06:00 utc\" --for 3h").await.ok();
    let window = world.incident("INC-1").await.window.expect("it is planned");
    assert_eq!(window.from, moment("2026-11-29T06:00:00Z"));
    assert_eq!(window.until, moment("2026-11-29T09:00:00Z"));
    alice.types("maintenance list").await.shows("2026-11-29 06:00").shows("2026-11-29 09:00").ok();
    world.until(moment("2026-11-28T12:00:00Z")).await;
    assert_eq!(phase(&world, "INC-1").await, Phase::Triage, "it does not begin when it was to at first");

    alice.clicks(&welcome, "Begin now").await.shows("in progress").ok();
    world.hears([line_is_down()]).await;
    alice.types("list all").await.hides("A store line is down").ok();
    here.types("maintenance begin").await.refused("INC-1 is in progress already").ok_refusal();
    here.types("maintenance move --from \"in 3h\"").await.refused("only its end can be moved").ok_refusal();
    here.types("maintenance extend 30m").await.ok();
    assert_eq!(world.incident("INC-1").await.window.map(|window| window.until), Some(moment("2026-11-29T09:30:00Z")));
    here.types("cancel the supplier is ill").await.shows("cancelled").ok();
    world.hears([]).await;
    assert_eq!(world.incident("INC-2").await.title, "A store line is down");
    here.types("maintenance extend 30m").await.refused("INC-1 is cancelled").ok_refusal();
    alice.types("INC-2 maintenance finish").await.refused("INC-2 is no planned work").ok_refusal();
    world.until(moment("2026-11-29T11:00:00Z")).await;
    world.room("INC-1").is_quiet().await;
    assert_eq!(phase(&world, "INC-1").await, Phase::Cancelled);
    forget_what_the_alert_led_to(&world).await;
    world.finish().await
}
