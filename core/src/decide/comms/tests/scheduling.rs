//! What goes out by the clock.

use super::world::*;
use crate::ids::SeverityKey;

#[test]
fn it_goes_out_when_its_time_has_come() {
    let mut world = World::approved();
    world.does("carol", "comms schedule in 10m");
    assert_eq!(world.stage(1), "scheduled");
    world.wait(9);
    assert_eq!(world.went_to(), [""; 0]);
    world.wait(1);
    assert_eq!(world.stage(1), "published");
    assert_eq!(world.went_to().len(), 3);
    world.wait(60);
    assert_eq!(world.went_to(), [""; 0], "once");
}

#[test]
fn a_promise_must_outlast_the_time_until_then() {
    let mut world = World::approved();
    assert!(world.refused("carol", "comms schedule in 45m").contains("promise another"));
    assert!(
        world.refused("carol", "comms schedule 2026-11-27 09:00").starts_with("A message goes out at a time to come")
    );
}

#[test]
fn what_is_taken_off_the_clock_does_not_go_out() {
    let mut world = World::approved();
    world.does("carol", "comms schedule in 10m");
    world.does("alice", "comms unschedule");
    assert_eq!(world.stage(1), "approved", "the approval stands");
    world.wait(60);
    assert_eq!((world.stage(1), world.went_to().len()), ("approved", 0));
}

#[test]
fn what_cannot_go_out_any_more_does_not_and_its_author_hears_why() {
    let mut world = World::new();
    world.incident.severity = Some(SeverityKey::from("SEV3"));
    world.does("carol", "comms draft public-identified impact=slow");
    world.does("carol", "comms schedule 1 in 10m");
    world.incident.severity = Some(SeverityKey::from("SEV1"));
    world.wait(10);
    assert_eq!((world.stage(1), world.went_to().len()), ("draft", 0));
    let (who, letter) = world.letters.last().expect("a letter");
    assert_eq!(who, "carol");
    assert!(plain(letter).contains("needs a second person to approve it"), "{}", plain(letter));
    assert!(world.told.last().is_some_and(|line| line.starts_with("muster could not publish")), "{:?}", world.told);
    assert_eq!(world.timers.len(), 0);
}

#[test]
fn a_change_takes_it_off_the_clock() {
    let mut world = World::approved();
    world.does("carol", "comms schedule in 10m");
    world.does("alice", "comms edit 1 impact=slow");
    assert_eq!(world.stage(1), "draft");
    world.wait(60);
    assert_eq!((world.stage(1), world.went_to().len()), ("draft", 0));
}
