//! Timers: what must happen later, as data, so that a restart forgets nothing.

use crate::alert::AlertKey;
use crate::clock::Timestamp;
use crate::decide::{Needs, comms, maintenance, pages, runs};
use crate::ids::{IncidentId, PersonId, TimerKey};
use crate::incident::event::{Due, Reminder};
use crate::record::{RecordKey, RecordKind, Wanted};
use crate::runbook::JobId;
use serde::{Deserialize, Serialize};

/// What happens when the time has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "timer")]
pub enum Alarm {
    /// Remind the room, if what it is about is still missing.
    Remind {
        /// Of what.
        about: Reminder,
        /// Since when it has been missing.
        since: Timestamp,
    },
    /// Put the rooms away, if the incident is still over.
    Archive,
    /// Look after those who are on call: whether they can be reached, and whether there are gaps.
    Watch,
    /// Call whoever comes next about a page that nobody has answered.
    Escalate {
        /// Which page.
        page: i64,
    },
    /// Call somebody by the next step of their rules.
    Call {
        /// About which page.
        page: i64,
        /// Whom.
        person: PersonId,
    },
    /// Tell what alerts have been counted.
    Digest,
    /// See whether the alerts have stayed quiet.
    Calm,
    /// Hear an alert again that was flapping.
    Hear {
        /// Which.
        alert: AlertKey,
    },
    /// Hear the alerts again that a silence has kept from people.
    Unsilence {
        /// The silence, by its number.
        silence: i64,
    },
    /// A step of a run goes on: a wait is over, an attempt is made again, an approval has not come.
    Step {
        /// Of which run.
        run: i64,
        /// Which, by id.
        step: String,
    },
    /// A step of a run pages somebody.
    StepPage {
        /// Of which run.
        run: i64,
        /// Which, by id.
        step: String,
    },
    /// A runbook starts by itself.
    StartRun {
        /// Which, by id.
        book: String,
    },
    /// The incident has ended in a way that leaves its runs nothing to do.
    EndRuns,
    /// Whoever was at a job has not said for a while that they live.
    Job {
        /// Which.
        job: JobId,
    },
    /// Publish a message whose time has come.
    Publish {
        /// Which.
        message: i64,
    },
    /// Ask others to look at a message that waits for approval.
    Review {
        /// Which.
        message: i64,
        /// Whether the approvers have been asked again already.
        again: bool,
    },
    /// Planned work begins.
    WorkBegins,
    /// Planned work has begun, or is over: its silence and what customers read follow.
    WorkTurned {
        /// Whether it is over.
        over: bool,
    },
    /// Those who have subscribed are reminded of planned work.
    WorkReminder {
        /// How long before it begins, in seconds.
        before: i64,
    },
    /// See whether somebody has checked in.
    Beat {
        /// Who, by the id of the heartbeat.
        source: String,
    },
}

impl Alarm {
    /// What must be read to know what happens, about that incident if it is about one.
    #[must_use]
    pub fn needs(&self, incident: Option<IncidentId>) -> Needs {
        let records = match self {
            Self::Beat { source } => vec![Wanted::One(RecordKey::new(RecordKind::Beat, source))],
            Self::Remind { .. }
            | Self::Archive
            | Self::Digest
            | Self::Calm
            | Self::Hear { .. }
            | Self::WorkBegins
            | Self::Unsilence { .. } => Vec::new(),
            Self::Publish { .. } => incident.map(comms::records).unwrap_or_default(),
            Self::WorkTurned { .. } | Self::WorkReminder { .. } => {
                incident.map(maintenance::records).unwrap_or_default()
            }
            Self::Review { .. } => {
                incident.map(comms::records).into_iter().chain([pages::records()]).flatten().collect()
            }
            Self::Step { .. } | Self::StartRun { .. } | Self::EndRuns => {
                incident.map(runs::records).unwrap_or_default()
            }
            Self::Job { job } => runs::records(job.incident),
            Self::StepPage { .. } => {
                incident.map(runs::records).into_iter().chain([pages::records()]).flatten().collect()
            }
            Self::Escalate { .. } | Self::Call { .. } | Self::Watch => pages::records(),
        };
        let incident = match self {
            Self::Job { job } => Some(job.incident),
            Self::Remind { .. }
            | Self::Archive
            | Self::Watch
            | Self::Escalate { .. }
            | Self::Call { .. }
            | Self::Digest
            | Self::Calm
            | Self::Hear { .. }
            | Self::Unsilence { .. }
            | Self::Step { .. }
            | Self::StepPage { .. }
            | Self::StartRun { .. }
            | Self::EndRuns
            | Self::Publish { .. }
            | Self::Review { .. }
            | Self::WorkBegins
            | Self::WorkTurned { .. }
            | Self::WorkReminder { .. }
            | Self::Beat { .. } => incident,
        };
        Needs { incident, records, ..Needs::default() }
    }

    /// The timer's name: one of each sort per incident.
    #[must_use]
    pub fn key(&self, incident: IncidentId) -> TimerKey {
        self.key_of(Some(incident))
    }

    /// The same, where it may be about no incident.
    #[must_use]
    pub fn key_of(&self, incident: Option<IncidentId>) -> TimerKey {
        let incident = incident.map_or_else(|| "-".to_owned(), |incident| incident.to_string());
        match self {
            Self::Watch => TimerKey::new(format!("{incident}/watch")),
            Self::Escalate { page } => TimerKey::new(format!("{incident}/page/{page}")),
            Self::Call { page, person } => TimerKey::new(format!("{incident}/page/{page}/@{person}")),
            Self::Step { run, step } => TimerKey::new(format!("{incident}/run/{run}/{step}")),
            Self::StepPage { run, step } => TimerKey::new(format!("{incident}/run/{run}/{step}/page")),
            Self::StartRun { book } => TimerKey::new(format!("{incident}/runbook/{book}")),
            Self::EndRuns => TimerKey::new(format!("{incident}/runs")),
            Self::Job { job } => TimerKey::new(format!("{job}/job")),
            Self::Publish { message } => TimerKey::new(format!("{incident}/message/{message}")),
            Self::Review { message, .. } => TimerKey::new(format!("{incident}/message/{message}/review")),
            Self::WorkBegins => TimerKey::new(format!("{incident}/work/begins")),
            Self::WorkTurned { over: false } => TimerKey::new(format!("{incident}/work/begun")),
            Self::WorkTurned { over: true } => TimerKey::new(format!("{incident}/work/over")),
            Self::WorkReminder { before } => TimerKey::new(format!("{incident}/work/reminder/{before}")),
            Self::Remind { about, .. } => about.key_of(&incident),
            Self::Archive => TimerKey::new(format!("{incident}/archive")),
            Self::Digest => TimerKey::new(format!("{incident}/alerts")),
            Self::Calm => TimerKey::new(format!("{incident}/calm")),
            Self::Hear { alert } => TimerKey::new(format!("{incident}/alert/{}/{}", alert.source, alert.key)),
            Self::Unsilence { silence } => TimerKey::new(format!("{incident}/silence/{silence}")),
            Self::Beat { source } => TimerKey::new(format!("{incident}/beat/{source}")),
        }
    }
}

impl Reminder {
    /// The name of the timer that reminds of it.
    #[must_use]
    pub fn key(self, incident: IncidentId) -> TimerKey {
        self.key_of(&incident.to_string())
    }

    fn key_of(self, incident: &str) -> TimerKey {
        let sort = match self {
            Self::NoCommander => "no-commander",
            Self::UpdateDue => "update-due",
            Self::Customers(Due::Soon) => "public-soon",
            Self::Customers(Due::Late) => "public-late",
            Self::WorkSoon => "work-soon",
            Self::WorkLate => "work-late",
        };
        TimerKey::new(format!("{incident}/{sort}"))
    }
}

/// A pending timer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timer {
    /// Its name.
    pub key: TimerKey,
    /// For which incident, if it is for one.
    pub incident: Option<IncidentId>,
    /// When.
    pub due_at: Timestamp,
    /// What happens.
    pub alarm: Alarm,
}

impl Timer {
    /// A timer that is about no incident.
    #[must_use]
    pub fn apart(alarm: Alarm, due_at: Timestamp) -> Self {
        Self { key: alarm.key_of(None), incident: None, due_at, alarm }
    }
}

/// What a decision does to the timers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimerChange {
    /// Set it, or move it.
    Set(Timer),
    /// Forget it, if it is set.
    Clear(TimerKey),
}
