//! The audit log: who decided what about a runbook, each entry sealed with the hash of the one before.

use crate::clock::Timestamp;
use crate::ids::{IncidentId, PlatformId};
use crate::incident::entry::Author;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What is on the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deed {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Author,
    /// From where.
    pub via: PlatformId,
    /// About which incident.
    pub incident: Option<IncidentId>,
    /// What, in a word: `run.started`, `step.approved`.
    pub what: String,
    /// More of it, in order.
    pub detail: serde_json::Value,
}

/// An entry of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Its place, from 1, without gaps.
    pub seq: i64,
    /// What is on the record, as the JSON that was hashed.
    pub body: String,
    /// The seal: [`seal`] of the entry before and this one.
    pub seal: String,
}

/// The seal before the first entry.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The seal of an entry: SHA-256 over the seal before, the place and the body, in hexadecimal.
#[must_use]
pub fn seal(before: &str, seq: i64, body: &str) -> String {
    let mut hash = Sha256::new();
    for part in [before.as_bytes(), b"\n", seq.to_string().as_bytes(), b"\n", body.as_bytes()] {
        hash.update(part);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
