//! A file as it is written. The comments of these structs are the help that editors show.

mod step;

pub(crate) use step::{
    RawCall, RawChild, RawChoice, RawLimits, RawOnFailure, RawOutput, RawProbe, RawProgram, RawSeverity, RawStatus,
    RawStep, RawUndo, RawUrgency,
};

use super::field::{Any, Brief, Entries, Field, Many, Words};
use schemars::JsonSchema;
use serde::Deserialize;

/// A runbook: what is done, by whom, with what.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[schemars(title = "Muster runbook", extend("required" = ["apiVersion", "id", "name", "steps"]))]
pub(crate) struct RawBook {
    /// The version of this format: `muster/v1`.
    #[schemars(extend("const" = "muster/v1"))]
    pub(crate) api_version: Field<String>,
    /// Its id: lower-case letters, digits and dashes. Commands and other runbooks call it by that.
    #[schemars(extend("pattern" = "^[a-z0-9][a-z0-9-]{0,59}$"))]
    pub(crate) id: Field<String>,
    /// Its name, as people read it.
    pub(crate) name: Field<String>,
    /// What it is for, and when one uses it.
    pub(crate) description: Field<String>,
    /// The team that keeps it, by id.
    pub(crate) owner: Field<String>,
    /// The services it is about, by id.
    pub(crate) services: Field<Many<String>>,
    /// When it offers itself.
    pub(crate) triggers: Field<Many<RawTrigger>>,
    /// What it asks for before it runs, in the order of its form. Each is known as `inputs.ID`.
    pub(crate) inputs: Field<Entries<RawInput>>,
    /// Who may run and drive it. Without, all responders may.
    pub(crate) permissions: Field<RawPermissions>,
    /// What is done, in order.
    pub(crate) steps: Field<Many<RawStep>>,
}

/// When a runbook offers itself. Where nothing is said, anything will do.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("required" = ["on"]))]
pub(crate) struct RawTrigger {
    /// What has to happen.
    pub(crate) on: Field<RawOn>,
    /// With `status`: one of these statuses is reached.
    pub(crate) to: Field<Many<RawPhase>>,
    /// With `alert`: the kind of the alert; `*` stands for anything.
    pub(crate) name: Field<String>,
    /// Only for incidents of these severities.
    pub(crate) severity: Field<Many<String>>,
    /// Only for incidents of these types.
    pub(crate) types: Field<Many<String>>,
    /// Only for incidents that touch one of these services. Without, those of the runbook.
    pub(crate) services: Field<Many<String>>,
    /// Only for incidents that touch one of these sites.
    pub(crate) sites: Field<Many<String>>,
    /// What follows. `suggested` without.
    pub(crate) start: Field<RawStart>,
}

/// What has to happen.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RawOn {
    /// An incident is declared.
    Declare,
    /// An incident gets a status.
    Status,
    /// An alert begins to fire in an incident.
    Alert,
}

/// What follows.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RawStart {
    /// The room is offered the runbook.
    Suggested,
    /// It starts by itself. Every input must have a default.
    Automatic,
}

/// A status of an incident.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RawPhase {
    /// Is it real, and how bad?
    Triage,
    /// Looking for the cause.
    Investigating,
    /// The cause is known.
    Identified,
    /// The harm is stopped.
    Monitoring,
    /// Over.
    Resolved,
    /// Over, and everything after it is done.
    Closed,
    /// Not an incident after all.
    Cancelled,
}

/// Something a runbook asks for.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("required" = ["type"]))]
pub(crate) struct RawInput {
    /// The label in forms. Made of the id without.
    pub(crate) label: Field<String>,
    /// Help under it.
    pub(crate) description: Field<String>,
    /// What it is.
    #[serde(rename = "type")]
    pub(crate) kind: Field<RawKind>,
    /// Whether the runbook cannot run without it. It is so without, unless there is a default.
    pub(crate) required: Field<bool>,
    /// What it is unless somebody says otherwise.
    pub(crate) default: Field<Any>,
    /// With `choice`: what can be chosen.
    pub(crate) options: Field<Many<Words>>,
    /// With `text`: the most characters. With `number`: the greatest.
    pub(crate) max: Field<i64>,
    /// With `number`: the smallest.
    pub(crate) min: Field<i64>,
    /// With `text`: what it must look like as a whole, as a regular expression.
    pub(crate) pattern: Field<String>,
    /// With `text`: whether it may have several lines.
    pub(crate) long: Field<bool>,
}

/// What an input is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RawKind {
    /// Text.
    Text,
    /// A whole number.
    Number,
    /// Yes or no.
    Toggle,
    /// One of a few.
    Choice,
    /// A service, by id.
    Service,
    /// A site, by id.
    Site,
    /// A team, by id.
    Team,
    /// A person, by id.
    Person,
    /// A stretch of time, `15m`.
    Duration,
}

/// Who may run and drive a runbook.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct RawPermissions {
    /// Who may start it: `responders`, `team:ID`, `role:KEY`, `@person`, `right:admin`, or `{who: …, severity: …}`.
    pub(crate) run: Field<Many<Brief<RawGrant>>>,
    /// Who may go on, skip, retry, pause, abort and undo.
    pub(crate) drive: Field<Many<Brief<RawGrant>>>,
}

/// A permission, at some severities.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("required" = ["who"]))]
pub(crate) struct RawGrant {
    /// For whom: any of them.
    pub(crate) who: Field<Many<String>>,
    /// At which severities; at any without.
    pub(crate) severity: Field<Many<String>>,
}
