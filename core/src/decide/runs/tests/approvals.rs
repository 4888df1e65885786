//! Approvals: by others, of exactly what would be done, for a while.

use super::super::{Word, as_asked_now};
use super::world::*;
use crate::ids::PersonId;
use crate::runbook::{Action, Asks, Expr, OnFailure, RunState, Runbook, Step, StepState, Who};
use chrono::TimeDelta;
use std::collections::BTreeMap;

fn covered() -> Runbook {
    book(vec![
        ask("which"),
        approve("allow", &["switch"], 1),
        step("switch", post("to/${{ steps.which.outputs.answer }}")),
    ])
}

fn asked(count: u32) -> World {
    let mut world = World::new();
    let steps = vec![approve("allow", &["switch"], count), http("switch"), manual("after")];
    world.start("alice", book(steps)).expect("started");
    world
}

fn yes(world: &World) -> Word {
    Word::Approve(world.hash("allow")[..8].to_owned())
}

#[test]
fn what_is_covered_begins_once_somebody_else_has_allowed_it() {
    let mut world = asked(1);
    assert_eq!(world.steps(), "allow: asking, switch: pending, after: pending");
    let shown = &world.run(1).steps[0].asks.as_ref().expect("asked").covers;
    assert_eq!(shown[0].does[0].text, "https://gateway.internal/switch", "who approves sees what would be done");
    let yes = yes(&world);
    for who in ["alice", "grace", "muster"] {
        assert!(world.say(who, &yes).is_err(), "{who} has asked for it, or is not known");
    }
    for word in [Word::Next, Word::Skip("x".into()), Word::Confirm, Word::Retry] {
        assert!(world.say_about("bob", 1, Some("allow"), &word).is_err(), "{word:?} is no way around");
    }
    assert!(world.say("bob", &Word::Approve("00000000".into())).is_err(), "of something else");
    assert!(world.say("bob", &Word::Approve(String::new())).is_err(), "of nothing at all");
    world.say("bob", &yes).expect("allowed");
    assert_eq!(world.steps(), "allow: done, switch: queued, after: pending");
}

#[test]
fn nobody_is_asked_to_approve_what_they_have_asked_for() {
    let who = vec![Who::Team { team: "payments".into() }, Who::Role { role: crate::ids::RoleKey::commander() }];
    let of = |step: Step| {
        let Action::Approve { count, within, valid_for, covers, text, .. } = step.action.clone() else {
            panic!("an approval")
        };
        Step { action: Action::Approve { who: who.clone(), count, within, valid_for, covers, text }, ..step }
    };
    let mut world = World::new();
    let book = book(vec![of(approve("allow", &["switch"], 1)), http("switch")]);
    world.start("bob", book).expect("started");
    let asked: Vec<_> = world.run(1).steps[0].asked.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(asked, ["Dave", "Alice"], "of the team but for Bob, and who commands");
}

#[test]
fn nobody_approves_or_denies_what_is_not_asked() {
    let mut world = World::new();
    let steps = vec![manual("before"), approve("allow", &["switch"], 1), http("switch")];
    world.start("alice", book(steps)).expect("started");
    let mut as_if_asked = world.run(1).clone();
    as_if_asked.steps[1].state = StepState::Asking;
    as_if_asked.steps[1].asks = Some(Asks::default());
    let now = as_asked_now(&as_if_asked, &world.incident, &world.org);
    let hash = now.steps[1].asks.as_ref().and_then(|asks| asks.hash.clone()).expect("a hash");
    for word in [Word::Approve(hash), Word::Deny("no".into())] {
        assert!(world.say_about("bob", 1, Some("allow"), &word).is_err(), "{word:?} before it is asked");
    }
    assert_eq!(world.steps(), "before: asking, allow: pending, switch: pending");
    world.say("alice", &Word::Next).expect("done");
    let yes = yes(&world);
    world.say("bob", &yes).expect("allowed");
    let job = world.job();
    assert!(world.take(&job, "w"), "taken");
    for step in ["before", "allow", "switch"] {
        assert!(world.say_about("bob", 1, Some(step), &Word::Deny("no".into())).is_err(), "{step} is not asked");
    }
    assert_eq!(world.steps(), "before: done, allow: done, switch: working");
}

#[test]
fn it_takes_as_many_as_it_says_each_once() {
    let mut world = asked(2);
    let yes = yes(&world);
    world.say("bob", &yes).expect("one");
    assert!(world.say("bob", &yes).is_err(), "each person once");
    assert_eq!(world.step("allow"), StepState::Asking);
    world.say("carol", &yes).expect("two");
    assert_eq!(world.step("allow"), StepState::Done);
}

#[test]
fn whoever_drives_it_on_has_asked_for_it_too() {
    let mut world = World::new();
    world.start("alice", covered()).expect("started");
    world.say("bob", &Word::Answer("adyen".into())).expect("answered");
    let yes = Word::Approve(world.hash("allow"));
    assert!(world.say("bob", &yes).is_err());
    world.say("carol", &yes).expect("allowed");
    assert_eq!(world.step("switch"), StepState::Queued);
}

#[test]
fn a_change_of_what_would_be_done_makes_an_approval_void() {
    let mut world = World::new();
    let title = step("switch", post("${{ incident.title }}"));
    world.start("alice", book(vec![approve("allow", &["switch"], 1), manual("between"), title])).expect("started");
    let shown = world.hash("allow");
    world.say("bob", &Word::Approve(shown.clone())).expect("allowed");
    world.incident.title = "All is well".to_owned();
    world.say("alice", &Word::Next).expect("done");
    assert_eq!(world.steps(), "allow: asking, between: done, switch: pending");
    assert_ne!(world.hash("allow"), shown);
    assert!(world.told.contains(&"1 allow: ApprovalVoid".to_owned()));
    assert!(world.say("bob", &Word::Approve(shown)).is_err(), "what was shown before is stale");
    let anew = Word::Approve(world.hash("allow"));
    world.say("bob", &anew).expect("allowed");
    assert_eq!(world.step("switch"), StepState::Queued);
}

#[test]
fn what_changed_while_it_was_asked_must_be_looked_at_again() {
    let mut world = World::new();
    let steps = vec![approve("allow", &["switch"], 1), step("switch", post("${{ incident.title }}"))];
    world.start("alice", book(steps)).expect("started");
    let shown = world.hash("allow");
    world.incident.title = "All is well".to_owned();
    assert!(world.say("bob", &Word::Approve(shown)).is_err());
    let now = as_asked_now(world.run(1), &world.incident, &world.org);
    let hash = now.steps[0].asks.as_ref().and_then(|asks| asks.hash.clone()).expect("a hash");
    world.say("bob", &Word::Approve(hash)).expect("seen and allowed");
    assert_eq!(world.step("switch"), StepState::Queued);
}

#[test]
fn an_answer_after_the_approval_is_not_what_was_approved() {
    let mut world = World::new();
    let steps = vec![
        approve("allow", &["which", "switch"], 1),
        ask("which"),
        step("switch", post("to/${{ steps.which.outputs.answer }}")),
    ];
    world.start("alice", book(steps)).expect("started");
    let yes = yes(&world);
    world.say("bob", &yes).expect("allowed");
    world.say("alice", &Word::Answer("stripe".into())).expect("answered");
    assert_eq!(world.steps(), "allow: asking, which: done, switch: pending");
}

#[test]
fn that_a_part_of_it_has_been_done_is_no_change() {
    let mut world = World::new();
    let output = crate::runbook::Output { name: "id".into(), from: crate::runbook::Source::Text, example: None };
    let first = Step { outputs: vec![output], ..http("first") };
    let second = step("second", post("orders"));
    let when = Some(Expr::parse("steps.first.state == 'done' && steps.allow.state == 'done'").expect("an expression"));
    let steps = vec![approve("allow", &["first", "second"], 1), first, Step { condition: when, ..second }];
    world.start("alice", book(steps)).expect("started");
    let yes = yes(&world);
    world.say("bob", &yes).expect("allowed");
    world.works(well(&[("id", serde_json::json!("x1"))]));
    assert_eq!(world.steps(), "allow: done, first: done, second: queued");
}

#[test]
fn what_is_made_of_what_a_covered_step_has_found_out_must_be_seen_and_allowed_again() {
    let mut world = World::new();
    let output = crate::runbook::Output { name: "id".into(), from: crate::runbook::Source::Text, example: None };
    let first = Step { outputs: vec![output], ..http("first") };
    let second = step("second", post("${{ steps.first.outputs.id }}"));
    world.start("alice", book(vec![approve("allow", &["first", "second"], 1), first, second])).expect("started");
    let blind = yes(&world);
    world.say("bob", &blind).expect("allowed");
    world.works(well(&[("id", serde_json::json!("x1"))]));
    assert_eq!(world.steps(), "allow: asking, first: done, second: pending");
    assert!(world.say("bob", &blind).is_err(), "that was for something nobody had seen");
    let seen = yes(&world);
    world.say("bob", &seen).expect("seen and allowed");
    assert_eq!(world.steps(), "allow: done, first: done, second: queued");
}

#[test]
fn an_approval_grows_old_also_for_another_attempt() {
    let mut world = asked(1);
    let yes = yes(&world);
    world.say("bob", &yes).expect("allowed");
    world.works(badly());
    world.wait(TimeDelta::minutes(59));
    world.say("alice", &Word::Retry).expect("still good");
    world.works(badly());
    world.wait(TimeDelta::minutes(1));
    world.say("alice", &Word::Retry).expect("said");
    assert_eq!(world.steps(), "allow: asking, switch: pending, after: pending");
    assert!(world.jobs().is_empty());
    world.say("bob", &yes).expect("allowed again");
    assert_eq!(world.step("switch"), StepState::Queued);
}

#[test]
fn denied_or_too_late_the_run_stops_whatever_was_to_follow_a_failure() {
    let with = |on_failure| {
        let mut world = World::new();
        let allow = Step { on_failure, ..approve("allow", &["switch"], 1) };
        world.start("alice", book(vec![allow, http("switch")])).expect("started");
        world
    };
    let mut world = with(OnFailure::Continue);
    assert!(world.say("bob", &Word::Deny(String::new())).is_err(), "not without a reason");
    world.say("bob", &Word::Deny("peak hour".into())).expect("denied");
    assert_eq!(world.steps(), "allow: failed, switch: pending");
    world.is(&RunState::Stopped);
    let mut world = with(OnFailure::Continue);
    world.wait(TimeDelta::minutes(15));
    assert_eq!(world.steps(), "allow: failed, switch: pending");
    world.is(&RunState::Stopped);
    for word in [Word::Skip("x".into()), Word::Confirm, Word::Resume, Word::Next] {
        assert!(world.say_about("alice", 1, Some("allow"), &word).is_err(), "{word:?} is no way around");
    }
    world.say("alice", &Word::Retry).expect("asked again");
    assert_eq!(world.step("allow"), StepState::Asking);
}

#[test]
fn a_covered_step_cannot_be_reached_past_its_approval() {
    let mut world = asked(1);
    for word in [Word::Next, Word::Retry, Word::Confirm] {
        assert!(world.say_about("alice", 1, Some("switch"), &word).is_err(), "{word:?}");
    }
    world.say("alice", &Word::Pause).expect("paused");
    world.say("alice", &Word::Resume).expect("resumed");
    assert_eq!(world.step("switch"), StepState::Pending);
    let mut world = World::new();
    let both = step("both", Action::Parallel { steps: vec![http("left"), http("right")] });
    world.start("alice", book(vec![approve("allow", &["left"], 1), both])).expect("started");
    let yes = yes(&world);
    world.say("bob", &yes).expect("allowed");
    world.wait(TimeDelta::minutes(5));
    assert_eq!(world.steps(), "allow: done, both: open, left: queued, right: queued");
}

#[test]
fn in_a_run_that_another_has_started_nobody_approves_who_has_asked_for_either() {
    let mut world = World::new();
    let inner = book(vec![approve("allow", &["switch"], 1), http("switch")]);
    let call = step("call", Action::Runbook { book: Box::new(inner), inputs: BTreeMap::new() });
    world.start("alice", book(vec![manual("first"), call])).expect("started");
    world.say("bob", &Word::Next).expect("driven on");
    let hash = world.run(2).steps[0].asks.as_ref().and_then(|asks| asks.hash.clone()).expect("asked");
    let yes = Word::Approve(hash);
    for who in ["alice", "bob"] {
        assert!(world.say_about(who, 2, None, &yes).is_err(), "{who}");
    }
    world.say_about("carol", 2, None, &yes).expect("allowed");
    assert_eq!(world.run(2).steps[1].state, StepState::Queued);
}

#[test]
fn what_covers_a_step_that_starts_a_run_covers_each_step_of_that() {
    let mut world = World::new();
    let inner = book(vec![wait("rest", "2h"), http("inside")]);
    let call = step("call", Action::Runbook { book: Box::new(inner), inputs: BTreeMap::new() });
    world.start("alice", book(vec![approve("allow", &["call"], 1), call])).expect("started");
    let shown: Vec<_> =
        world.run(1).steps[0].asks.iter().flat_map(|asks| &asks.covers).map(|one| one.id.as_str()).collect();
    assert_eq!(shown, ["call", "rest", "inside"]);
    let yes = yes(&world);
    world.say("bob", &yes).expect("allowed");
    assert_eq!(world.steps(), "allow: done, call: open");
    world.wait(TimeDelta::hours(2));
    assert_eq!(world.steps(), "allow: asking, call: open", "what was allowed two hours ago is asked for again");
    assert!(world.jobs().is_empty());
    world.say("bob", &yes).expect("allowed again");
    assert_eq!(world.job().task.id.to_string(), "INC-7/2/inside/1");
    world.ends_well();
    world.is(&RunState::Done);
}

#[test]
fn only_those_it_names_may_approve() {
    let mut world = World::new();
    let mut allow = approve("allow", &["switch"], 1);
    if let Action::Approve { who, .. } = &mut allow.action {
        *who = vec![Who::Person { person: PersonId::from("dave") }];
    }
    world.start("alice", book(vec![allow, http("switch")])).expect("started");
    let yes = yes(&world);
    assert!(world.say("carol", &yes).is_err());
    world.say("dave", &yes).expect("allowed");
}
