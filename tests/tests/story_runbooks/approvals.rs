//! Approvals: of exactly what is done, by somebody who has not asked for it, for a while; and no way around.

use super::books::{allow, by_hand, commander, deed, permitted, post};
use super::{declared, equipped, mark, running, steps, told};
use muster_core::runbook::{OnFailure, Runbook, Step};
use muster_tests::gateway::Gateway;
use muster_tests::on_every_stage;
use muster_tests::runs::{book, http, output, step};
use muster_tests::stage::{Record, Stage};
use serde_json::json;

on_every_stage!(
    who_may_not_is_told_so_and_nothing_happens,
    what_has_changed_is_approved_again,
    an_approval_comes_in_time_and_grows_old,
    what_is_denied_is_not_done,
);

/// A deed that somebody must allow.
fn guarded(gateway: &Gateway) -> Runbook {
    book("guarded", "Do it with care", vec![allow(&["deed"]), deed(gateway, "deed"), by_hand("after")])
}

async fn who_may_not_is_told_so_and_nothing_happens(stage: Stage) -> Record {
    let gateway = Gateway::start().await;
    let book = permitted(guarded(&gateway), vec![commander()], vec![commander()]);
    equipped(&stage, &gateway, vec![book]);
    declared(&stage, "").await;
    let [alice, bob, carol, victor] = ["alice", "bob", "carol", "victor"].map(|who| stage.person(who));
    bob.types("INC-1 runbook run guarded").await.refused("You may not run “Do it with care”").ok_refusal();
    victor.types("INC-1 runbook run guarded").await.ok_refusal();
    stage.stranger("eve").types("INC-1 runbook run guarded").await.ok_refusal();
    alice.types("INC-1 runbook run guarded").await.shows("Run 1").ok();

    let mark = mark(&stage, "allow").await;
    let yes = format!("INC-1 runbook approve {mark}");
    alice.types(&yes).await.refused("You have asked for it yourself").ok_refusal();
    carol.types(&yes).await.refused("You are not among those who may approve it").ok_refusal();
    victor.types(&yes).await.ok_refusal();
    stage.stranger("eve").types(&yes).await.ok_refusal();
    bob.types("INC-1 runbook approve 00000000").await.refused("is not what you were shown").ok_refusal();
    bob.types(&format!("INC-1 runbook approve {}", &mark[..3])).await.refused("Say what you approve").ok_refusal();
    for around in ["skip it is urgent --step allow", "next --step allow", "confirm --step allow", "retry --step allow"]
    {
        alice.types(&format!("INC-1 runbook {around}")).await.ok_refusal();
        bob.types(&format!("INC-1 runbook {around}")).await.ok_refusal();
    }
    for early in ["approve 00000000 --step deed", "confirm --step deed", "retry --step deed", "deny no --step deed"] {
        alice.types(&format!("INC-1 runbook {early}")).await.ok_refusal();
    }
    for drive in ["pause", "abort it is over", "undo", "skip why not --step after"] {
        bob.types(&format!("INC-1 runbook {drive}")).await.refused("You may not drive").ok_refusal();
    }
    assert_eq!(steps(&stage, 1).await, "allow: asking, deed: pending, after: pending");
    assert_eq!(gateway.got(), [""; 0]);
    bob.types(&yes).await.ok();
    assert_eq!(gateway.got(), ["POST /do/deed"]);
    bob.types(&yes).await.ok_refusal();
    alice.types("INC-1 runbook next").await.ok();
    assert_eq!(steps(&stage, 1).await, "allow: done, deed: done, after: done");
    assert_eq!(gateway.got(), [""; 0], "once");
    stage.finish().await
}

async fn what_has_changed_is_approved_again(stage: Stage) -> Record {
    let gateway = Gateway::start().await;
    // Looked up before: what it finds out becomes part of what is done.
    let look = Step {
        idempotent: true,
        on_failure: OnFailure::Continue,
        outputs: vec![output("active", "/active", json!("primary"))],
        ..step("look", "Look it up", http("GET", &gateway.url("/v1/eu/health")))
    };
    let body = json!({ "from": "${{ steps.look.outputs.active }}", "why": "${{ incident.title }}" });
    let act = step("act", "Act on it", post(&gateway.url("/act"), body));
    let steps_ = vec![look, allow(&["act"]), by_hand("between"), act];
    running(&stage, &gateway, book("act", "Act", steps_)).await;
    let [alice, bob] = ["alice", "bob"].map(|who| stage.person(who));

    // The incident changes while people are asked: what was shown counts no longer.
    let shown = mark(&stage, "allow").await;
    alice.types("INC-1 edit every card is declined").await.ok();
    bob.types(&format!("INC-1 runbook approve {shown}")).await.refused("is not what you were shown").ok_refusal();
    let again = mark(&stage, "allow").await;
    assert_ne!(again, shown, "whoever looks again sees what it is now");
    bob.types(&format!("INC-1 runbook approve {again}")).await.ok();

    // It changes after that: the approval is void, and is asked for again before anything is done.
    alice.types("INC-1 edit no card is declined").await.ok();
    alice.types("INC-1 runbook next").await.ok();
    assert_eq!(steps(&stage, 1).await, "look: done, allow: asking, between: done, act: pending");
    assert_eq!(gateway.got(), ["GET /v1/eu/health"]);
    assert!(told(&stage).await.iter().any(|line| line.contains("needs approval again for A second person allows it")));
    bob.types(&format!("INC-1 runbook approve {again}")).await.refused("is not what you were shown").ok_refusal();
    let last = mark(&stage, "allow").await;
    bob.types(&format!("INC-1 runbook approve {last}")).await.ok();
    assert_eq!(gateway.got(), [r#"POST /act {"from":"primary","why":"no card is declined"}"#]);
    let audit: Vec<_> = stage.audit().await.into_iter().map(|deed| deed.what).collect();
    assert_eq!(audit, ["run.started", "step.approved", "step.done", "step.approval_void", "step.approved", "run.done"]);
    stage.room("INC-1").skips().await;
    stage.finish().await
}

async fn an_approval_comes_in_time_and_grows_old(stage: Stage) -> Record {
    let gateway = Gateway::start().await;
    let steps_ = vec![allow(&["deed"]), by_hand("between"), deed(&gateway, "deed")];
    running(&stage, &gateway, book("late", "Late", steps_)).await;
    let [alice, bob] = ["alice", "bob"].map(|who| stage.person(who));
    let first = mark(&stage, "allow").await;
    stage.pass(15).await;
    assert_eq!(steps(&stage, 1).await, "allow: failed, between: pending, deed: pending", "nobody has answered in time");
    bob.types(&format!("INC-1 runbook approve {first}")).await.ok_refusal();
    alice.types("INC-1 runbook skip it takes too long --step allow").await.ok_refusal();
    alice.types("INC-1 runbook retry").await.ok();

    let again = mark(&stage, "allow").await;
    bob.types(&format!("INC-1 runbook approve {again}")).await.ok();
    stage.pass(60).await;
    alice.types("INC-1 runbook next").await.ok();
    assert_eq!(steps(&stage, 1).await, "allow: asking, between: done, deed: pending", "it is an hour old");
    assert_eq!(gateway.got(), [""; 0]);
    let last = mark(&stage, "allow").await;
    bob.types(&format!("INC-1 runbook approve {last}")).await.ok();
    assert_eq!(gateway.got(), ["POST /do/deed"]);
    super::has_heard(&stage).await;
    stage.finish().await
}

async fn what_is_denied_is_not_done(stage: Stage) -> Record {
    let gateway = Gateway::start().await;
    // Whatever its author says of failures, no approval is passed over.
    let lenient = Step { on_failure: OnFailure::Continue, ..allow(&["deed"]) };
    running(&stage, &gateway, book("denied", "Denied", vec![lenient, deed(&gateway, "deed")])).await;
    let [alice, bob] = ["alice", "bob"].map(|who| stage.person(who));
    let mark = mark(&stage, "allow").await;
    bob.types("INC-1 runbook deny not before ten").await.ok();
    assert_eq!(steps(&stage, 1).await, "allow: failed, deed: pending");
    bob.types(&format!("INC-1 runbook approve {mark}")).await.ok_refusal();
    for around in ["skip never mind --step allow", "confirm --step allow", "resume", "skip x --step 1"] {
        alice.types(&format!("INC-1 runbook {around}")).await.ok_refusal();
    }
    stage.run("alice", "INC-1", 1).await.shows("not before ten").ok();
    alice.types("INC-1 runbook abort then not").await.ok();
    assert_eq!(gateway.got(), [""; 0]);
    stage.room("INC-1").skips().await;
    stage.finish().await
}
