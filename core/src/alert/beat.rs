//! Heartbeats: somebody checks in at intervals, and silence is an alert.

use crate::clock::Timestamp;
use serde::{Deserialize, Serialize};

/// When a source last checked in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beat {
    /// Which source.
    pub source: String,
    /// When it last checked in, or was first expected.
    pub last: Timestamp,
    /// Since when it has been missed.
    pub missed: Option<Timestamp>,
}
