//! Which run, and which of its steps, somebody means who names neither: the only ones to which their word makes sense.

use crate::decide::State;
use crate::decide::runs::{Word, fits};
use crate::ids::IncidentId;
use crate::refusal::Refusal;
use crate::runbook::{Run, RunState, StepRun};

/// What somebody has named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) run: Option<i64>,
    pub(super) step: Option<String>,
}

/// The runs of an incident that were read, by number.
pub(super) fn runs(incident: IncidentId, state: &State) -> Vec<&Run> {
    let mut runs: Vec<_> = state.records.runs().filter(|run| run.incident == incident).collect();
    runs.sort_by_key(|run| run.number);
    runs
}

/// The run and the step that a word is about; no step, if it is about the whole run.
///
/// # Errors
/// When there is none, or more than one and none was named.
pub(super) fn meant<'a>(
    runs: &[&'a Run],
    named: &Named,
    word: &Word,
    incident: IncidentId,
) -> Result<(&'a Run, Option<String>), Refusal> {
    if let Some(number) = named.run.filter(|number| !runs.iter().any(|run| run.number == *number)) {
        return Err(Refusal::not_found(format!("{incident} has no run {number}")).instead("runbook list"));
    }
    let considered: Vec<_> = runs.iter().copied().filter(|run| named.run.is_none_or(|n| n == run.number)).collect();
    if is_about_run(word) { whole(&considered, word, incident) } else { step(&considered, named, word, incident) }
}

fn is_about_run(word: &Word) -> bool {
    match word {
        Word::Pause | Word::Resume | Word::Abort(_) | Word::Undo => true,
        Word::Next
        | Word::Tick(_)
        | Word::Answer(_)
        | Word::Skip(_)
        | Word::Retry
        | Word::Confirm
        | Word::Approve(_)
        | Word::Deny(_) => false,
    }
}

fn whole<'a>(runs: &[&'a Run], word: &Word, incident: IncidentId) -> Result<(&'a Run, Option<String>), Refusal> {
    if let [only] = runs {
        return Ok((only, None));
    }
    let is_child = |run: &&&Run| {
        let parent = run.parent.as_ref().map(|(number, _)| *number);
        runs.iter().any(|other| Some(other.number) == parent && other.state.is_open())
    };
    let fitting: Vec<_> = runs.iter().filter(|run| fits_run(word, &run.state)).filter(|run| !is_child(run)).collect();
    match (fitting.as_slice(), runs.last()) {
        ([only], _) => Ok((only, None)),
        ([], Some(last)) => Ok((last, None)),
        ([], None) => Err(none(incident)),
        ([.., last], _) if *word == Word::Undo && !fitting.iter().any(|run| run.state.is_open()) => Ok((last, None)),
        ([..], _) => Err(several(&fitting.iter().map(|run| **run).collect::<Vec<_>>(), word)),
    }
}

fn fits_run(word: &Word, state: &RunState) -> bool {
    match state {
        RunState::Running | RunState::Stopped => *word != Word::Resume,
        RunState::Paused => *word != Word::Pause,
        RunState::Undoing | RunState::UndoStopped => matches!(word, Word::Abort(_) | Word::Pause),
        RunState::Done | RunState::Aborted => *word == Word::Undo,
        RunState::Undone => false,
    }
}

fn step<'a>(
    runs: &[&'a Run],
    named: &Named,
    word: &Word,
    incident: IncidentId,
) -> Result<(&'a Run, Option<String>), Refusal> {
    let open: Vec<_> = runs.iter().copied().filter(|run| run.state.is_open()).collect();
    if let (Some(id), [only]) = (&named.step, open.as_slice()) {
        return match step_of(only, id) {
            Some(step) => Ok((only, Some(step.id.clone()))),
            None => Err(no_step(only, id)),
        };
    }
    let is_named = |run: &Run, step: &StepRun| {
        named.step.as_ref().is_none_or(|typed| step_of(run, typed).is_some_and(|named| named.id == step.id))
    };
    let waiting: Vec<_> = open
        .iter()
        .flat_map(|run| waiting(run, word).filter(|step| is_named(run, step)).map(|step| (*run, step.id.clone())))
        .collect();
    match (waiting.as_slice(), open.as_slice(), runs) {
        ([(run, step)], _, _) => Ok((run, Some(step.clone()))),
        ([], [], []) => Err(none(incident)),
        ([], [], [.., last]) => Err(Refusal::conflict(format!("Run {} is over", last.number)).instead("runbook list")),
        ([], [run, ..], _) => Err(Refusal::conflict(idle(run, word)).instead("runbook show")),
        ([(first, _), .., (last, _)], _, _) if first.number != last.number => {
            Err(several(&waiting.iter().map(|(run, _)| *run).collect::<Vec<_>>(), word))
        }
        ([(_, first), ..], _, _) => {
            let steps: Vec<_> = waiting.iter().map(|(_, step)| step.as_str()).collect();
            let sentence = format!("Which step? {}", one_of("--step", &steps));
            Err(Refusal::conflict(sentence).instead(format!("runbook {} --step {first}", verb(word))))
        }
    }
}

/// The step of a run that is named by its id, or by its place from 1.
pub(super) fn step_of<'a>(run: &'a Run, typed: &str) -> Option<&'a StepRun> {
    let by_place = || typed.parse::<usize>().ok().and_then(|place| run.steps.get(place.checked_sub(1)?));
    run.steps.iter().find(|step| step.id.eq_ignore_ascii_case(typed)).or_else(by_place)
}

fn none(incident: IncidentId) -> Refusal {
    Refusal::conflict(format!("No runbook has run in {incident} yet")).instead("runbook list")
}

fn several(runs: &[&Run], word: &Word) -> Refusal {
    let mut numbers: Vec<_> = runs.iter().map(|run| run.number.to_string()).collect();
    numbers.dedup();
    let refusal = Refusal::conflict(format!("Which run? {}", one_of("--run", &numbers)));
    refusal.instead(format!("runbook {} --run {}", verb(word), numbers.first().map_or("1", String::as_str)))
}

/// The verb that says it.
fn verb(word: &Word) -> &'static str {
    match word {
        Word::Next => "next",
        Word::Tick(_) => "tick",
        Word::Answer(_) => "answer",
        Word::Skip(_) => "skip",
        Word::Retry => "retry",
        Word::Confirm => "confirm",
        Word::Approve(_) => "approve",
        Word::Deny(_) => "deny",
        Word::Pause => "pause",
        Word::Resume => "resume",
        Word::Abort(_) => "abort",
        Word::Undo => "undo",
    }
}

/// `Say --run 1 or --run 2`
fn one_of(flag: &str, values: &[impl AsRef<str>]) -> String {
    let values: Vec<_> = values.iter().take(8).map(|value| format!("{flag} {}", value.as_ref())).collect();
    format!("Say {}", values.join(" or "))
}

fn no_step(run: &Run, typed: &str) -> Refusal {
    let known = crate::command::args::named(run.steps.iter().map(|step| step.id.as_str()));
    Refusal::not_found(format!("“{}” is not a step of run {}: {known}", crate::plain::echo(typed), run.number))
}

fn idle(run: &Run, word: &Word) -> String {
    let what = match word {
        Word::Next => "waits for somebody to go on",
        Word::Tick(_) => "has a list to tick off now",
        Word::Answer(_) => "asks a question now",
        Word::Approve(_) | Word::Deny(_) => "waits to be approved",
        Word::Skip(_) => "can be left out now",
        Word::Retry | Word::Confirm => "has failed, or has an unknown outcome",
        Word::Pause | Word::Resume | Word::Abort(_) | Word::Undo => "can be changed",
    };
    format!("No step of run {} {what}", run.number)
}

/// The steps to which a word makes sense now.
fn waiting<'a>(run: &'a Run, word: &'a Word) -> impl Iterator<Item = &'a StepRun> {
    let undo = matches!(run.state, RunState::Undoing | RunState::UndoStopped);
    let flat = run.book.flat().into_iter().zip(&run.steps);
    flat.filter(move |(step, now)| fits(word, step, now, undo)).map(|(_, now)| now)
}
