//! When a step fails, or nobody knows whether it did: what its author wanted follows, and people have the last word.

use super::books::{by_hand, deed};
use super::{running, steps};
use muster_core::runbook::{OnFailure, Retry, Step, StepState};
use muster_tests::gateway::Gateway;
use muster_tests::on_every_stage;
use muster_tests::runs::{book, http, step};
use muster_tests::stage::{Record, Stage};
use std::time::Duration;

on_every_stage!(
    what_fails_goes_as_its_author_wanted,
    what_may_be_done_twice_is_tried_again_by_itself,
    what_failed_is_tried_again_left_out_or_confirmed,
    a_run_is_paused_and_goes_on,
    what_fails_is_taken_back_and_what_cannot_be_is_named,
    a_run_is_given_up_while_a_machine_is_at_it,
);

fn failing(gateway: &Gateway, on_failure: OnFailure) -> Step {
    gateway.answers("/do/fails", 500, "no");
    Step { on_failure, undo: None, ..deed(gateway, "fails") }
}

async fn what_fails_goes_as_its_author_wanted(stage: Stage) -> Record {
    let gateway = Gateway::start().await;
    let first = failing(&gateway, OnFailure::Continue);
    let second = Step { id: "stops".to_owned(), name: "Stop there".to_owned(), ..failing(&gateway, OnFailure::Stop) };
    let steps_ = vec![first, second, by_hand("after")];
    running(&stage, &gateway, book("fails", "Fails", steps_)).await;
    let alice = stage.person("alice");
    stage.run("alice", "INC-1", 1).await.shows("stopped, and waits for a decision").shows("it answered 500").ok();
    assert_eq!(steps(&stage, 1).await, "fails: failed, stops: failed, after: pending");
    alice.types("INC-1 runbook resume").await.refused("“Stop there” stands in the way").ok_refusal();
    alice.types("INC-1 runbook skip it was done before").await.ok();
    assert_eq!(steps(&stage, 1).await, "fails: failed, stops: skipped, after: asking");
    alice.types("INC-1 runbook next").await.ok();
    stage.run("alice", "INC-1", 1).await.shows("· done").shows("left out by Alice Ek: it was done before").ok();
    assert_eq!(gateway.got().len(), 2, "nothing is done again unasked");
    stage.room("INC-1").skips().await;
    stage.finish().await
}

async fn what_may_be_done_twice_is_tried_again_by_itself(stage: Stage) -> Record {
    let gateway = Gateway::start().await;
    let again = Step {
        idempotent: true,
        retry: Some(Retry { attempts: 3, wait: Duration::from_secs(60) }),
        ..step("look", "Look at it", http("GET", &gateway.url("/look")))
    };
    for _ in 0..2 {
        gateway.answers("/look", 503, "busy");
    }
    running(&stage, &gateway, book("again", "Again", vec![again])).await;
    assert_eq!((gateway.got().len(), steps(&stage, 1).await), (1, "look: waiting".to_owned()));
    stage.pass(1).await;
    assert_eq!((gateway.got().len(), steps(&stage, 1).await), (1, "look: waiting".to_owned()));
    stage.pass(1).await;
    assert_eq!((gateway.got().len(), steps(&stage, 1).await), (1, "look: done".to_owned()));
    stage.run("alice", "INC-1", 1).await.shows("· done").ok();
    stage.finish().await
}

async fn what_failed_is_tried_again_left_out_or_confirmed(stage: Stage) -> Record {
    let gateway = Gateway::start().await;
    let steps_ = vec![failing(&gateway, OnFailure::Ask), deed(&gateway, "second"), by_hand("last")];
    gateway.answers("/do/second", 500, "no");
    running(&stage, &gateway, book("asks", "Asks", steps_)).await;
    let [alice, victor] = ["alice", "victor"].map(|who| stage.person(who));
    let card = stage.run("alice", "INC-1", 1).await.shows("it answered 500");
    victor.in_room("INC-1").clicks(&card, "Retry").await.ok_refusal();
    alice.in_room("INC-1").clicks(&card, "Retry").await.ok();
    assert_eq!(steps(&stage, 1).await, "fails: done, second: failed, last: pending");
    assert_eq!(gateway.got(), ["POST /do/fails", "POST /do/fails", "POST /do/second"]);
    alice.types("INC-1 runbook confirm --step second").await.ok();
    assert_eq!(steps(&stage, 1).await, "fails: done, second: done, last: asking");
    let card = stage.run("alice", "INC-1", 1).await;
    let form = alice.in_room("INC-1").with_forms().clicks(&card, "Skip").await.asks("Leave a step out");
    alice.in_room("INC-1").fills(&form, &[("reason", "nobody is there")]).await.ok();
    stage.run("alice", "INC-1", 1).await.shows("· done").ok();
    assert_eq!(gateway.got(), [""; 0]);
    stage.room("INC-1").skips().await;
    stage.finish().await
}

async fn a_run_is_paused_and_goes_on(stage: Stage) -> Record {
    let gateway = Gateway::start().await;
    gateway.holds("/do/first");
    let steps_ = vec![deed(&gateway, "first"), deed(&gateway, "second")];
    running(&stage, &gateway, book("pause", "Pause", steps_)).await;
    let alice = stage.person("alice");
    stage.run("alice", "INC-1", 1).await.shows("under way").ok();
    let card = stage.run("alice", "INC-1", 1).await;
    alice.in_room("INC-1").clicks(&card, "Pause").await.ok();
    alice.types("INC-1 runbook pause").await.ok_refusal();
    gateway.goes_on();
    assert_eq!(steps(&stage, 1).await, "first: done, second: pending", "what is under way ends, nothing begins");
    let card = stage.run("alice", "INC-1", 1).await.shows("paused");
    alice.in_room("INC-1").clicks(&card, "Resume").await.ok();
    assert_eq!(steps(&stage, 1).await, "first: done, second: done");
    assert_eq!(gateway.got(), ["POST /do/first", "POST /do/second"]);
    stage.finish().await
}

async fn what_fails_is_taken_back_and_what_cannot_be_is_named(stage: Stage) -> Record {
    let gateway = Gateway::start().await;
    let without = Step { undo: None, ..deed(&gateway, "without") };
    let left_out = Step { condition: Some(super::books::never()), ..deed(&gateway, "never") };
    let steps_ =
        vec![deed(&gateway, "first"), without, left_out, deed(&gateway, "third"), failing(&gateway, OnFailure::Undo)];
    gateway.answers("/undo/third", 500, "no");
    running(&stage, &gateway, book("back", "Back", steps_)).await;
    let alice = stage.person("alice");
    let run = stage.run_of("INC-1", 1).await;
    let of = |id: &str| run.steps.iter().find(|step| step.id == id).expect("the step").undo.clone();
    assert!(
        matches!(of("fails"), Some(StepState::NotNeeded)),
        "{:?}: it is not known to have done anything",
        of("fails")
    );
    assert!(matches!(of("third"), Some(StepState::Failed { .. })), "{:?}", of("third"));
    stage.run("alice", "INC-1", 1).await.shows("taking back has stopped").ok();
    assert_eq!(
        gateway.got(),
        ["POST /do/first", "POST /do/without", "POST /do/third", "POST /do/fails", "POST /undo/third"]
    );
    alice.types("INC-1 runbook retry").await.ok();
    assert_eq!(gateway.got(), ["POST /undo/third", "POST /undo/first"], "the last first");
    stage.run("alice", "INC-1", 1).await.shows("taken back").ok();
    let told = super::told(&stage).await;
    assert!(told.iter().any(|line| line.contains("knows no way to take back Do without")), "{told:#?}");
    stage.room("INC-1").skips().await;
    stage.finish().await
}

async fn a_run_is_given_up_while_a_machine_is_at_it(stage: Stage) -> Record {
    let gateway = Gateway::start().await;
    gateway.holds("/do/first");
    let steps_ = vec![deed(&gateway, "first"), deed(&gateway, "second")];
    running(&stage, &gateway, book("end", "End", steps_)).await;
    let alice = stage.person("alice");
    stage.run("alice", "INC-1", 1).await.shows("under way").ok();
    let card = stage.run("alice", "INC-1", 1).await;
    let form = alice.in_room("INC-1").with_forms().clicks(&card, "Abort").await.asks("Give the run up");
    alice.in_room("INC-1").fills(&form, &[("reason", "the wrong shop")]).await.ok();
    gateway.goes_on();
    stage.pass(5).await;
    assert_eq!(steps(&stage, 1).await, "first: unknown, second: pending");
    alice.types("INC-1 runbook retry").await.ok_refusal();
    alice.types("INC-1 runbook resume").await.ok_refusal();
    assert_eq!(gateway.got(), ["POST /do/first"]);
    stage.run("alice", "INC-1", 1).await.shows("given up").ok();
    stage.room("INC-1").skips().await;
    stage.finish().await
}
