//! What must hold of runs at any time, and from one decision to the next.

use chrono::TimeDelta;
use muster_core::clock::Timestamp;
use muster_core::ids::PersonId;
use muster_core::runbook::{
    Action, Job, JobId, JobState, OnFailure, Run, RunState, Runbook, Step, StepRun, StepState, Work,
};
use std::collections::{BTreeMap, BTreeSet};

/// The runs of an incident and their jobs, as they are in the store.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scene {
    pub(crate) now: Timestamp,
    pub(crate) title: String,
    pub(crate) runs: BTreeMap<i64, Run>,
    pub(crate) jobs: BTreeMap<JobId, Job>,
}

type Verdict = Result<(), String>;

fn rule(holds: bool, otherwise: impl FnOnce() -> String) -> Verdict {
    if holds { Ok(()) } else { Err(otherwise()) }
}

/// What must hold at any time.
pub(crate) fn always(scene: &Scene) -> Verdict {
    jobs_are_of_steps(scene)?;
    for run in scene.runs.values() {
        over_is_over(run)?;
        taken_back_in_order(run)?;
        waits_for_somebody(run, scene)?;
    }
    Ok(())
}

/// What must hold between two decisions.
pub(crate) fn from_to(before: &Scene, after: &Scene) -> Verdict {
    for (number, new) in &after.runs {
        let old = before.runs.get(number);
        rule(old.is_none_or(|old| old.book == new.book && old.inputs == new.inputs), || {
            format!("run {number} is not of what it was started with")
        })?;
        for (place, step) in new.steps.iter().enumerate() {
            let was = old.and_then(|old| old.steps.get(place)).cloned().unwrap_or_else(|| untouched(&new.book, place));
            stays_finished(&new.book, &was, step)?;
            approvers_have_not_asked(before, new, &was, step)?;
            if step.attempt > was.attempt {
                is_approved(after, new, place)?;
            }
        }
    }
    Ok(())
}

fn untouched(book: &Runbook, place: usize) -> StepRun {
    StepRun::of(book.flat()[place])
}

fn stays_finished(book: &Runbook, was: &StepRun, step: &StepRun) -> Verdict {
    let is_approval = book.flat().iter().any(|one| one.id == step.id && matches!(one.action, Action::Approve { .. }));
    let may_be_asked_again = is_approval && was.state == StepState::Done && step.state == StepState::Asking;
    rule(!was.state.is_finished() || was.state == step.state || may_be_asked_again, || {
        format!("{} went from {:?} to {:?}", step.id, was.state, step.state)
    })?;
    let undone = was.undo.as_ref().is_some_and(StepState::is_finished);
    rule(!undone || was.undo == step.undo, || {
        format!("the taking back of {} went from {:?} to {:?}", step.id, was.undo, step.undo)
    })?;
    rule(step.attempt >= was.attempt && step.undo_attempt >= was.undo_attempt, || {
        format!("{} has a number twice", step.id)
    })
}

/// Each job is of one step at its present attempt, and each step that needs one has one.
fn jobs_are_of_steps(scene: &Scene) -> Verdict {
    let mut expected = BTreeSet::new();
    for run in scene.runs.values() {
        for (step, undo) in run.steps.iter().flat_map(|step| [(step, false), (step, true)]) {
            let attempt = step.attempt_of(undo);
            let id = JobId { incident: run.incident, run: run.number, step: step.id.clone(), undo, attempt };
            let job = scene.jobs.get(&id).map(|job| &job.state);
            let fits = match (step.at(undo), job) {
                (StepState::Queued, Some(JobState::Waiting)) => true,
                (StepState::Working { worker }, Some(JobState::Held { worker: holder, .. })) => worker == holder,
                (StepState::Unknown { .. }, None | Some(JobState::Lost { .. })) => true,
                (StepState::Queued | StepState::Working { .. }, _) => false,
                (_, job) => job.is_none(),
            };
            rule(fits, || format!("{id} is {:?}, and its job {job:?}", step.at(undo)))?;
            expected.insert(id);
        }
    }
    rule(scene.jobs.keys().all(|id| expected.contains(id)), || "there is a job of no attempt".to_owned())
}

/// Nothing is under way in a run that is over.
fn over_is_over(run: &Run) -> Verdict {
    if run.state.is_open() {
        return Ok(());
    }
    for (step, undo) in run.steps.iter().flat_map(|step| [(step, false), (step, true)]) {
        let is_under_way = match step.at(undo) {
            StepState::Held
            | StepState::Asking
            | StepState::Waiting { .. }
            | StepState::Queued
            | StepState::Working { .. }
            | StepState::Open { run: Some(_) } => true,
            StepState::Open { run: None }
            | StepState::Pending
            | StepState::Done
            | StepState::NotNeeded
            | StepState::Skipped { .. }
            | StepState::Failed { .. }
            | StepState::Unknown { .. } => false,
        };
        rule(
            !is_under_way || run.state == RunState::Aborted && matches!(step.at(undo), StepState::Open { .. }),
            || format!("run {} is {:?}, and {} {:?}", run.number, run.state, step.id, step.at(undo)),
        )?;
    }
    Ok(())
}

/// The last is taken back first. That something is not taken back can be said before its turn.
fn taken_back_in_order(run: &Run) -> Verdict {
    let is_begun = |undo: &StepState| !matches!(undo, StepState::Pending | StepState::Skipped { .. });
    let begun = run.steps.iter().position(|step| step.undo.as_ref().is_some_and(is_begun));
    let Some(first) = begun else { return Ok(()) };
    for later in &run.steps[first + 1..] {
        rule(later.undo.as_ref().is_some_and(StepState::is_finished), || {
            format!("{} is taken back before {} is: {:?}", run.steps[first].id, later.id, later.undo)
        })?;
    }
    Ok(())
}

/// The steps that guard a step, by their places.
fn guards(run: &Run, place: usize) -> Vec<(usize, Step)> {
    let flat = run.book.flat();
    let holders: Vec<_> =
        flat.iter().filter(|one| one.flat().iter().any(|held| held.id == flat[place].id)).map(|one| &one.id).collect();
    let covers = |step: &Step| {
        let Action::Approve { covers, .. } = &step.action else { return false };
        covers.iter().any(|id| holders.contains(&id))
    };
    flat.iter().enumerate().filter(|(_, step)| covers(step)).map(|(at, step)| (at, (*step).clone())).collect()
}

/// What begins has been approved by enough people, lately enough, and as it is now.
fn is_approved(scene: &Scene, run: &Run, place: usize) -> Verdict {
    for (at, guard) in guards(run, place) {
        let Action::Approve { count, valid_for, .. } = &guard.action else { continue };
        let (step, guarding) = (&run.steps[place], &run.steps[at]);
        if guarding.state == StepState::NotNeeded {
            continue;
        }
        let valid_for = TimeDelta::from_std(*valid_for).unwrap_or_default();
        let good = guarding.approvals.iter().filter(|one| scene.now < one.at + valid_for);
        let seen: BTreeSet<_> = good.clone().map(|one| &one.hash).collect();
        let people: BTreeSet<_> = good.map(|one| &one.by.person).collect();
        let is_enough = people.len() >= usize::try_from(*count).unwrap_or(usize::MAX);
        rule(guarding.state == StepState::Done && is_enough && seen.len() == 1, || {
            format!("{} began, and {} is {:?} with {:?}", step.id, guard.id, guarding.state, guarding.approvals)
        })?;
        // What the approvers were shown is what is done: every machine's work carries the title.
        let shown = guarding.asks.iter().flat_map(|asks| &asks.covers).find(|planned| planned.id == step.id);
        let job = scene.jobs.iter().find(|(id, _)| id.run == run.number && id.step == step.id && !id.undo);
        if let (Some(shown), Some((id, job))) = (shown, job) {
            let carries = format!("{:?}", shown.does).contains(&scene.title) && carries(&job.task.work, &scene.title);
            rule(carries, || format!("{id} does {:?}, and {shown:?} was approved at “{}”", job.task, scene.title))?;
        }
    }
    Ok(())
}

fn carries(work: &Work, title: &str) -> bool {
    format!("{work:?}").contains(title)
}

/// Whoever has asked for a run, or for one of its family, approves nothing in it.
fn approvers_have_not_asked(before: &Scene, run: &Run, was: &StepRun, step: &StepRun) -> Verdict {
    let new = step.approvals.iter().filter(|one| !was.approvals.contains(one));
    let root = |number: i64| {
        let mut at = number;
        while let Some((parent, _)) = before.runs.get(&at).and_then(|run| run.parent.as_ref()) {
            at = *parent;
        }
        at
    };
    let family = before.runs.values().filter(|one| root(one.number) == root(run.number));
    let asked: BTreeSet<&PersonId> = family.flat_map(|run| &run.requesters).collect();
    for approval in new {
        rule(!asked.contains(&approval.by.person), || {
            format!("{} approved {}, and had asked for it", approval.by.person, step.id)
        })?;
    }
    Ok(())
}

fn is_passed(step: &Step, at: &StepState) -> bool {
    let goes_on = step.on_failure == OnFailure::Continue && !matches!(step.action, Action::Approve { .. });
    at.is_finished() || goes_on && matches!(at, StepState::Failed { .. })
}

/// A run that is not over waits: for a machine, for the clock, for a run of its own, or for people who are named.
fn waits_for_somebody(run: &Run, scene: &Scene) -> Verdict {
    let undo = matches!(run.state, RunState::Undoing | RunState::UndoStopped);
    let flat = run.book.flat();
    let pairs = || flat.iter().copied().zip(&run.steps);
    let holds_up = |state: &StepState| match state {
        StepState::Waiting { .. } | StepState::Queued | StepState::Working { .. } => true,
        StepState::Open { run: Some(child) } => scene.runs.get(child).is_some_and(|child| child.state.is_open()),
        StepState::Open { run: None }
        | StepState::Pending
        | StepState::Held
        | StepState::Asking
        | StepState::Done
        | StepState::NotNeeded
        | StepState::Skipped { .. }
        | StepState::Failed { .. }
        | StepState::Unknown { .. } => false,
    };
    let is_moving = || run.steps.iter().any(|step| holds_up(step.at(undo)) || undo && holds_up(&step.state));
    let asks =
        |step: &StepRun, undo| matches!(step.at(undo), StepState::Asking | StepState::Held) && !step.asked.is_empty();
    // What a run does may be covered by an approval of the run that has started it: that is asked for again, or was denied, and
    // then that run waits for people.
    let above = || {
        let parent = |run: &&Run| run.parent.as_ref().and_then(|(number, _)| scene.runs.get(number));
        std::iter::successors(parent(&run), move |run| parent(run))
    };
    let asks_people = || {
        run.steps.iter().any(|step| asks(step, undo))
            || above().any(|run| {
                let is_asked = run.steps.iter().any(|step| step.state == StepState::Asking && asks(step, false));
                is_asked || run.state == RunState::Stopped
            })
    };
    let blocks = || {
        pairs().any(|(step, at)| {
            let state = at.at(undo);
            let is_bad = matches!(state, StepState::Failed { .. } | StepState::Unknown { .. });
            is_bad && (undo || !is_passed(step, state)) && !at.asked.is_empty()
        })
    };
    let waits = match run.state {
        RunState::Running | RunState::Undoing => is_moving() || asks_people(),
        RunState::Stopped | RunState::UndoStopped => blocks() || undo,
        RunState::Paused | RunState::Done | RunState::Undone | RunState::Aborted => true,
    };
    rule(waits, || {
        let steps: Vec<_> = run.steps.iter().map(|step| (&step.id, &step.state, &step.undo, &step.asked)).collect();
        format!("run {} is {:?} and waits for nobody: {steps:?}", run.number, run.state)
    })
}
