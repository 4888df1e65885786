//! `sev`: how bad it is.

use super::args::Args;
use super::new::TEXT;
use super::spec::{Access, Arg, ArgKind, Group, Scope, Spec, Verb};
use super::{Command, Run};
use crate::decide::{Ctx, Decision, Draft, State, incident_of, set_severity};
use crate::ids::SeverityKey;
use crate::refusal::Refusal;
use crate::view::card;

pub(super) const SPEC: Spec = Spec {
    name: "sev",
    button: "Set severity",
    summary: "Set the severity",
    group: Group::Drive,
    scope: Scope::Incident,
    verbs: &[Verb {
        name: "",
        summary: "Set the severity",
        access: Access::Writes,
        args: &[
            Arg::required("severity", ArgKind::Severity, "how bad it is"),
            Arg::rest("reason", ArgKind::Paragraph(TEXT), "why", false),
        ],
        examples: &["sev sev1", "sev sev3 only the old app is affected"],
        read: Sev::read,
    }],
};

/// Set the severity.
#[derive(Debug, Clone, PartialEq)]
pub struct Sev {
    severity: Option<SeverityKey>,
    reason: Option<String>,
}

impl Sev {
    fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        Ok(Command::Sev(Self { severity: args.severity("severity")?, reason: args.text("reason", TEXT)? }))
    }
}

impl Run for Sev {
    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        let mut draft = Draft::of(incident, ctx);
        set_severity(&mut draft, self.severity.clone(), self.reason.clone())?;
        Ok(draft.done(|incident| card::changed(incident, ctx)))
    }
}
