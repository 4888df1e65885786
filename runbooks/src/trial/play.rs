//! Playing a test: whatever a run waits for is given to it, until it waits for nothing.

use super::cast::Cast;
use super::{Case, Ending, Stub};
use muster_core::decide::runs::{self, Order, Word};
use muster_core::incident::event::Event;
use muster_core::org::Organisation;
use muster_core::runbook::{
    Action, Ended, Job, Report, Run, RunEvent, RunState, Runbook, Step, StepEvent, StepRun, StepState,
};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// No test has more moves than this: a runbook has 200 steps at most, with 10 attempts each.
const MOVES: usize = 10_000;
/// Who carries steps out.
const WORKER: &str = "test";

/// What came of a run.
pub(super) struct Came {
    pub(super) state: String,
    /// Why it goes no further.
    pub(super) why: Option<String>,
    pub(super) order: Vec<String>,
    pub(super) undone: Vec<String>,
}

struct Play<'a> {
    case: &'a Case,
    cast: Cast<'a>,
}

/// Plays a case.
///
/// # Errors
/// What the case does not say, or what is refused.
pub(super) fn play(case: &Case, book: &Runbook, org: &Organisation) -> Result<Came, String> {
    let inputs = inputs(case, book)?;
    let mut play = Play { case, cast: Cast::new(org, book, &case.severity) };
    let book = Arc::new(book.clone());
    play.anybody(|draft, state| {
        runs::start(draft, Order { book: Arc::clone(&book), inputs: inputs.clone(), by_step: false }, state)
    })?;
    let mut is_undone = !case.undo;
    for _ in 0..MOVES {
        if play.moves()? {
            continue;
        }
        if is_undone {
            return Ok(play.came());
        }
        is_undone = true;
        play.say(1, None, &Word::Undo)?;
    }
    Err("it never comes to an end".to_owned())
}

/// The inputs of a run: those of the case, else the defaults.
fn inputs(case: &Case, book: &Runbook) -> Result<BTreeMap<String, Value>, String> {
    if let Some(unknown) = case.inputs.keys().find(|id| !book.inputs.iter().any(|input| input.id == **id)) {
        return Err(format!("the runbook asks for no `{unknown}`"));
    }
    let mut inputs = BTreeMap::new();
    for input in &book.inputs {
        match case.inputs.get(&input.id).or(input.default.as_ref()) {
            Some(value) => drop(inputs.insert(input.id.clone(), value.clone())),
            None if input.required => return Err(format!("the case does not say what `{}` is", input.id)),
            None => {}
        }
    }
    Ok(inputs)
}

impl Play<'_> {
    /// Gives the runs one thing that they wait for; whether there was any.
    fn moves(&mut self) -> Result<bool, String> {
        if let Some(job) = self.cast.job() {
            return self.work(&job).map(|()| true);
        }
        let runs = self.cast.runs();
        for run in &runs {
            let is_open = matches!(run.state, RunState::Running | RunState::Undoing);
            let waiting = run
                .book
                .flat()
                .into_iter()
                .zip(&run.steps)
                .find_map(|(step, at)| asks(at).map(|undo| (step, at, undo)));
            if let (true, Some((step, at, undo))) = (is_open, waiting) {
                return self.people(&runs, run, (step, at), undo).map(|()| true);
            }
        }
        Ok(self.cast.wait())
    }

    /// A machine carries a step out, as the case says.
    fn work(&mut self, job: &Job) -> Result<(), String> {
        let id = &job.task.id;
        let stub = self.stub(&path(&self.cast.runs(), id.run, &id.step));
        let ending = match stub {
            Some(Stub::Word(ending)) if !id.undo => Some(*ending),
            Some(Stub::With(given)) if id.undo => given.undo,
            Some(Stub::Word(_) | Stub::With(_)) | None => None,
        };
        let given = |name: &str| match stub {
            Some(Stub::With(given)) => given.outputs.get(name).cloned(),
            Some(Stub::Word(_)) | None => None,
        };
        let example = |name: &str| Value::String(format!("‹{}.{name}›", id.step));
        let outputs = job.task.outputs.iter().map(|output| {
            let value = given(&output.name).or_else(|| output.example.clone());
            (output.name.clone(), value.unwrap_or_else(|| example(&output.name)))
        });
        let ended = match ending {
            None => Ended::Well { outputs: outputs.collect() },
            Some(Ending::Fails | Ending::Denied) => Ended::Badly { reason: "the test says that it fails".to_owned() },
            Some(Ending::Unknown) => Ended::Unclear { reason: "the test says that nobody knows".to_owned() },
        };
        let report = Report { ended, output: String::new(), cut: false };
        let is_heard = self.cast.hear(|state, ctx| runs::take(id, WORKER, state, ctx))
            && self.cast.hear(|state, ctx| runs::report((id, WORKER), &report, state, ctx));
        if is_heard { Ok(()) } else { Err(format!("nobody can carry out {id}")) }
    }

    /// People do what a step asks of them.
    fn people(&mut self, runs: &[Run], run: &Run, (step, at): (&Step, &StepRun), undo: bool) -> Result<(), String> {
        let path = path(runs, run.number, &step.id);
        let is_denied = matches!(self.stub(&path), Some(Stub::Word(Ending::Denied)));
        let word = match &step.action {
            _ if undo => Word::Next,
            Action::Ask { choices, .. } => {
                let answer = self.case.answers.get(&path).cloned();
                let answer = answer.ok_or_else(|| format!("the case does not say what is answered to `{path}`"))?;
                if !choices.iter().any(|choice| choice.value == answer) {
                    return Err(format!("`{answer}` is no answer to `{path}`"));
                }
                Word::Answer(answer)
            }
            Action::Approve { .. } if is_denied => Word::Deny("the test says so".to_owned()),
            Action::Approve { .. } => {
                Word::Approve(at.asks.as_ref().and_then(|asks| asks.hash.clone()).unwrap_or_default())
            }
            Action::Manual { .. }
            | Action::Http(_)
            | Action::Run(_)
            | Action::Probe(_)
            | Action::Page { .. }
            | Action::Role { .. }
            | Action::Update { .. }
            | Action::Comms { .. }
            | Action::Severity { .. }
            | Action::Status { .. }
            | Action::Wait { .. }
            | Action::Runbook { .. }
            | Action::Parallel { .. } => Word::Next,
        };
        self.say(run.number, Some(&step.id), &word).map_err(|why| format!("`{path}`: {why}"))
    }

    fn stub(&self, path: &str) -> Option<&Stub> {
        self.case.steps.get(path)
    }

    fn say(&mut self, run: i64, step: Option<&str>, word: &Word) -> Result<(), String> {
        self.anybody(|draft, state| runs::say(draft, run, step, word, state))
    }

    /// The first who may does it; why the last of them may not.
    fn anybody<T>(
        &mut self,
        mut change: impl FnMut(
            &mut muster_core::decide::Draft<'_>,
            &muster_core::decide::State,
        ) -> Result<T, muster_core::refusal::Refusal>,
    ) -> Result<T, String> {
        let mut why = String::new();
        for actor in self.cast.people() {
            match self.cast.act(&actor, &mut change) {
                Ok(result) => return Ok(result),
                Err(refusal) => why = refusal.sentence,
            }
        }
        Err(why)
    }

    fn came(self) -> Came {
        let runs = self.cast.runs();
        let (mut order, mut undone, mut why) = (Vec::new(), Vec::new(), None);
        for entry in &self.cast.told {
            let Event::Run { number, what: RunEvent::Step { id, what, .. }, .. } = &entry.what else { continue };
            let path = path(&runs, *number, id);
            match what {
                StepEvent::Done { .. } => order.push(path),
                StepEvent::Failed { reason } | StepEvent::Unknown { reason } => {
                    why = Some(format!("{path}: {reason}"));
                    order.push(path);
                }
                StepEvent::Denied { reason } => why = Some(format!("{path}: {reason}")),
                StepEvent::Undone => undone.push(path),
                StepEvent::UndoFailed { reason } | StepEvent::UndoUnknown { reason } => {
                    why = Some(format!("{path}: {reason}"));
                }
                StepEvent::Began { .. }
                | StepEvent::NotNeeded
                | StepEvent::NoWayBack
                | StepEvent::Skipped { .. }
                | StepEvent::Asked { .. }
                | StepEvent::Approved { .. }
                | StepEvent::ApprovalVoid { .. } => {}
            }
        }
        // A run that waits for another that has stopped goes no further either.
        let state = runs.iter().rev().find(|run| matches!(run.state, RunState::Stopped | RunState::UndoStopped));
        let state = state.or(runs.first()).map(|run| state_word(&run.state)).unwrap_or_default();
        Came { state: state.to_owned(), why, order, undone }
    }
}

/// Whether people are asked at a step; `true` if it is about taking it back.
fn asks(step: &StepRun) -> Option<bool> {
    let is_asking = |state: &StepState| matches!(state, StepState::Asking | StepState::Held);
    if is_asking(&step.state) {
        return Some(false);
    }
    step.undo.as_ref().is_some_and(is_asking).then_some(true)
}

/// How a case calls a step: by its id, after those of the steps that have started its run.
fn path(runs: &[Run], number: i64, step: &str) -> String {
    let parent = runs.iter().find(|run| run.number == number).and_then(|run| run.parent.as_ref());
    match parent {
        Some((parent, holder)) if *parent < number => format!("{}/{step}", path(runs, *parent, holder)),
        Some(_) | None => step.to_owned(),
    }
}

fn state_word(state: &RunState) -> &'static str {
    match state {
        RunState::Running => "running",
        RunState::Paused => "paused",
        RunState::Stopped => "stopped",
        RunState::Undoing => "undoing",
        RunState::UndoStopped => "undo_stopped",
        RunState::Done => "done",
        RunState::Undone => "undone",
        RunState::Aborted => "aborted",
    }
}
