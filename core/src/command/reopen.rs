//! `reopen`: it came back, or it was ended by mistake.

use super::args::Args;
use super::new::TEXT;
use super::spec::{Access, Arg, ArgKind, Group, Scope, Spec, Verb};
use super::{Command, Run};
use crate::decide::{Ctx, Decision, Draft, State, incident_of};
use crate::incident::event::Event;
use crate::incident::status::{Move, Phase, Status};
use crate::refusal::Refusal;
use crate::view::card;

pub(super) const SPEC: Spec = Spec {
    name: "reopen",
    button: "Reopen",
    summary: "It came back: open an ended incident again",
    group: Group::Drive,
    scope: Scope::Incident,
    verbs: &[Verb {
        name: "",
        summary: "Open an ended incident again",
        access: Access::Writes,
        args: &[Arg::rest("reason", ArgKind::Paragraph(TEXT), "why", true)],
        examples: &["reopen the errors are back in Gothenburg"],
        read: Reopen::read,
    }],
};

/// Open an ended incident again.
#[derive(Debug, Clone, PartialEq)]
pub struct Reopen {
    reason: String,
}

impl Reopen {
    fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        Ok(Command::Reopen(Self { reason: args.needed("reason", TEXT)? }))
    }
}

impl Run for Reopen {
    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        let from = incident.status.phase();
        if from.leads_to(Phase::Investigating) != Some(Move::Reopen) {
            let sentence = format!("{} is {}: it is open already", incident.id, from.word());
            return Err(Refusal::conflict(sentence).instead("show"));
        }
        let mut draft = Draft::of(incident, ctx);
        draft.incident.status = Status::Investigating;
        draft.incident.resolved_at = None;
        draft.record(Event::Reopened { from, reason: self.reason.clone() });
        Ok(draft.done(|incident| card::changed(incident, ctx)))
    }
}
