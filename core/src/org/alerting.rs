//! What holds for alerts: routes, grouping, flapping, digests, heartbeats.

use crate::alert::{Flapping, Level, Route};
use chrono::TimeDelta;
use std::collections::BTreeMap;

/// What holds for alerts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertRules {
    /// What becomes of an alert; the first route that fits counts.
    pub routes: Vec<Route>,
    /// The team that is paged when neither a route nor a service names one, by id.
    pub team: Option<String>,
    /// How long after its last alert the incident of a group, while it is open, takes more of them.
    pub window: TimeDelta,
    /// How long after an incident was resolved an alert of its group reopens it, rather than declaring another.
    pub reopen_within: TimeDelta,
    /// How long none of its alerts must have been firing for an incident to count as calm.
    pub calm: TimeDelta,
    /// What counts as flapping.
    pub flapping: Flapping,
    /// The timeline of an incident is told what was counted this often at most.
    pub digest_every: TimeDelta,
    /// Who must check in.
    pub heartbeats: Vec<Heartbeat>,
}

impl Default for AlertRules {
    fn default() -> Self {
        Self {
            routes: Vec::new(),
            team: None,
            window: TimeDelta::hours(1),
            reopen_within: TimeDelta::minutes(15),
            calm: TimeDelta::minutes(5),
            flapping: Flapping { turns: 6, within: TimeDelta::minutes(30) },
            digest_every: TimeDelta::minutes(1),
            heartbeats: Vec::new(),
        }
    }
}

impl AlertRules {
    /// The heartbeat of that id.
    #[must_use]
    pub fn heartbeat(&self, id: &str) -> Option<&Heartbeat> {
        self.heartbeats.iter().find(|heartbeat| heartbeat.id == id)
    }
}

/// Somebody who must check in at intervals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heartbeat {
    /// Its id, which is also the source of the alert that silence raises.
    pub id: String,
    /// As shown.
    pub name: String,
    /// How often a check-in is due.
    pub every: TimeDelta,
    /// How late it may be.
    pub grace: TimeDelta,
    /// How bad silence is.
    pub level: Level,
    /// The labels of the alert, for the routes.
    pub labels: BTreeMap<String, String>,
}

impl Heartbeat {
    /// Check-ins that follow one another more closely than this are not written down each.
    #[must_use]
    pub fn rest(&self) -> TimeDelta {
        (self.every / 10).min(TimeDelta::seconds(30))
    }

    /// How long after the last check-in that was written down silence is an alert.
    #[must_use]
    pub fn patience(&self) -> TimeDelta {
        self.every + self.grace + self.rest()
    }
}
