//! Taking back what was done, the last first; and giving a run up.

use super::desk::{Desk, Spot};
use crate::runbook::{Action, RunEvent, RunSignal, RunState, Signal, StepEvent, StepState};
use serde_json::json;

impl Desk<'_, '_> {
    /// What was done in a run is to be taken back. What has not begun does not begin.
    pub(super) fn undo_run(&mut self, number: i64) {
        if !self.signal_run(number, RunSignal::Undo) {
            return;
        }
        self.tell(number, RunEvent::Undoing);
        self.audit("run.undoing", number, json!({}));
        for spot in self.spots(number, false) {
            self.withdraw(spot);
        }
    }

    /// Takes back whatever comes next; whether anything has moved.
    pub(super) fn backward(&mut self, number: i64) -> bool {
        let unfinished = |spot: &Spot| !self.at(*spot).is_finished();
        let Some(spot) = self.spots(number, true).into_iter().rev().find(unfinished) else {
            if self.signal_run(number, RunSignal::Finish) {
                self.tell(number, RunEvent::Undone);
                self.audit("run.undone", number, json!({}));
            }
            return false;
        };
        self.at(spot) == StepState::Pending && self.take_back(spot)
    }

    /// Takes one step back, if there is anything to take back; whether anything has moved. Where it is not known what has
    /// become of the step, people are asked first.
    fn take_back(&mut self, spot: Spot) -> bool {
        let (Some(step), Some(at)) = (self.book_step(spot), self.step(spot)) else { return false };
        let (state, has_begun) = (at.state.clone(), at.made() > 0);
        if matches!(state, StepState::Working { .. }) {
            return false;
        }
        if matches!(step.action, Action::Runbook { .. }) {
            return self.undo_child(spot) || self.signal(spot, &Signal::Unneeded);
        }
        let is_done = state == StepState::Done;
        let is_touched = is_done || has_begun && state != StepState::NotNeeded;
        if !is_touched || matches!(step.action, Action::Parallel { .. }) {
            return self.signal(spot, &Signal::Unneeded);
        }
        if step.undo.is_none() {
            if leaves_something(&step.action) {
                self.tell_step(spot, StepEvent::NoWayBack);
            }
            return self.signal(spot, &Signal::Unneeded);
        }
        if is_done {
            self.begin(spot);
            return true;
        }
        let people = self.people(spot);
        if let Some(step) = self.step_mut(spot) {
            step.asked.clone_from(&people);
        }
        self.tell_step(spot, StepEvent::Asked { people });
        self.signal(spot, &Signal::Hold)
    }

    /// Takes back the last of the runs that a step has started and that is not taken back yet; `false` if there is none.
    pub(super) fn undo_child(&mut self, spot: Spot) -> bool {
        let Some(id) = self.step(spot).map(|step| step.id.clone()) else { return false };
        let is_its = |parent: &Option<(i64, String)>| parent.as_ref() == Some(&(spot.run, id.clone()));
        let mut children = self.runs().filter(|run| is_its(&run.parent) && run.state != RunState::Undone);
        let Some(child) = children.next_back().map(|run| run.number) else { return false };
        drop(children);
        if !self.signal(spot, &Signal::Open { run: Some(child) }) {
            return false;
        }
        self.undo_run(child);
        self.go(child);
        true
    }

    /// A run is given up: nothing begins, and machines that are at it end.
    pub(super) fn abort(&mut self, number: i64, reason: &str) {
        if !self.signal_run(number, RunSignal::Abort) {
            return;
        }
        self.tell(number, RunEvent::Aborted { reason: reason.to_owned() });
        self.audit("run.aborted", number, json!({ "reason": reason }));
        for undo in [false, true] {
            for spot in self.spots(number, undo) {
                match self.at(spot) {
                    StepState::Working { .. } => {
                        let job = self.job_id(spot);
                        self.lose(spot, "the run was given up while it was under way".to_owned());
                        job.iter().for_each(|job| self.drop_job(job));
                    }
                    StepState::Open { run: Some(child) } => self.abort(child, reason),
                    StepState::Pending
                    | StepState::Held
                    | StepState::Asking
                    | StepState::Waiting { .. }
                    | StepState::Queued
                    | StepState::Open { run: None }
                    | StepState::Done
                    | StepState::NotNeeded
                    | StepState::Skipped { .. }
                    | StepState::Failed { .. }
                    | StepState::Unknown { .. } => self.withdraw(spot),
                }
            }
        }
    }

    /// What has begun without a machine at it has not.
    pub(super) fn withdraw(&mut self, spot: Spot) {
        if !matches!(self.at(spot), StepState::Working { .. }) {
            self.signal(spot, &Signal::Withdraw);
        }
    }

    /// Every step of a run.
    pub(super) fn spots(&self, run: i64, undo: bool) -> Vec<Spot> {
        let count = self.run(run).map_or(0, |run| run.steps.len());
        (0..count).map(|step| Spot { run, step, undo }).collect()
    }
}

/// Whether there is something left of it that somebody may miss when it is not taken back.
fn leaves_something(action: &Action) -> bool {
    match action {
        Action::Http(call) => !matches!(call.method.as_str(), "GET" | "HEAD"),
        Action::Manual { .. }
        | Action::Run(_)
        | Action::Role { .. }
        | Action::Comms { .. }
        | Action::Severity { .. }
        | Action::Status { .. } => true,
        Action::Probe(_)
        | Action::Page { .. }
        | Action::Update { .. }
        | Action::Wait { .. }
        | Action::Ask { .. }
        | Action::Approve { .. }
        | Action::Runbook { .. }
        | Action::Parallel { .. } => false,
    }
}
