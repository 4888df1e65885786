//! Records: small documents beside the incidents, each read and written as a whole and guarded by its version.

use crate::alert::{Beat, Group, Silences};
use crate::comms::{Message, PublicIncident};
use crate::ids::{IncidentId, PersonId};
use crate::oncall::{Load, Proofs, Roster};
use crate::runbook::{Job, JobId, Run, Transcript};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What sort of record it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RecordKind {
    /// What people have changed about a schedule.
    Roster,
    /// How much a person has been called lately.
    Load,
    /// What is known of a person's contacts.
    Proofs,
    /// The silences and maintenance windows.
    Silences,
    /// A group of alerts that has an incident.
    Group,
    /// A heartbeat.
    Beat,
    /// A run of a runbook.
    Run,
    /// A job of a run.
    Job,
    /// What an attempt at a step has said.
    Transcript,
    /// A comms message of an incident.
    Message,
    /// What customers can see of an incident.
    Public,
}

impl RecordKind {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::Roster,
        Self::Load,
        Self::Proofs,
        Self::Silences,
        Self::Group,
        Self::Beat,
        Self::Run,
        Self::Job,
        Self::Transcript,
        Self::Message,
        Self::Public,
    ];

    /// Whether one that is gone never comes back under its name. Only who asks for such a one by name meets it.
    #[must_use]
    pub fn is_for_once(self) -> bool {
        match self {
            Self::Job | Self::Transcript => true,
            Self::Roster
            | Self::Load
            | Self::Proofs
            | Self::Silences
            | Self::Group
            | Self::Beat
            | Self::Run
            | Self::Message
            | Self::Public => false,
        }
    }

    /// Its word in the store.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Roster => "roster",
            Self::Load => "load",
            Self::Proofs => "proofs",
            Self::Silences => "silences",
            Self::Group => "group",
            Self::Beat => "beat",
            Self::Run => "run",
            Self::Job => "job",
            Self::Transcript => "transcript",
            Self::Message => "message",
            Self::Public => "public",
        }
    }
}

/// The name of a record.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordKey {
    /// Of which sort.
    pub kind: RecordKind,
    /// Which of them.
    pub name: String,
}

impl RecordKey {
    /// The record of that kind and name.
    #[must_use]
    pub fn new(kind: RecordKind, name: impl Into<String>) -> Self {
        Self { kind, name: name.into() }
    }

    /// A run of an incident.
    #[must_use]
    pub fn run(incident: IncidentId, number: i64) -> Self {
        Self::new(RecordKind::Run, format!("{incident}/{number}"))
    }

    /// A comms message of an incident.
    #[must_use]
    pub fn message(incident: IncidentId, number: i64) -> Self {
        Self::new(RecordKind::Message, format!("{incident}/{number}"))
    }

    /// What customers can see of an incident.
    #[must_use]
    pub fn public(incident: IncidentId) -> Self {
        Self::new(RecordKind::Public, incident.to_string())
    }

    /// Of which incident it is, where records are found by that: see [`Wanted::RunsOf`] and those after it.
    #[must_use]
    pub fn incident(&self) -> Option<IncidentId> {
        match self.kind {
            RecordKind::Run | RecordKind::Job | RecordKind::Transcript | RecordKind::Message => {
                self.name.split_once('/')?.0.parse().ok()
            }
            RecordKind::Roster
            | RecordKind::Load
            | RecordKind::Proofs
            | RecordKind::Silences
            | RecordKind::Group
            | RecordKind::Beat
            | RecordKind::Public => None,
        }
    }

    /// A job.
    #[must_use]
    pub fn job(id: &JobId) -> Self {
        Self::new(RecordKind::Job, id.to_string())
    }
}

/// A record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "record")]
pub enum Record {
    /// What people have changed about a schedule.
    Roster(Roster),
    /// How much a person has been called lately.
    Load(Load),
    /// What is known of a person's contacts.
    Proofs(Proofs),
    /// The silences and maintenance windows.
    Silences(Silences),
    /// A group of alerts that has an incident.
    Group(Group),
    /// A heartbeat.
    Beat(Beat),
    /// A run of a runbook.
    Run(Box<Run>),
    /// A job of a run.
    Job(Box<Job>),
    /// What an attempt at a step has said.
    Transcript(Transcript),
    /// A comms message.
    Message(Box<Message>),
    /// What customers can see of an incident.
    Public(Box<PublicIncident>),
}

impl Record {
    /// Its name.
    #[must_use]
    pub fn key(&self) -> RecordKey {
        match self {
            Self::Roster(roster) => RecordKey::new(RecordKind::Roster, &roster.schedule),
            Self::Load(load) => RecordKey::new(RecordKind::Load, load.person.as_str()),
            Self::Proofs(proofs) => RecordKey::new(RecordKind::Proofs, proofs.person.as_str()),
            Self::Silences(_) => RecordKey::new(RecordKind::Silences, ""),
            Self::Group(group) => RecordKey::new(RecordKind::Group, &group.key),
            Self::Beat(beat) => RecordKey::new(RecordKind::Beat, &beat.source),
            Self::Run(run) => RecordKey::run(run.incident, run.number),
            Self::Job(job) => RecordKey::job(&job.task.id),
            Self::Transcript(transcript) => RecordKey::new(RecordKind::Transcript, transcript.job.to_string()),
            Self::Message(message) => RecordKey::message(message.incident, message.number),
            Self::Public(public) => RecordKey::public(public.incident),
        }
    }
}

/// Which records are to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// All of a kind. Those that are gone too, unless [`RecordKind::is_for_once`].
    All(RecordKind),
    /// One.
    One(RecordKey),
    /// The runs of an incident.
    RunsOf(IncidentId),
    /// The jobs of its runs.
    JobsOf(IncidentId),
    /// What the attempts of its runs have said, or those of one of them.
    TranscriptsOf(IncidentId, Option<i64>),
    /// The comms messages of an incident.
    MessagesOf(IncidentId),
}

/// Records that were read, with the version of each. Of one that is gone only the version is left: should it come back,
/// its versions go on from there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Records(BTreeMap<RecordKey, (i64, Option<Record>)>);

impl Records {
    /// Adds one that was read.
    pub fn add(&mut self, version: i64, record: Record) {
        self.0.insert(record.key(), (version, Some(record)));
    }

    /// Adds the version of one that is gone.
    pub fn add_gone(&mut self, version: i64, key: RecordKey) {
        self.0.insert(key, (version, None));
    }

    /// The version of a record; 0 when there never was one.
    #[must_use]
    pub fn version(&self, key: &RecordKey) -> i64 {
        self.0.get(key).map_or(0, |(version, _)| *version)
    }

    /// Every record that is there.
    pub fn iter(&self) -> impl Iterator<Item = &Record> {
        self.0.values().filter_map(|(_, record)| record.as_ref())
    }

    /// What people have changed about a schedule.
    #[must_use]
    pub fn roster(&self, schedule: &str) -> Option<&Roster> {
        match self.get(RecordKind::Roster, schedule) {
            Some(Record::Roster(roster)) => Some(roster),
            Some(_) | None => None,
        }
    }

    /// How much a person has been called lately.
    #[must_use]
    pub fn load(&self, person: &PersonId) -> Option<&Load> {
        match self.get(RecordKind::Load, person.as_str()) {
            Some(Record::Load(load)) => Some(load),
            Some(_) | None => None,
        }
    }

    /// What is known of a person's contacts.
    #[must_use]
    pub fn proofs(&self, person: &PersonId) -> Option<&Proofs> {
        match self.get(RecordKind::Proofs, person.as_str()) {
            Some(Record::Proofs(proofs)) => Some(proofs),
            Some(_) | None => None,
        }
    }

    /// The silences and maintenance windows.
    #[must_use]
    pub fn silences(&self) -> Option<&Silences> {
        match self.get(RecordKind::Silences, "") {
            Some(Record::Silences(silences)) => Some(silences),
            Some(_) | None => None,
        }
    }

    /// A group of alerts.
    #[must_use]
    pub fn group(&self, key: &str) -> Option<&Group> {
        match self.get(RecordKind::Group, key) {
            Some(Record::Group(group)) => Some(group),
            Some(_) | None => None,
        }
    }

    /// A heartbeat.
    #[must_use]
    pub fn beat(&self, source: &str) -> Option<&Beat> {
        match self.get(RecordKind::Beat, source) {
            Some(Record::Beat(beat)) => Some(beat),
            Some(_) | None => None,
        }
    }

    /// A run.
    #[must_use]
    pub fn run(&self, incident: IncidentId, number: i64) -> Option<&Run> {
        match self.0.get(&RecordKey::run(incident, number))?.1.as_ref() {
            Some(Record::Run(run)) => Some(run),
            Some(_) | None => None,
        }
    }

    /// The transcripts, in no particular order.
    pub fn transcripts(&self) -> impl Iterator<Item = &Transcript> {
        self.iter().filter_map(|record| if let Record::Transcript(one) = record { Some(one) } else { None })
    }

    /// The runs, in no particular order.
    pub fn runs(&self) -> impl Iterator<Item = &Run> {
        self.iter().filter_map(|record| if let Record::Run(run) = record { Some(run.as_ref()) } else { None })
    }

    /// A job.
    #[must_use]
    pub fn job(&self, id: &JobId) -> Option<&Job> {
        match self.0.get(&RecordKey::job(id))?.1.as_ref() {
            Some(Record::Job(job)) => Some(job),
            Some(_) | None => None,
        }
    }

    /// The jobs.
    pub fn jobs(&self) -> impl Iterator<Item = &Job> {
        self.iter().filter_map(|record| if let Record::Job(job) = record { Some(job.as_ref()) } else { None })
    }

    /// A comms message.
    #[must_use]
    pub fn message(&self, incident: IncidentId, number: i64) -> Option<&Message> {
        match self.0.get(&RecordKey::message(incident, number))?.1.as_ref() {
            Some(Record::Message(message)) => Some(message),
            Some(_) | None => None,
        }
    }

    /// The comms messages of an incident, in the order of their numbers.
    #[must_use]
    pub fn messages_of(&self, incident: IncidentId) -> Vec<&Message> {
        let all =
            self.iter().filter_map(|record| if let Record::Message(one) = record { Some(one.as_ref()) } else { None });
        let mut of_it: Vec<_> = all.filter(|one| one.incident == incident).collect();
        of_it.sort_by_key(|one| one.number);
        of_it
    }

    /// What customers can see of an incident.
    #[must_use]
    pub fn public(&self, incident: IncidentId) -> Option<&PublicIncident> {
        match self.0.get(&RecordKey::public(incident))?.1.as_ref() {
            Some(Record::Public(public)) => Some(public),
            Some(_) | None => None,
        }
    }

    /// Everything that customers can see, in no particular order.
    pub fn publics(&self) -> impl Iterator<Item = &PublicIncident> {
        self.iter().filter_map(|record| if let Record::Public(one) = record { Some(one.as_ref()) } else { None })
    }

    fn get(&self, kind: RecordKind, name: &str) -> Option<&Record> {
        self.0.get(&RecordKey::new(kind, name))?.1.as_ref()
    }
}
