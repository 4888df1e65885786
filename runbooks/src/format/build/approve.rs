//! Approvals: what they cover, and whether anybody can ever give them.

use super::super::fault::{did_you_mean, typed};
use super::super::field::At;
use super::super::raw::RawStep;
use super::Builder;
use super::known::Known;
use muster_core::runbook::Action;
use std::time::Duration;

/// For how long an approval is good unless something is said.
const GOOD_FOR: Duration = Duration::from_secs(3_600);

impl Builder<'_> {
    pub(super) fn approve(&self, at: &At<RawStep>, (known, after): (&Known, &[&At<RawStep>])) -> Option<Action> {
        let raw = &at.value;
        let who_at = self.need(&raw.who, &at.place, "who", "say who may: `who: [team:payments, role:commander]`");
        let within = self.need(&raw.within, &at.place, "within", "say by when: `within: 15m`");
        let count = match raw.count.given() {
            None => 1,
            Some(_) => self.number(&raw.count, &at.place, ("count", 1..=10))?,
        };
        let who = self.all_who(&raw.who);
        let enough = usize::try_from(count).unwrap_or(1);
        if let (Some(who_at), Some(people)) = (who_at, self.people(&who))
            && !who.is_empty()
            && people.len() <= enough
        {
            let sentence = match people.len() {
                1 => "only one person may approve this, and nobody approves what they asked for themselves".to_owned(),
                few => format!("only {few} people may approve this, and it needs {enough} who have not asked for it"),
            };
            self.fault(&who_at.place, sentence, "name a team or a role as well: `who: [\"@alice\", role:commander]`");
        }
        let covers = self.covers(at, known, after);
        let text = self.said(raw.approve.given()?, known)?;
        Some(Action::Approve {
            who,
            count: u32::try_from(count).unwrap_or(1),
            within: within.and_then(|_| self.limit(&raw.within))?,
            valid_for: self.limit(&raw.valid_for).unwrap_or(GOOD_FOR),
            covers,
            text,
        })
    }

    fn covers(&self, at: &At<RawStep>, known: &Known, after: &[&At<RawStep>]) -> Vec<String> {
        let raw = &at.value;
        let ids = |step: &At<RawStep>| -> Vec<String> {
            let inner = step.value.parallel.each().filter_map(|inner| inner.value.id.value().cloned());
            step.value.id.value().cloned().into_iter().chain(inner).collect()
        };
        let follows: Vec<String> = after.iter().flat_map(|step| ids(step)).collect();
        let Some(covers) = raw.covers.given() else {
            let up_to = after.iter().take_while(|step| !step.value.approve.is_there());
            let all: Vec<_> = up_to.flat_map(|step| ids(step)).collect();
            if all.is_empty() {
                self.fault(
                    &at.place,
                    "there is nothing to approve: no step follows",
                    "move it before what it is to allow",
                );
            }
            return all;
        };
        let mut all = Vec::new();
        for id in covers.value.given() {
            match after.iter().find(|step| ids(step).contains(&id.value)) {
                Some(step) if step.value.approve.is_there() => {
                    self.fault(&id.place, "an approval does not allow another", "name the steps that it allows");
                }
                Some(step) if step.value.id.value() == Some(&id.value) => all.extend(ids(step)),
                Some(_) => all.push(id.value.clone()),
                None if known.all.contains_key(&id.value) => {
                    let sentence =
                        format!("step {} is not after this one, so that it is too late to allow it", typed(&id.value));
                    self.fault(&id.place, sentence, "move the approval before it");
                }
                None => {
                    let sentence = format!("there is no step {}", typed(&id.value));
                    self.faults.add(&id.place, sentence, did_you_mean(&id.value, follows.iter().map(String::as_str)));
                }
            }
        }
        if covers.value.0.is_empty() {
            self.fault(
                &covers.place,
                "this allows nothing",
                "name the steps that it allows, or take `covers` away for all that follow",
            );
        }
        all
    }
}
