//! Incidents, entries, effects and decisions to write, for tests of the store.

mod telling;

pub use telling::{audience, bulletin, subscriber};

use muster_core::alert::{Action, Alert, AlertKey, AlertState, Beat, Level, Link, Signal, SignalId, Tally, Waiting};
use muster_core::audit::Deed;
use muster_core::clock::Timestamp;
use muster_core::decide::{Change, Decision, PageFact, PageFactKind, Tag};
use muster_core::effect::{Effect, Outgoing, Urgency};
use muster_core::ids::{EffectKey, IncidentId, PersonId, PlatformId, RequestId, RoleKey};
use muster_core::incident::entry::{Amended, Amendment, Author, Entry};
use muster_core::incident::event::{Event, Reminder};
use muster_core::incident::role::{Assignment, COMMANDER};
use muster_core::incident::room::Room;
use muster_core::incident::status::Status;
use muster_core::incident::{Incident, Kind, Participant, Visibility};
use muster_core::ports::store::Write;
use muster_core::record::Record;
use muster_core::reply::Reply;
use muster_core::runbook::{CallWork, Job, JobId, JobState, Permissions, Rendered, Run, RunState, Runbook, Task, Work};
use muster_core::timer::{Alarm, Timer, TimerChange};
use muster_core::view::{Tone, View, text};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// A moment, in seconds after some beginning.
///
/// # Panics
/// When it is out of range.
#[must_use]
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_timestamp_micros(1_795_777_200_000_000 + seconds * 1_000_000 + 123_456)
        .unwrap_or_else(|| panic!("{seconds} is out of range"))
}

/// Somebody as an author.
#[must_use]
pub fn author(person: &str) -> Author {
    Author { person: PersonId::from(person), name: person.to_uppercase() }
}

/// A new incident, declared by `alice`, who is its commander.
#[must_use]
pub fn incident(number: i64) -> Incident {
    let alice = author("alice");
    Incident {
        id: IncidentId(number),
        version: 1,
        kind: Kind::Incident,
        visibility: Visibility::Public,
        title: format!("Checkout is down ({number})"),
        summary: None,
        severity: None,
        status: Status::Triage,
        category: None,
        fields: BTreeMap::new(),
        services: BTreeSet::new(),
        sites: BTreeSet::new(),
        declared_by: alice.clone(),
        declared_at: at(0),
        changed_at: at(0),
        resolved_at: None,
        roles: vec![Assignment {
            role: RoleKey::from(COMMANDER),
            person: alice.person.clone(),
            name: alice.name.clone(),
            since: at(0),
        }],
        offers: Vec::new(),
        participants: vec![Participant { person: alice.person, name: alice.name, joined_at: at(0) }],
        tasks: Vec::new(),
        followups: Vec::new(),
        rooms: vec![console_room(number)],
        dismissed: Vec::new(),
        rooms_lost: Vec::new(),
        rooms_left: Vec::new(),
        rooms_wanted: Vec::new(),
        runs: Vec::new(),
        suggested: Vec::new(),
        messages: Vec::new(),
        comms_clock: muster_core::comms::Clock::default(),
        window: None,
        silence: None,
        pages: Vec::new(),
        alerts: Tally::default(),
        pins: BTreeMap::new(),
        last_update: None,
        update_due: None,
        next_entry: 1,
    }
}

/// The room of an incident in the console.
#[must_use]
pub fn console_room(number: i64) -> Room {
    Room::in_console(IncidentId(number))
}

/// An incident changed once more.
#[must_use]
pub fn next(incident: &Incident) -> Incident {
    Incident { version: incident.version + 1, ..incident.clone() }
}

/// By what an incident can be found.
#[must_use]
pub fn tags(incident: &Incident) -> Vec<Tag> {
    let people = incident.participants.iter().map(|participant| Tag::Person(participant.person.clone()));
    let services = incident.services.iter().cloned().map(Tag::Service);
    people.chain(services).chain(incident.sites.iter().cloned().map(Tag::Site)).collect()
}

/// A view that says `words`.
#[must_use]
pub fn view(words: &str) -> View {
    View::titled(Tone::Neutral, vec![text(words)])
}

/// A reply that says `words`.
#[must_use]
pub fn reply(words: &str) -> Reply {
    Reply::view(view(words))
}

/// A note on the timeline, the `seq`th row of the log.
#[must_use]
pub fn note(incident: i64, seq: i64, words: &str) -> Entry {
    Entry {
        incident: IncidentId(incident),
        seq,
        number: seq,
        at: at(seq),
        recorded_at: at(seq),
        by: author("alice"),
        via: PlatformId::console(),
        what: Event::Noted { text: words.to_owned() },
        amendment: None,
    }
}

/// The same entry restated by a later row.
#[must_use]
pub fn restated(entry: &Entry, seq: i64, how: Amended) -> Entry {
    let amendment = Some(Amendment { by: author("bob"), how });
    Entry { seq, recorded_at: at(seq), amendment, ..entry.clone() }
}

/// An effect in lane `lane`.
#[must_use]
pub fn effect(incident: i64, lane: &str, position: i64) -> Outgoing {
    Outgoing {
        key: EffectKey::new(format!("INC-{incident}/{lane}/{position}")),
        incident: Some(IncidentId(incident)),
        lane: lane.to_owned(),
        position,
        urgency: Urgency::Prompt,
        coalesce: None,
        due_at: at(0),
        effect: Effect::Post { room: console_room(incident), view: Box::new(view("posted")) },
    }
}

/// The timer that reminds of a missing commander.
#[must_use]
pub fn timer(incident: i64, due_at: Timestamp) -> Timer {
    let alarm = Alarm::Remind { about: Reminder::NoCommander, since: due_at };
    let incident = IncidentId(incident);
    Timer { key: alarm.key(incident), incident: Some(incident), due_at, alarm }
}

/// A signal that was taken in as the `number`th: one of ten alerts of a source is firing.
#[must_use]
pub fn signal(number: i64) -> Waiting {
    Waiting {
        id: SignalId(format!("{number:012x}")),
        at: at(number),
        signal: Signal {
            source: "grafana".to_owned(),
            key: format!("disk-{}", number % 10),
            action: Action::Trigger,
            title: format!("Disk {} is full", number % 10),
            text: Some("“/var” \u{0} 🔥".to_owned()),
            level: Some(Level::Critical),
            labels: BTreeMap::from([("instance".to_owned(), format!("db-{number}"))]),
            links: vec![Link { label: "Graph".to_owned(), url: "https://grafana.example/d/1".to_owned() }],
            at: Some(at(number)),
        },
    }
}

/// An alert that has begun to fire, of no incident.
#[must_use]
pub fn alert(key: &str) -> Alert {
    Alert {
        id: AlertKey { source: "grafana".to_owned(), key: key.to_owned() },
        version: 1,
        state: AlertState::Firing,
        title: format!("{key} is full"),
        text: None,
        level: Some(Level::Error),
        labels: BTreeMap::new(),
        links: Vec::new(),
        service: None,
        site: None,
        acknowledged: None,
        incident: None,
        group: "storage".to_owned(),
        since: at(0),
        heard_at: at(0),
        count: 1,
        turns: vec![at(0)],
        silenced_by: None,
    }
}

/// What becomes of a record: it is this now.
#[must_use]
pub fn record(version: i64, record: Record) -> Change {
    Change::Record { key: record.key(), version, record: Some(Box::new(record)) }
}

/// A heartbeat that checked in.
#[must_use]
pub fn beat(source: &str, last: Timestamp) -> Record {
    Record::Beat(Beat { source: source.to_owned(), last, missed: None })
}

/// Something that became of page 1 of an incident.
#[must_use]
pub fn fact(incident: i64, seconds: i64, what: PageFactKind) -> PageFact {
    let person = (what != PageFactKind::Raised).then(|| PersonId::from("alice"));
    let team = Some("retail".to_owned());
    PageFact { at: at(seconds), incident: IncidentId(incident), page: 1, team, person, what }
}

/// Something that goes on the audit log.
#[must_use]
pub fn deed(what: &str) -> Change {
    Change::Audit(Deed {
        at: at(1),
        by: author("alice"),
        via: PlatformId::console(),
        incident: Some(IncidentId(1)),
        what: what.to_owned(),
        detail: serde_json::json!({ "run": 1 }),
    })
}

/// A run of an incident, of a runbook without steps.
#[must_use]
pub fn run(incident: i64, number: i64) -> Record {
    Record::Run(Box::new(Run {
        incident: IncidentId(incident),
        number,
        book: Runbook {
            id: "look".to_owned(),
            name: "Look".to_owned(),
            description: String::new(),
            owner: None,
            services: Vec::new(),
            triggers: Vec::new(),
            inputs: Vec::new(),
            permissions: Permissions::default(),
            steps: Vec::new(),
        },
        inputs: BTreeMap::new(),
        started_by: author("alice"),
        started_at: at(0),
        requesters: vec![PersonId::from("alice")],
        by_step: false,
        rehearsal: false,
        parent: None,
        state: RunState::Running,
        ended_at: None,
        steps: Vec::new(),
    }))
}

/// A request that waits to be sent, for an attempt at a step of run 1.
#[must_use]
pub fn job(incident: i64, step: &str, attempt: u32) -> Job {
    let id = JobId { incident: IncidentId(incident), run: 1, step: step.to_owned(), undo: false, attempt };
    let call = CallWork {
        method: "GET".to_owned(),
        url: Rendered::default(),
        headers: Vec::new(),
        body: None,
        expect: Vec::new(),
    };
    let work = Work::Call(call);
    let task = Task { id, work, timeout: Duration::from_secs(10), outputs: Vec::new(), rehearsal: false };
    Job { task, runner: None, queued_at: at(0), state: JobState::Waiting }
}

/// A write in the making: nothing but a reply at first.
#[must_use]
pub fn write(request: &str) -> Making {
    let decision = Decision::answer(reply(request));
    Making(Write { request: RequestId::from(request), at: at(0), decision, fired: None })
}

/// See [`write`].
#[derive(Debug, Clone)]
pub struct Making(pub Write);

impl Making {
    /// An incident that is new, or is now this.
    #[must_use]
    pub fn incident(mut self, incident: &Incident) -> Self {
        let added = if incident.version == 1 { tags(incident) } else { Vec::new() };
        let change = Change::Incident { incident: Box::new(incident.clone()), added, removed: Vec::new() };
        self.0.decision.changes.push(change);
        self
    }

    /// Any change.
    #[must_use]
    pub fn change(mut self, change: Change) -> Self {
        self.0.decision.changes.push(change);
        self
    }

    /// An entry.
    #[must_use]
    pub fn entry(mut self, entry: Entry) -> Self {
        self.0.decision.entries.push(entry);
        self
    }

    /// An effect.
    #[must_use]
    pub fn effect(mut self, outgoing: Outgoing) -> Self {
        self.0.decision.effects.push(outgoing);
        self
    }

    /// A timer to set.
    #[must_use]
    pub fn timer(mut self, timer: Timer) -> Self {
        self.0.decision.timers.push(TimerChange::Set(timer));
        self
    }

    /// A timer to clear.
    #[must_use]
    pub fn clear(mut self, timer: &Timer) -> Self {
        self.0.decision.timers.push(TimerChange::Clear(timer.key.clone()));
        self
    }

    /// The timer that led to it.
    #[must_use]
    pub fn fired(mut self, timer: Timer) -> Self {
        self.0.fired = Some(timer);
        self
    }

    /// When it was decided.
    #[must_use]
    pub fn at(mut self, moment: Timestamp) -> Self {
        self.0.at = moment;
        self
    }
}
