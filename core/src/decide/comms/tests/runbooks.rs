//! A step of a runbook that tells customers something drafts the message, and is done when that is out.

use super::world::*;
use crate::comms::WaitingStep;
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

fn running(mut world: World, audience: &str) -> World {
    let grant = || vec![Grant { who: vec![Who::Responders], severities: Vec::new() }];
    let after = step("after", Action::Manual { text: Text::parse("Rest").expect("a text"), checklist: Vec::new() });
    let book = Runbook {
        id: "tell".into(),
        name: "Tell".into(),
        description: String::new(),
        owner: None,
        services: Vec::new(),
        triggers: Vec::new(),
        inputs: Vec::new(),
        permissions: Permissions { run: grant(), drive: grant() },
        steps: vec![tell(audience), after],
    };
    world.org.runbooks.books = vec![Arc::new(book)];
    world.does("alice", "runbook run tell");
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
