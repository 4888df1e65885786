//! What was done is taken back, the last first, and nothing else.

use super::super::Word;
use super::world::*;
use crate::runbook::{Action, OnFailure, RunState, Step, StepState, Undo};
use chrono::TimeDelta;
use std::collections::BTreeMap;

fn undo_of(world: &World, run: i64) -> String {
    let steps = world.run(run).steps.iter();
    let states = steps.map(|step| format!("{}: {}", step.id, step.at(true).word()));
    states.collect::<Vec<_>>().join(", ")
}

#[test]
fn failover_and_failback_are_one_runbook() {
    let mut world = World::new();
    let by_hand = Undo {
        action: Action::Manual { text: templ("tell them"), checklist: Vec::new() },
        timeout: None,
        idempotent: false,
    };
    let tell = Step { undo: Some(by_hand), ..manual("tell") };
    let steps = vec![with_undo(http("first")), http("plain"), tell, with_undo(http("second"))];
    world.start("alice", book(steps)).expect("started");
    world.ends_well();
    world.ends_well();
    world.say("alice", &Word::Next).expect("done");
    world.ends_well();
    world.is(&RunState::Done);
    world.wait(TimeDelta::hours(3));
    world.say("bob", &Word::Undo).expect("taken back");
    assert_eq!(world.job().task.id.to_string(), "INC-7/1/second/undo/1");
    world.ends_well();
    assert_eq!(undo_of(&world, 1), "first: pending, plain: pending, tell: asking, second: done");
    world.say("bob", &Word::Next).expect("told");
    assert!(world.told.contains(&"1 plain: NoWayBack".to_owned()), "{:?}", world.told);
    assert_eq!(world.job().task.id.to_string(), "INC-7/1/first/undo/1");
    world.ends_well();
    world.is(&RunState::Undone);
    assert!(world.say("bob", &Word::Undo).is_err(), "once");
}

#[test]
fn what_never_began_has_nothing_to_take_back() {
    let mut world = World::new();
    let steps = vec![with_undo(manual("one")), with_undo(manual("two")), with_undo(http("three"))];
    world.start("alice", book(steps)).expect("started");
    world.say_about("alice", 1, Some("two"), &Word::Skip("not needed".into())).expect("left out");
    world.say("alice", &Word::Undo).expect("taken back");
    assert_eq!(undo_of(&world, 1), "one: held, two: not_needed, three: not_needed");
    world.say("alice", &Word::Skip("nothing was done".into())).expect("left out");
    world.is(&RunState::Undone);
}

#[test]
fn what_may_have_taken_effect_is_taken_back_only_when_somebody_says_so() {
    let mut world = World::new();
    let failing = Step { on_failure: OnFailure::Undo, ..with_undo(http("second")) };
    world.start("alice", book(vec![with_undo(http("first")), failing])).expect("started");
    world.ends_well();
    world.works(badly());
    world.is(&RunState::Undoing);
    assert_eq!(undo_of(&world, 1), "first: pending, second: held");
    assert!(world.jobs().is_empty());
    world.say("alice", &Word::Next).expect("take it back, too");
    world.ends_well();
    world.ends_well();
    world.is(&RunState::Undone);
}

#[test]
fn a_machine_that_is_at_it_is_waited_for() {
    let mut world = World::new();
    world.start("alice", book(vec![with_undo(http("one")), http("two")])).expect("started");
    let job = world.job();
    assert!(world.take(&job, "w"));
    world.say("alice", &Word::Undo).expect("taken back");
    assert_eq!(world.jobs().len(), 1, "nothing new begins meanwhile");
    assert!(world.report(&job, "w", well(&[])));
    assert_eq!(world.job().task.id.to_string(), "INC-7/1/one/undo/1");
    assert_eq!(world.step("two"), StepState::Pending);
    world.ends_well();
    world.is(&RunState::Undone);
}

#[test]
fn where_taking_back_fails_people_say_what_is_to_be_done() {
    let failed = || {
        let mut world = World::new();
        world.start("alice", book(vec![with_undo(http("one"))])).expect("started");
        world.ends_well();
        world.say("alice", &Word::Undo).expect("taken back");
        world.works(badly());
        world.is(&RunState::UndoStopped);
        world
    };
    let mut world = failed();
    world.say("alice", &Word::Retry).expect("again");
    assert_eq!(world.job().task.id.to_string(), "INC-7/1/one/undo/2");
    world.ends_well();
    world.is(&RunState::Undone);
    let mut world = failed();
    world.say("alice", &Word::Confirm).expect("it is back");
    world.is(&RunState::Undone);
    let mut world = World::new();
    world.start("alice", book(vec![with_undo(http("one"))])).expect("started");
    world.ends_well();
    world.say("alice", &Word::Undo).expect("taken back");
    let job = world.job();
    assert!(world.take(&job, "w"));
    world.wait(TimeDelta::seconds(30));
    assert_eq!(undo_of(&world, 1), "one: unknown");
    world.is(&RunState::UndoStopped);
}

#[test]
fn a_run_that_another_has_started_is_taken_back_as_a_whole_in_its_turn() {
    let mut world = World::new();
    let inner = book(vec![with_undo(http("inside"))]);
    let call = step("call", Action::Runbook { book: Box::new(inner), inputs: BTreeMap::new() });
    world.start("alice", book(vec![with_undo(http("first")), call, with_undo(http("last"))])).expect("started");
    for _ in 0..3 {
        world.ends_well();
    }
    world.is(&RunState::Done);
    world.say("alice", &Word::Undo).expect("taken back");
    let order: Vec<_> = (0..3)
        .map(|_| {
            let id = world.job().task.id.to_string();
            world.ends_well();
            id
        })
        .collect();
    assert_eq!(order, ["INC-7/1/last/undo/1", "INC-7/2/inside/undo/1", "INC-7/1/first/undo/1"]);
    world.is(&RunState::Undone);
    assert_eq!(world.run(2).state, RunState::Undone);
}

#[test]
fn what_was_given_up_can_be_taken_back() {
    let mut world = World::new();
    world.start("alice", book(vec![with_undo(http("one")), manual("two")])).expect("started");
    world.ends_well();
    world.say("alice", &Word::Abort("enough".into())).expect("given up");
    world.say("alice", &Word::Undo).expect("taken back");
    world.ends_well();
    world.is(&RunState::Undone);
}
