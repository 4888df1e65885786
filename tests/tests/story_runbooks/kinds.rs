//! Every kind of step, as it is lived.

use super::books::{by_hand, deed, failover, region};
use super::{declared, equipped, running, steps};
use muster_core::ids::RoleKey;
use muster_core::incident::status::Phase;
use muster_core::org::Loudness;
use muster_core::runbook::{Action, Runbook, Step, Undo, Who};
use muster_tests::gateway::Gateway;
use muster_tests::on_every_stage;
use muster_tests::runs::{book, manual, said, step};
use muster_tests::stage::{Record, Stage};
use std::collections::BTreeMap;

on_every_stage!(
    what_muster_does_itself_is_done_and_taken_back,
    a_list_is_ticked_off_by_whom_it_is_for,
    a_wait_waits_for_the_clock,
    several_steps_go_on_at_once,
    a_runbook_runs_another_and_takes_it_back,
    one_goes_step_by_step,
);

async fn what_muster_does_itself_is_done_and_taken_back(stage: Stage) -> Record {
    let gateway = Gateway::start().await;
    let back = |action| Some(Undo { action, timeout: None, idempotent: true });
    let page = Action::Page {
        target: said("@bob"),
        loudness: Loudness::High,
        message: said("cards are declined in ${{ incident.id }}"),
    };
    let steps_ = vec![
        step("page", "Call Bob", page),
        step("role", "Carol writes", Action::Role { role: RoleKey::from("scribe"), person: said("carol") }),
        Step {
            undo: back(Action::Severity { to: "SEV1".into(), reason: None }),
            ..step("sev", "Less bad", Action::Severity { to: "SEV2".into(), reason: Some(said("most cards work")) })
        },
        Step {
            undo: back(Action::Status { to: Phase::Investigating, note: None }),
            ..step("status", "Known", Action::Status { to: Phase::Identified, note: Some(said("it is the bank")) })
        },
        step("update", "Tell all", Action::Update { text: said("${{ incident.severity }} now"), next: None }),
        Step {
            who: vec![Who::Role { role: RoleKey::from("scribe") }],
            ..step("comms", "Customers", Action::Comms { audience: "customers".to_owned(), text: said("We are on it") })
        },
    ];
    running(&stage, &gateway, book("itself", "By itself", steps_)).await;
    let [alice, bob, carol] = ["alice", "bob", "carol"].map(|who| stage.person(who));
    stage.ear_of("bob").expects("cards are declined in INC-1").await.ok();
    bob.types("ack").await.ok();
    let incident = stage.incident("INC-1").await;
    assert_eq!(incident.severity.as_ref().map(ToString::to_string).as_deref(), Some("SEV2"));
    assert_eq!(incident.status.phase(), Phase::Identified);
    assert!(incident.holds(&"carol".into(), &RoleKey::from("scribe")));
    let card = stage.run("carol", "INC-1", 1).await.shows("Tell customers: We are on it");
    carol.in_room("INC-1").clicks(&card, "Done").await.ok();
    stage.run("alice", "INC-1", 1).await.shows("6 of 6").ok();
    alice.types("INC-1 runbook undo").await.ok();
    let incident = stage.incident("INC-1").await;
    assert_eq!(incident.severity.as_ref().map(ToString::to_string).as_deref(), Some("SEV1"));
    assert_eq!(incident.status.phase(), Phase::Investigating);
    stage.room("INC-1").skips().await;
    stage.ear_of("carol").skips().await;
    stage.finish().await
}

async fn a_list_is_ticked_off_by_whom_it_is_for(stage: Stage) -> Record {
    let gateway = Gateway::start().await;
    let round = Step {
        who: vec![Who::Person { person: "carol".into() }],
        ..step("round", "Call round", manual("Call the stores", &["Stockholm", "Gothenburg"]))
    };
    let book = super::books::permitted(
        book("round", "Call round", vec![round]),
        vec![super::books::commander()],
        vec![super::books::commander()],
    );
    running(&stage, &gateway, book).await;
    let [bob, carol] = ["bob", "carol"].map(|who| stage.person(who));
    bob.types("INC-1 runbook tick 1").await.refused("You may not drive").ok_refusal();
    bob.types("INC-1 runbook next").await.refused("You may not drive").ok_refusal();
    carol.types("INC-1 runbook tick 2").await.ok();
    carol.types("INC-1 runbook tick 3").await.ok_refusal();
    stage.run("carol", "INC-1", 1).await.shows("✓ 2. Gothenburg").shows("○ 1. Stockholm").ok();
    let card = stage.run("carol", "INC-1", 1).await;
    carol.in_room("INC-1").clicks(&card, "Done").await.ok();
    stage.run("carol", "INC-1", 1).await.shows("· done").ok();
    carol.types("INC-1 runbook next").await.ok_refusal();
    stage.finish().await
}

async fn a_wait_waits_for_the_clock(stage: Stage) -> Record {
    let gateway = Gateway::start().await;
    let rest = step("rest", "Let it settle", Action::Wait { until: said("15m") });
    let till = step("till", "Until ten", Action::Wait { until: said("11:00") });
    running(&stage, &gateway, book("wait", "Wait", vec![rest, till, deed(&gateway, "deed")])).await;
    stage.pass(14).await;
    assert_eq!(steps(&stage, 1).await, "rest: waiting, till: pending, deed: pending");
    stage.pass(1).await;
    assert_eq!(steps(&stage, 1).await, "rest: done, till: waiting, deed: pending");
    // Eleven where Alice is, who has started it: ten in universal time.
    stage.pass(44).await;
    assert_eq!(gateway.got(), [""; 0]);
    stage.pass(1).await;
    assert_eq!(gateway.got(), ["POST /do/deed"]);
    super::has_heard(&stage).await;
    stage.finish().await
}

async fn several_steps_go_on_at_once(stage: Stage) -> Record {
    let gateway = Gateway::start().await;
    let (call, look) = (by_hand("call"), by_hand("look"));
    let all = step("all", "All at once", Action::Parallel { steps: vec![call, deed(&gateway, "deed"), look] });
    gateway.answers("/do/deed", 500, "no");
    running(&stage, &gateway, book("once", "At once", vec![all, by_hand("after")])).await;
    let alice = stage.person("alice");
    assert_eq!(steps(&stage, 1).await, "all: open, call: asking, deed: failed, look: asking, after: pending");
    alice.types("INC-1 runbook next --step look").await.ok();
    alice.types("INC-1 runbook retry").await.ok();
    assert_eq!(steps(&stage, 1).await, "all: open, call: asking, deed: done, look: done, after: pending");
    alice.types("INC-1 runbook next").await.ok();
    assert_eq!(steps(&stage, 1).await, "all: done, call: done, deed: done, look: done, after: asking");
    alice.types("INC-1 runbook undo").await.ok();
    assert_eq!(gateway.got(), ["POST /do/deed", "POST /do/deed", "POST /undo/deed"]);
    stage.room("INC-1").skips().await;
    stage.finish().await
}

async fn a_runbook_runs_another_and_takes_it_back(stage: Stage) -> Record {
    let gateway = Gateway::start().await;
    let inner = Runbook { triggers: Vec::new(), ..failover(&gateway) };
    let inputs = BTreeMap::from([("region".to_owned(), said("${{ inputs.region }}"))]);
    let both = step("both", "Fail over", Action::Runbook { book: Box::new(inner), inputs });
    let outer = Runbook { inputs: vec![region()], ..book("outer", "All of it", vec![both, by_hand("after")]) };
    equipped(&stage, &gateway, vec![outer]);
    declared(&stage, "").await;
    let [alice, bob] = ["alice", "bob"].map(|who| stage.person(who));
    alice.types("INC-1 runbook run outer region=us").await.ok();
    alice.types("INC-1 runbook answer adyen --run 2").await.ok();
    // Whoever has asked for the one has asked for the other.
    let card = stage.run("bob", "INC-1", 2).await.shows("Payments move to adyen");
    alice.in_room("INC-1").clicks(&card, "Approve").await.refused("You have asked for it yourself").ok_refusal();
    bob.in_room("INC-1").clicks(&card, "Approve").await.ok();
    assert_eq!(gateway.active("us"), "adyen");
    assert_eq!(steps(&stage, 1).await, "both: done, after: asking");
    alice.types("INC-1 runbook undo --run 1").await.ok();
    assert_eq!(gateway.active("us"), "primary");
    stage.run("alice", "INC-1", 1).await.shows("taken back").ok();
    stage.run("alice", "INC-1", 2).await.shows("taken back").ok();
    gateway.did_nothing_twice();
    stage.finish().await
}

async fn one_goes_step_by_step(stage: Stage) -> Record {
    let gateway = Gateway::start().await;
    equipped(
        &stage,
        &gateway,
        vec![book("by-step", "By step", vec![deed(&gateway, "first"), deed(&gateway, "second")])],
    );
    declared(&stage, "").await;
    let alice = stage.person("alice");
    alice.types("INC-1 runbook run by-step --by-step").await.ok();
    stage.pass(10).await;
    assert_eq!(gateway.got(), [""; 0]);
    let card = stage.run("alice", "INC-1", 1).await;
    alice.in_room("INC-1").clicks(&card, "Begin").await.ok();
    assert_eq!(
        (gateway.got(), steps(&stage, 1).await),
        (vec!["POST /do/first".to_owned()], "first: done, second: held".to_owned())
    );
    alice.types("INC-1 runbook next").await.ok();
    assert_eq!(gateway.got(), ["POST /do/second"]);
    stage.finish().await
}
