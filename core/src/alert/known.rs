//! An alert: all that one source says under one key.

use super::{Action, Level, Link, Signal};
use crate::clock::Timestamp;
use crate::ids::IncidentId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// What tells one alert from another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AlertKey {
    /// The source, by its id in the config.
    pub source: String,
    /// The key within it.
    pub key: String,
}

/// Where an alert stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertState {
    /// It is so.
    Firing,
    /// It is no longer so.
    Resolved,
}

/// An alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// Which.
    pub id: AlertKey,
    /// How many decisions have changed it.
    pub version: i64,
    /// Where it stands.
    pub state: AlertState,
    /// What is wrong, in one line.
    pub title: String,
    /// More of it.
    pub text: Option<String>,
    /// How bad, where the source says so.
    pub level: Option<Level>,
    /// What it is about, by name.
    pub labels: BTreeMap<String, String>,
    /// Where more can be seen.
    pub links: Vec<Link>,
    /// The service it is about, by its id in the config.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// The site it is about, by its id in the config.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Since when somebody has it, over there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<Timestamp>,
    /// The incident it belongs to.
    pub incident: Option<IncidentId>,
    /// The group it belongs to, by its key.
    pub group: String,
    /// Since when it has been as it is.
    pub since: Timestamp,
    /// When it was last heard of.
    pub heard_at: Timestamp,
    /// How often it was heard of.
    pub count: i64,
    /// When it began to fire or was resolved, the latest times; what changes too often is flapping.
    pub turns: Vec<Timestamp>,
    /// The number of the silence that keeps it from people.
    pub silenced_by: Option<i64>,
}

impl AlertKey {
    /// A short name of it to type: people cannot be asked to type the keys of machines.
    #[must_use]
    pub fn code(&self) -> String {
        let hash = Sha256::new().chain_update(&self.source).chain_update([0]).chain_update(&self.key).finalize();
        hash.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
    }
}

impl From<&Signal> for AlertKey {
    fn from(signal: &Signal) -> Self {
        Self { source: signal.source.clone(), key: signal.key.clone() }
    }
}

impl Alert {
    /// An alert of which nothing has been heard but this; it has not begun to fire yet.
    #[must_use]
    pub fn of(signal: &Signal, now: Timestamp) -> Self {
        Self {
            id: AlertKey::from(signal),
            version: 0,
            state: AlertState::Resolved,
            title: signal.title.clone(),
            text: signal.text.clone(),
            level: signal.level,
            labels: signal.labels.clone(),
            links: signal.links.clone(),
            service: None,
            site: None,
            acknowledged: None,
            incident: None,
            group: String::new(),
            since: now,
            heard_at: now,
            count: 0,
            turns: Vec::new(),
            silenced_by: None,
        }
    }

    /// A signal that says the same once more.
    #[must_use]
    pub fn again(&self) -> Signal {
        Signal {
            source: self.id.source.clone(),
            key: self.id.key.clone(),
            action: Action::Trigger,
            title: self.title.clone(),
            text: self.text.clone(),
            level: self.level,
            labels: self.labels.clone(),
            links: self.links.clone(),
            at: Some(self.since),
        }
    }

    /// What sort of thing is wrong: alerts of one kind differ in where it is.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.labels.get("alertname").filter(|name| !name.is_empty()).unwrap_or(&self.title)
    }

    /// Whether it is firing.
    #[must_use]
    pub fn is_firing(&self) -> bool {
        self.state == AlertState::Firing
    }
}

/// Which alerts are to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlertQuery {
    /// These, as far as there are any.
    Keys(Vec<AlertKey>),
    /// Those of an incident, firing ones first, at most so many.
    OfIncident(IncidentId, i64),
    /// Those that are firing, latest first, at most so many.
    Firing(i64),
}
