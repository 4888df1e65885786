//! The runs of an incident while something is decided about them. What has changed is written at the end, once.

use crate::decide::{Ctx, Draft, State};
use crate::effect::Effect;
use crate::incident::Incident;
use crate::incident::event::Event;
use crate::incident::room::Room;
use crate::org::Organisation;
use crate::record::{Record, RecordKey};
use crate::runbook::{
    Action, Brief, JobId, Known, Run, RunEvent, RunSignal, Scope, Signal, Step, StepEvent, StepRun, StepState,
    next_run, scope,
};
use crate::timer::Alarm;
use crate::view::run as shown;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A step of a run, or the taking back of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    /// The run.
    pub(super) run: i64,
    /// The place of the step in the order of [`crate::runbook::Runbook::flat`].
    pub(super) step: usize,
    /// Whether it is about taking it back.
    pub(super) undo: bool,
}

/// The runs of an incident while something is decided about them.
pub(super) struct Desk<'d, 'a> {
    /// The change of their incident.
    pub(super) draft: &'d mut Draft<'a>,
    /// What was read.
    pub(super) state: &'d State,
    runs: BTreeMap<i64, Run>,
    touched: BTreeSet<i64>,
}

impl<'d, 'a> Desk<'d, 'a> {
    /// The runs of the incident that is being changed.
    pub(super) fn new(draft: &'d mut Draft<'a>, state: &'d State) -> Self {
        let id = draft.incident.id;
        let read = state.records.runs().filter(|run| run.incident == id);
        // What this change has made of a run already goes before what was read.
        let now = |run: &Run| match draft.kept(&RecordKey::run(id, run.number)) {
            Some(Record::Run(run)) => run.as_ref().clone(),
            Some(_) | None => run.clone(),
        };
        let runs = read.map(|run| (run.number, now(run))).collect();
        Self { draft, state, runs, touched: BTreeSet::new() }
    }

    pub(super) fn ctx(&self) -> &'a Ctx<'a> {
        self.draft.ctx()
    }

    pub(super) fn incident(&self) -> &Incident {
        &self.draft.incident
    }

    /// Adds a run that begins.
    pub(super) fn add(&mut self, run: Run) {
        self.touched.insert(run.number);
        self.runs.insert(run.number, run);
    }

    pub(super) fn run(&self, number: i64) -> Option<&Run> {
        self.runs.get(&number)
    }

    /// A run, to be changed.
    pub(super) fn run_mut(&mut self, number: i64) -> Option<&mut Run> {
        self.touched.insert(number);
        self.runs.get_mut(&number)
    }

    /// Every run, in the order of their numbers.
    pub(super) fn runs(&self) -> impl DoubleEndedIterator<Item = &Run> {
        self.runs.values()
    }

    /// The step of that id.
    pub(super) fn spot(&self, run: i64, id: &str, undo: bool) -> Option<Spot> {
        let step = self.run(run)?.steps.iter().position(|step| step.id == id)?;
        Some(Spot { run, step, undo })
    }

    /// Where a step stands, all of it.
    pub(super) fn step(&self, spot: Spot) -> Option<&StepRun> {
        self.run(spot.run)?.steps.get(spot.step)
    }

    /// The same, to be changed.
    pub(super) fn step_mut(&mut self, spot: Spot) -> Option<&mut StepRun> {
        self.run_mut(spot.run)?.steps.get_mut(spot.step)
    }

    /// Where it stands, or the taking back of it.
    pub(super) fn at(&self, spot: Spot) -> StepState {
        self.step(spot).map_or(StepState::Pending, |step| step.at(spot.undo).clone())
    }

    /// What the runbook says of it.
    pub(super) fn book_step(&self, spot: Spot) -> Option<Step> {
        self.run(spot.run)?.book.flat().get(spot.step).map(|step| (*step).clone())
    }

    /// What is done there: by the step, or by what takes it back.
    pub(super) fn action(&self, spot: Spot) -> Option<Action> {
        let step = self.book_step(spot)?;
        if spot.undo { step.undo.map(|undo| undo.action) } else { Some(step.action) }
    }

    /// What expressions know there.
    pub(super) fn scope(&self, run: i64, known: Known<'_>) -> Scope {
        self.run(run).map(|run| scope(run, self.incident(), known)).unwrap_or_default()
    }

    /// The job of the present attempt.
    pub(super) fn job_id(&self, spot: Spot) -> Option<JobId> {
        let step = self.step(spot)?;
        Some(JobId {
            incident: self.incident().id,
            run: spot.run,
            step: step.id.clone(),
            undo: spot.undo,
            attempt: step.attempt_of(spot.undo),
        })
    }

    /// A signal comes to a step; `false` if it makes no sense, and then nothing has changed. What waited for the clock, or
    /// for a machine, does so no longer.
    pub(super) fn signal(&mut self, spot: Spot, signal: &Signal) -> bool {
        let (before, now) = (self.at(spot), self.ctx().now);
        let job = self.job_id(spot);
        if !self.step_mut(spot).is_some_and(|step| step.take(spot.undo, signal, now)) {
            return false;
        }
        let goes_on = matches!(signal, Signal::Take { .. } | Signal::Lose { .. });
        match before {
            StepState::Asking | StepState::Waiting { .. } => {
                if let Some(job) = &job {
                    let alarm = Alarm::Step { run: job.run, step: job.step.clone() };
                    self.draft.clear_timer(alarm.key(job.incident));
                }
            }
            StepState::Queued | StepState::Working { .. } | StepState::Unknown { .. } if !goes_on => {
                if let Some(job) = &job {
                    self.drop_job(job);
                }
            }
            StepState::Pending
            | StepState::Held
            | StepState::Queued
            | StepState::Working { .. }
            | StepState::Open { .. }
            | StepState::Done
            | StepState::NotNeeded
            | StepState::Skipped { .. }
            | StepState::Failed { .. }
            | StepState::Unknown { .. } => {}
        }
        true
    }

    /// A job is gone, and whoever is at it ends it.
    pub(super) fn drop_job(&mut self, id: &JobId) {
        if self.state.records.job(id).is_some() || self.draft.kept(&RecordKey::job(id)).is_some() {
            self.draft.drop(self.state, RecordKey::job(id));
            self.draft.clear_timer(Alarm::Job { job: id.clone() }.key(id.incident));
        }
    }

    /// A signal comes to a run; `false` if it makes no sense, and then nothing has changed.
    pub(super) fn signal_run(&mut self, number: i64, signal: RunSignal) -> bool {
        let now = self.ctx().now;
        let Some(run) = self.run_mut(number) else { return false };
        let Some(after) = next_run(&run.state, signal) else { return false };
        run.ended_at = (!after.is_open()).then_some(now);
        run.state = after;
        true
    }

    /// Puts on the timeline what happened to a run.
    pub(super) fn tell(&mut self, number: i64, what: RunEvent) {
        let Some(name) = self.run(number).map(|run| run.book.name.clone()) else { return };
        self.draft.record(Event::Run { number, name, what });
    }

    /// Puts on the timeline what happened to a step.
    pub(super) fn tell_step(&mut self, spot: Spot, what: StepEvent) {
        let Some(step) = self.book_step(spot) else { return };
        self.tell(spot.run, RunEvent::Step { id: step.id, name: step.name, what });
    }

    /// Puts on the audit log what was decided about a run.
    pub(super) fn audit(&mut self, what: &str, number: i64, more: Value) {
        let Some(run) = self.run(number) else { return };
        let mut detail = json!({ "run": format!("{}/{number}", run.incident), "runbook": run.book.id });
        if let (Value::Object(detail), Value::Object(more)) = (&mut detail, more) {
            detail.extend(more);
        }
        self.draft.audit(what, detail);
    }

    /// Writes what has changed, and shows it in every room.
    pub(super) fn finish(mut self) {
        for number in std::mem::take(&mut self.touched) {
            let Some(run) = self.runs.remove(&number) else { continue };
            let brief =
                Brief { number, book: run.book.id.clone(), name: run.book.name.clone(), state: run.state.clone() };
            let briefs = &mut self.draft.incident.runs;
            match briefs.iter_mut().find(|brief| brief.number == number) {
                Some(known) => *known = brief,
                None => briefs.push(brief),
            }
            show(self.draft, &run);
            self.draft.keep(self.state, Record::Run(Box::new(run)));
        }
    }
}

/// Shows a run in every room of a chat that is connected.
fn show(draft: &mut Draft<'_>, run: &Run) {
    let org = draft.org();
    let is_served = |room: &&Room| room.is_live() && org.chats.iter().any(|chat| chat.platform == room.platform);
    let rooms: Vec<_> = draft.incident.rooms.iter().filter(is_served).cloned().collect();
    for room in rooms {
        draft.effect(card(room, run, org));
    }
}

/// The card of a run in a room.
pub(in crate::decide) fn card(room: Room, run: &Run, org: &Organisation) -> Effect {
    Effect::Card { room, card: format!("run/{}", run.number), view: Box::new(shown::card(run, org)) }
}
