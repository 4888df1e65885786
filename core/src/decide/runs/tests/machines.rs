//! Machines take jobs, live, fall silent and report; never is anything done a second time unasked.

use super::super::{self as runs, Word};
use super::world::*;
use crate::decide::State;
use crate::runbook::{JobState, RunState, Step, StepState};
use chrono::TimeDelta;
use serde_json::json;

#[test]
fn a_job_is_for_one_and_only_their_report_counts() {
    let mut world = World::new();
    world.start("alice", book(vec![http("pay"), manual("after")])).expect("started");
    let job = world.job();
    assert!(!world.report(&job, "w", well(&[])), "nobody has begun");
    assert!(world.take(&job, "w"));
    assert!(!world.take(&job, "other") && !world.take(&job, "w"), "it is had once");
    assert!(!world.report(&job, "other", well(&[])));
    assert_eq!(world.step("pay"), StepState::Working { worker: "w".into() });
    assert!(world.report(&job, "w", well(&[])));
    assert!(!world.report(&job, "w", badly()), "it has ended");
    assert_eq!(world.steps(), "pay: done, after: asking");
}

#[test]
fn whoever_lives_keeps_their_job_and_whoever_is_silent_loses_it() {
    let mut world = World::new();
    world.start("alice", book(vec![http("pay")])).expect("started");
    let job = world.job();
    assert!(world.take(&job, "w"));
    for _ in 0..5 {
        world.wait(TimeDelta::seconds(29));
        let beat =
            |state: &State, ctx: &crate::decide::Ctx<'_>| (runs::beat((&job.task.id, "w"), None, state, ctx), ());
        world.decide("muster", beat);
    }
    assert_eq!(world.step("pay"), StepState::Working { worker: "w".into() });
    world.wait(TimeDelta::seconds(30));
    assert!(matches!(world.step("pay"), StepState::Unknown { .. }));
    world.is(&RunState::Stopped);
    assert!(world.timers.is_empty());
}

#[test]
fn what_it_says_is_shown_while_it_goes_on() {
    let mut world = World::new();
    world.start("alice", book(vec![http("pay")])).expect("started");
    let job = world.job();
    assert!(world.take(&job, "w"));
    let lines: Vec<_> = (0..20).map(|n| format!("line {n}")).collect();
    world.decide("muster", |state, ctx| (runs::beat((&job.task.id, "w"), Some(&lines), state, ctx), ()));
    assert_eq!(world.run(1).steps[0].tail, lines[12..]);
}

#[test]
fn where_nobody_knows_what_happened_people_say_and_nothing_begins_before() {
    let lost = || {
        let mut world = World::new();
        world.start("alice", book(vec![http("pay"), manual("after")])).expect("started");
        let job = world.job();
        assert!(world.take(&job, "w"));
        world.wait(TimeDelta::seconds(30));
        world.wait(TimeDelta::days(1));
        assert_eq!(world.steps(), "pay: unknown, after: pending");
        assert!(!world.take(&job, "other"), "nobody begins it again");
        assert!(world.say("alice", &Word::Resume).is_err(), "that is no answer");
        (world, job)
    };
    let (mut world, _) = lost();
    world.say("alice", &Word::Confirm).expect("it took effect");
    assert_eq!(world.steps(), "pay: done, after: asking");
    assert!(world.jobs().is_empty());
    let (mut world, _) = lost();
    world.say("alice", &Word::Skip("not needed".into())).expect("left out");
    assert_eq!(world.steps(), "pay: skipped, after: asking");
    let (mut world, job) = lost();
    world.say("alice", &Word::Retry).expect("again");
    assert_eq!(world.job().task.id.attempt, 2);
    assert!(!world.report(&job, "w", well(&[])), "the attempt before is not what is asked any more");
    world.ends_well();
    assert_eq!(world.steps(), "pay: done, after: asking");
    let (mut world, job) = lost();
    assert!(!world.report(&job, "other", well(&[])));
    assert!(world.report(&job, "w", well(&[])), "late, but true: it answers the question");
    assert_eq!(world.steps(), "pay: done, after: asking");
    world.is(&RunState::Running);
}

#[test]
fn an_answer_that_never_came_is_no_failure_unless_twice_is_as_good_as_once() {
    let mut world = World::new();
    world.start("alice", book(vec![http("pay")])).expect("started");
    world.works(unclear());
    assert!(matches!(world.step("pay"), StepState::Unknown { .. }));
    let mut world = World::new();
    world.start("alice", book(vec![sure("look")])).expect("started");
    world.works(unclear());
    assert!(matches!(world.step("look"), StepState::Failed { .. }));
}

#[test]
fn what_is_as_good_twice_is_done_again_as_the_next_attempt_but_not_for_ever() {
    let mut world = World::new();
    world.start("alice", book(vec![sure("look")])).expect("started");
    for attempt in 1..=10 {
        let job = world.job();
        assert_eq!((job.task.id.attempt, &job.state), (attempt, &JobState::Waiting));
        assert!(world.take(&job, "w"));
        world.wait(TimeDelta::seconds(30));
        assert!(attempt == 10 || !world.report(&job, "w", well(&[])), "an attempt that was given away is none");
    }
    assert!(
        matches!(world.step("look"), StepState::Unknown { .. }),
        "what takes its machine down is not tried for ever"
    );
}

#[test]
fn at_a_start_what_a_process_that_is_gone_was_at_is_lost() {
    let mut world = World::new();
    world.start("alice", book(vec![sure("look"), http("pay")])).expect("started");
    let job = world.job();
    assert!(world.take(&job, "before"));
    world.decide("muster", |state, ctx| (runs::gone(&job.task.id, state, ctx), ()));
    assert_eq!(world.step("look"), StepState::Queued);
    world.ends_well();
    let job = world.job();
    assert!(world.take(&job, "before"));
    world.decide("muster", |state, ctx| (runs::gone(&job.task.id, state, ctx), ()));
    assert!(matches!(world.step("pay"), StepState::Unknown { .. }));
    world.decide("muster", |state, ctx| {
        assert!(runs::gone(&job.task.id, state, ctx).is_none(), "once");
        (None, ())
    });
}

#[test]
fn outputs_are_those_the_step_names_and_none_is_huge() {
    let output =
        |name: &str| crate::runbook::Output { name: name.into(), from: crate::runbook::Source::Text, example: None };
    let steps = || vec![Step { outputs: vec![output("active")], ..http("pay") }];
    let mut world = World::new();
    world.start("alice", book(steps())).expect("started");
    world.works(well(&[("active", json!("primary")), ("other", json!(1))]));
    let outputs: Vec<_> = world.run(1).steps[0].outputs.iter().collect();
    assert_eq!(outputs, [(&"active".to_owned(), &json!("primary"))]);
    let mut world = World::new();
    world.start("alice", book(steps())).expect("started");
    world.works(well(&[("active", json!("x".repeat(5_000)))]));
    assert!(matches!(world.step("pay"), StepState::Failed { .. }));
}

#[test]
fn practice_is_marked_on_every_task() {
    let mut world = World::new();
    world.incident.kind = crate::incident::Kind::Drill;
    world.start("alice", book(vec![http("pay")])).expect("started");
    assert!(world.job().task.rehearsal);
}
