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

    /// The number of levels: so many stops are made for the first time.
    #[must_use]
    pub fn levels(&self) -> usize {
        self.levels.len()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::ids::{IncidentId, PersonId};
    use crate::incident::entry::Author;
    use crate::incident::page::PageState;
    use crate::org::Loudness;

    fn of(person: &str) -> Target {
        Target::Person { id: PersonId::from(person) }
    }

    fn org(levels: &[&[&str]], repeat: u32, last: &[&str]) -> Organisation {
        let mut org = Organisation::empty("Nordvaror", "https://m.example");
        let targets = |people: &[&str]| people.iter().map(|person| of(person)).collect();
        let levels = levels.iter().map(|people| level(targets(people), &org)).collect();
        org.policies = vec![Policy { id: "p".to_owned(), name: "P".to_owned(), levels, repeat }];
        org.teams = vec![Team {
            id: "t".to_owned(),
            name: "T".to_owned(),
            members: vec![PersonId::from("alice"), PersonId::from("bob")],
            policy: Some("p".to_owned()),
        }];
        org.paging.last_resort = targets(last);
        org
    }

    /// Whom each stop reaches, until the end of the way.
    fn walk(target: &Target, number: i64, org: &Organisation) -> Vec<String> {
        let by = Author { person: PersonId::from("carol"), name: "Carol".to_owned() };
        let incident = Incident::declared(IncidentId(1), "checkout is down", by.clone(), Timestamp::UNIX_EPOCH);
        let page = Page {
            number,
            target: target.clone(),
            name: String::new(),
            loudness: Loudness::High,
            message: String::new(),
            by,
            at: Timestamp::UNIX_EPOCH,
            state: PageState::Calling,
            next: 0,
            next_at: None,
            called: Vec::new(),
            attempts: Vec::new(),
        };
        let way = Way::of(target, org);
        let name = |target: &Target| match target {
            Target::Person { id } => id.to_string(),
            Target::Team { id } => format!("all of {id}"),
            Target::Schedule { .. } | Target::Channel { .. } | Target::Outlet { .. } => "another".to_owned(),
        };
        let stops = (0..100).map_while(|stop| way.stop(stop, &page, &incident));
        stops.map(|stop| stop.targets.iter().map(name).collect::<Vec<_>>().join("+")).collect()
    }

    fn team() -> Target {
        Target::Team { id: "t".to_owned() }
    }

    #[test]
    fn levels_come_in_order_as_often_as_the_policy_says_and_the_last_resort_once() {
        let org = org(&[&["alice"], &["bob", "carol"]], 1, &["dave"]);
        assert_eq!(walk(&team(), 1, &org), ["alice", "bob+carol", "alice", "bob+carol", "dave"]);
    }

    #[test]
    fn in_a_round_robin_each_page_begins_with_another_and_stays_with_them() {
        let mut org = org(&[&["alice", "bob"]], 1, &[]);
        org.policies[0].levels[0].round_robin = true;
        assert_eq!(walk(&team(), 1, &org), ["alice", "alice"]);
        assert_eq!(walk(&team(), 2, &org), ["bob", "bob"]);
        assert_eq!(walk(&team(), 3, &org), ["alice", "alice"]);
    }

    #[test]
    fn without_a_policy_everybody_is_called_and_whoever_was_named_three_times() {
        let mut org = org(&[], 0, &["dave"]);
        assert_eq!(walk(&team(), 1, &org), ["dave"], "a policy without levels leaves the last resort");
        org.teams[0].policy = None;
        assert_eq!(walk(&team(), 1, &org), ["all of t", "all of t", "all of t", "dave"]);
        assert_eq!(walk(&of("alice"), 1, &org), ["alice", "alice", "alice", "dave"]);
        org.teams.clear();
        assert_eq!(walk(&team(), 1, &org), ["dave"], "the team is gone, and the page is not lost");
    }
}
