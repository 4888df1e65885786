//! Runs of runbooks: started, driven on, heard of, taken back. Every step's intent is written before it begins, and its
//! outcome after.

use super::{Ctx, Decision, Draft, State};
use crate::clock::Timestamp;
use crate::ids::IncidentId;
use crate::record::Wanted;
use crate::refusal::Refusal;
use crate::runbook::{JobId, Report, Runbook};
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

/// What must be read to decide about a run of that incident.
#[must_use]
pub fn records(incident: IncidentId) -> Vec<Wanted> {
    vec![Wanted::RunsOf(incident)]
}

/// Starts a run; its number. [`records`] must have been read.
///
/// # Errors
/// When the one who acts may not, or too much is running already.
pub fn start(draft: &mut Draft<'_>, order: Order, state: &State) -> Result<i64, Refusal> {
    let _ = (draft, order, state);
    Ok(0)
}

/// Somebody says something to a run, about the step named, or the one that it is about by itself.
///
/// # Errors
/// When the one who acts may not, or it makes no sense now.
pub fn say(draft: &mut Draft<'_>, run: i64, step: Option<&str>, word: &Word, state: &State) -> Result<(), Refusal> {
    let _ = (draft, run, step, word, state);
    Ok(())
}

/// The time of a step has come.
#[must_use]
pub fn elapsed(of: (i64, &str), state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let _ = (of, state, ctx);
    None
}

/// A step pages somebody. [`super::pages::records`] must have been read too.
#[must_use]
pub fn page_now(of: (i64, &str), state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let _ = (of, state, ctx);
    None
}

/// Whoever was at a job has been silent for too long.
#[must_use]
pub fn lost(job: &JobId, due: Timestamp, state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let _ = (job, due, state, ctx);
    None
}

/// Somebody takes a job. Nothing is decided if it is not to be had; else it is theirs once this is written, and they may begin.
#[must_use]
pub fn take(job: &JobId, worker: &str, state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let _ = (job, worker, state, ctx);
    None
}

/// Whoever is at a job lives, and this is the last of what it says.
#[must_use]
pub fn beat(of: (&JobId, &str), tail: Option<&[String]>, state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let _ = (of, tail, state, ctx);
    None
}

/// An attempt has ended. A report of one that is not theirs, or known already, changes nothing.
#[must_use]
pub fn report(of: (&JobId, &str), report: &Report, state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let _ = (of, report, state, ctx);
    None
}
