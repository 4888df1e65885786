//! A run of a runbook: where it stands. A record beside its incident, changed only by [`crate::decide::runs`].

use super::{JobId, Planned, Runbook, Step};
use crate::clock::Timestamp;
use crate::ids::{IncidentId, PersonId};
use crate::incident::entry::Author;
use crate::incident::event::Subject;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Where a run stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum RunState {
    /// It goes on as soon as it can.
    Running,
    /// Somebody has paused it: what is under way ends, nothing begins.
    Paused,
    /// A step has failed, was denied, or has no known outcome: people must say what is to be done.
    Stopped,
    /// What was done is being taken back, the last first.
    Undoing,
    /// Taking back has failed, or has no known outcome.
    UndoStopped,
    /// All is done.
    Done,
    /// What was done has been taken back.
    Undone,
    /// It was given up.
    Aborted,
}

impl RunState {
    /// Whether anything can still happen in it by itself or by a word.
    #[must_use]
    pub fn is_open(&self) -> bool {
        match self {
            Self::Running | Self::Paused | Self::Stopped | Self::Undoing | Self::UndoStopped => true,
            Self::Done | Self::Undone | Self::Aborted => false,
        }
    }
}

/// Where a step stands, or the taking back of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum StepState {
    /// Not begun.
    Pending,
    /// It could begin, and waits for somebody to say `next`: the run goes step by step.
    Held,
    /// People are asked: to do it, to answer, to approve.
    Asking,
    /// It goes on at that moment: a wait, or the pause before another attempt.
    Waiting {
        /// When.
        until: Timestamp,
    },
    /// A machine is to do it, and none has begun. Written before anything is done.
    Queued,
    /// A machine is at it. Written before it begins.
    Working {
        /// Which: one life of one process.
        worker: String,
    },
    /// Its steps, or the run it has started, are under way.
    Open {
        /// The run it has started.
        run: Option<i64>,
    },
    /// Done.
    Done,
    /// Its condition did not hold.
    NotNeeded,
    /// Somebody left it out.
    Skipped {
        /// Who.
        by: Subject,
        /// Why.
        reason: String,
    },
    /// It failed.
    Failed {
        /// Why.
        reason: String,
    },
    /// Nobody knows whether it took effect.
    Unknown {
        /// Why.
        reason: String,
    },
}

/// One word for what an `approve` step covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Who.
    pub by: Subject,
    /// When.
    pub at: Timestamp,
    /// The SHA-256 of the steps it covers, rendered, with the runbook, the run and its inputs, in hexadecimal.
    pub hash: String,
}

/// What people are asked at a step, filled in at the moment they are asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asks {
    /// What is to be done, answered or decided.
    pub text: String,
    /// What is to be ticked off on the way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checklist: Vec<String>,
    /// What is to be approved: each step as it would be carried out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub covers: Vec<Planned>,
    /// The hash of that. An approval is for this and nothing else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    /// The number of the comms message that is to be published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<i64>,
}

/// A step of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepRun {
    /// Its id.
    pub id: String,
    /// Where it stands.
    pub state: StepState,
    /// How often it was begun.
    pub attempt: u32,
    /// How often that was withdrawn before a machine had taken it.
    #[serde(default)]
    pub withdrawn: u32,
    /// When it first began.
    pub began_at: Option<Timestamp>,
    /// When its state last changed.
    pub changed_at: Option<Timestamp>,
    /// What later steps may use.
    pub outputs: BTreeMap<String, Value>,
    /// The last lines of what it said.
    pub tail: Vec<String>,
    /// Whom it is for, where people are asked.
    pub asked: Vec<Subject>,
    /// What they are asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asks: Option<Asks>,
    /// What of its checklist is ticked off, by index.
    pub ticked: Vec<usize>,
    /// The words for what it covers.
    pub approvals: Vec<Approval>,
    /// Where taking it back stands.
    pub undo: Option<StepState>,
    /// How often that was begun.
    pub undo_attempt: u32,
}

/// A run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Of which incident.
    pub incident: IncidentId,
    /// Its number there.
    pub number: i64,
    /// The runbook as it was when it started.
    pub book: Runbook,
    /// With what.
    pub inputs: BTreeMap<String, Value>,
    /// Who started it.
    pub started_by: Author,
    /// When.
    pub started_at: Timestamp,
    /// Those who may approve nothing in it, because they have asked for it: who started it or drove it on.
    pub requesters: Vec<PersonId>,
    /// Whether every step waits for `next`.
    pub by_step: bool,
    /// Whether it is practice.
    pub rehearsal: bool,
    /// The run and the step that have started it.
    pub parent: Option<(i64, String)>,
    /// Where it stands.
    pub state: RunState,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Its steps, in the order of [`Runbook::flat`].
    pub steps: Vec<StepRun>,
}

impl StepState {
    /// Whether nothing more is to come of it.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        match self {
            Self::Done | Self::NotNeeded | Self::Skipped { .. } => true,
            Self::Pending
            | Self::Held
            | Self::Asking
            | Self::Waiting { .. }
            | Self::Queued
            | Self::Working { .. }
            | Self::Open { .. }
            | Self::Failed { .. }
            | Self::Unknown { .. } => false,
        }
    }

    /// Its word, as expressions know it: `steps.ID.state`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Held => "held",
            Self::Asking => "asking",
            Self::Waiting { .. } => "waiting",
            Self::Queued => "queued",
            Self::Working { .. } => "working",
            Self::Open { .. } => "open",
            Self::Done => "done",
            Self::NotNeeded => "not_needed",
            Self::Skipped { .. } => "skipped",
            Self::Failed { .. } => "failed",
            Self::Unknown { .. } => "unknown",
        }
    }
}

impl StepRun {
    /// A step that has not begun.
    #[must_use]
    pub fn of(step: &Step) -> Self {
        Self {
            id: step.id.clone(),
            state: StepState::Pending,
            attempt: 0,
            withdrawn: 0,
            began_at: None,
            changed_at: None,
            outputs: BTreeMap::new(),
            tail: Vec::new(),
            asked: Vec::new(),
            asks: None,
            ticked: Vec::new(),
            approvals: Vec::new(),
            undo: None,
            undo_attempt: 0,
        }
    }
}

impl Run {
    /// The step of that id: what the runbook says of it, and where it stands.
    #[must_use]
    pub fn step(&self, id: &str) -> Option<(&Step, &StepRun)> {
        let at = self.steps.iter().position(|step| step.id == id)?;
        Some((self.book.flat().get(at).copied()?, &self.steps[at]))
    }
}

/// What an incident remembers of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brief {
    /// Its number.
    pub number: i64,
    /// The runbook, by id.
    pub book: String,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub state: RunState,
}

/// All that an attempt has said. A record of its own, where that is more than a few lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transcript {
    /// Which attempt.
    pub job: JobId,
    /// What it said.
    pub text: String,
    /// Whether it said more.
    pub cut: bool,
}
