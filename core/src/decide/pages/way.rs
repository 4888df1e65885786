//! The way of a page: the stops it makes until somebody answers.

use crate::incident::Incident;
use crate::incident::page::Page;
use crate::oncall::{Level, Policy, Target};
use crate::org::{Organisation, Team};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Duration;

/// How often somebody is called again who was paged by name, or by a team that has no policy.
const AGAIN: u32 = 2;

/// A stop on the way of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// Who is reached.
    pub targets: Vec<Target>,
    /// How long they have.
    pub patience: Duration,
}

/// The way of a page.
#[derive(Debug, Clone)]
pub struct Way<'a> {
    levels: Cow<'a, [Level]>,
    rounds: usize,
    last: &'a [Target],
    patience: Duration,
}

impl<'a> Way<'a> {
    /// The way of a page that is meant for `target`. A policy or team that the config no longer has leaves the last resort.
    #[must_use]
    pub fn of(target: &Target, org: &'a Organisation) -> Self {
        let policy = match target {
            Target::Team { id } => {
                org.team(id).and_then(|team| team.policy.as_deref()).and_then(|policy| org.policy(policy))
            }
            Target::Person { .. } | Target::Schedule { .. } | Target::Channel { .. } | Target::Outlet { .. } => None,
        };
        let (levels, repeat): (Cow<'a, [Level]>, _) = match (policy, target) {
            (Some(Policy { levels, repeat, .. }), _) => (Cow::Borrowed(levels), *repeat),
            (None, Target::Team { id }) => {
                (Cow::Owned(org.team(id).map_or_else(Vec::new, |team| usual(team, org))), AGAIN)
            }
            (None, one) => (Cow::Owned(vec![level(vec![one.clone()], org)]), AGAIN),
        };
        let rounds = usize::try_from(repeat).unwrap_or(0) + 1;
        Self { levels, rounds, last: &org.paging.last_resort, patience: org.paging.patience }
    }

    /// The stop of that number, from 0; nothing when the way has come to its end.
    #[must_use]
    pub fn stop(&self, number: usize, page: &Page, incident: &Incident) -> Option<Stop> {
        let stops = self.levels.len() * self.rounds;
        if let Some(level) = self.levels.get(number % self.levels.len().max(1)).filter(|_| number < stops) {
            let turn = usize::try_from(incident.id.0 + page.number).unwrap_or(0);
            let targets = match level.targets.get(turn % level.targets.len().max(1)) {
                Some(one) if level.round_robin => vec![one.clone()],
                Some(_) | None => level.targets.clone(),
            };
            return Some(Stop { targets, patience: level.patience(incident.severity.as_ref()) });
        }
        let is_last = number == stops && !self.last.is_empty();
        is_last.then(|| Stop { targets: self.last.to_vec(), patience: self.patience })
    }

    /// The number of stops before the last resort.
    #[must_use]
    pub fn stops(&self) -> usize {
        self.levels.len() * self.rounds
    }
}

/// What a team without a policy does: whoever is on call for it, then everybody on it.
fn usual(team: &Team, org: &Organisation) -> Vec<Level> {
    let is_theirs = |schedule: &&crate::oncall::Schedule| schedule.team.as_deref() == Some(team.id.as_str());
    let schedules = org.schedules.iter().filter(is_theirs);
    let on_call: Vec<_> = schedules.map(|schedule| Target::Schedule { id: schedule.id.clone() }).collect();
    let first = (!on_call.is_empty()).then(|| level(on_call, org));
    first.into_iter().chain([level(vec![Target::Team { id: team.id.clone() }], org)]).collect()
}

fn level(targets: Vec<Target>, org: &Organisation) -> Level {
    Level { targets, round_robin: false, after: org.paging.patience, after_by_severity: BTreeMap::new() }
}
