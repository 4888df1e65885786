//! The least a story about an incident needs: people, the incident, a clock, and whatever decisions have left.

use crate::audit::Deed;
use crate::clock::Timestamp;
use crate::decide::{Change, Ctx, Decision, State, fire};
use crate::effect::Effect;
use crate::ids::{IncidentId, PersonId, PlatformId, RequestId, RoleKey, SeverityKey, TimerKey};
use crate::inbound::{Actor, Place};
use crate::incident::Incident;
use crate::incident::entry::{Author, Entry};
use crate::incident::role::Assignment;
use crate::org::{Organisation, Person, Reach, Right, Team};
use crate::record::{Record, RecordKey, Records};
use crate::timer::{Timer, TimerChange};
use chrono::TimeDelta;
use chrono_tz::Tz;
use std::collections::BTreeMap;

pub(in crate::decide) struct Base {
    pub(in crate::decide) org: Organisation,
    pub(in crate::decide) incident: Incident,
    pub(in crate::decide) now: Timestamp,
    pub(in crate::decide) timers: BTreeMap<TimerKey, Timer>,
    pub(in crate::decide) deeds: Vec<Deed>,
    /// What has happened since somebody took it from here.
    pub(in crate::decide) entries: Vec<Entry>,
    /// What is to be done about it, since then.
    pub(in crate::decide) effects: Vec<Effect>,
    pub(in crate::decide) records: BTreeMap<RecordKey, (i64, Option<Record>)>,
}

fn person(id: &str, name: &str) -> Person {
    Person {
        id: PersonId::from(id),
        name: name.to_owned(),
        email: None,
        right: Right::Respond,
        time_zone: Tz::UTC,
        reach: Reach::default(),
    }
}

impl Base {
    /// Alice commands INC-7, a SEV1. Bob and Dave are on that team; Carol and Erin are on none; whoever else there is is a guest.
    pub(in crate::decide) fn new(team: &str) -> Self {
        let mut org = Organisation::empty("Nordvaror", "https://m.example");
        org.people = [("alice", "Alice"), ("bob", "Bob"), ("carol", "Carol"), ("dave", "Dave"), ("erin", "Erin")]
            .map(|(id, name)| person(id, name))
            .into();
        let members = vec![PersonId::from("bob"), PersonId::from("dave")];
        org.teams = vec![Team { id: team.into(), name: team.into(), members, policy: None }];
        let now: Timestamp = "2026-11-27T10:00:00Z".parse().expect("a moment");
        let by = Author { person: PersonId::from("alice"), name: "Alice".to_owned() };
        let mut incident = Incident::declared(IncidentId(7), "Checkout is down", by, now);
        incident.severity = Some(SeverityKey::from("SEV1"));
        let (timers, deeds, entries, effects, records) = Default::default();
        let mut base = Self { org, incident, now, timers, deeds, entries, effects, records };
        base.holds(RoleKey::commander(), "alice", "Alice");
        base
    }

    /// Somebody has a role.
    pub(in crate::decide) fn holds(&mut self, role: RoleKey, id: &str, name: &str) {
        let (person, name) = (PersonId::from(id), name.to_owned());
        self.incident.roles.push(Assignment { role, person, name, since: self.now });
    }

    fn actor(&self, who: &str) -> Actor {
        let id = PersonId::from(who);
        let known = self.org.person(&id);
        let teams = self.org.teams.iter().filter(|team| team.members.contains(&id)).map(|team| team.id.clone());
        Actor {
            name: known.map_or_else(|| who.to_owned(), |person| person.name.clone()),
            right: known.map_or(if who == "muster" { Right::Admin } else { Right::Respond }, |person| person.right),
            handle: None,
            known: known.is_some(),
            teams: teams.collect(),
            person: id,
        }
    }

    /// Where people type: in the console, about the incident.
    pub(in crate::decide) fn place(&self) -> Place {
        Place { platform: PlatformId::console(), incident: Some(self.incident.id), address: None, forms: false }
    }

    pub(in crate::decide) fn state(&self) -> State {
        let mut records = Records::default();
        for (key, (version, record)) in &self.records {
            match record {
                Some(record) => records.add(*version, record.clone()),
                None => records.add_gone(*version, key.clone()),
            }
        }
        State { named: true, incident: Some(self.incident.clone()), records, ..State::default() }
    }

    /// Decides as somebody, and keeps what comes of it.
    pub(in crate::decide) fn decide<T>(
        &mut self,
        who: &str,
        decide: impl FnOnce(&State, &Ctx<'_>) -> (Option<Decision>, T),
    ) -> T {
        let (actor, request, place) = (self.actor(who), RequestId::from("r"), self.place());
        let state = self.state();
        let ctx = Ctx { now: self.now, actor: &actor, place: &place, request: &request, org: &self.org };
        let (decision, result) = decide(&state, &ctx);
        if let Some(decision) = decision {
            self.keep(decision);
        }
        result
    }

    fn keep(&mut self, decision: Decision) {
        for change in decision.changes {
            match change {
                Change::Incident { incident, .. } => {
                    assert_eq!(incident.version, self.incident.version + 1, "one version after another");
                    self.incident = *incident;
                }
                Change::Record { key, version, record } => {
                    let before = self.records.get(&key).map_or(0, |(version, _)| *version);
                    assert_eq!(version, before + 1, "one version of {key:?} after another");
                    self.records.insert(key, (version, record.map(|record| *record)));
                }
                Change::Audit(deed) => self.deeds.push(deed),
                other @ (Change::Alert(_)
                | Change::Sorted(_)
                | Change::Fact(_)
                | Change::CodeGiven { .. }
                | Change::FeedGiven { .. }
                | Change::Linked { .. }) => drop(other),
            }
        }
        for change in decision.timers {
            match change {
                TimerChange::Set(timer) => drop(self.timers.insert(timer.key.clone(), timer)),
                TimerChange::Clear(key) => drop(self.timers.remove(&key)),
            }
        }
        self.entries.extend(decision.entries);
        self.effects.extend(decision.effects.into_iter().map(|outgoing| outgoing.effect));
    }

    /// The clock moves, and every timer that comes due fires at its moment.
    pub(in crate::decide) fn wait(&mut self, span: TimeDelta) {
        let until = self.now + span;
        while let Some(timer) =
            self.timers.values().filter(|timer| timer.due_at <= until).min_by_key(|timer| timer.due_at).cloned()
        {
            self.now = self.now.max(timer.due_at);
            self.decide("muster", |state, ctx| (Some(fire(&timer, state, ctx)), ()));
            assert_ne!(self.timers.get(&timer.key), Some(&timer), "a timer that has fired is cleared or moved");
        }
        self.now = until;
    }
}
