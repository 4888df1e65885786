//! Approvals: bound to the hash of what is approved, as it would be carried out, and to people who have not asked for it.

use super::desk::{Desk, Spot};
use super::permit::may_approve;
use crate::ids::PersonId;
use crate::incident::Incident;
use crate::org::Organisation;
use crate::refusal::Refusal;
use crate::runbook::{
    Action, Approval, Asks, Known, Planned, Run, Scope, Signal, Step, StepEvent, StepState, Work, planned, scope, work,
};
use chrono::TimeDelta;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::time::Duration;

/// So much of the hash must be given, so that nobody approves what they have not seen.
const SHOWN: usize = 6;

/// What an `approve` step covers, and its hash.
pub(super) struct Seal {
    /// Each step as it would be carried out.
    pub(super) covers: Vec<Planned>,
    /// SHA-256 of it, with the runbook, the run and its inputs, in hexadecimal.
    pub(super) hash: String,
}

/// The run with what is asked at its approvals as it is now: the incident may have changed since it was asked.
#[must_use]
pub fn as_asked_now(run: &Run, incident: &Incident, org: &Organisation) -> Run {
    let mut now = run.clone();
    for (step, at) in run.book.flat().into_iter().zip(&mut now.steps) {
        if let (Action::Approve { covers, .. }, StepState::Asking, Some(asks)) = (&step.action, &at.state, &mut at.asks)
        {
            let seal = seal(run, (&step.id, covers), (incident, org));
            asks.covers = seal.covers;
            asks.hash = Some(seal.hash);
        }
    }
    now
}

/// What that step would allow now.
fn seal(run: &Run, (id, covers): (&str, &[String]), (incident, org): (&Incident, &Organisation)) -> Seal {
    let flat = run.book.flat();
    let covered: Vec<&Step> =
        flat.iter().filter(|step| covers.contains(&step.id)).flat_map(|step| step.flat()).collect();
    let ids: Vec<String> = covered.iter().map(|step| step.id.clone()).chain([id.to_owned()]).collect();
    let scope = scope(run, incident, Known::Sealed(&ids));
    let shown = flat.iter().filter(|step| covers.contains(&step.id));
    let shown: Vec<_> = shown.flat_map(|step| planned(step, (&scope, &ids), (incident, org), 0)).collect();
    let mut seen = BTreeSet::new();
    let covers: Vec<_> = shown.into_iter().filter(|one| one.depth > 0 || seen.insert(one.id.clone())).collect();
    let whole = json!({
        "run": format!("{}/{}", run.incident, run.number),
        "runbook": run.book,
        "inputs": run.inputs,
        "rehearsal": run.rehearsal,
        "steps": covers.iter().map(|step| Planned { holds: None, undo: Vec::new(), ..step.clone() }).collect::<Vec<_>>(),
        "work": covered.iter().map(|step| to_do(&step.action, &scope)).collect::<Vec<_>>(),
    });
    let hash = Sha256::digest(canonical(&whole).to_string().as_bytes());
    Seal { covers, hash: hash.iter().map(|byte| format!("{byte:02x}")).collect() }
}

/// What a machine would get, piece by piece. What all steps know is left out: only what is made of it counts.
fn to_do(action: &Action, scope: &Scope) -> Option<Work> {
    Some(match work(action, scope).ok()?? {
        Work::Probe(probe) => Work::Probe(crate::runbook::ProbeWork { scope: Scope::default(), ..probe }),
        other @ (Work::Call(_) | Work::Program(_)) => other,
    })
}

/// The same JSON, the fields of every object in order.
fn canonical(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| *name);
            Value::Object(fields.into_iter().map(|(name, value)| (name.clone(), canonical(value))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(canonical).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

/// What an `approve` step says of itself.
struct Rule {
    count: u32,
    within: Duration,
    valid_for: TimeDelta,
}

impl Desk<'_, '_> {
    /// What an `approve` step would allow now.
    pub(super) fn seal(&self, spot: Spot) -> Seal {
        let (org, incident) = (self.ctx().org, self.incident());
        match (self.run(spot.run), self.book_step(spot)) {
            (Some(run), Some(Step { id, action: Action::Approve { covers, .. }, .. })) => {
                seal(run, (&id, &covers), (incident, org))
            }
            (Some(_) | None, Some(_) | None) => Seal { covers: Vec::new(), hash: String::new() },
        }
    }

    fn rule(&self, spot: Spot) -> Option<Rule> {
        let Action::Approve { count, within, valid_for, .. } = self.action(spot)? else { return None };
        let valid_for = TimeDelta::from_std(valid_for).unwrap_or(TimeDelta::zero());
        Some(Rule { count: count.max(1), within, valid_for })
    }

    /// Whether every approval that covers a step holds now. If one does not any more, it is asked for again.
    ///
    /// # Errors
    /// Why it can never begin.
    pub(super) fn is_allowed(&mut self, spot: Spot) -> Result<bool, String> {
        for guard in self.guards(spot) {
            match self.at(guard) {
                StepState::NotNeeded => {}
                StepState::Done if self.holds(guard) => {}
                StepState::Done => {
                    self.void(guard);
                    return Ok(false);
                }
                StepState::Asking => return Ok(false),
                StepState::Pending
                | StepState::Held
                | StepState::Waiting { .. }
                | StepState::Queued
                | StepState::Working { .. }
                | StepState::Open { .. }
                | StepState::Skipped { .. }
                | StepState::Failed { .. }
                | StepState::Unknown { .. } => return Err("it has not been approved".to_owned()),
            }
        }
        // What covers the step that has started this run covers all of it.
        let parent = self.run(spot.run).and_then(|run| run.parent.clone());
        match parent.and_then(|(run, step)| self.spot(run, &step, false)) {
            Some(above) => self.is_allowed(above),
            None => Ok(true),
        }
    }

    /// The `approve` steps that cover a step, or one that holds it.
    fn guards(&self, spot: Spot) -> Vec<Spot> {
        let (Some(run), Some(step)) = (self.run(spot.run), self.step(spot)) else { return Vec::new() };
        let flat = run.book.flat();
        let holders: Vec<_> = flat.iter().filter(|one| one.flat().iter().any(|held| held.id == step.id)).collect();
        let covers = |one: &Step| {
            let Action::Approve { covers, .. } = &one.action else { return false };
            holders.iter().any(|holder| covers.contains(&holder.id))
        };
        let places = flat.iter().enumerate().filter(|(_, one)| covers(one));
        places.map(|(step, _)| Spot { run: spot.run, step, undo: false }).collect()
    }

    /// Whether enough people have approved what would be done now, lately enough.
    fn holds(&self, guard: Spot) -> bool {
        let (Some(rule), Some(step)) = (self.rule(guard), self.step(guard)) else { return false };
        let (hash, now) = (self.seal(guard).hash, self.ctx().now);
        let good = step.approvals.iter().filter(|one| one.hash == hash && now < one.at + rule.valid_for);
        let people: BTreeSet<_> = good.map(|one| &one.by.person).collect();
        people.len() >= usize::try_from(rule.count).unwrap_or(usize::MAX)
    }

    /// What was approved holds no longer: people are asked again.
    fn void(&mut self, guard: Spot) {
        let (Some(rule), Some(step)) = (self.rule(guard), self.step(guard)) else { return };
        let (text, now) = (step.asks.as_ref().map(|asks| asks.text.clone()), self.ctx().now);
        let seal = self.seal(guard);
        let is_same = step.approvals.iter().all(|one| one.hash == seal.hash);
        let is_old = step.approvals.iter().any(|one| now >= one.at + rule.valid_for);
        let why = if is_same && is_old { "the approval is too old" } else { "what was approved has changed" };
        if self.signal(guard, &Signal::Void) {
            self.tell_step(guard, StepEvent::ApprovalVoid { reason: why.to_owned() });
            self.audit_step("step.approval_void", guard, json!({ "reason": why, "hash": seal.hash }));
            let text = text.unwrap_or_default();
            let asks = Asks { text, covers: seal.covers, hash: Some(seal.hash), ..Asks::default() };
            self.ask(guard, asks, Some(rule.within));
        }
    }

    /// The one who acts allows what they were shown.
    pub(super) fn approve(&mut self, spot: Spot, shown: &str) -> Result<(), Refusal> {
        let (ctx, seal) = (self.ctx(), self.seal(spot));
        let Some(rule) = self.rule(spot) else { return Err(Refusal::conflict("That step is not to be approved")) };
        self.must_be_approver(spot)?;
        self.must_ask(spot)?;
        let again = format!("runbook show {}", spot.run);
        let shown = shown.trim();
        if shown.len() < SHOWN {
            return Err(Refusal::invalid("Say what you approve: the first letters of its hash").instead(again));
        }
        if !seal.hash.starts_with(shown) {
            return Err(
                Refusal::conflict("What is to be approved is not what you were shown: look again").instead(again)
            );
        }
        let Some(step) = self.step_mut(spot) else { return Ok(()) };
        // Words for something else are void.
        step.approvals.retain(|one| one.hash == seal.hash && ctx.now < one.at + rule.valid_for);
        if step.approvals.iter().any(|one| one.by.person == ctx.actor.person) {
            return Err(Refusal::conflict("You have approved it already; it takes somebody else, too"));
        }
        step.approvals.push(Approval { by: ctx.me(), at: ctx.now, hash: seal.hash.clone() });
        if let Some(asks) = &mut step.asks {
            asks.covers = seal.covers;
            asks.hash = Some(seal.hash.clone());
        }
        self.audit_step("step.approved", spot, json!({ "hash": seal.hash }));
        self.tell_step(spot, StepEvent::Approved { hash: seal.hash });
        if self.holds(spot) {
            self.done(spot, None);
        }
        Ok(())
    }

    /// The one who acts does not allow it.
    pub(super) fn deny(&mut self, spot: Spot, reason: &str) -> Result<(), Refusal> {
        let ctx = self.ctx();
        if self.rule(spot).is_none() {
            return Err(Refusal::conflict("That step is not to be approved"));
        }
        if !may_approve(&self.who(spot), self.incident(), ctx) {
            self.must_drive(spot.run)?;
        }
        self.must_ask(spot)?;
        let why = format!("{} denied it: {reason}", ctx.actor.name);
        if self.signal(spot, &Signal::Fail { reason: why }) {
            self.audit_step("step.denied", spot, json!({ "reason": reason }));
            self.tell_step(spot, StepEvent::Denied { reason: reason.to_owned() });
            self.stop(spot);
        }
        Ok(())
    }

    /// Nobody has a say before people are asked, or after.
    fn must_ask(&self, spot: Spot) -> Result<(), Refusal> {
        if self.at(spot) == StepState::Asking { Ok(()) } else { Err(self.senseless(spot)) }
    }

    /// Whoever approves is known, is one of those who may, and has not asked for it.
    fn must_be_approver(&self, spot: Spot) -> Result<(), Refusal> {
        let ctx = self.ctx();
        if !may_approve(&self.who(spot), self.incident(), ctx) {
            return Err(Refusal::forbidden("You are not among those who may approve it"));
        }
        if self.requesters(spot.run).contains(&ctx.actor.person) {
            return Err(Refusal::forbidden("You have asked for it yourself: somebody else must approve it"));
        }
        Ok(())
    }

    /// Those who have asked for a run, for the one that has started it, or for one that it has started.
    pub(super) fn requesters(&self, number: i64) -> BTreeSet<PersonId> {
        let root = self.root(number);
        let family = self.runs().filter(|run| self.root(run.number) == root);
        family.flat_map(|run| run.requesters.iter().cloned()).collect()
    }

    /// The run from which it has come in the end.
    fn root(&self, number: i64) -> i64 {
        let mut at = number;
        // A run has a higher number than the one that has started it.
        while let Some((parent, _)) =
            self.run(at).and_then(|run| run.parent.as_ref()).filter(|(parent, _)| *parent < at)
        {
            at = *parent;
        }
        at
    }
}
