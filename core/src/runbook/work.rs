//! What a machine is to do for a step: rendered, but for its secrets; and what came of it.

use super::{Expr, JobId, Limits, Output, Rendered, Scope, StatusRange};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// An HTTP request to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallWork {
    /// Its method.
    pub method: String,
    /// Where to.
    pub url: Rendered,
    /// Headers.
    pub headers: Vec<(String, Rendered)>,
    /// Its body.
    pub body: Option<Payload>,
    /// The statuses that mean that it worked.
    pub expect: Vec<StatusRange>,
}

/// The body of a request to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Payload {
    /// JSON. Secrets in its texts stand as objects `{"$secret": [pieces]}` and are put in last.
    Json(Value),
    /// Text.
    Text(Rendered),
}

/// A program to run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramWork {
    /// The program, as the list of allowed ones names it.
    pub program: String,
    /// Its arguments.
    pub args: Vec<Rendered>,
    /// Its environment.
    pub env: Vec<(String, Rendered)>,
    /// Its limits.
    pub limits: Limits,
}

/// A check to make until it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProbeWork {
    /// The request.
    pub call: CallWork,
    /// What must be true of the answer.
    pub holds: Option<Expr>,
    /// What that may speak of, beside `status`, `body` and `json`.
    pub scope: Scope,
    /// How often.
    pub every: Duration,
    /// How often in a row it must hold.
    pub times: u32,
}

/// What a machine is to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "work")]
pub enum Work {
    /// Send a request.
    Call(CallWork),
    /// Run a program.
    Program(ProgramWork),
    /// Check until it holds.
    Probe(ProbeWork),
}

/// One attempt at a step, for a machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Which attempt. It is the idempotency key.
    pub id: JobId,
    /// What to do.
    pub work: Work,
    /// How long it may take.
    pub timeout: Duration,
    /// What to find in what comes of it.
    pub outputs: Vec<Output>,
    /// Whether it is practice: then nothing is done, and the outputs are their examples.
    pub rehearsal: bool,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "ended")]
pub enum Ended {
    /// It worked.
    Well {
        /// Its outputs.
        outputs: BTreeMap<String, Value>,
    },
    /// It did not.
    Badly {
        /// Why, in one sentence without secrets.
        reason: String,
    },
    /// Nobody knows whether it took effect: a request was sent, and there was no answer.
    Unclear {
        /// Why, in one sentence without secrets.
        reason: String,
    },
}

/// What came of an attempt. Secrets are gone from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// How it ended.
    pub ended: Ended,
    /// What it said, to be read by people.
    pub output: String,
    /// Whether that was longer than its limit, and cut.
    pub cut: bool,
}
