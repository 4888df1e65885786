//! `status`, `mitigate`, `resolve`, `cancel`, `close`: where the responders stand.

use super::args::Args;
use super::new::TEXT;
use super::spec::{Access, Arg, ArgKind, Group, Scope, Spec, Verb};
use super::{Command, Run};
use crate::decide::{Ctx, Decision, Draft, State, incident_of, set_status};
use crate::incident::status::Phase;
use crate::refusal::Refusal;
use crate::view::card;

const NOTE: Arg = Arg::rest("note", ArgKind::Paragraph(TEXT), "a word about it", false);

pub(super) const SPEC: Spec = Spec {
    name: "status",
    button: "Set status",
    summary: "Set the status: investigating, identified, monitoring, resolved",
    group: Group::Drive,
    scope: Scope::Incident,
    verbs: &[Verb {
        name: "",
        summary: "Set the status",
        access: Access::Writes,
        args: &[Arg::required("status", ArgKind::Status, "where the responders stand"), NOTE],
        examples: &["status investigating", "status identified a bad deploy of checkout at 10:31"],
        read: SetStatus::read,
    }],
};

pub(super) const MITIGATE: Spec = Spec {
    name: "mitigate",
    button: "Mitigate",
    summary: "The harm is stopped; watch that it stays so",
    group: Group::Drive,
    scope: Scope::Incident,
    verbs: &[Verb {
        name: "",
        summary: "The harm is stopped: move to monitoring",
        access: Access::Writes,
        args: &[NOTE],
        examples: &["mitigate", "mitigate rolled back to build 811"],
        read: |args| SetStatus::to(Phase::Monitoring, args),
    }],
};

pub(super) const RESOLVE: Spec = Spec {
    name: "resolve",
    button: "Resolve",
    summary: "It is over",
    group: Group::Drive,
    scope: Scope::Incident,
    verbs: &[Verb {
        name: "",
        summary: "It is over: move to resolved",
        access: Access::Writes,
        args: &[NOTE],
        examples: &["resolve", "resolve error rate normal for 30 minutes"],
        read: |args| SetStatus::to(Phase::Resolved, args),
    }],
};

pub(super) const CANCEL: Spec = Spec {
    name: "cancel",
    button: "Cancel incident",
    summary: "It was no incident after all",
    group: Group::Drive,
    scope: Scope::Incident,
    verbs: &[Verb {
        name: "",
        summary: "It was no incident after all: cancel it",
        access: Access::Writes,
        args: &[Arg::rest("note", ArgKind::Paragraph(TEXT), "why", true)],
        examples: &["cancel a test order by the warehouse"],
        read: |args| SetStatus::to(Phase::Cancelled, args),
    }],
};

pub(super) const CLOSE: Spec = Spec {
    name: "close",
    button: "Close",
    summary: "Everything after it is done, too",
    group: Group::Drive,
    scope: Scope::Incident,
    verbs: &[Verb {
        name: "",
        summary: "Close a resolved incident",
        access: Access::Writes,
        args: &[NOTE],
        examples: &["close"],
        read: |args| SetStatus::to(Phase::Closed, args),
    }],
};

/// Set the status.
#[derive(Debug, Clone, PartialEq)]
pub struct SetStatus {
    to: Phase,
    note: Option<String>,
}

impl SetStatus {
    fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        match args.status("status")? {
            Some(to) => Self::to(to, args),
            None => Err(Refusal::invalid("The status is missing")),
        }
    }

    fn to(to: Phase, args: &Args<'_>) -> Result<Command, Refusal> {
        Ok(Command::Status(Self { to, note: args.text("note", TEXT)? }))
    }
}

impl Run for SetStatus {
    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        let mut draft = Draft::of(incident, ctx);
        set_status(&mut draft, self.to, self.note.clone())?;
        Ok(draft.done(|incident| card::changed(incident, ctx)))
    }
}
