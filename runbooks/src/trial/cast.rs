//! Those who play a test: an incident, people who may do everything between them, a clock, and whatever decisions leave.

use muster_core::clock::Timestamp;
use muster_core::decide::{Change, Ctx, Decision, Draft, State, fire};
use muster_core::ids::{IncidentId, PersonId, PlatformId, RequestId, SeverityKey, TimerKey};
use muster_core::inbound::{Actor, Place};
use muster_core::incident::Incident;
use muster_core::incident::entry::{Author, Entry};
use muster_core::incident::role::Assignment;
use muster_core::org::{Organisation, Right};
use muster_core::record::{Record, RecordKey, Records};
use muster_core::refusal::Refusal;
use muster_core::runbook::{Job, Run, Runbook};
use muster_core::timer::{Alarm, Timer, TimerChange};
use muster_core::view::{Tone, View, text};
use std::collections::BTreeMap;

/// The incident in which a test is played.
const INCIDENT: IncidentId = IncidentId(1);
/// When it is: a Friday in November.
const NOON: i64 = 1_795_777_200;

/// What there is while a test is played.
pub(super) struct Cast<'a> {
    org: &'a Organisation,
    incident: Incident,
    now: Timestamp,
    timers: BTreeMap<TimerKey, Timer>,
    records: BTreeMap<RecordKey, (i64, Option<Record>)>,
    /// The timeline.
    pub(super) told: Vec<Entry>,
}

/// Somebody who may do everything: the `n`th of them. Two are needed where one may not approve what they asked for.
fn player(n: usize, org: &Organisation) -> Actor {
    Actor {
        person: PersonId::from(format!("player-{n}").as_str()),
        name: format!("Player {n}"),
        right: Right::Admin,
        handle: None,
        known: true,
        teams: org.teams.iter().map(|team| team.id.clone()).collect(),
    }
}

impl<'a> Cast<'a> {
    /// Everybody holds every role: what is tested is the runbook, and not who is there.
    pub(super) fn new(org: &'a Organisation, book: &Runbook, severity: &str) -> Self {
        let now = Timestamp::from_timestamp(NOON, 0).unwrap_or_default();
        let first = player(0, org);
        let by = Author { person: first.person, name: first.name };
        let mut incident = Incident::declared(INCIDENT, "A test", by, now);
        incident.severity = Some(SeverityKey::from(severity));
        incident.services = book.services.iter().cloned().collect();
        let roles = org.roles.iter().flat_map(|role| (0..PLAYERS).map(move |n| (role.key.clone(), n)));
        let holds = |(role, n)| {
            let Actor { person, name, .. } = player(n, org);
            Assignment { role, person, name, since: now }
        };
        incident.roles = roles.map(holds).collect();
        Self { org, incident, now, timers: BTreeMap::new(), records: BTreeMap::new(), told: Vec::new() }
    }

    /// Those who may act: first those of the test, then those whom the config names one by one.
    pub(super) fn people(&self) -> Vec<Actor> {
        let known = self.org.people.iter().map(|person| Actor {
            person: person.id.clone(),
            name: person.name.clone(),
            right: person.right,
            handle: None,
            known: true,
            teams: Vec::new(),
        });
        (0..PLAYERS).map(|n| player(n, self.org)).chain(known).collect()
    }

    fn state(&self) -> State {
        let mut records = Records::default();
        for (key, (version, record)) in &self.records {
            match record {
                Some(record) => records.add(*version, record.clone()),
                None => records.add_gone(*version, key.clone()),
            }
        }
        State { incident: Some(self.incident.clone()), records, ..State::default() }
    }

    /// Somebody changes something, if they may.
    pub(super) fn act<T>(
        &mut self,
        actor: &Actor,
        change: impl FnOnce(&mut Draft<'_>, &State) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let state = self.state();
        let before = self.incident.clone();
        let (result, decision) = self.with(actor, |ctx| {
            let mut draft = Draft::of(&before, ctx);
            change(&mut draft, &state).map(|result| (result, draft.done(|_| nothing())))
        })?;
        self.keep(decision);
        Ok(result)
    }

    /// A machine tells something; whether it made a difference.
    pub(super) fn hear(&mut self, decide: impl FnOnce(&State, &Ctx<'_>) -> Option<Decision>) -> bool {
        let state = self.state();
        let decision = self.with(&player(0, self.org), |ctx| decide(&state, ctx));
        let is_heard = decision.is_some();
        decision.into_iter().for_each(|decision| self.keep(decision));
        is_heard
    }

    /// The clock moves to the next moment that a run waits for; whether there is one.
    pub(super) fn wait(&mut self) -> bool {
        let is_ours = |timer: &&Timer| matches!(timer.alarm, Alarm::Step { .. } | Alarm::StepPage { .. });
        let Some(timer) = self.timers.values().filter(is_ours).min_by_key(|timer| timer.due_at).cloned() else {
            return false;
        };
        self.timers.remove(&timer.key);
        self.now = self.now.max(timer.due_at);
        self.hear(|state, ctx| Some(fire(&timer, state, ctx)))
    }

    fn with<T>(&self, actor: &Actor, decide: impl FnOnce(&Ctx<'_>) -> T) -> T {
        let request = RequestId::from("test");
        let place = Place { platform: PlatformId::console(), incident: Some(INCIDENT), address: None, forms: true };
        decide(&Ctx { now: self.now, actor, place: &place, request: &request, org: self.org })
    }

    fn keep(&mut self, decision: Decision) {
        for change in decision.changes {
            match change {
                Change::Incident { incident, .. } => self.incident = *incident,
                Change::Record { key, version, record } => {
                    self.records.insert(key, (version, record.map(|record| *record)));
                }
                Change::Alert(_)
                | Change::Sorted(_)
                | Change::Fact(_)
                | Change::Audit(_)
                | Change::CodeGiven { .. }
                | Change::FeedGiven { .. }
                | Change::Linked { .. } => {}
            }
        }
        for change in decision.timers {
            match change {
                TimerChange::Set(timer) => drop(self.timers.insert(timer.key.clone(), timer)),
                TimerChange::Clear(key) => drop(self.timers.remove(&key)),
            }
        }
        self.told.extend(decision.entries);
    }

    /// All runs, the first one first.
    pub(super) fn runs(&self) -> Vec<Run> {
        let mut runs: Vec<_> = self.state().records.runs().cloned().collect();
        runs.sort_by_key(|run| run.number);
        runs
    }

    /// The job that comes first in its runbook.
    pub(super) fn job(&self) -> Option<Job> {
        let state = self.state();
        let place = |job: &&Job| {
            let id = &job.task.id;
            let run = state.records.run(id.incident, id.run);
            (id.run, run.and_then(|run| run.steps.iter().position(|step| step.id == id.step)))
        };
        state.records.jobs().min_by_key(place).cloned()
    }
}

/// So many people play.
const PLAYERS: usize = 12;

fn nothing() -> View {
    View::titled(Tone::Neutral, vec![text("")])
}
