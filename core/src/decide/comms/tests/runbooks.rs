//! A step of a runbook that tells customers something drafts the message, and is done when that is out.

use super::world::*;
use crate::comms::WaitingStep;
use crate::ids::PersonId;
use crate::runbook::{Action, Grant, OnFailure, Permissions, RunState, Runbook, Step, StepState, Text, Who};
use std::sync::Arc;

fn step(id: &str, action: Action) -> Step {
    Step {
        id: id.into(),
        name: id.to_uppercase(),
        condition: None,
        action,
        who: Vec::new(),
        runner: None,
        timeout: None,
        retry: None,
        idempotent: false,
        on_failure: OnFailure::Ask,
        outputs: Vec::new(),
        undo: None,
    }
}

fn tell(audience: &str) -> Step {
    let text = Text::parse("Cards are declined.\nWe are on it.").expect("a text");
    step("tell", Action::Comms { audience: audience.to_owned(), text })
}

fn running(world: World, audience: &str) -> World {
    run_by("alice", vec![tell(audience)], world)
}

/// A run of these steps and one more, which that person has started.
fn run_by(who: &str, mut steps: Vec<Step>, mut world: World) -> World {
    let grant = || vec![Grant { who: vec![Who::Responders], severities: Vec::new() }];
    let manual = Action::Manual { text: Text::parse("Rest").expect("a text"), checklist: Vec::new() };
    steps.push(step("after", manual));
    let book = Runbook {
        id: "tell".into(),
        name: "Tell".into(),
        description: String::new(),
        owner: None,
        services: Vec::new(),
        triggers: Vec::new(),
        inputs: Vec::new(),
        permissions: Permissions { run: grant(), drive: grant() },
        steps,
    };
    world.org.runbooks.books = vec![Arc::new(book)];
    world.does(who, "runbook run tell");
    world
}

fn at(world: &World, id: &str) -> StepState {
    let state = world.state();
    let run = state.records.run(world.incident.id, 1).expect("the run");
    run.step(id).expect("the step").1.state.clone()
}

#[test]
fn the_message_is_drafted_and_the_step_is_done_when_it_is_out() {
    let mut world = running(World::new(), "customers");
    let message = world.message(1);
    assert_eq!(
        (message.template.as_str(), &message.step),
        ("public-free", &Some(WaitingStep { run: 1, id: "tell".to_owned() }))
    );
    assert_eq!(world.says(1), "Cards are declined.: Cards are declined.\nWe are on it.");
    assert_eq!(at(&world, "tell"), StepState::Asking);
    assert!(world.refused("carol", "comms submit").contains("lacks"), "somebody still translates it");
    world.does("carol", "comms edit title.sv=\"Kort nekas\" body.sv=\"Kort nekas.\"");
    world.does("carol", "comms submit");
    world.clicks("bob", "Approve").expect("approved");
    world.does("carol", "comms publish");
    assert_eq!((at(&world, "tell"), at(&world, "after")), (StepState::Done, StepState::Asking), "and the run goes on");
}

#[test]
fn whoever_started_the_run_has_written_its_message_whoever_drove_it_to_that_step() {
    let wait = step("wait", Action::Wait { until: Text::parse("5m").expect("a text") });
    let mut world = run_by("dave", vec![wait, tell("public")], World::new());
    world.wait(6);
    let authors: Vec<_> = world.message(1).authors.into_iter().map(|one| one.person).collect();
    assert!(authors.contains(&PersonId::from("dave")), "{authors:?}");
    world.does("carol", "comms edit title.sv=\"Kort nekas\" body.sv=\"Kort nekas.\"");
    world.does("carol", "comms submit");
    let mark = world.message(1).mark();
    let refusal = world.refused("dave", &format!("comms approve 1 --seal {mark}"));
    assert!(refusal.starts_with("You have written on it"), "{refusal}");
    world.does("bob", &format!("comms approve 1 --seal {mark}"));
}

#[test]
fn the_step_has_failed_when_nobody_wants_the_message() {
    let mut world = running(World::new(), "public");
    world.does("carol", "comms discard");
    assert_eq!(at(&world, "tell"), StepState::Failed { reason: "message 1 was discarded".to_owned() });
    let state = world.state();
    assert_eq!(state.records.run(world.incident.id, 1).map(|run| run.state.clone()), Some(RunState::Stopped));
}

#[test]
fn by_hand_where_there_is_nothing_to_write_it_with() {
    for world in [running(World::new(), "regulators"), running(World::private(), "public")] {
        assert_eq!(world.incident.messages, []);
        assert_eq!(at(&world, "tell"), StepState::Asking);
    }
    let mut world = running(World::new(), "regulators");
    world.does("alice", "runbook next");
    assert_eq!(at(&world, "tell"), StepState::Done);
}
