//! A run goes on by itself as far as it can, and by people's words where it must.

use super::super::{Order, Word, fits};
use super::world::*;
use crate::ids::{IncidentId, PersonId, RoleKey, SeverityKey};
use crate::incident::status::{Phase, Status};
use crate::org::Loudness;
use crate::runbook::{
    Action, Expr, Grant, Input, InputKind, OnFailure, Output, Permissions, Retry, RunState, Runbook, Source, Step,
    StepState, Text, Who,
};
use chrono::TimeDelta;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

fn reason(text: &str) -> String {
    text.to_owned()
}

#[test]
fn a_run_does_what_it_can_and_waits_for_people_machines_and_the_clock() {
    let mut world = World::new();
    let steps = vec![manual("tell"), ask("which"), http("switch"), wait("rest", "15m"), manual("look")];
    assert_eq!(world.start("alice", book(steps)), Ok(1));
    assert_eq!(world.steps(), "tell: asking, which: pending, switch: pending, rest: pending, look: pending");
    world.say("alice", &Word::Tick(1)).expect("ticked");
    assert_eq!(world.run(1).steps[0].ticked, [1]);
    world.say("alice", &Word::Next).expect("done");
    assert_eq!(world.step("which"), StepState::Asking);
    assert!(world.say("alice", &Word::Next).is_err(), "a question is answered, not passed over");
    assert!(world.say("alice", &Word::Answer("paypal".into())).is_err(), "only by one of its answers");
    world.say("bob", &Word::Answer("stripe".into())).expect("answered");
    assert_eq!(world.run(1).steps[1].outputs["answer"], json!("stripe"));
    assert_eq!(world.step("switch"), StepState::Queued);
    world.ends_well();
    assert!(matches!(world.step("rest"), StepState::Waiting { .. }));
    world.wait(TimeDelta::minutes(14));
    assert!(matches!(world.step("rest"), StepState::Waiting { .. }));
    world.wait(TimeDelta::minutes(1));
    assert_eq!(world.step("look"), StepState::Asking);
    world.is(&RunState::Running);
    world.say("alice", &Word::Next).expect("done");
    world.is(&RunState::Done);
    assert_eq!(world.timers.len(), 0, "nothing is left to wait for: {:?}", world.timers);
    assert!(world.jobs().is_empty());
    let said: Vec<_> = world.deeds.iter().map(|deed| (deed.what.as_str(), deed.by.person.as_str())).collect();
    let expected = [
        ("run.started", "alice"),
        ("step.done", "alice"),
        ("step.answered", "bob"),
        ("step.done", "alice"),
        ("run.done", "alice"),
    ];
    assert_eq!(said, expected, "everything decided is on the audit log");
    let people: Vec<_> = world.run(1).requesters.iter().map(PersonId::as_str).collect();
    assert_eq!(people, ["alice", "bob"], "who starts it and who drives it on have asked for it");
}

#[test]
fn a_step_whose_condition_does_not_hold_is_not_needed_and_one_without_a_value_fails() {
    let mut world = World::new();
    let when = |text: &str, step: Step| Step { condition: Some(Expr::parse(text).expect("an expression")), ..step };
    let steps = vec![
        ask("which"),
        when("steps.which.outputs.answer == 'adyen'", http("adyen")),
        when("steps.which.outputs.answer == 'stripe'", manual("stripe")),
        when("inputs.nobody == 1", manual("never")),
    ];
    world.start("alice", book(steps)).expect("started");
    world.say("alice", &Word::Answer("stripe".into())).expect("answered");
    assert_eq!(world.steps(), "which: done, adyen: not_needed, stripe: asking, never: pending");
    world.say("alice", &Word::Next).expect("done");
    assert!(matches!(world.step("never"), StepState::Failed { .. }));
    world.is(&RunState::Stopped);
    assert_eq!(world.run(1).steps[3].attempt, 0, "it has not begun");
    world.say("alice", &Word::Skip(reason("not now"))).expect("left out");
    world.is(&RunState::Done);
}

#[test]
fn what_muster_does_itself_is_done_at_once_by_the_same_rules_as_the_commands() {
    let mut world = World::new();
    let role = Action::Role { role: RoleKey::from("scribe"), person: templ("bob") };
    let steps = vec![
        step("sev", Action::Severity { to: SeverityKey::from("SEV2"), reason: None }),
        step("same", Action::Severity { to: SeverityKey::from("SEV2"), reason: None }),
        step("role", role),
        step("update", Action::Update { text: templ("${{ incident.title }}: we switch"), next: None }),
        step("status", Action::Status { to: Phase::Identified, note: None }),
        step("back", Action::Status { to: Phase::Triage, note: None }),
    ];
    world.start("alice", book(steps)).expect("started");
    assert_eq!(world.incident.severity, Some(SeverityKey::from("SEV2")));
    assert!(world.incident.holds(&PersonId::from("bob"), &RoleKey::from("scribe")));
    let update = world.incident.last_update.as_ref().map(|update| update.text.as_str());
    assert_eq!(update, Some("Checkout is down: we switch"));
    assert_eq!(world.incident.status, Status::Identified);
    let StepState::Failed { reason } = world.step("back") else { panic!("{}", world.steps()) };
    assert_eq!(reason, "INC-7 is identified: nothing returns to triage");
    world.is(&RunState::Stopped);
}

#[test]
fn a_page_of_a_step_waits_for_the_pagers_turn() {
    let mut world = World::new();
    let page = |id: &str, target: &str| {
        step(id, Action::Page { target: templ(target), loudness: Loudness::High, message: templ("come") })
    };
    world.start("alice", book(vec![page("call", "payments"), page("again", "nobody-at-all")])).expect("started");
    assert!(world.incident.pages.is_empty());
    world.wait(TimeDelta::zero());
    assert_eq!(world.incident.pages.len(), 1);
    assert_eq!(world.step("call"), StepState::Done);
    assert!(matches!(world.step("again"), StepState::Failed { .. }), "{}", world.steps());
}

#[test]
fn steps_at_once_begin_together_and_are_joined() {
    let mut world = World::new();
    let both = step("both", Action::Parallel { steps: vec![http("left"), http("right"), manual("hand")] });
    world.start("alice", book(vec![both, manual("after")])).expect("started");
    assert_eq!(world.steps(), "both: open, left: queued, right: queued, hand: asking, after: pending");
    let jobs = world.jobs();
    assert!(world.take(&jobs[0], "w") && world.take(&jobs[1], "w"));
    assert!(world.report(&jobs[1], "w", well(&[])));
    assert!(world.report(&jobs[0], "w", badly()));
    world.is(&RunState::Stopped);
    world.say("alice", &Word::Next).expect("what is under way can end");
    assert_eq!(world.steps(), "both: open, left: failed, right: done, hand: done, after: pending");
    world.say("alice", &Word::Retry).expect("again");
    world.ends_well();
    assert_eq!(world.steps(), "both: done, left: done, right: done, hand: done, after: asking");
}

#[test]
fn another_runbook_runs_as_a_run_of_its_own_and_its_end_is_heard() {
    let mut world = World::new();
    let inner = book(vec![manual("inside")]);
    let outer = step("call", Action::Runbook { book: Box::new(inner), inputs: BTreeMap::new() });
    world.start("alice", book(vec![outer, manual("after")])).expect("started");
    assert_eq!(world.step("call"), StepState::Open { run: Some(2) });
    assert_eq!(world.run(2).parent, Some((1, "call".to_owned())));
    world.say_about("alice", 2, None, &Word::Next).expect("done");
    assert_eq!(world.run(2).state, RunState::Done);
    assert_eq!(world.steps(), "call: done, after: asking");
    assert_eq!(world.incident.runs.len(), 2);
}

#[test]
fn another_runbook_takes_no_input_that_people_could_not_give_it() {
    let mut world = World::new();
    let options = vec!["eu".to_owned(), "us".to_owned()];
    let region = Input {
        id: "region".into(),
        label: "Region".into(),
        help: String::new(),
        kind: InputKind::Choice { options },
        required: true,
        default: None,
    };
    let inner = Runbook { inputs: vec![region], ..book(vec![manual("inside")]) };
    let found = Output { name: "region".into(), from: Source::Text, example: None };
    let look = Step { outputs: vec![found], ..http("look") };
    let region = Text::parse("${{ steps.look.outputs.region }}").expect("a text");
    let inputs = BTreeMap::from([("region".to_owned(), region)]);
    let call = step("call", Action::Runbook { book: Box::new(inner), inputs });
    world.start("alice", book(vec![look, call])).expect("started");
    world.works(well(&[("region", json!("eu; reboot"))]));
    assert!(matches!(world.step("call"), StepState::Failed { reason } if reason.contains("there are eu, us")));
    assert_eq!(world.incident.runs.len(), 1);
}

#[test]
fn who_may_not_run_a_runbook_starts_none_that_starts_it() {
    let mut world = World::new();
    let payments = vec![Grant { who: vec![Who::Team { team: "payments".into() }], severities: Vec::new() }];
    let permissions = Permissions { run: payments.clone(), drive: payments };
    let inner = Runbook { permissions, name: "Inner".into(), ..book(vec![manual("inside")]) };
    let call = |book: Runbook| step("call", Action::Runbook { book: Box::new(book), inputs: BTreeMap::new() });
    let middle = book(vec![call(inner)]);
    let refused = world.start("carol", book(vec![call(middle)])).expect_err("Carol is not on that team");
    assert_eq!(refused.sentence, "You may not run “Inner”, which “Failover” starts");
    assert!(world.incident.runs.is_empty());
}

#[test]
fn step_by_step_nothing_begins_before_somebody_says_so() {
    let mut world = World::new();
    let order =
        Order { book: Arc::new(book(vec![http("one"), manual("two")])), inputs: BTreeMap::new(), by_step: true };
    world.start_with("alice", order).expect("started");
    assert_eq!(world.steps(), "one: held, two: pending");
    assert!(world.jobs().is_empty());
    world.say("alice", &Word::Next).expect("let go");
    world.ends_well();
    assert_eq!(world.steps(), "one: done, two: held");
    world.say("alice", &Word::Next).expect("let go");
    assert_eq!(world.step("two"), StepState::Asking);
}

#[test]
fn what_follows_a_failure_is_what_its_author_wanted() {
    let after = |on_failure| {
        let mut world = World::new();
        let failing = Step { on_failure, ..http("switch") };
        world.start("alice", book(vec![failing, manual("after")])).expect("started");
        world.works(badly());
        (world.steps(), world.run(1).state.clone())
    };
    let stopped = ("switch: failed, after: pending".to_owned(), RunState::Stopped);
    assert_eq!(after(OnFailure::Stop), stopped);
    assert_eq!(after(OnFailure::Ask), stopped);
    assert_eq!(after(OnFailure::Continue), ("switch: failed, after: asking".to_owned(), RunState::Running));
    assert_eq!(after(OnFailure::Undo).1, RunState::Undone);
}

#[test]
fn only_what_is_idempotent_is_tried_again_by_itself_after_its_pause_as_often_as_it_says() {
    let mut world = World::new();
    let retry = Some(Retry { attempts: 3, wait: Duration::from_secs(5) });
    world.start("alice", book(vec![Step { retry, ..sure("ask") }])).expect("started");
    for _ in 0..2 {
        world.works(badly());
        assert!(matches!(world.step("ask"), StepState::Waiting { .. }));
        assert!(world.jobs().is_empty());
        world.wait(TimeDelta::seconds(4));
        assert!(matches!(world.step("ask"), StepState::Waiting { .. }));
        world.wait(TimeDelta::seconds(1));
        assert_eq!(world.step("ask"), StepState::Queued);
    }
    assert_eq!(world.job().task.id.to_string(), "INC-7/1/ask/3");
    world.works(unclear());
    world.is(&RunState::Stopped);
    let mut world = World::new();
    world.start("alice", book(vec![Step { retry, ..http("pay") }])).expect("started");
    world.works(badly());
    world.is(&RunState::Stopped);
}

#[test]
fn paused_nothing_begins_and_what_is_under_way_ends() {
    let mut world = World::new();
    world.start("alice", book(vec![http("one"), http("two")])).expect("started");
    let job = world.job();
    world.say("alice", &Word::Pause).expect("paused");
    assert!(!world.take(&job, "w"), "a job nobody has begun is not to be had");
    world.say("alice", &Word::Resume).expect("resumed");
    let job = world.job();
    assert!(world.take(&job, "w"));
    world.say("alice", &Word::Pause).expect("paused");
    assert!(world.report(&job, "w", well(&[])));
    assert_eq!(world.steps(), "one: done, two: pending");
    world.say("alice", &Word::Resume).expect("resumed");
    world.ends_well();
    world.is(&RunState::Done);
}

#[test]
fn given_up_nothing_begins_and_machines_are_told_to_end() {
    let mut world = World::new();
    world.start("alice", book(vec![http("one"), manual("two")])).expect("started");
    let job = world.job();
    assert!(world.take(&job, "w"));
    assert!(world.say("alice", &Word::Abort(reason(" "))).is_err(), "not without a reason");
    world.say("alice", &Word::Abort(reason("wrong one"))).expect("given up");
    world.is(&RunState::Aborted);
    assert!(world.jobs().is_empty(), "whoever is at it finds that it is not theirs any more");
    assert!(matches!(world.step("one"), StepState::Unknown { .. }));
    assert!(!world.report(&job, "w", well(&[])));
    assert!(world.say("alice", &Word::Next).is_err());
    assert!(world.timers.is_empty());
}

#[test]
fn the_time_of_a_question_runs_out() {
    let mut world = World::new();
    world
        .start("alice", book(vec![Step { timeout: Some(Duration::from_secs(600)), ..ask("which") }]))
        .expect("started");
    world.wait(TimeDelta::minutes(9));
    world.is(&RunState::Running);
    world.wait(TimeDelta::minutes(1));
    assert_eq!(world.step("which"), StepState::Failed { reason: reason("nobody has answered within 10 minutes") });
    assert!(world.say("alice", &Word::Confirm).is_err(), "nobody answers for others");
    world.say("alice", &Word::Retry).expect("asked again");
    assert_eq!(world.step("which"), StepState::Asking);
}

#[test]
fn who_may_run_and_drive_is_what_the_runbook_says() {
    let grant = |who: Who| vec![Grant { who: vec![who], severities: vec![SeverityKey::from("SEV1")] }];
    let payments = || grant(Who::Team { team: "payments".into() });
    let commander = || grant(Who::Role { role: RoleKey::commander() });
    let one_for_carol = Step { who: vec![Who::Person { person: PersonId::from("carol") }], ..manual("one") };
    let strict = || {
        let permissions = Permissions { run: payments(), drive: commander() };
        Runbook { permissions, ..book(vec![one_for_carol.clone(), manual("two")]) }
    };
    let mut world = World::new();
    for who in ["alice", "carol", "grace", "muster"] {
        assert!(world.start(who, strict()).is_err(), "{who}");
    }
    world.start("bob", strict()).expect("bob is on the team");
    for word in [Word::Pause, Word::Skip(reason("x")), Word::Abort(reason("x")), Word::Undo, Word::Retry, Word::Confirm]
    {
        for who in ["bob", "carol", "grace", "muster"] {
            assert!(world.say(who, &word).is_err(), "{who}: {word:?}");
        }
    }
    world.say("carol", &Word::Next).expect("it is hers");
    assert!(world.say("carol", &Word::Next).is_err(), "this one is not");
    world.say("alice", &Word::Next).expect("she drives");
    world.incident.severity = None;
    assert!(world.start("bob", strict()).is_err(), "a grant for SEV1 lets nobody without a severity");
}

#[test]
fn a_handful_of_runs_may_be_open_and_none_in_an_incident_that_was_none() {
    let mut world = World::new();
    for n in 1..=5 {
        assert_eq!(world.start("alice", book(vec![manual("one")])), Ok(n));
    }
    assert!(world.start("alice", book(vec![manual("one")])).is_err());
    world.say_about("alice", 3, None, &Word::Next).expect("done");
    world.start("alice", book(vec![manual("one")])).expect("there is room again");
    let mut world = World::new();
    world.incident.status = Status::Merged { into: IncidentId(8) };
    assert!(world.start("alice", book(vec![manual("one")])).is_err());
}

#[test]
fn what_has_been_passed_is_not_meant_by_those_who_name_nothing() {
    let mut world = World::new();
    let first = Step { on_failure: OnFailure::Continue, ..http("first") };
    world.start("alice", book(vec![first, http("second")])).expect("started");
    world.works(badly());
    world.works(badly());
    assert_eq!(world.steps(), "first: failed, second: failed");
    let run = world.run(1);
    let flat = run.book.flat();
    let meant = |word: &Word| {
        let fitting = flat.iter().zip(&run.steps).filter(|(step, now)| fits(word, step, now, false));
        fitting.map(|(step, _)| step.id.clone()).collect::<Vec<_>>()
    };
    for word in [Word::Retry, Word::Confirm, Word::Skip("x".into())] {
        assert_eq!(meant(&word), ["second"], "{word:?}");
    }
    world.say("alice", &Word::Skip("enough".into())).expect("left out");
    world.is(&RunState::Done);
}
