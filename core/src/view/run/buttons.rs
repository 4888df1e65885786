//! What one can do with a run now. Buttons name the run and the step by number, so that they mean the same for ever.

use super::asked::mark;
use super::steps::{At, all, is_undoing};
use crate::command::Invocation;
use crate::runbook::{Action as Deed, Choice as Reply, Run, RunState, StepState};
use crate::view::{Action, Choice, Does, Weight};

/// So many answers are buttons; more are a list to choose from.
const BUTTONS: usize = 3;

/// The most characters of an answer that a button holds; a longer one is named by its place.
const ANSWER: usize = 20;

/// A word to a run.
pub(super) fn to_run(run: &Run, verb: &str) -> Invocation {
    Invocation::of(&format!("runbook {verb}")).on(run.incident).with("run", run.number.to_string())
}

/// A word about one of its steps.
pub(super) fn to_step(run: &Run, at: &At<'_>, verb: &str) -> Invocation {
    to_run(run, verb).with("step", at.number.to_string())
}

/// What makes sense now, the most likely first.
pub(super) fn buttons(run: &Run) -> Vec<Action> {
    let steps = all(run);
    let mut actions = Vec::new();
    for at in steps.iter().filter(|at| at.is_current(run) && run.state.is_open()) {
        actions.extend(of_step(run, at));
    }
    let abort = || Action::open("Abort", to_run(run, "abort")).danger();
    let undo = || Action::run("Undo", to_run(run, "undo")).danger();
    let can_undo = steps.iter().any(|at| at.step.undo.is_some() && at.now.state == StepState::Done);
    match run.state {
        RunState::Running => actions.extend([Action::run("Pause", to_run(run, "pause")), abort()]),
        RunState::Paused => {
            actions.insert(0, Action::run("Resume", to_run(run, "resume")).primary());
            actions.push(abort());
            actions.extend(can_undo.then(undo));
        }
        RunState::Stopped => {
            actions.extend(can_undo.then(undo));
            actions.push(abort());
        }
        RunState::Undoing | RunState::UndoStopped => actions.push(abort()),
        RunState::Done | RunState::Aborted => actions.extend(can_undo.then(undo)),
        RunState::Undone => {}
    }
    actions
}

fn of_step(run: &Run, at: &At<'_>) -> Vec<Action> {
    let call = |verb: &str| to_step(run, at, verb);
    let skip = || Action::open("Skip", call("skip"));
    match (at.state(run), at.action(run)) {
        (StepState::Held, _) => vec![Action::run("Begin", call("next")).primary(), skip()],
        (StepState::Asking, Deed::Ask { choices, .. }) => answers(choices, &call("answer")),
        (StepState::Asking, Deed::Approve { .. }) => {
            let approve = call("approve").with("hash", mark(at.now).unwrap_or_default());
            vec![Action::run("Approve", approve).primary(), Action::open("Deny", call("deny"))]
        }
        (StepState::Asking, _) => vec![Action::run("Done", call("next")).primary(), skip()],
        (StepState::Failed { .. }, Deed::Approve { .. }) => vec![Action::run("Ask again", call("retry"))],
        (StepState::Failed { .. }, _) => vec![Action::run("Retry", call("retry")).primary(), skip()],
        (StepState::Unknown { .. }, _) => {
            let again = if at.step.idempotent || is_undoing(run) { "Retry" } else { "Do it again" };
            let retry = Action::run(again, call("retry"));
            let retry = if at.step.idempotent { retry } else { retry.danger() };
            vec![Action::run("It took effect", call("confirm")).primary(), retry, skip()]
        }
        (StepState::Waiting { .. }, _) => vec![skip()],
        (
            StepState::Pending
            | StepState::Queued
            | StepState::Working { .. }
            | StepState::Open { .. }
            | StepState::Done
            | StepState::NotNeeded
            | StepState::Skipped { .. },
            _,
        ) => Vec::new(),
    }
}

fn answers(choices: &[Reply], call: &Invocation) -> Vec<Action> {
    let is_short = |choice: &Reply| choice.value.len() <= ANSWER;
    let answer = |(n, choice): (usize, &Reply)| {
        let answer = if is_short(choice) { choice.value.clone() } else { (n + 1).to_string() };
        (choice.label.clone(), call.clone().with("answer", answer))
    };
    let answers = choices.iter().enumerate().map(answer);
    if choices.len() <= BUTTONS {
        return answers.map(|(label, call)| Action::run(&label, call).primary()).collect();
    }
    let choices = answers.map(|(label, run)| Choice { label, run }).collect();
    vec![Action { label: "Answer".to_owned(), weight: Weight::Primary, does: Does::Choose(choices) }]
}
