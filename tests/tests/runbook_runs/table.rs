//! The state machine of runs and steps, every pair of state and signal.

use muster_core::ids::PersonId;
use muster_core::incident::event::Subject;
use muster_core::runbook::{RunSignal, RunState, Signal, Step, StepRun, StepState, next, next_run};
use muster_tests::sample;
use proptest::prelude::*;
use std::fmt::Write as _;

fn moment() -> muster_core::clock::Timestamp {
    muster_tests::fixtures::at(0)
}

fn reason() -> String {
    "so it is".to_owned()
}

fn alice() -> Subject {
    let (id, name, _) = sample::PEOPLE[0];
    Subject { person: PersonId::from(id), name: name.to_owned() }
}

fn states() -> Vec<StepState> {
    vec![
        StepState::Pending,
        StepState::Held,
        StepState::Asking,
        StepState::Waiting { until: moment() },
        StepState::Queued,
        StepState::Working { worker: "w".to_owned() },
        StepState::Open { run: None },
        StepState::Done,
        StepState::NotNeeded,
        StepState::Skipped { by: alice(), reason: reason() },
        StepState::Failed { reason: reason() },
        StepState::Unknown { reason: reason() },
    ]
}

fn signals() -> Vec<(&'static str, Signal)> {
    vec![
        ("hold", Signal::Hold),
        ("ask", Signal::Ask),
        ("rest", Signal::Rest { until: moment() }),
        ("queue", Signal::Queue),
        ("take", Signal::Take { worker: "w".to_owned() }),
        ("open", Signal::Open { run: None }),
        ("withdraw", Signal::Withdraw),
        ("succeed", Signal::Succeed),
        ("unneeded", Signal::Unneeded),
        ("fail", Signal::Fail { reason: reason() }),
        ("lose", Signal::Lose { reason: reason() }),
        ("void", Signal::Void),
        ("skip", Signal::Skip { by: alice(), reason: reason() }),
        ("retry", Signal::Retry),
        ("confirm", Signal::Confirm),
    ]
}

fn is_word(signal: &Signal) -> bool {
    matches!(signal, Signal::Skip { .. } | Signal::Retry | Signal::Confirm)
}

#[test]
fn the_table_of_steps() {
    let mut table = String::new();
    for state in states() {
        let _ = writeln!(table, "{}", state.word());
        let mut senseless = Vec::new();
        for (name, signal) in signals() {
            match next(&state, &signal) {
                Some(then) => drop(writeln!(table, "    {name:<9} → {}", then.word())),
                None => senseless.push(name),
            }
        }
        let _ = writeln!(table, "    no sense: {}", senseless.join(", "));
    }
    insta::assert_snapshot!(table);
}

#[test]
fn the_table_of_runs() {
    use RunState::{Aborted, Done, Paused, Running, Stopped, UndoStopped, Undoing, Undone};
    let mut table = String::new();
    for state in [Running, Paused, Stopped, Undoing, UndoStopped, Done, Undone, Aborted] {
        let _ = writeln!(table, "{state:?}");
        let mut senseless = Vec::new();
        use RunSignal::{Abort, Finish, Pause, Resume, Stop, Undo};
        for signal in [Pause, Resume, Stop, Finish, Undo, Abort] {
            match next_run(&state, signal) {
                Some(then) => drop(writeln!(table, "    {:<6} → {then:?}", format!("{signal:?}"))),
                None => senseless.push(format!("{signal:?}")),
            }
        }
        let _ = writeln!(table, "    no sense: {}", senseless.join(", "));
    }
    insta::assert_snapshot!(table);
}

#[test]
fn of_every_pair_the_promises_hold() {
    for state in states() {
        for (name, signal) in signals() {
            let Some(then) = next(&state, &signal) else { continue };
            let pair = format!("{} {name}", state.word());
            if matches!(then, StepState::Working { .. }) {
                assert_eq!(state, StepState::Queued, "{pair}: what works was queued, durably, before");
            }
            match &state {
                StepState::Done => {
                    assert_eq!(signal, Signal::Void, "{pair}: what is done stays done, but for approvals")
                }
                StepState::Skipped { .. } | StepState::NotNeeded => panic!("{pair}: that is the end of it"),
                StepState::Unknown { .. } => assert!(
                    is_word(&signal) || then == StepState::Done || matches!(then, StepState::Failed { .. }),
                    "{pair}: where nobody knows what happened, people say, or the truth comes late"
                ),
                _ => {}
            }
            if is_word(&signal) {
                assert!(!matches!(state, StepState::Working { .. }), "{pair}: no word ends what a machine is at");
            }
        }
    }
}

fn any_step() -> StepRun {
    let json = serde_json::json!({
        "id": "pay", "name": "Pay", "condition": null,
        "action": { "does": "wait", "until": "15m" },
        "who": [], "runner": null, "timeout": null, "retry": null, "idempotent": false, "on_failure": "ask",
        "outputs": [], "undo": null,
    });
    let step: Step = serde_json::from_value(json).expect("a step");
    StepRun::of(&step)
}

proptest! {
    /// However signals come: each attempt is worked at once at most, and what is not known is not begun again unasked.
    #[test]
    fn no_attempt_is_made_twice_and_nothing_unknown_begins_unasked(picks in prop::collection::vec((0..15_usize, any::<bool>()), 0..200)) {
        let signals = signals();
        let mut step = any_step();
        let mut worked = std::collections::BTreeSet::new();
        let mut must_be_asked = [false, false];
        for (pick, undo) in picks {
            let (_, signal) = &signals[pick];
            let before = step.at(undo).clone();
            if !step.take(undo, signal, moment()) {
                prop_assert_eq!(step.at(undo), &before);
                continue;
            }
            let side = usize::from(undo);
            match step.at(undo) {
                StepState::Working { .. } => {
                    prop_assert!(worked.insert((undo, step.attempt_of(undo))), "attempt {} twice", step.attempt_of(undo));
                    prop_assert!(!must_be_asked[side], "it began although nobody was asked");
                }
                StepState::Unknown { .. } => must_be_asked[side] = true,
                _ if is_word(signal) || step.at(undo).is_finished() => must_be_asked[side] = false,
                _ => {}
            }
        }
    }
}
