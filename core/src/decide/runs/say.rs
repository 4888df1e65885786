//! What people say to runs.

use super::Word;
use super::desk::{Desk, Spot};
use super::fits::{fits, is_blocking};
use super::go::is_approval;
use crate::decide::{Draft, State};
use crate::refusal::Refusal;
use crate::runbook::{Action, RunEvent, RunSignal, RunState, Signal, StepEvent, StepState};
use serde_json::{Value, json};

/// Somebody says something to a run, about the step named, or the one that it is about by itself.
/// [`super::records`] must have been read.
///
/// # Errors
/// When the one who acts may not, or it makes no sense now.
pub fn say(draft: &mut Draft<'_>, run: i64, step: Option<&str>, word: &Word, state: &State) -> Result<(), Refusal> {
    let id = draft.incident.id;
    let mut desk = Desk::new(draft, state);
    if desk.run(run).is_none() {
        return Err(Refusal::not_found(format!("{id} has no run {run}")).instead("runbook list"));
    }
    desk.hear(run, step, word)?;
    desk.go(run);
    desk.finish();
    Ok(())
}

impl Desk<'_, '_> {
    fn hear(&mut self, run: i64, step: Option<&str>, word: &Word) -> Result<(), Refusal> {
        match word {
            Word::Next => self.next(self.meant(run, step, word)?),
            Word::Tick(item) => self.tick(self.meant(run, step, word)?, *item),
            Word::Answer(answer) => self.answer(self.meant(run, step, word)?, answer),
            Word::Skip(reason) => self.skip(self.meant(run, step, word)?, reason),
            Word::Retry => self.settle(self.meant(run, step, word)?, &Signal::Retry),
            Word::Confirm => self.settle(self.meant(run, step, word)?, &Signal::Confirm),
            Word::Approve(hash) => self.approve(self.meant(run, step, word)?, hash),
            Word::Deny(reason) => {
                let spot = self.meant(run, step, word)?;
                self.deny(spot, needed(reason)?)
            }
            Word::Pause => self.pause(run),
            Word::Resume => self.resume(run),
            Word::Abort(reason) => {
                self.must_drive(run)?;
                self.must_be_open(run)?;
                self.abort(run, needed(reason)?);
                Ok(())
            }
            Word::Undo => {
                self.must_drive(run)?;
                if let Some(word) = self.run(run).map(|run| run.state.clone())
                    && matches!(word, RunState::Undoing | RunState::UndoStopped | RunState::Undone)
                {
                    return Err(Refusal::conflict(format!("Run {run} is being taken back already")));
                }
                self.undo_run(run);
                Ok(())
            }
        }
    }

    /// The step a word is about: the one named, else the only one it makes sense for.
    fn meant(&self, run: i64, step: Option<&str>, word: &Word) -> Result<Spot, Refusal> {
        self.must_be_open(run)?;
        let undo = self.run(run).is_some_and(|run| matches!(run.state, RunState::Undoing | RunState::UndoStopped));
        if let Some(id) = step {
            let unknown = || Refusal::not_found(format!("Run {run} has no step “{id}”"));
            return self.spot(run, id, undo).ok_or_else(unknown);
        }
        let spots: Vec<_> = self.spots(run, undo).into_iter().filter(|spot| self.fits(*spot, word)).collect();
        match spots.as_slice() {
            [one] => Ok(*one),
            [] => Err(Refusal::conflict(format!("No step of run {run} waits for that"))
                .instead(format!("runbook show {run}"))),
            many => {
                let ids = many.iter().filter_map(|spot| Some(self.step(*spot)?.id.as_str())).collect::<Vec<_>>();
                let sentence = format!("Several steps wait for that: say which with --step: {}", ids.join(", "));
                Err(Refusal::conflict(sentence))
            }
        }
    }

    /// Whether a word makes sense for a step where it stands.
    fn fits(&self, spot: Spot, word: &Word) -> bool {
        let found = self.book_step(spot).zip(self.step(spot));
        found.is_some_and(|(step, now)| fits(word, &step, now, spot.undo))
    }

    /// Whether the run cannot go on before somebody has said what is to become of that step.
    fn is_blocking(&self, spot: Spot) -> bool {
        let found = self.book_step(spot).zip(self.step(spot));
        found.is_some_and(|(step, now)| is_blocking(&step, now, spot.undo))
    }

    fn must_be_open(&self, run: i64) -> Result<(), Refusal> {
        if self.run(run).is_some_and(|run| run.state.is_open()) {
            return Ok(());
        }
        Err(Refusal::conflict(format!("Run {run} is over")).instead(format!("runbook show {run}")))
    }

    fn next(&mut self, spot: Spot) -> Result<(), Refusal> {
        self.must_be_asked(spot)?;
        let action = self.action(spot);
        match self.at(spot) {
            StepState::Held => {
                let state = self.run(spot.run).map(|run| run.state.clone());
                if !matches!(state, Some(RunState::Running | RunState::Undoing)) {
                    return Err(Refusal::conflict(format!("Run {} does not go on: resume it first", spot.run))
                        .instead(format!("runbook resume --run {}", spot.run)));
                }
                self.ask_for(spot, "step.begun", json!({}));
                if spot.undo {
                    self.begin(spot);
                } else {
                    self.consider(spot, true);
                }
                Ok(())
            }
            StepState::Asking => match action {
                Some(Action::Ask { .. }) => Err(Refusal::conflict("That step is a question: answer it")),
                Some(Action::Approve { .. }) => Err(Refusal::conflict("That step must be approved")),
                Some(_) | None => {
                    let by = format!("by {}", self.ctx().actor.name);
                    self.ask_for(spot, "step.done", json!({}));
                    self.done(spot, Some(by));
                    Ok(())
                }
            },
            StepState::Pending
            | StepState::Waiting { .. }
            | StepState::Queued
            | StepState::Working { .. }
            | StepState::Open { .. }
            | StepState::Done
            | StepState::NotNeeded
            | StepState::Skipped { .. }
            | StepState::Failed { .. }
            | StepState::Unknown { .. } => Err(self.senseless(spot)),
        }
    }

    fn tick(&mut self, spot: Spot, item: usize) -> Result<(), Refusal> {
        self.must_be_asked(spot)?;
        let senseless = self.senseless(spot);
        let is_asking = self.at(spot) == StepState::Asking;
        let Some(step) = self.step_mut(spot).filter(|_| is_asking) else { return Err(senseless) };
        let items = step.asks.as_ref().map_or(0, |asks| asks.checklist.len());
        if item >= items {
            return Err(Refusal::not_found(format!("Its checklist has {items} items")));
        }
        if step.ticked.contains(&item) {
            step.ticked.retain(|one| *one != item);
        } else {
            step.ticked.push(item);
            step.ticked.sort_unstable();
        }
        Ok(())
    }

    fn answer(&mut self, spot: Spot, answer: &str) -> Result<(), Refusal> {
        self.must_be_asked(spot)?;
        let Some(Action::Ask { choices, .. }) = self.action(spot).filter(|_| self.at(spot) == StepState::Asking) else {
            return Err(self.senseless(spot));
        };
        let Some(choice) = choices.iter().find(|choice| choice.value == answer) else {
            let values: Vec<_> = choices.iter().map(|choice| choice.value.as_str()).collect();
            return Err(Refusal::invalid(format!("That is no answer to it: there are {}", values.join(", "))));
        };
        self.ask_for(spot, "step.answered", json!({ "answer": choice.value }));
        if let Some(step) = self.step_mut(spot) {
            step.outputs.insert("answer".to_owned(), Value::String(choice.value.clone()));
        }
        self.done(spot, Some(choice.label.clone()));
        Ok(())
    }

    fn skip(&mut self, spot: Spot, reason: &str) -> Result<(), Refusal> {
        self.must_drive(spot.run)?;
        let reason = needed(reason)?.to_owned();
        if self.action(spot).as_ref().is_some_and(is_approval) {
            return Err(Refusal::forbidden("What must be approved cannot be left out: deny it, or give the run up"));
        }
        let by = self.ctx().me();
        if !self.signal(spot, &Signal::Skip { by, reason: reason.clone() }) {
            return Err(self.senseless(spot));
        }
        self.ask_for(spot, "step.skipped", json!({ "reason": reason }));
        self.tell_step(spot, StepEvent::Skipped { reason });
        self.unblock(spot.run);
        Ok(())
    }

    /// Somebody says what is to become of a step that has failed, or of which nobody knows.
    fn settle(&mut self, spot: Spot, signal: &Signal) -> Result<(), Refusal> {
        self.must_drive(spot.run)?;
        let action = self.action(spot);
        let is_confirmed = *signal == Signal::Confirm;
        if is_confirmed && matches!(action, Some(Action::Approve { .. } | Action::Ask { .. })) {
            return Err(Refusal::forbidden("Nobody can say that for those who are asked: try it again"));
        }
        if !self.signal(spot, signal) {
            return Err(self.senseless(spot));
        }
        self.ask_for(spot, if is_confirmed { "step.confirmed" } else { "step.retried" }, json!({}));
        if is_confirmed {
            let result = Some(format!("confirmed by {}", self.ctx().actor.name));
            self.tell_step(spot, if spot.undo { StepEvent::Undone } else { StepEvent::Done { result } });
        }
        self.unblock(spot.run);
        if !is_confirmed {
            self.try_again(spot);
        }
        Ok(())
    }

    /// Begins a step anew, if the run goes on. Whoever wants that has let it begin, too.
    fn try_again(&mut self, spot: Spot) {
        let state = self.run(spot.run).map(|run| run.state.clone());
        if spot.undo && state == Some(RunState::Undoing) {
            self.begin(spot);
        } else if !spot.undo && state == Some(RunState::Running) {
            self.consider(spot, true);
        }
    }

    /// The run goes on, once nothing waits for a word any more.
    pub(super) fn unblock(&mut self, run: i64) {
        let state = self.run(run).map(|run| run.state.clone());
        let undo = state == Some(RunState::UndoStopped);
        let is_blocked = self.spots(run, undo).into_iter().any(|spot| self.is_blocking(spot));
        if !is_blocked && matches!(state, Some(RunState::Stopped | RunState::UndoStopped)) {
            self.signal_run(run, RunSignal::Resume);
        }
    }

    fn pause(&mut self, run: i64) -> Result<(), Refusal> {
        self.must_drive(run)?;
        if !self.pause_with_children(run) {
            return Err(Refusal::conflict(format!("Run {run} does not go on at the moment")));
        }
        self.audit("run.paused", run, json!({}));
        Ok(())
    }

    fn pause_with_children(&mut self, run: i64) -> bool {
        if !self.signal_run(run, RunSignal::Pause) {
            return false;
        }
        self.tell(run, RunEvent::Paused);
        for spot in [false, true].into_iter().flat_map(|undo| self.spots(run, undo)).collect::<Vec<_>>() {
            match self.at(spot) {
                StepState::Queued => self.withdraw(spot),
                StepState::Open { run: Some(child) } => {
                    self.pause_with_children(child);
                }
                StepState::Pending
                | StepState::Held
                | StepState::Asking
                | StepState::Waiting { .. }
                | StepState::Working { .. }
                | StepState::Open { run: None }
                | StepState::Done
                | StepState::NotNeeded
                | StepState::Skipped { .. }
                | StepState::Failed { .. }
                | StepState::Unknown { .. } => {}
            }
        }
        true
    }

    fn resume(&mut self, run: i64) -> Result<(), Refusal> {
        self.must_drive(run)?;
        let undo = self.run(run).is_some_and(|run| run.state == RunState::UndoStopped);
        if let Some(spot) = self.spots(run, undo).into_iter().find(|spot| self.is_blocking(*spot)) {
            let name = self.book_step(spot).map(|step| step.name).unwrap_or_default();
            let sentence =
                format!("“{name}” stands in the way: try it again, leave it out, or say that it took effect");
            return Err(Refusal::conflict(sentence).instead(format!("runbook retry --run {run}")));
        }
        if !self.signal_run(run, RunSignal::Resume) {
            return Err(Refusal::conflict(format!("Run {run} is not paused")));
        }
        self.is_asked_for(run);
        self.audit("run.resumed", run, json!({}));
        self.tell(run, RunEvent::Resumed);
        self.resume_children(run);
        Ok(())
    }

    /// The runs that it has started go on, too; but not one at which people are asked what is to become of a step.
    fn resume_children(&mut self, run: i64) {
        let places = [false, true].into_iter().flat_map(|undo| self.spots(run, undo));
        let states: Vec<_> = places.map(|spot| self.at(spot)).collect();
        for state in states {
            let StepState::Open { run: Some(child) } = state else { continue };
            let undo = self.run(child).is_some_and(|run| run.state == RunState::UndoStopped);
            let is_blocked = self.spots(child, undo).into_iter().any(|spot| self.is_blocking(spot));
            if !is_blocked && self.signal_run(child, RunSignal::Resume) {
                self.tell(child, RunEvent::Resumed);
                self.resume_children(child);
                self.go(child);
            }
        }
    }

    /// The one who acts drives the run on by that word, and has asked for what follows.
    fn ask_for(&mut self, spot: Spot, what: &str, detail: Value) {
        self.is_asked_for(spot.run);
        self.audit_step(what, spot, detail);
    }

    fn is_asked_for(&mut self, run: i64) {
        let me = self.ctx().actor.person.clone();
        if let Some(run) = self.run_mut(run)
            && !run.requesters.contains(&me)
        {
            run.requesters.push(me);
        }
    }

    /// Puts on the audit log what was decided about a step.
    pub(super) fn audit_step(&mut self, what: &str, spot: Spot, mut detail: Value) {
        if let (Some(step), Value::Object(detail)) = (self.step(spot), &mut detail) {
            detail.insert("step".to_owned(), Value::String(step.id.clone()));
            detail.insert("undo".to_owned(), Value::Bool(spot.undo));
        }
        self.audit(what, spot.run, detail);
    }

    pub(super) fn senseless(&self, spot: Spot) -> Refusal {
        let name = self.book_step(spot).map(|step| step.name).unwrap_or_default();
        let word = self.at(spot).word().replace('_', " ");
        Refusal::conflict(format!("“{name}” is {word}: that makes no sense now"))
            .instead(format!("runbook show {}", spot.run))
    }
}

fn needed(reason: &str) -> Result<&str, Refusal> {
    let reason = reason.trim();
    if reason.is_empty() { Err(Refusal::invalid("Say why")) } else { Ok(reason) }
}
