//! An alert: all that one source says under one key.

use super::{Level, Link};
use crate::clock::Timestamp;
use crate::ids::IncidentId;
use serde::{Deserialize, Serialize};
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
