//! A group of alerts: those that one incident is about.

use crate::clock::Timestamp;
use crate::ids::IncidentId;
use serde::{Deserialize, Serialize};

/// A group of alerts that has an incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// What its alerts have in common.
    pub key: String,
    /// Its incident.
    pub incident: IncidentId,
    /// Since when.
    pub since: Timestamp,
    /// When it was last heard of one of its alerts.
    pub heard_at: Timestamp,
}
