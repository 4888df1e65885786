//! Where runs begin and end: offered once, by themselves, for practice, in private, and when their incident is over.

use super::books::{by_hand, deed, failover, when_declared};
use super::{declared, equipped, running, steps};
use muster_core::runbook::{Runbook, Start, Step};
use muster_tests::gateway::Gateway;
use muster_tests::on_every_stage;
use muster_tests::runs::{book, http, output, step};
use muster_tests::stage::{Record, Stage};
use serde_json::json;

on_every_stage!(
    a_runbook_is_offered_once,
    a_runbook_starts_by_itself,
    a_drill_reaches_nothing,
    a_private_incident_keeps_its_runs_to_itself,
    a_dry_run_does_nothing,
    an_incident_that_is_none_gives_its_runs_up,
    an_incident_that_is_over_leaves_its_runs_to_people,
    what_goes_on_edits_its_card_and_says_little,
);

async fn a_runbook_is_offered_once(stage: Stage) -> Record {
    let gateway = Gateway::start().await;
    equipped(&stage, &gateway, vec![failover(&gateway)]);
    let alice = stage.person("alice");
    alice.types("new sev3 cards are declined --service payment").await.ok();
    let room = stage.room("INC-1");
    room.skips().await;
    alice.types("INC-1 sev sev1").await.ok();
    room.expects("There is a runbook for this: Fail payments over").await.ok();
    for line in ["sev sev2", "sev sev1", "resolve it works", "reopen it does not"] {
        alice.types(&format!("INC-1 {line}")).await.ok();
    }
    room.is_quiet().await;
    alice.types("INC-1 runbook").await.shows("Made for this").ok();
    assert_eq!(gateway.got(), [""; 0]);
    stage.finish().await
}

async fn a_runbook_starts_by_itself(stage: Stage) -> Record {
    let gateway = Gateway::start().await;
    let book = book("look", "Look at once", vec![deed(&gateway, "look")]);
    equipped(&stage, &gateway, vec![Runbook { triggers: vec![when_declared(Start::Automatic)], ..book }]);
    declared(&stage, "").await;
    assert_eq!(gateway.got(), ["POST /do/look"]);
    let run = stage.run_of("INC-1", 1).await;
    assert_eq!(run.started_by.name, "Muster");
    let alice = stage.person("alice");
    for line in ["sev sev2", "sev sev1"] {
        alice.types(&format!("INC-1 {line}")).await.ok();
    }
    assert_eq!(gateway.got(), [""; 0], "once");
    stage.finish().await
}

async fn a_drill_reaches_nothing(stage: Stage) -> Record {
    let gateway = Gateway::start().await;
    let look = Step {
        idempotent: true,
        outputs: vec![output("active", "/active", json!("an example"))],
        ..step("look", "Look", http("GET", &gateway.url("/v1/eu/health")))
    };
    let alone = book("alone", "By itself", vec![look.clone(), deed(&gateway, "deed")]);
    let alone = Runbook { triggers: vec![when_declared(Start::Automatic)], ..alone };
    equipped(&stage, &gateway, vec![alone, failover(&gateway)]);
    let alice = stage.person("alice");
    alice.types("new sev1 cards are declined --service payment --kind drill").await.ok();
    alice.types("INC-1 ic").await.ok();
    stage.room("INC-1").skips().await;
    assert!(stage.incident("INC-1").await.runs.is_empty(), "a drill starts nothing by itself");
    alice.types("INC-1 runbook run alone").await.ok();
    stage.run("alice", "INC-1", 1).await.shows("PRACTICE").shows("· done").shows("active an example").ok();
    alice.types("INC-1 runbook undo").await.ok();
    stage.run("alice", "INC-1", 1).await.shows("taken back").ok();
    assert_eq!(gateway.got(), [""; 0], "nothing is reached");
    stage.room("INC-1").skips().await;
    stage.finish().await
}

async fn a_private_incident_keeps_its_runs_to_itself(stage: Stage) -> Record {
    let gateway = Gateway::start().await;
    let steps_ = vec![super::books::allow(&["deed"]), deed(&gateway, "deed")];
    equipped(&stage, &gateway, vec![book("quiet", "Quietly", steps_)]);
    declared(&stage, "--private").await;
    let [alice, bob] = ["alice", "bob"].map(|who| stage.person(who));
    alice.types("INC-1 runbook run quiet").await.ok();
    let run = stage.run_of("INC-1", 1).await;
    let asks = run.steps[0].asks.as_ref().and_then(|asks| asks.hash.clone()).expect("it is asked");
    let yes = format!("INC-1 runbook approve {}", &asks[..8]);
    // To whoever is not in it, it is as if there were no such incident.
    for line in ["runbook show 1", "runbook", "runbook run quiet"] {
        bob.types(&format!("INC-1 {line}")).await.ok_refusal();
    }
    bob.types(&yes).await.ok_refusal();
    assert_eq!(gateway.got(), [""; 0]);
    stage.ear_of("bob").is_quiet().await;
    assert_eq!(steps(&stage, 1).await, "allow: asking, deed: pending");
    stage.room("INC-1").skips().await;
    stage.finish().await
}

async fn a_dry_run_does_nothing(stage: Stage) -> Record {
    let gateway = Gateway::start().await;
    equipped(&stage, &gateway, vec![failover(&gateway)]);
    declared(&stage, "").await;
    let alice = stage.person("alice");
    let before = (stage.incident("INC-1").await, stage.log("INC-1").await);
    let shown = alice.types("INC-1 runbook run payment-failover region=eu --dry-run").await.shows("DRY RUN");
    let _ = shown.shows("Nothing has been done").shows("/v1/eu/switch").shows("only if").shows("‹which.answer›");
    assert_eq!((stage.incident("INC-1").await, stage.log("INC-1").await), before);
    assert_eq!(gateway.got(), [""; 0]);
    assert!(stage.audit().await.is_empty());
    stage.room("INC-1").is_quiet().await;
    stage.finish().await
}

async fn an_incident_that_is_none_gives_its_runs_up(stage: Stage) -> Record {
    let gateway = Gateway::start().await;
    running(&stage, &gateway, book("end", "End", vec![by_hand("first"), deed(&gateway, "second")])).await;
    let alice = stage.person("alice");
    alice.types("INC-1 cancel it was a test").await.ok();
    stage.run("alice", "INC-1", 1).await.shows("given up").ok();
    alice.types("INC-1 runbook next").await.ok_refusal();
    alice.types("INC-1 runbook run end").await.ok_refusal();
    assert_eq!(gateway.got(), [""; 0]);
    stage.room("INC-1").skips().await;
    stage.finish().await
}

async fn an_incident_that_is_over_leaves_its_runs_to_people(stage: Stage) -> Record {
    let gateway = Gateway::start().await;
    running(&stage, &gateway, book("end", "End", vec![by_hand("first"), deed(&gateway, "second")])).await;
    let alice = stage.person("alice");
    alice.types("INC-1 resolve it works").await.ok();
    stage.room("INC-1").expects("Over, and runs are still open").await.ok();
    alice.types("INC-1 runbook next").await.ok();
    assert_eq!(gateway.got(), ["POST /do/second"]);
    alice.types("INC-1 runbook undo").await.ok();
    assert_eq!(gateway.got(), ["POST /undo/second"]);
    stage.finish().await
}

async fn what_goes_on_edits_its_card_and_says_little(stage: Stage) -> Record {
    let gateway = Gateway::start().await;
    let long = Step {
        idempotent: true,
        outputs: vec![output("active", "/active", json!("x"))],
        ..step("long", "Say much", http("GET", &gateway.url("/long")))
    };
    let words: Vec<_> = (0..20_000).map(|n| format!("word{n}")).collect();
    gateway.answers("/long", 200, &json!({ "active": "yes", "words": words }).to_string());
    running(&stage, &gateway, book("long", "Long", vec![long, by_hand("after")])).await;
    let card = stage.run("alice", "INC-1", 1).await.shows("active yes").shows("All steps and their output");
    assert!(card.text().chars().count() < 6_000, "the card does not carry all of it");
    let alice = stage.person("alice");
    alice
        .types("INC-1 runbook show 1 --step long")
        .await
        .shows("It said more than is kept")
        .shows("These are the last")
        .ok();
    // Nothing was said in the room of it: one card was edited, and whoever is asked was asked.
    stage.room("INC-1").is_quiet().await;
    stage.finish().await
}
