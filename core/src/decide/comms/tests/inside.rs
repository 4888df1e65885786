//! What stays inside: drills, and private incidents. Every word there is is tried on them.

use super::world::*;
use crate::command::find;
use std::collections::BTreeSet;

/// Everything one can do, in an order in which most of it makes sense.
const ALL: [(&str, &str); 23] = [
    ("alice", "comms"),
    ("alice", "comms holding"),
    ("carol", "comms draft public-identified impact=cards"),
    ("carol", "comms preview"),
    ("carol", "comms submit"),
    ("bob", "comms reject it is not the cards"),
    ("carol", "comms submit"),
    ("bob", "comms approve"),
    ("carol", "comms schedule in 5m"),
    ("carol", "comms unschedule"),
    ("carol", "comms publish"),
    ("carol", "comms edit 2 details=wrong details.sv=fel"),
    ("carol", "comms submit"),
    ("bob", "comms approve"),
    ("carol", "comms publish"),
    ("carol", "comms draft public-resolved"),
    ("carol", "comms submit"),
    ("bob", "comms approve"),
    ("carol", "comms schedule in 5m"),
    ("alice", "comms history 1"),
    ("alice", "comms retract 1 wrong"),
    ("carol", "comms draft public-resolved"),
    ("carol", "comms discard 6"),
];

#[test]
fn every_word_there_is_is_tried() {
    let known = find("comms").expect("a command").verbs.iter().map(|verb| verb.name);
    let verb = |line: &'static str| {
        let word = line.split(' ').nth(1).unwrap_or_default();
        known.clone().find(|known| *known == word).expect(line)
    };
    let tried: BTreeSet<_> = ALL.iter().map(|(_, line)| verb(line)).collect();
    assert_eq!(tried, known.clone().collect(), "a new word is to be tried, too");
}

fn play(world: &mut World) -> Vec<String> {
    let mut refusals = Vec::new();
    for (who, line) in ALL {
        let open = world.incident.messages.iter().find(|brief| brief.stage.word() == "in review").map(|one| one.number);
        let line = match open.filter(|_| line == "comms approve") {
            Some(number) => format!("{line} {number} --seal {}", world.message(number).mark()),
            None => line.to_owned(),
        };
        match world.types(who, &line) {
            Ok(_) => {}
            Err(refusal) => refusals.push(format!("{line}: {}", refusal.sentence)),
        }
    }
    world.wait(120);
    refusals
}

#[test]
fn the_same_tale_reaches_customers_where_they_are_meant() {
    let mut world = World::new();
    let refusals = play(&mut world);
    assert!(refusals.is_empty(), "each of them can be done: {refusals:#?}");
    assert!(world.public().is_some() && !world.outside.is_empty(), "the tale tells something");
}

#[test]
fn a_drill_practises_all_of_it_and_nobody_outside_is_told() {
    let mut world = World::drill();
    let refusals = play(&mut world);
    assert_eq!(world.outside, []);
    assert!(world.public().is_none());
    let out = world.incident.messages.iter().filter(|one| one.stage.word() == "published").count();
    assert!(out >= 2, "the workflow is practised: {:?} {refusals:?}", world.incident.messages);
    assert!(world.told.iter().any(|line| line.contains("practised publishing message 1")), "{:?}", world.told);
    let shown = plain(&world.does("alice", "comms preview 2"));
    assert!(shown.contains("PRACTICE") && shown.contains("This was practice: nobody outside was told."), "{shown}");
}

#[test]
fn a_private_incident_is_refused_and_nobody_outside_is_told() {
    let mut world = World::private();
    let refusals = play(&mut world);
    assert_eq!(world.outside, []);
    assert!(world.public().is_none());
    let why = "INC-7 is private: nobody outside is told of it";
    for verb in ["comms holding", "comms submit", "comms publish"] {
        assert!(refusals.iter().any(|line| line.starts_with(verb) && line.ends_with(why)), "{verb}: {refusals:?}");
    }
    assert!(world.refused("carol", "comms schedule 1 in 5m").starts_with(why));
    assert_eq!(world.letters.len(), 0, "who is not in it hears nothing of it");
}

#[test]
fn what_has_turned_private_since_does_not_go_out_by_the_clock() {
    let mut world = World::approved();
    world.does("carol", "comms schedule in 10m");
    world.incident.visibility = crate::incident::Visibility::Private;
    world.wait(30);
    assert_eq!((world.outside.len(), world.stage(1)), (0, "approved"));
}
