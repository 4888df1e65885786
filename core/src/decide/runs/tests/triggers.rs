//! Runbooks offer themselves once, and start by themselves where they may.

use super::world::*;
use crate::decide::{Draft, set_severity, set_status};
use crate::ids::SeverityKey;
use crate::incident::Kind;
use crate::incident::event::Event;
use crate::incident::status::Phase;
use crate::runbook::{RunState, Runbook, Start, Trigger, TriggerOn};
use chrono::TimeDelta;
use std::sync::Arc;

fn when(on: TriggerOn, start: Start) -> Trigger {
    let severities = vec![SeverityKey::from("SEV1")];
    Trigger { on, severities, categories: Vec::new(), services: Vec::new(), sites: Vec::new(), start }
}

fn world(on: TriggerOn, start: Start) -> World {
    let mut world = World::new();
    world.incident.severity = None;
    let triggers = vec![when(on, start)];
    let book = Runbook { triggers, services: vec!["checkout".into()], ..book(vec![manual("one")]) };
    world.org.runbooks.books = vec![Arc::new(book)];
    world
}

impl World {
    fn change(&mut self, change: impl FnOnce(&mut Draft<'_>)) {
        self.decide("alice", |state, ctx| {
            let mut draft = Draft::of(state.incident.as_ref().expect("the incident"), ctx);
            change(&mut draft);
            (Some(draft.done(|_| nothing())), ())
        });
    }

    fn becomes(&mut self, severity: &str) {
        let to = Some(SeverityKey::from(severity));
        self.change(|draft| set_severity(draft, to, None).expect("another one"));
    }

    fn touches_checkout(&mut self) {
        self.change(|draft| {
            draft.incident.services.insert("checkout".into());
        });
    }

    fn offers(&self) -> usize {
        self.told.iter().filter(|line| *line == "RunbookSuggested").count()
    }
}

#[test]
fn a_runbook_is_offered_once_the_incident_becomes_what_it_is_for() {
    let mut world = world(TriggerOn::Declare, Start::Suggested);
    world.becomes("SEV1");
    assert_eq!(world.offers(), 0, "it is about another service");
    world.touches_checkout();
    assert_eq!(world.offers(), 1);
    world.becomes("SEV2");
    world.becomes("SEV1");
    assert_eq!(world.offers(), 1, "once");
}

#[test]
fn a_status_and_an_alert_offer_it_too() {
    let mut by_status = world(TriggerOn::Status { to: vec![Phase::Identified] }, Start::Suggested);
    by_status.touches_checkout();
    by_status.becomes("SEV1");
    assert_eq!(by_status.offers(), 0);
    by_status.change(|draft| set_status(draft, Phase::Identified, None).expect("a move"));
    assert_eq!(by_status.offers(), 1);
    let mut by_alert = world(TriggerOn::Alert { name: "Payment*".into() }, Start::Suggested);
    by_alert.touches_checkout();
    by_alert.becomes("SEV1");
    by_alert.change(|draft| draft.record(Event::AlertsFired { kinds: vec!["DiskFull".into()] }));
    assert_eq!(by_alert.offers(), 0);
    by_alert.change(|draft| draft.record(Event::AlertsFired { kinds: vec!["PaymentErrors".into()] }));
    assert_eq!(by_alert.offers(), 1);
}

#[test]
fn it_starts_by_itself_as_nobody_in_particular_but_never_in_a_drill() {
    let mut real = world(TriggerOn::Declare, Start::Automatic);
    real.touches_checkout();
    real.becomes("SEV1");
    real.wait(TimeDelta::zero());
    assert_eq!((real.offers(), real.run(1).started_by.name.as_str()), (0, "muster"));
    let mut drill = world(TriggerOn::Declare, Start::Automatic);
    drill.incident.kind = Kind::Drill;
    drill.touches_checkout();
    drill.becomes("SEV1");
    drill.wait(TimeDelta::zero());
    assert_eq!((drill.offers(), drill.incident.runs.len()), (1, 0));
}

#[test]
fn what_was_no_incident_ends_its_runs_and_what_is_resolved_does_not() {
    let mut world = World::new();
    world.start("alice", book(vec![http("one")])).expect("started");
    world.change(|draft| set_status(draft, Phase::Resolved, None).expect("a move"));
    world.is(&RunState::Running);
    let mut world = World::new();
    world.start("alice", book(vec![http("one")])).expect("started");
    world.change(|draft| set_status(draft, Phase::Cancelled, None).expect("a move"));
    let job = world.job();
    assert!(!world.take(&job, "w"), "nothing begins between the end and what ends it");
    world.wait(TimeDelta::zero());
    world.is(&RunState::Aborted);
    assert!(world.jobs().is_empty());
}
