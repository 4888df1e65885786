//! What the clock does to runs, and what becomes of them when their incident ends.

use super::desk::{Desk, Spot};
use crate::decide::{Ctx, Decision, Draft, State};
use crate::incident::status::Phase;
use crate::runbook::{Action, RunState, Signal, StepState};
use crate::time::in_words;
use crate::timer::Timer;
use crate::view::{Tone, View, text};
use chrono::TimeDelta;

/// The time of a step has come.
pub(in crate::decide) fn elapsed(of: (i64, &str), timer: &Timer, state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let incident = state.incident.as_ref()?;
    let mut draft = Draft::of(incident, ctx);
    draft.clear_timer(timer.key.clone());
    let mut desk = Desk::new(&mut draft, state);
    let spot =
        [false, true].into_iter().filter_map(|undo| desk.spot(of.0, of.1, undo)).find(|spot| desk.is_due(*spot))?;
    desk.time_has_come(spot);
    desk.go(of.0);
    desk.finish();
    Some(draft.done(|_| seen()))
}

/// A step pages somebody. [`crate::decide::pages::records`] must have been read too.
pub(in crate::decide) fn page_now(of: (i64, &str), timer: &Timer, state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let incident = state.incident.as_ref()?;
    let mut draft = Draft::of(incident, ctx);
    draft.clear_timer(timer.key.clone());
    let mut desk = Desk::new(&mut draft, state);
    let spot = desk.spot(of.0, of.1, false).filter(|spot| desk.is_due(*spot))?;
    if desk.run(of.0).is_some_and(|run| run.state == RunState::Running) {
        if let Err(refusal) = desk.page(spot) {
            desk.fail(spot, refusal.sentence);
        }
    } else {
        desk.withdraw(spot);
    }
    desk.go(of.0);
    desk.finish();
    Some(draft.done(|_| seen()))
}

/// The incident was no incident, or goes on in another: its runs are given up.
pub(in crate::decide) fn end_all(timer: &Timer, state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let incident = state.incident.as_ref()?;
    let phase = incident.status.phase();
    if !matches!(phase, Phase::Cancelled | Phase::Merged) {
        return None;
    }
    let mut draft = Draft::of(incident, ctx);
    draft.clear_timer(timer.key.clone());
    let mut desk = Desk::new(&mut draft, state);
    let open: Vec<_> = desk.runs().filter(|run| run.state.is_open()).map(|run| run.number).collect();
    for number in open {
        desk.abort(number, &format!("{} is {}", incident.id, phase.word()));
    }
    desk.finish();
    Some(draft.done(|_| seen()))
}

fn seen() -> View {
    View::titled(Tone::Neutral, vec![text("A run has gone on")])
}

impl Desk<'_, '_> {
    /// Whether a step has waited for the clock for as long as it was to.
    fn is_due(&self, spot: Spot) -> bool {
        let now = self.ctx().now;
        match self.at(spot) {
            StepState::Waiting { until } => until <= now,
            StepState::Asking => {
                let asked = self.step(spot).and_then(|step| step.changed_at);
                let within = self.patience(spot);
                asked.zip(within).is_some_and(|(asked, within)| asked + within <= now)
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
            | StepState::Unknown { .. } => false,
        }
    }

    /// How long people have who are asked.
    fn patience(&self, spot: Spot) -> Option<TimeDelta> {
        let within = if let Action::Approve { within, .. } = self.action(spot)? {
            Some(within)
        } else {
            self.book_step(spot)?.timeout.filter(|_| !spot.undo)
        };
        TimeDelta::from_std(within?).ok()
    }

    fn time_has_come(&mut self, spot: Spot) {
        let is_asking = self.at(spot) == StepState::Asking;
        let goes_on = self.run(spot.run).is_some_and(|run| matches!(run.state, RunState::Running | RunState::Undoing));
        if is_asking {
            let within = self.patience(spot).map(in_words).unwrap_or_default();
            self.fail(spot, format!("nobody has answered within {within}"));
        } else if matches!(self.action(spot), Some(Action::Wait { .. })) {
            self.done(spot, None);
        } else if self.signal(spot, &Signal::Withdraw) && goes_on {
            self.consider(spot, true);
        }
    }
}
