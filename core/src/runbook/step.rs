//! The steps of a runbook: what each does, how long it may take, what follows when it fails, and how it is taken back.

use super::{Expr, Runbook, Text, Who};
use crate::ids::{RoleKey, SeverityKey};
use crate::incident::status::Phase;
use crate::org::Loudness;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// An HTTP request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Its method.
    pub method: String,
    /// Where to. What is filled in is encoded, and cannot change the scheme or the host.
    pub url: Text,
    /// Headers.
    pub headers: Vec<(String, Text)>,
    /// Its body.
    pub body: Option<Body>,
    /// The statuses that mean that it worked.
    pub expect: Vec<StatusRange>,
}

/// The body of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// JSON. Its texts are templates; one that is nothing but `${{ … }}` becomes the value itself, whatever its type.
    Json(Value),
    /// Text.
    Text(Text),
}

/// HTTP statuses, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusRange {
    /// From.
    pub from: u16,
    /// To.
    pub to: u16,
}

/// A program with its arguments: never a line for a shell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// The program as the list of allowed ones names it. Nothing is filled in here.
    pub program: String,
    /// Its arguments, one by one. What is filled in stays within its argument.
    pub args: Vec<Text>,
    /// Variables of its environment. It gets no others.
    pub env: Vec<(String, Text)>,
    /// Its limits.
    pub limits: Limits,
}

/// What a program may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Bytes of output that are kept; the rest is cut.
    pub output: u64,
    /// Bytes of memory, each process.
    pub memory: u64,
    /// Processes at once.
    pub processes: u64,
}

/// A check that is made again and again until it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// The request.
    pub call: Call,
    /// What must be true of the answer: `status`, `body` (text) and `json` are known, and all that steps know.
    pub holds: Option<Expr>,
    /// How often.
    pub every: Duration,
    /// How often in a row it must hold.
    pub times: u32,
}

/// One answer to a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What is kept as the answer.
    pub value: String,
    /// What is shown.
    pub label: String,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "does")]
pub enum Action {
    /// A person does it and says so.
    Manual {
        /// What is to be done.
        text: Text,
        /// What is to be ticked off on the way.
        checklist: Vec<Text>,
    },
    /// A request is sent.
    Http(Call),
    /// A program runs.
    Run(Program),
    /// A check is made until it holds.
    Probe(Probe),
    /// Somebody is paged.
    Page {
        /// Whom, as it is typed: a team, `@person`, a schedule.
        target: Text,
        /// How much it may disturb.
        loudness: Loudness,
        /// Why.
        message: Text,
    },
    /// Somebody gets a role.
    Role {
        /// Which.
        role: RoleKey,
        /// Who, by id.
        person: Text,
    },
    /// An internal update is written.
    Update {
        /// What it says.
        text: Text,
        /// In how long the next one is promised.
        next: Option<Duration>,
    },
    /// A message to customers is to be published. Who leads communications is asked to, and says when it is out.
    Comms {
        /// Who leads, if it is not the role of the Comms Lead.
        audience: String,
        /// What it is to say.
        text: Text,
    },
    /// The severity becomes this.
    Severity {
        /// Which.
        to: SeverityKey,
        /// Why.
        reason: Option<Text>,
    },
    /// The status becomes this.
    Status {
        /// Which.
        to: Phase,
        /// A word about it.
        note: Option<Text>,
    },
    /// Nothing is done for a while.
    Wait {
        /// For how long, or until when: `15m`, `06:00`, `2026-11-27 06:00`.
        until: Text,
    },
    /// A question is asked. The answer is the output `answer`.
    Ask {
        /// The question.
        question: Text,
        /// The answers.
        choices: Vec<Choice>,
    },
    /// The steps named are allowed by people who have not asked for them.
    Approve {
        /// Who may.
        who: Vec<Who>,
        /// How many must.
        count: u32,
        /// Within how long; then it has failed.
        within: Duration,
        /// For how long the approval is good.
        valid_for: Duration,
        /// The ids of the steps that are approved. All come after it, and none begins without.
        covers: Vec<String>,
        /// What is to be decided.
        text: Text,
    },
    /// Another runbook runs, as a run of its own.
    Runbook {
        /// Which.
        book: Box<Runbook>,
        /// Its inputs.
        inputs: BTreeMap<String, Text>,
    },
    /// All these steps at once. None of them holds others.
    Parallel {
        /// Which.
        steps: Vec<Step>,
    },
}

/// How often a step is tried again before it has failed. Only what is idempotent has this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retry {
    /// Attempts, the first included.
    pub attempts: u32,
    /// The pause between two.
    pub wait: Duration,
}

/// What follows when a step has failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnFailure {
    /// The run stops.
    Stop,
    /// The run goes on.
    Continue,
    /// The run stops, and those who drive it are asked.
    Ask,
    /// What was done is taken back.
    Undo,
}

/// Where an output is found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// In the answer as JSON, by a pointer (RFC 6901).
    Json(String),
    /// By a regular expression: its first group, else all that it matches.
    Regex(String),
    /// The HTTP status, or the exit status of the program.
    Status,
    /// The whole, without spaces around it.
    Text,
}

/// Something that later steps may use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// Its name.
    pub name: String,
    /// Where it is found.
    pub from: Source,
    /// What it is in a dry run, a test or a drill.
    pub example: Option<Value>,
}

/// How a step is taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    /// What is done: `Manual`, `Http`, `Run`, `Severity` or `Status`.
    pub action: Action,
    /// How long it may take.
    pub timeout: Option<Duration>,
    /// Whether doing it twice is as good as once.
    pub idempotent: bool,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Its id, `switch-provider`.
    pub id: String,
    /// As shown.
    pub name: String,
    /// It is left out unless this is true.
    pub condition: Option<Expr>,
    /// What it does.
    pub action: Action,
    /// Whom it is for, where a person is needed: they are mentioned, and may say that it is done.
    pub who: Vec<Who>,
    /// Where it runs, if not within Muster: the label of a runner.
    pub runner: Option<String>,
    /// How long an attempt may take.
    pub timeout: Option<Duration>,
    /// How often it is tried.
    pub retry: Option<Retry>,
    /// Whether doing it twice is as good as once. Only then it is done again without asking.
    pub idempotent: bool,
    /// What follows when it fails.
    pub on_failure: OnFailure,
    /// What later steps may use.
    pub outputs: Vec<Output>,
    /// How it is taken back.
    pub undo: Option<Undo>,
}

impl Step {
    /// It, and the steps it holds.
    #[must_use]
    pub fn flat(&self) -> Vec<&Self> {
        let Action::Parallel { steps } = &self.action else { return vec![self] };
        std::iter::once(self).chain(steps.iter().flat_map(Self::flat)).collect()
    }

    /// Whom it is for: those who may approve, or those it names.
    #[must_use]
    pub fn whom(&self) -> &[Who] {
        if let Action::Approve { who, .. } = &self.action { who } else { &self.who }
    }
}

impl Action {
    /// Whether a machine does it outside Muster.
    #[must_use]
    pub fn is_automation(&self) -> bool {
        match self {
            Self::Http(_) | Self::Run(_) | Self::Probe(_) => true,
            Self::Manual { .. }
            | Self::Page { .. }
            | Self::Role { .. }
            | Self::Update { .. }
            | Self::Comms { .. }
            | Self::Severity { .. }
            | Self::Status { .. }
            | Self::Wait { .. }
            | Self::Ask { .. }
            | Self::Approve { .. }
            | Self::Runbook { .. }
            | Self::Parallel { .. } => false,
        }
    }
}
