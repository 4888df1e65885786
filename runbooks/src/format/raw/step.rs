//! Steps as they are written.

use super::super::field::{Any, Brief, Entries, Field, Many, Span, Words};
use super::RawPhase;
use schemars::JsonSchema;
use serde::Deserialize;

/// A step. It does exactly one thing, told by its key.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend(
    "required" = ["id"],
    "oneOf" = [
        { "required": ["manual"] }, { "required": ["http"] }, { "required": ["run"] }, { "required": ["probe"] },
        { "required": ["page"] }, { "required": ["role"] }, { "required": ["update"] }, { "required": ["comms"] },
        { "required": ["severity"] }, { "required": ["status"] }, { "required": ["wait"] }, { "required": ["ask"] },
        { "required": ["approve"] }, { "required": ["runbook"] }, { "required": ["parallel"] }
    ],
    "if" = { "anyOf": [{ "required": ["http"] }, { "required": ["run"] }, { "required": ["probe"] }] },
    "then" = { "required": ["timeout"] },
    "dependentRequired" = { "ask": ["choices"], "approve": ["who", "within"] }
))]
pub(crate) struct RawStep {
    /// Its id: lower-case letters, digits and `_`. Expressions call it `steps.ID`.
    #[schemars(extend("pattern" = "^[a-z][a-z0-9_]{0,39}$"))]
    pub(crate) id: Field<String>,
    /// Its name, as people read it. Made of the id without.
    pub(crate) name: Field<String>,
    /// An expression: the step is left out unless this is true.
    #[serde(rename = "if")]
    pub(crate) condition: Field<Words>,
    /// Whom it is for: they are mentioned, and may say that it is done. `role:KEY`, `team:ID`, `@person`, `right:admin`, `responders`.
    pub(crate) who: Field<Many<String>>,
    /// Where it runs: the label of a runner. Muster itself without.
    pub(crate) runner: Field<String>,
    /// How long an attempt may take. `http`, `run` and `probe` must say so.
    pub(crate) timeout: Field<Span>,
    /// How often it is tried again before it has failed. Only for what is idempotent.
    pub(crate) retry: Field<RawRetry>,
    /// Whether doing it twice is as good as once. Only then is it done again without asking.
    pub(crate) idempotent: Field<bool>,
    /// What follows when it fails. `ask` without.
    pub(crate) on_failure: Field<RawOnFailure>,
    /// What later steps may use, as `steps.ID.outputs.NAME`.
    pub(crate) outputs: Field<Entries<RawOutput>>,
    /// How it is taken back.
    pub(crate) undo: Field<RawUndo>,

    /// A person does this, and says so.
    pub(crate) manual: Field<Words>,
    /// With `manual`: what is to be ticked off on the way.
    pub(crate) checklist: Field<Many<Words>>,
    /// A request is sent.
    pub(crate) http: Field<RawCall>,
    /// A program runs, with a list of arguments: never a line for a shell.
    pub(crate) run: Field<RawProgram>,
    /// A check is made again and again until it holds.
    pub(crate) probe: Field<RawProbe>,
    /// Somebody is paged.
    pub(crate) page: Field<RawPage>,
    /// Somebody gets a role.
    pub(crate) role: Field<RawRole>,
    /// An internal update is written.
    pub(crate) update: Field<Words>,
    /// With `update`: in how long the next one is promised.
    pub(crate) next: Field<Span>,
    /// A message to customers is to be published, by who leads communications.
    pub(crate) comms: Field<RawComms>,
    /// The severity becomes this.
    pub(crate) severity: Field<Brief<RawSeverity>>,
    /// The status becomes this.
    pub(crate) status: Field<Brief<RawStatus>>,
    /// Nothing is done for so long, or until then: `15m`, `06:00`.
    pub(crate) wait: Field<Words>,
    /// A question. The answer is `steps.ID.outputs.answer`.
    pub(crate) ask: Field<Words>,
    /// With `ask`: the answers.
    pub(crate) choices: Field<Many<Brief<RawChoice>>>,
    /// Somebody other than who asked for it must allow the steps that it covers.
    pub(crate) approve: Field<Words>,
    /// With `approve`: how many people must. 1 without.
    pub(crate) count: Field<i64>,
    /// With `approve`: within how long; then it has failed.
    pub(crate) within: Field<Span>,
    /// With `approve`: for how long the approval is good. An hour without.
    pub(crate) valid_for: Field<Span>,
    /// With `approve`: the ids of the steps that are approved. All that follow, up to the next `approve`, without.
    pub(crate) covers: Field<Many<String>>,
    /// Another runbook runs, as a run of its own.
    pub(crate) runbook: Field<Brief<RawChild>>,
    /// All these steps at once. None of them holds others.
    pub(crate) parallel: Field<Many<RawStep>>,
}

/// An HTTP request.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("required" = ["url"]))]
pub(crate) struct RawCall {
    /// Its method. `GET` without, `POST` when there is a body.
    pub(crate) method: Field<String>,
    /// Where to. Values are filled into the path and the query only.
    pub(crate) url: Field<Words>,
    /// Headers. Secrets belong here.
    pub(crate) headers: Field<Entries<Words>>,
    /// Its body, as JSON. Its texts may hold `${{ … }}`.
    pub(crate) json: Field<Any>,
    /// Its body, as text.
    pub(crate) body: Field<Words>,
    /// The statuses that mean that it worked, `200` or `500-599`. `200-299` without.
    pub(crate) expect: Field<Many<Words>>,
}

/// A program with its arguments.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("required" = ["program"]))]
pub(crate) struct RawProgram {
    /// The program, as the config's list of allowed programs names it.
    pub(crate) program: Field<String>,
    /// Its arguments, one by one. What is filled in stays within its argument.
    pub(crate) args: Field<Many<Words>>,
    /// Variables of its environment; it gets no others. Secrets belong here.
    pub(crate) env: Field<Entries<Words>>,
    /// What it may use.
    pub(crate) limits: Field<RawLimits>,
}

/// What a program may use.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct RawLimits {
    /// How much of its output is kept, `64KB` without.
    pub(crate) output: Field<String>,
    /// How much memory each process has, `256MB` without.
    pub(crate) memory: Field<String>,
    /// How many processes at once, 32 without.
    pub(crate) processes: Field<i64>,
}

/// A check that is made until it holds.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("required" = ["url"]))]
pub(crate) struct RawProbe {
    /// The method of the request.
    pub(crate) method: Field<String>,
    /// Where it goes.
    pub(crate) url: Field<Words>,
    /// Its headers.
    pub(crate) headers: Field<Entries<Words>>,
    /// Its body, as JSON.
    pub(crate) json: Field<Any>,
    /// Its body, as text.
    pub(crate) body: Field<Words>,
    /// The statuses that may be.
    pub(crate) expect: Field<Many<Words>>,
    /// What must be true of the answer: an expression over `status`, `body` and `json`, and all that steps know.
    pub(crate) holds: Field<Words>,
    /// How often. Every 10 seconds without.
    pub(crate) every: Field<Span>,
    /// How often in a row it must hold. Once without.
    pub(crate) times: Field<i64>,
}

/// Somebody is paged.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("required" = ["target", "message"]))]
pub(crate) struct RawPage {
    /// Whom: a team, `@person`, a schedule.
    pub(crate) target: Field<Words>,
    /// How much it may disturb. `high` without.
    pub(crate) urgency: Field<RawUrgency>,
    /// Why.
    pub(crate) message: Field<Words>,
}

/// How much a page may disturb.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RawUrgency {
    /// It wakes people.
    High,
    /// It can wait for the end of somebody's quiet hours.
    Low,
}

/// Somebody gets a role.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("required" = ["role", "person"]))]
pub(crate) struct RawRole {
    /// Which, by key.
    pub(crate) role: Field<String>,
    /// Who, by id.
    pub(crate) person: Field<Words>,
}

/// A message to customers.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("required" = ["text"]))]
pub(crate) struct RawComms {
    /// Who is to read it. `customers` without.
    pub(crate) audience: Field<String>,
    /// What it is to say.
    pub(crate) text: Field<Words>,
}

/// The severity becomes another.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("required" = ["to"]))]
pub(crate) struct RawSeverity {
    /// Which.
    pub(crate) to: Field<String>,
    /// Why.
    pub(crate) reason: Field<Words>,
}

/// The status becomes another.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("required" = ["to"]))]
pub(crate) struct RawStatus {
    /// Which.
    pub(crate) to: Field<RawPhase>,
    /// A word about it.
    pub(crate) note: Field<Words>,
}

/// One answer to a question.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("required" = ["value"]))]
pub(crate) struct RawChoice {
    /// What is kept as the answer.
    pub(crate) value: Field<Words>,
    /// What is shown. The value without.
    pub(crate) label: Field<Words>,
}

/// Another runbook.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("required" = ["id"]))]
pub(crate) struct RawChild {
    /// Which, by id.
    pub(crate) id: Field<String>,
    /// Its inputs.
    pub(crate) inputs: Field<Entries<Words>>,
}

/// How often a step is tried.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("required" = ["attempts"]))]
pub(crate) struct RawRetry {
    /// Attempts, the first included: 2 to 10.
    pub(crate) attempts: Field<i64>,
    /// The pause between two. 5 seconds without.
    pub(crate) wait: Field<Span>,
}

/// What follows when a step has failed.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RawOnFailure {
    /// The run stops.
    Stop,
    /// The run goes on.
    Continue,
    /// The run stops, and those who drive it are asked.
    Ask,
    /// What was done is taken back.
    Undo,
}

/// Something that later steps may use. Exactly one of `json`, `regex`, `status` and `text` says where it is found.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("oneOf" = [{ "required": ["json"] }, { "required": ["regex"] }, { "required": ["status"] }, { "required": ["text"] }]))]
pub(crate) struct RawOutput {
    /// In the answer as JSON, by a pointer, `/data/0/host` (RFC 6901).
    pub(crate) json: Field<String>,
    /// By a regular expression: its first group, else all that it matches.
    pub(crate) regex: Field<String>,
    /// `true`: the HTTP status, or the exit status of the program.
    pub(crate) status: Field<bool>,
    /// `true`: the whole, without spaces around it.
    pub(crate) text: Field<bool>,
    /// What it is in a dry run, a test or a drill.
    pub(crate) example: Field<Any>,
}

/// How a step is taken back: by exactly one of `manual`, `http`, `run`, `severity` and `status`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend(
    "oneOf" = [
        { "required": ["manual"] }, { "required": ["http"] }, { "required": ["run"] }, { "required": ["severity"] },
        { "required": ["status"] }
    ],
    "if" = { "anyOf": [{ "required": ["http"] }, { "required": ["run"] }] },
    "then" = { "required": ["timeout"] }
))]
pub(crate) struct RawUndo {
    /// A person does this, and says so.
    pub(crate) manual: Field<Words>,
    /// With `manual`: what is to be ticked off on the way.
    pub(crate) checklist: Field<Many<Words>>,
    /// A request is sent.
    pub(crate) http: Field<RawCall>,
    /// A program runs.
    pub(crate) run: Field<RawProgram>,
    /// The severity becomes this.
    pub(crate) severity: Field<Brief<RawSeverity>>,
    /// The status becomes this.
    pub(crate) status: Field<Brief<RawStatus>>,
    /// How long it may take.
    pub(crate) timeout: Field<Span>,
    /// Whether doing it twice is as good as once.
    pub(crate) idempotent: Field<bool>,
}
