//! How each kind of step begins. What Muster does itself is done within the decision.

use super::desk::{Desk, Spot};
use crate::clock::Timestamp;
use crate::command::find_target;
use crate::decide::pages::{self, Order};
use crate::decide::{give_role, set_severity, set_status, write_update};
use crate::incident::event::Subject;
use crate::org::Right;
use crate::record::Record;
use crate::refusal::Refusal;
use crate::runbook::{
    Action, Asks, ExprError, Job, JobState, Known, Scope, Signal, StepEvent, StepState, Task, Text, work,
};
use crate::time::parse_when;
use crate::timer::Alarm;
use chrono::TimeDelta;
use chrono_tz::Tz;
use std::time::Duration;

/// How long a machine has that takes something back, where nobody has said.
const UNDO_WITHIN: Duration = Duration::from_secs(60);

impl From<ExprError> for Refusal {
    fn from(error: ExprError) -> Self {
        Self::conflict(error.sentence)
    }
}

impl Desk<'_, '_> {
    /// Begins a step, or the taking back of one.
    pub(super) fn begin(&mut self, spot: Spot) {
        let Some(action) = self.action(spot) else { return };
        if let Err(refusal) = self.try_begin(spot, &action) {
            self.fail(spot, refusal.sentence);
        }
    }

    fn try_begin(&mut self, spot: Spot, action: &Action) -> Result<(), Refusal> {
        let scope = self.scope(spot.run, Known::Real);
        let fill = |text: &Text| text.render(&scope).map(|rendered| rendered.shown());
        let timeout = self.book_step(spot).and_then(|step| step.timeout).filter(|_| !spot.undo);
        match action {
            Action::Manual { text, checklist } => {
                let checklist = checklist.iter().map(fill).collect::<Result<_, _>>()?;
                self.ask(spot, Asks { text: fill(text)?, checklist, ..Asks::default() }, timeout);
            }
            Action::Ask { question: text, .. } => {
                self.ask(spot, Asks { text: fill(text)?, ..Asks::default() }, timeout);
            }
            Action::Comms { audience, text } => {
                let text = fill(text)?;
                let message = self.write_message(spot, audience, &text);
                let text = format!("Tell {audience}: {text}");
                self.ask(spot, Asks { text, message, ..Asks::default() }, timeout);
            }
            Action::Approve { within, text, .. } => {
                let text = fill(text)?;
                let seal = self.seal(spot);
                let asks = Asks { text, covers: seal.covers, hash: Some(seal.hash), ..Asks::default() };
                self.ask(spot, asks, Some(*within));
            }
            Action::Http(_) | Action::Run(_) | Action::Probe(_) => self.queue(spot, action, &scope)?,
            Action::Wait { until } => {
                let until = moment(&fill(until)?, self.ctx().now, self.zone(spot.run))?;
                self.rest(spot, until);
                self.tell_began(spot);
            }
            Action::Page { .. } => {
                // Whoever may call people takes turns with all others who may: by a timer that is due at once.
                let (now, id) = (self.ctx().now, self.step(spot).map(|step| step.id.clone()).unwrap_or_default());
                if self.signal(spot, &Signal::Rest { until: now }) {
                    self.draft.set_timer(Alarm::StepPage { run: spot.run, step: id }, now);
                    self.tell_began(spot);
                }
            }
            Action::Runbook { book, inputs } => self.start_child(spot, book, inputs, &scope)?,
            Action::Parallel { .. } => {
                self.signal(spot, &Signal::Open { run: None });
            }
            Action::Role { .. } | Action::Update { .. } | Action::Severity { .. } | Action::Status { .. } => {
                let result = self.do_now(spot, action, &scope)?;
                self.done(spot, Some(result));
            }
        }
        Ok(())
    }

    /// What Muster does itself, at once. What is so already is done.
    fn do_now(&mut self, spot: Spot, action: &Action, scope: &Scope) -> Result<String, Refusal> {
        let fill = |text: &Text| text.render(scope).map(|rendered| rendered.shown());
        let maybe = |text: &Option<Text>| text.as_ref().map(fill).transpose();
        let incident = &self.draft.incident;
        Ok(match action {
            Action::Severity { to, reason } => {
                if incident.severity.as_ref() != Some(to) {
                    set_severity(self.draft, Some(to.clone()), maybe(reason)?)?;
                }
                to.to_string()
            }
            Action::Status { to, note } => {
                if incident.status.phase() != *to {
                    set_status(self.draft, *to, maybe(note)?)?;
                }
                to.word().to_owned()
            }
            Action::Update { text, next } => {
                let next = next.and_then(|next| TimeDelta::from_std(next).ok());
                write_update(self.draft, fill(text)?, None, next);
                "update written".to_owned()
            }
            Action::Role { role, person } => {
                let typed = fill(person)?;
                let org = self.ctx().org;
                let unknown = || Refusal::not_found(format!("nobody who may respond is called “{typed}”"));
                let person = org.find_person(&typed).filter(|person| person.right >= Right::Respond);
                let person = person.ok_or_else(unknown)?;
                let who = Subject { person: person.id.clone(), name: person.name.clone() };
                let role = org.find_role(role.as_str()).ok_or_else(|| Refusal::not_found("there is no such role"))?;
                if !incident.holds(&who.person, &role.key) {
                    give_role(self.draft, role, &who, false)?;
                }
                format!("{} is {}", who.name, role.name)
            }
            Action::Manual { .. }
            | Action::Http(_)
            | Action::Run(_)
            | Action::Probe(_)
            | Action::Page { .. }
            | Action::Comms { .. }
            | Action::Wait { .. }
            | Action::Ask { .. }
            | Action::Approve { .. }
            | Action::Runbook { .. }
            | Action::Parallel { .. } => {
                let id = self.step(spot).map(|step| step.id.clone()).unwrap_or_default();
                return Err(Refusal::conflict(format!("step {id} is not done at once")));
            }
        })
    }

    /// People are asked.
    pub(super) fn ask(&mut self, spot: Spot, asks: Asks, within: Option<Duration>) {
        let is_asking = self.at(spot) == StepState::Asking;
        if !is_asking && !self.signal(spot, &Signal::Ask) {
            return;
        }
        let people = self.people(spot);
        let Some(step) = self.step_mut(spot) else { return };
        step.asks = Some(asks);
        step.asked.clone_from(&people);
        step.ticked.clear();
        step.approvals.clear();
        let id = step.id.clone();
        if let Some(within) = within.and_then(|within| TimeDelta::from_std(within).ok()) {
            let due = self.ctx().now + within;
            self.draft.set_timer(Alarm::Step { run: spot.run, step: id }, due);
        }
        self.tell_step(spot, StepEvent::Asked { people });
    }

    /// A machine is to do it. This is written before anything is done.
    fn queue(&mut self, spot: Spot, action: &Action, scope: &Scope) -> Result<(), Refusal> {
        let (Some(work), Some(step)) = (work(action, scope)?, self.book_step(spot)) else { return Ok(()) };
        if !self.signal(spot, &Signal::Queue) {
            return Ok(());
        }
        let Some(id) = self.job_id(spot) else { return Ok(()) };
        let (timeout, outputs) = match step.undo.filter(|_| spot.undo) {
            Some(undo) => (undo.timeout, Vec::new()),
            None => (step.timeout, step.outputs),
        };
        let rehearsal = self.run(spot.run).is_some_and(|run| run.rehearsal);
        let task = Task { id, work, timeout: timeout.unwrap_or(UNDO_WITHIN), outputs, rehearsal };
        let job = Job { task, runner: step.runner, queued_at: self.ctx().now, state: JobState::Waiting };
        self.draft.keep(self.state, Record::Job(Box::new(job)));
        if let Some(step) = self.step_mut(spot) {
            step.tail.clear();
        }
        self.tell_began(spot);
        Ok(())
    }

    /// It waits for the clock.
    pub(super) fn rest(&mut self, spot: Spot, until: Timestamp) {
        let id = self.step(spot).map(|step| step.id.clone()).unwrap_or_default();
        if self.signal(spot, &Signal::Rest { until }) {
            self.draft.set_timer(Alarm::Step { run: spot.run, step: id }, until);
        }
    }

    /// The step pages somebody, now.
    pub(super) fn page(&mut self, spot: Spot) -> Result<(), Refusal> {
        let Some(Action::Page { target, loudness, message }) = self.action(spot) else { return Ok(()) };
        let scope = self.scope(spot.run, Known::Real);
        let target = find_target(&target.render(&scope)?.shown(), self.ctx().org)?;
        let message = message.render(&scope)?.shown();
        let number = pages::order(self.draft, Order { target, loudness, message }, self.state)?;
        self.done(spot, Some(format!("page {number}")));
        Ok(())
    }

    pub(super) fn tell_began(&mut self, spot: Spot) {
        if !spot.undo
            && let Some(attempt) = self.step(spot).map(|step| step.attempt)
        {
            self.tell_step(spot, StepEvent::Began { attempt });
        }
    }

    /// Where the clock of whoever started the run is.
    fn zone(&self, number: i64) -> Tz {
        let person = self.run(number).and_then(|run| self.ctx().org.person(&run.started_by.person));
        person.map_or(Tz::UTC, |person| person.time_zone)
    }
}

/// `90s`, `15m`, `06:00`, `2026-11-27 06:00`.
fn moment(typed: &str, now: Timestamp, zone: Tz) -> Result<Timestamp, Refusal> {
    let seconds = typed.trim().strip_suffix('s').and_then(|number| number.trim().parse::<u32>().ok());
    let moment = match seconds {
        Some(seconds) => Some(now + TimeDelta::seconds(i64::from(seconds))),
        None => parse_when(typed, now, zone),
    };
    moment.ok_or_else(|| Refusal::invalid(format!("“{typed}” is no time to wait for: say 15m, or 06:00")))
}
