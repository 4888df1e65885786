//! Starting a run: by a person, by a trigger, by another run.

use super::Order;
use super::desk::{Desk, Spot};
use super::permit::may_run;
use crate::command::{Inputs, read_inputs, shown};
use crate::decide::{Ctx, Decision, Draft, State};
use crate::incident::Kind;
use crate::incident::status::Phase;
use crate::refusal::Refusal;
use crate::runbook::{ExprError, Input, Run, RunEvent, RunState, Runbook, Scope, Signal, StepRun, Text};
use crate::timer::Timer;
use crate::view::{Tone, View, text};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// So many runs may be open in an incident. More is no plan.
const OPEN: usize = 5;
/// So many runs an incident may have in all.
const ALL: i64 = 200;
/// So deep runs may start runs.
const DEEP: usize = 4;

/// Starts a run; its number. [`super::records`] must have been read.
///
/// # Errors
/// When the one who acts may not, or too much is running already.
pub fn start(draft: &mut Draft<'_>, order: Order, state: &State) -> Result<i64, Refusal> {
    let ctx = draft.ctx();
    if !may_run(&order.book, &draft.incident, ctx) {
        return Err(Refusal::forbidden(format!("You may not run “{}”", order.book.name)).instead("runbook list"));
    }
    let is_kept_from = |book: &&Runbook| !may_run(book, &draft.incident, ctx);
    if let Some(other) = order.book.started().into_iter().find(is_kept_from) {
        let sentence = format!("You may not run “{}”, which “{}” starts", other.name, order.book.name);
        return Err(Refusal::forbidden(sentence).instead("runbook list"));
    }
    let mut desk = Desk::new(draft, state);
    let number = desk.start(order)?;
    desk.go(number);
    desk.finish();
    Ok(number)
}

/// A trigger starts a runbook: by nobody in particular, with what its inputs are by themselves.
pub(in crate::decide) fn start_alone(book: &str, timer: &Timer, state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let incident = state.incident.as_ref().filter(|incident| incident.status.is_open())?;
    let book = ctx.org.find_runbook(book)?;
    let inputs = book.inputs.iter().filter_map(|input| Some((input.id.clone(), input.default.clone()?))).collect();
    let is_missing = |input: &Input| input.required && input.default.is_none();
    if incident.kind == Kind::Drill || book.inputs.iter().any(is_missing) {
        return None;
    }
    let mut draft = Draft::of(incident, ctx);
    draft.clear_timer(timer.key.clone());
    let mut desk = Desk::new(&mut draft, state);
    let number = desk.start(Order { book: Arc::clone(book), inputs, by_step: false }).ok()?;
    desk.go(number);
    desk.finish();
    Some(draft.done(|_| View::titled(Tone::Neutral, vec![text("A runbook has started by itself")])))
}

impl Desk<'_, '_> {
    fn start(&mut self, order: Order) -> Result<i64, Refusal> {
        let incident = self.incident();
        if matches!(incident.status.phase(), Phase::Cancelled | Phase::Merged) {
            let phase = incident.status.phase().word();
            let sentence = format!("{} is {phase}: reopen it before a runbook runs", incident.id);
            return Err(Refusal::conflict(sentence).instead("reopen it came back"));
        }
        let open = self.runs().filter(|run| run.state.is_open() && run.parent.is_none()).count();
        if open >= OPEN {
            let sentence = format!("{open} runbooks are running in {} already: end one before", incident.id);
            return Err(Refusal::conflict(sentence).instead("runbook list"));
        }
        let number = self.begin_run(order, None)?;
        let shown = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let given: Vec<_> = match self.run(number) {
            Some(run) => run.inputs.iter().map(|(id, value)| (id.clone(), shown(value))).collect(),
            None => Vec::new(),
        };
        self.audit("run.started", number, json!({ "inputs": given }));
        self.tell(number, RunEvent::Started { inputs: given });
        Ok(number)
    }

    /// A step starts another runbook, within the same decision.
    pub(super) fn start_child(
        &mut self,
        spot: Spot,
        book: &Runbook,
        given: &BTreeMap<String, Text>,
        scope: &Scope,
    ) -> Result<(), Refusal> {
        // What a step has found out is no better than what somebody types.
        let given = given.iter().map(|(id, text)| Ok((id.clone(), Some(shown(&text.value(scope)?)))));
        let Inputs { values: inputs, missing } =
            read_inputs(book, given.collect::<Result<_, ExprError>>()?, self.ctx().org)?;
        if let Some(missing) = missing.first() {
            return Err(Refusal::conflict(format!("the runbook “{}” needs {missing}", book.name)));
        }
        let Some(id) = self.step(spot).map(|step| step.id.clone()) else { return Ok(()) };
        let by_step = self.run(spot.run).is_some_and(|run| run.by_step);
        let order = Order { book: Arc::new(book.clone()), inputs, by_step };
        let number = self.begin_run(order, Some((spot.run, id)))?;
        self.audit("run.started", number, json!({ "by_run": spot.run }));
        self.tell(number, RunEvent::Started { inputs: Vec::new() });
        if self.signal(spot, &Signal::Open { run: Some(number) }) {
            self.go(number);
        }
        Ok(())
    }

    fn begin_run(&mut self, order: Order, parent: Option<(i64, String)>) -> Result<i64, Refusal> {
        let number = self.runs().next_back().map_or(1, |run| run.number + 1);
        if number > ALL {
            return Err(Refusal::conflict(format!("{} has had {ALL} runs of runbooks", self.incident().id)));
        }
        if self.depth(parent.as_ref()) > DEEP {
            return Err(Refusal::conflict("runbooks start one another too deep"));
        }
        let (ctx, incident) = (self.ctx(), self.incident());
        let started_by = match parent.as_ref().and_then(|(parent, _)| self.run(*parent)) {
            Some(parent) => parent.started_by.clone(),
            None => ctx.actor.author(),
        };
        let run = Run {
            incident: incident.id,
            number,
            requesters: vec![started_by.person.clone()],
            started_by,
            started_at: ctx.now,
            steps: order.book.flat().into_iter().map(StepRun::of).collect(),
            book: Runbook::clone(&order.book),
            inputs: order.inputs,
            by_step: order.by_step,
            rehearsal: incident.kind == Kind::Drill,
            parent,
            state: RunState::Running,
            ended_at: None,
        };
        self.add(run);
        Ok(number)
    }

    fn depth(&self, parent: Option<&(i64, String)>) -> usize {
        let up = |at: &(i64, String)| self.run(at.0).and_then(|run| run.parent.clone());
        std::iter::successors(parent.cloned(), up).take(DEEP + 1).count()
    }
}
