//! The tables, every pair of state and signal, as people read them; and what they promise.

use super::*;
use crate::ids::PersonId;
use crate::runbook::{Action, OnFailure, Step, Text};
use std::collections::BTreeSet;
use std::fmt::Write as _;

fn reason() -> String {
    "so it is".to_owned()
}

fn alice() -> Subject {
    Subject { person: PersonId::from("alice"), name: "Alice".to_owned() }
}

fn states() -> Vec<StepState> {
    vec![
        StepState::Pending,
        StepState::Held,
        StepState::Asking,
        StepState::Waiting { until: Timestamp::UNIX_EPOCH },
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
        ("rest", Signal::Rest { until: Timestamp::UNIX_EPOCH }),
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

/// What each state leads to. What is not here makes no sense.
const STEPS: &str = "\
pending: hold held, ask asking, rest waiting, queue queued, open open, succeed done, unneeded not_needed, fail failed, skip skipped
held: ask asking, rest waiting, queue queued, open open, withdraw pending, succeed done, unneeded not_needed, fail failed, skip skipped
asking: withdraw pending, succeed done, fail failed, skip skipped
waiting: queue queued, withdraw pending, succeed done, fail failed, skip skipped
queued: take working, withdraw pending, skip skipped
working: rest waiting, withdraw pending, succeed done, fail failed, lose unknown
open: open open, succeed done, fail failed
done: void asking
not_needed:
skipped:
failed: skip skipped, retry pending, confirm done
unknown: succeed done, fail failed, skip skipped, retry pending, confirm done
";

#[test]
fn the_table_of_steps() {
    let mut table = String::new();
    for state in states() {
        let leads = signals().into_iter().filter_map(|(name, signal)| {
            let then = next(&state, &signal)?;
            Some(format!(" {name} {}", then.word()))
        });
        let leads: Vec<_> = leads.collect();
        writeln!(table, "{}:{}", state.word(), leads.join(",")).expect("a string takes it");
    }
    assert_eq!(table, STEPS, "\n{table}");
}

/// What each state of a run leads to. What is not here makes no sense.
const RUNS: &str = "\
Running: Pause Paused, Stop Stopped, Finish Done, Undo Undoing, Abort Aborted
Paused: Resume Running, Stop Stopped, Undo Undoing, Abort Aborted
Stopped: Resume Running, Undo Undoing, Abort Aborted
Undoing: Pause UndoStopped, Stop UndoStopped, Finish Undone, Abort Aborted
UndoStopped: Resume Undoing, Abort Aborted
Done: Undo Undoing
Undone:
Aborted: Undo Undoing
";

#[test]
fn the_table_of_runs() {
    use RunState::{Aborted, Done, Paused, Running, Stopped, UndoStopped, Undoing, Undone};
    let mut table = String::new();
    for state in [Running, Paused, Stopped, Undoing, UndoStopped, Done, Undone, Aborted] {
        let signals = [
            RunSignal::Pause,
            RunSignal::Resume,
            RunSignal::Stop,
            RunSignal::Finish,
            RunSignal::Undo,
            RunSignal::Abort,
        ];
        let leads =
            signals.into_iter().filter_map(|signal| Some(format!(" {signal:?} {:?}", next_run(&state, signal)?)));
        let leads: Vec<_> = leads.collect();
        writeln!(table, "{state:?}:{}", leads.join(",")).expect("a string takes it");
    }
    assert_eq!(table, RUNS, "\n{table}");
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
            if state == StepState::Done {
                assert_eq!(signal, Signal::Void, "{pair}: what is done stays done, but for approvals");
            }
            let is_over = matches!(state, StepState::Skipped { .. } | StepState::NotNeeded);
            assert!(!is_over, "{pair}: that is the end of it");
            if matches!(state, StepState::Unknown { .. }) {
                let is_known = then == StepState::Done || matches!(then, StepState::Failed { .. });
                assert!(is_word(&signal) || is_known, "{pair}: people say what is to be done, or the truth comes late");
            }
            if is_word(&signal) {
                assert!(!matches!(state, StepState::Working { .. }), "{pair}: no word ends what a machine is at");
            }
        }
    }
}

/// What has been seen of one side of a step.
#[derive(Default)]
struct Seen {
    worked: BTreeSet<u32>,
    must_be_asked: bool,
}

/// However signals come: each attempt is worked at once at most, and what is not known is not begun again unasked.
#[test]
fn no_attempt_is_made_twice_and_nothing_unknown_begins_unasked() {
    let signals = signals();
    let wait = Action::Wait { until: Text::parse("15m").expect("a text") };
    // A generator of Knuth's, so that every machine walks the same ways.
    let mut seed: u64 = 7;
    let mut pick = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).expect("it is small") % below
    };
    let mut attempts = 0;
    for _ in 0..10_000 {
        let mut step = StepRun::of(&step(wait.clone()));
        let mut seen = [Seen::default(), Seen::default()];
        for _ in 0..60 {
            let (undo, (_, signal)) = (pick(4) == 0, &signals[pick(signals.len())]);
            let before = step.clone();
            if !step.take(undo, signal, Timestamp::UNIX_EPOCH) {
                assert_eq!(step, before, "what makes no sense changes nothing");
                continue;
            }
            let seen = &mut seen[usize::from(undo)];
            if matches!(step.at(undo), StepState::Working { .. }) {
                assert!(seen.worked.insert(step.attempt_of(undo)), "attempt {} twice", step.attempt_of(undo));
                assert!(!seen.must_be_asked, "it began although nobody was asked");
                attempts += 1;
            } else if matches!(step.at(undo), StepState::Unknown { .. }) {
                seen.must_be_asked = true;
            } else if is_word(signal) || step.at(undo).is_finished() {
                seen.must_be_asked = false;
            }
        }
    }
    assert!(attempts > 1_000, "the walks come where they are to come: {attempts}");
}

fn step(action: Action) -> Step {
    Step {
        id: "pay".into(),
        name: "Pay".into(),
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
