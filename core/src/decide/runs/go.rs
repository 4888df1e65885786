//! Going on: whatever can begin begins, until people, machines or the clock are waited for.

use super::desk::{Desk, Spot};
use crate::incident::status::Phase;
use crate::runbook::{
    Action, Known, OnFailure, Run, RunEvent, RunSignal, RunState, Signal, Step, StepEvent, StepState,
};

/// In one decision no more is begun than this. No runbook comes near it; a fault of ours could not hold Muster.
const MOVES: usize = 2_000;

impl Desk<'_, '_> {
    /// Goes on with a run, and with those that wait for it.
    pub(super) fn go(&mut self, number: i64) {
        for _ in 0..MOVES {
            let moved = match self.run(number).map(|run| &run.state) {
                Some(RunState::Running) => self.forward(number),
                Some(RunState::Undoing) => self.backward(number),
                Some(
                    RunState::Paused
                    | RunState::Stopped
                    | RunState::UndoStopped
                    | RunState::Done
                    | RunState::Undone
                    | RunState::Aborted,
                )
                | None => false,
            };
            if !moved {
                break;
            }
        }
        self.tell_parent(number);
    }

    /// Begins whatever comes next; whether anything has moved.
    fn forward(&mut self, number: i64) -> bool {
        if matches!(self.incident().status.phase(), Phase::Cancelled | Phase::Merged) {
            return false;
        }
        let Some(run) = self.run(number) else { return false };
        let Some((step, at)) = first_unfinished(run) else {
            if self.signal_run(number, RunSignal::Finish) {
                self.tell(number, RunEvent::Done);
                self.audit("run.done", number, serde_json::json!({}));
            }
            return false;
        };
        let spot = Spot { run: number, step: at, undo: false };
        let at = self.at(spot);
        if at == StepState::Pending {
            return self.consider(spot, false);
        }
        if let StepState::Open { run: Some(child) } = at {
            // What it waited for may be an approval of this run.
            self.go(child);
            return false;
        }
        let Action::Parallel { steps } = &step.action else { return false };
        matches!(at, StepState::Open { .. }) && self.inside(spot, steps.len())
    }

    /// Steps that are done at once; whether anything has moved.
    fn inside(&mut self, holder: Spot, count: usize) -> bool {
        let children = || (1..=count).map(|n| Spot { step: holder.step + n, ..holder });
        for child in children() {
            let is_running = self.run(holder.run).is_some_and(|run| run.state == RunState::Running);
            if is_running && self.at(child) == StepState::Pending && self.consider(child, false) {
                return true;
            }
        }
        let is_over = children().all(|child| self.is_over(child));
        is_over && self.done(holder, None)
    }

    fn is_over(&self, spot: Spot) -> bool {
        self.book_step(spot).is_some_and(|step| is_passed(&step, &self.at(spot)))
    }

    /// Looks whether a step is needed and allowed, and begins it; whether anything has moved. `let_go`: somebody has let it
    /// begin.
    pub(super) fn consider(&mut self, spot: Spot, let_go: bool) -> bool {
        let Some(step) = self.book_step(spot) else { return false };
        let scope = self.scope(spot.run, Known::Real);
        match step.condition.as_ref().map_or(Ok(true), |condition| condition.holds(&scope)) {
            Err(error) => {
                self.fail(spot, format!("its condition has no value: {error}"));
                return true;
            }
            Ok(false) => {
                if self.signal(spot, &Signal::Unneeded) {
                    self.tell_step(spot, StepEvent::NotNeeded);
                }
                return true;
            }
            Ok(true) => {}
        }
        if self.run(spot.run).is_some_and(|run| run.by_step) && !let_go {
            self.signal(spot, &Signal::Hold);
            let people = self.people(spot);
            if let Some(step) = self.step_mut(spot) {
                step.asked = people;
            }
            return true;
        }
        match self.is_allowed(spot) {
            Ok(true) => self.begin(spot),
            // Its approval is asked for, and comes first.
            Ok(false) => return false,
            Err(reason) => self.fail(spot, reason),
        }
        true
    }

    /// A step is done; `false` if that makes no sense.
    pub(super) fn done(&mut self, spot: Spot, result: Option<String>) -> bool {
        if !self.signal(spot, &Signal::Succeed) {
            return false;
        }
        self.tell_step(spot, if spot.undo { StepEvent::Undone } else { StepEvent::Done { result } });
        true
    }

    /// A step has failed, and what its author wants then follows.
    pub(super) fn fail(&mut self, spot: Spot, reason: String) {
        if !self.signal(spot, &Signal::Fail { reason: reason.clone() }) {
            return;
        }
        if spot.undo {
            self.tell_step(spot, StepEvent::UndoFailed { reason });
            return self.stop(spot);
        }
        self.tell_step(spot, StepEvent::Failed { reason });
        let Some(step) = self.book_step(spot) else { return };
        let is_open = self.run(spot.run).is_some_and(|run| matches!(run.state, RunState::Running | RunState::Paused));
        if !is_open {
            return;
        }
        match step.on_failure {
            OnFailure::Continue if !is_approval(&step.action) => {}
            OnFailure::Undo => self.undo_run(spot.run),
            OnFailure::Continue | OnFailure::Stop | OnFailure::Ask => self.stop(spot),
        }
    }

    /// Nobody knows what became of a step: the run stops, and people are asked.
    pub(super) fn lose(&mut self, spot: Spot, reason: String) {
        if !self.signal(spot, &Signal::Lose { reason: reason.clone() }) {
            return;
        }
        let event = if spot.undo { StepEvent::UndoUnknown { reason } } else { StepEvent::Unknown { reason } };
        self.tell_step(spot, event);
        self.stop(spot);
    }

    /// The run waits for a word of people about that step.
    pub(super) fn stop(&mut self, spot: Spot) {
        let people = self.people(spot);
        if let Some(step) = self.step_mut(spot) {
            step.asked = people;
        }
        if self.signal_run(spot.run, RunSignal::Stop) {
            self.tell(spot.run, RunEvent::Stopped);
            for other in self.spots(spot.run, spot.undo) {
                if self.at(other) == StepState::Queued {
                    self.withdraw(other);
                }
            }
        }
    }

    /// The run that has started this one hears what became of it.
    fn tell_parent(&mut self, number: i64) {
        let Some((run, state)) = self.run(number).map(|run| (run, run.state.clone())) else { return };
        let Some((parent, step)) = run.parent.clone() else { return };
        let is_here = |at: &StepState| *at == StepState::Open { run: Some(number) };
        for undo in [false, true] {
            let Some(spot) = self.spot(parent, &step, undo).filter(|spot| is_here(&self.at(*spot))) else { continue };
            match (&state, undo) {
                (RunState::Done, false) => {
                    self.done(spot, None);
                }
                (RunState::Undone, true) => {
                    // Every run the step has started is taken back, the last first.
                    if !self.undo_child(spot) {
                        self.done(spot, None);
                    }
                }
                (RunState::Aborted | RunState::Undone, false) | (RunState::Aborted, true) => {
                    self.fail(spot, format!("run {number} was given up"));
                }
                (RunState::Done, true)
                | (
                    RunState::Running
                    | RunState::Paused
                    | RunState::Stopped
                    | RunState::Undoing
                    | RunState::UndoStopped,
                    _,
                ) => return,
            }
            self.go(parent);
        }
    }
}

/// Whether a run goes on after a step that stands there.
pub(super) fn is_passed(step: &Step, at: &StepState) -> bool {
    let is_failed = matches!(at, StepState::Failed { .. });
    at.is_finished() || is_failed && step.on_failure == OnFailure::Continue && !is_approval(&step.action)
}

pub(super) fn is_approval(action: &Action) -> bool {
    matches!(action, Action::Approve { .. })
}

/// The first step of a run, by its place among all, that it has not passed.
fn first_unfinished(run: &Run) -> Option<(Step, usize)> {
    let mut at = 0;
    for step in &run.book.steps {
        if !run.steps.get(at).is_some_and(|one| is_passed(step, &one.state)) {
            return Some((step.clone(), at));
        }
        at += step.flat().len();
    }
    None
}
