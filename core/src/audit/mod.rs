//! The audit log: who decided what about a runbook, each entry sealed with the hash of the one before.

mod check;
mod walk;

pub use check::{Broken, Check};
pub use walk::check;

use crate::clock::Timestamp;
use crate::ids::{IncidentId, PlatformId};
use crate::incident::entry::Author;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

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

/// Where the log ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The place of its last entry; 0 if there is none.
    pub seq: i64,
    /// The seal of that entry; [`GENESIS`] if there is none.
    pub seal: String,
}

impl Head {
    /// The end of an empty log.
    #[must_use]
    pub fn genesis() -> Self {
        Self { seq: 0, seal: GENESIS.to_owned() }
    }

    /// The next entry after this one, which is the head then.
    pub fn add(&mut self, body: &str) -> Sealed {
        self.seq += 1;
        self.seal = seal(&self.seal, self.seq, body);
        Sealed { seq: self.seq, body: body.to_owned(), seal: self.seal.clone() }
    }
}

/// Shown and read as `SEQ:SEAL`.
impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, self.seal)
    }
}

impl FromStr for Head {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_seal = |seal: &str| seal.len() == GENESIS.len() && seal.bytes().all(|byte| byte.is_ascii_hexdigit());
        let parts = text.split_once(':').and_then(|(seq, seal)| Some((seq.parse::<i64>().ok()?, seal)));
        match parts {
            Some((seq, seal)) if seq >= 0 && is_seal(seal) => Ok(Self { seq, seal: seal.to_ascii_lowercase() }),
            Some(_) | None => {
                Err("must be a place and a seal, as in 12:9f86d0…, the seal with all its 64 digits".to_owned())
            }
        }
    }
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
