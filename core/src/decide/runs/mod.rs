//! Runs of runbooks: started, driven on, heard of, taken back. Every step's intent is written before it begins, and its
//! outcome after. What may follow what is in [`crate::runbook::next`] alone.

mod approve;
mod begin;
mod desk;
mod fits;
mod go;
mod jobs;
mod later;
mod permit;
mod say;
mod start;
mod tell;
#[cfg(test)]
mod tests;
mod trigger;
mod undo;

pub use approve::as_asked_now;
pub(super) use desk::card;
pub use fits::fits;
pub(super) use jobs::lost;
pub use jobs::{beat, gone, report, take};
pub(super) use later::{elapsed, end_all, page_now};
pub use permit::{may_approve, may_drive, may_run};
pub use say::say;
pub use start::start;
pub(super) use start::start_alone;
pub(super) use tell::hear_of_message;
pub(super) use trigger::{follow, offered};

use super::comms;
use crate::ids::IncidentId;
use crate::record::Wanted;
use crate::runbook::Runbook;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is to run, and with what.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// The runbook.
    pub book: Arc<Runbook>,
    /// Its inputs, each of its type, the defaults included.
    pub inputs: BTreeMap<String, Value>,
    /// Whether every step waits for `next`.
    pub by_step: bool,
}

/// What somebody says to a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// Go on: a manual step is done, a step that waits to be let begin begins.
    Next,
    /// Something of a checklist is done, by its place from 0; said again, it is not.
    Tick(usize),
    /// The answer to a question, by its value.
    Answer(String),
    /// Leave a step out.
    Skip(String),
    /// Try a step again: it has failed, or nobody knows its outcome.
    Retry,
    /// It took effect, although nobody told us so: go on.
    Confirm,
    /// What an `approve` step covers may be done. The beginning of the hash of what was shown.
    Approve(String),
    /// It may not.
    Deny(String),
    /// Begin nothing more.
    Pause,
    /// Go on.
    Resume,
    /// Give the run up.
    Abort(String),
    /// Take back what was done, the last first.
    Undo,
}

/// What must be read to decide about a run of that incident: its steps may write messages.
#[must_use]
pub fn records(incident: IncidentId) -> Vec<Wanted> {
    let own = [Wanted::RunsOf(incident), Wanted::JobsOf(incident)];
    own.into_iter().chain(comms::own_records(incident)).collect()
}
