//! What machines tell: that they begin, that they live, how it ended; and what follows when they fall silent.

use super::desk::{Desk, Spot};
use crate::clock::Timestamp;
use crate::decide::{Ctx, Decision, Draft, Errand, State};
use crate::incident::status::Phase;
use crate::record::Record;
use crate::runbook::{Ended, Job, JobId, JobState, Report, RunState, Signal, Step, StepRun, StepState, Transcript};
use crate::timer::Alarm;
use crate::view::{Tone, View, text};
use chrono::TimeDelta;
use serde_json::Value;
use std::collections::BTreeMap;

/// So many of the last lines of what an attempt says are kept with its run.
const TAIL: usize = 8;
/// So much of a line.
const LINE: usize = 200;
/// So much of why something failed.
const REASON: usize = 500;
/// So much of what an attempt says is kept, in bytes, whatever its limit is.
const TRANSCRIPT: usize = 256 * 1024;
/// The longest output, as JSON.
const OUTPUT: usize = 4 * 1024;
/// So often an attempt is made again whose machine was lost: what takes its machine down with it is not tried for ever.
const LOST: u32 = 10;

fn nothing_to_see() -> View {
    View::titled(Tone::Neutral, vec![text("A machine is at it")])
}

/// Somebody takes a job. Nothing is decided if it is not to be had; else it is theirs once this is written, and they may begin.
#[must_use]
pub fn take(job: &JobId, worker: &str, state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let (incident, known) = (state.incident.as_ref()?, state.records.job(job)?);
    let mut draft = Draft::of(incident, ctx);
    let mut desk = Desk::new(&mut draft, state);
    let spot = desk.attempt(job)?;
    // What is given up in a moment begins nothing more.
    let is_over = matches!(incident.status.phase(), Phase::Cancelled | Phase::Merged);
    let goes_on = desk.run(job.run).is_some_and(|run| match run.state {
        RunState::Running => !is_over,
        RunState::Undoing => true,
        RunState::Paused
        | RunState::Stopped
        | RunState::UndoStopped
        | RunState::Done
        | RunState::Undone
        | RunState::Aborted => false,
    });
    if known.state != JobState::Waiting || !goes_on || desk.at(spot) != StepState::Queued {
        return None;
    }
    desk.signal(spot, &Signal::Take { worker: worker.to_owned() });
    let until = ctx.now + patience(ctx);
    let held = JobState::Held { worker: worker.to_owned(), since: ctx.now, until };
    desk.draft.keep(state, Record::Job(Box::new(Job { state: held, ..known.clone() })));
    desk.draft.set_timer(Alarm::Job { job: job.clone() }, until);
    desk.finish();
    Some(draft.done(|_| nothing_to_see()))
}

fn patience(ctx: &Ctx<'_>) -> TimeDelta {
    TimeDelta::from_std(ctx.org.runbooks.lost_after).unwrap_or(TimeDelta::seconds(30))
}

/// Whoever is at a job lives, and this is the last of what it says. Only that is shown, and needs the incident.
#[must_use]
pub fn beat(of: (&JobId, &str), tail: Option<&[String]>, state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let (job, worker) = of;
    let known = state.records.job(job)?;
    let JobState::Held { worker: holder, since, .. } = &known.state else { return None };
    if holder != worker {
        return None;
    }
    let until = ctx.now + patience(ctx);
    let held = JobState::Held { worker: holder.clone(), since: *since, until };
    let kept = Record::Job(Box::new(Job { state: held, ..known.clone() }));
    let alarm = Alarm::Job { job: job.clone() };
    let (Some(tail), Some(incident)) = (tail, state.incident.as_ref()) else {
        let mut errand = Errand::new(state, ctx);
        errand.keep(kept);
        errand.set_timer(alarm, until);
        return Some(errand.done(nothing_to_see()));
    };
    let mut draft = Draft::of(incident, ctx);
    draft.keep(state, kept);
    draft.set_timer(alarm, until);
    let mut desk = Desk::new(&mut draft, state);
    let spot = desk.attempt(job)?;
    if let Some(step) = desk.step_mut(spot) {
        step.tail = last_lines(tail.iter().map(String::as_str));
    }
    desk.finish();
    Some(draft.done(|_| nothing_to_see()))
}

/// An attempt has ended. A report of one that is not theirs, or known already, changes nothing. One that comes after its
/// machine was taken for lost answers the question what became of it.
#[must_use]
pub fn report(of: (&JobId, &str), report: &Report, state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let (job, worker) = of;
    let (incident, known) = (state.incident.as_ref()?, state.records.job(job)?);
    if known.holder() != Some(worker) {
        return None;
    }
    let mut draft = Draft::of(incident, ctx);
    let mut desk = Desk::new(&mut draft, state);
    let spot = desk.attempt(job)?;
    if !matches!(desk.at(spot), StepState::Working { .. } | StepState::Unknown { .. }) {
        return None;
    }
    desk.hear_said(job, spot, report);
    desk.end(spot, &report.ended);
    desk.go(job.run);
    desk.finish();
    Some(draft.done(|_| nothing_to_see()))
}

/// Whoever was at a job has been silent for too long.
pub(in crate::decide) fn lost(job: &JobId, state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let JobState::Held { until, .. } = &state.records.job(job)?.state else { return None };
    if ctx.now < *until {
        let mut errand = Errand::new(state, ctx);
        errand.set_timer(Alarm::Job { job: job.clone() }, *until);
        return Some(errand.done(nothing_to_see()));
    }
    gone(job, state, ctx)
}

/// Whoever was at a job is no more: their process is gone, or has been silent for too long.
#[must_use]
pub fn gone(job: &JobId, state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let (incident, known) = (state.incident.as_ref()?, state.records.job(job)?);
    let JobState::Held { worker, since, .. } = &known.state else { return None };
    let mut draft = Draft::of(incident, ctx);
    draft.clear_timer(Alarm::Job { job: job.clone() }.key(job.incident));
    let mut desk = Desk::new(&mut draft, state);
    let spot = desk.attempt(job)?;
    if !matches!(desk.at(spot), StepState::Working { .. }) {
        return None;
    }
    let reason = format!("whoever carried it out since {} UTC fell silent", since.format("%H:%M:%S"));
    desk.mourn(spot, (known, worker), reason);
    desk.go(job.run);
    desk.finish();
    Some(draft.done(|_| nothing_to_see()))
}

impl Desk<'_, '_> {
    /// The step whose present attempt that job is.
    fn attempt(&self, job: &JobId) -> Option<Spot> {
        let spot = self.spot(job.run, &job.step, job.undo)?;
        self.step(spot).filter(|step| step.attempt_of(job.undo) == job.attempt).map(|_| spot)
    }

    /// The machine at a step is lost. Only what is as good twice as once is done again without asking.
    fn mourn(&mut self, spot: Spot, (job, worker): (&Job, &str), reason: String) {
        let state = self.run(spot.run).map(|run| run.state.clone());
        let may_again = self.is_idempotent(spot) && job.task.id.attempt < LOST;
        let goes_on = match state {
            Some(RunState::Running) => !spot.undo,
            Some(RunState::Undoing | RunState::UndoStopped) => spot.undo,
            Some(RunState::Paused | RunState::Stopped) => true,
            Some(RunState::Done | RunState::Undone | RunState::Aborted) | None => false,
        };
        if may_again && goes_on {
            // It begins anew as soon as the run goes on.
            self.signal(spot, &Signal::Withdraw);
            return;
        }
        let lost = Job { state: JobState::Lost { worker: worker.to_owned() }, ..job.clone() };
        self.draft.keep(self.state, Record::Job(Box::new(lost)));
        self.lose(spot, reason);
    }

    /// What an attempt said is kept.
    fn hear_said(&mut self, job: &JobId, spot: Spot, report: &Report) {
        let said = cut(&report.output, TRANSCRIPT);
        let is_long = said.lines().count() > TAIL || said.lines().any(|line| line.chars().count() > LINE);
        if is_long || report.cut {
            let cut = report.cut || said.len() < report.output.len();
            let transcript = Transcript { job: job.clone(), text: said.to_owned(), cut };
            self.draft.keep(self.state, Record::Transcript(transcript));
        }
        if let Some(step) = self.step_mut(spot) {
            step.tail = last_lines(said.lines());
        }
    }

    fn end(&mut self, spot: Spot, ended: &Ended) {
        let short = |reason: &str| reason.chars().take(REASON).collect::<String>();
        match ended {
            Ended::Well { outputs } => match self.take_outputs(spot, outputs) {
                Ok(result) => {
                    self.done(spot, result);
                }
                Err(reason) => self.attempt_failed(spot, reason),
            },
            Ended::Badly { reason } => self.attempt_failed(spot, short(reason)),
            Ended::Unclear { reason } if self.is_idempotent(spot) => self.attempt_failed(spot, short(reason)),
            Ended::Unclear { reason } => {
                let is_lost_already = matches!(self.at(spot), StepState::Unknown { .. });
                if !is_lost_already {
                    self.lose(spot, short(reason));
                    if let Some(job) = self.job_id(spot) {
                        self.drop_job(&job);
                    }
                }
            }
        }
        self.unblock(spot.run);
    }

    /// Keeps what the step is to find out; in a line, what that is.
    fn take_outputs(&mut self, spot: Spot, found: &BTreeMap<String, Value>) -> Result<Option<String>, String> {
        let Some(book) = self.book_step(spot) else { return Ok(None) };
        let wanted: Vec<_> = book.outputs.iter().filter_map(|output| found.get_key_value(&output.name)).collect();
        if let Some((name, _)) = wanted.iter().find(|(_, value)| value.to_string().len() > OUTPUT) {
            return Err(format!("its output {name} is longer than {OUTPUT} bytes"));
        }
        let line: Vec<_> = wanted.iter().map(|(name, value)| format!("{name}: {}", shown(value))).collect();
        if let Some(step) = self.step_mut(spot).filter(|_| !spot.undo) {
            step.outputs = wanted.iter().map(|(name, value)| ((*name).clone(), (*value).clone())).collect();
        }
        Ok((!line.is_empty()).then(|| line.join(", ").chars().take(LINE).collect()))
    }

    /// An attempt has failed: it is made again after a pause, or the step has failed.
    fn attempt_failed(&mut self, spot: Spot, reason: String) {
        let retry = self.book_step(spot).filter(|_| !spot.undo && self.is_idempotent(spot)).and_then(|step| step.retry);
        let made = self.step(spot).map_or(0, StepRun::made);
        let is_working = matches!(self.at(spot), StepState::Working { .. });
        let goes_on = self
            .run(spot.run)
            .is_some_and(|run| matches!(run.state, RunState::Running | RunState::Paused | RunState::Stopped));
        match retry.filter(|retry| made < retry.attempts && is_working && goes_on) {
            Some(retry) => {
                let wait = TimeDelta::from_std(retry.wait).unwrap_or(TimeDelta::zero());
                let until: Timestamp = self.ctx().now + wait;
                self.rest(spot, until);
            }
            None => self.fail(spot, reason),
        }
    }

    fn is_idempotent(&self, spot: Spot) -> bool {
        let of = |step: Step| if spot.undo { step.undo.is_some_and(|undo| undo.idempotent) } else { step.idempotent };
        self.book_step(spot).is_some_and(of)
    }
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// At most so many bytes, at the border of a character.
fn cut(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

fn last_lines<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    let lines: Vec<_> = lines.filter(|line| !line.trim().is_empty()).collect();
    let last = lines.len().saturating_sub(TAIL);
    lines[last..].iter().map(|line| line.chars().take(LINE).collect()).collect()
}
