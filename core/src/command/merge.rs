//! `merge`: two incidents are one outage; the other one goes on.

use super::args::Args;
use super::spec::{Access, Arg, ArgKind, Group, Scope, Spec, Verb};
use super::{Command, Run};
use crate::decide::{Ctx, Decision, Draft, Needs, State, incident_of};
use crate::ids::IncidentId;
use crate::incident::event::Event;
use crate::incident::status::{Move, Phase, Status};
use crate::incident::{Incident, Kind, Visibility};
use crate::refusal::Refusal;
use crate::view::card;

pub(super) const SPEC: Spec = Spec {
    name: "merge",
    button: "Merge",
    summary: "Merge into another incident, which goes on",
    group: Group::Drive,
    scope: Scope::Incident,
    verbs: &[Verb {
        name: "",
        summary: "Merge into another incident, which goes on",
        access: Access::Writes,
        args: &[Arg::required("into", ArgKind::Incident, "which incident goes on")],
        examples: &["merge INC-41", "merge INC-42 INC-41"],
        read: Merge::read,
    }],
};

/// Merge into another incident.
#[derive(Debug, Clone, PartialEq)]
pub struct Merge {
    into: IncidentId,
}

impl Merge {
    fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        match args.incident("into")? {
            Some(into) => Ok(Command::Merge(Self { into })),
            None => Err(Refusal::invalid("Into which incident?").instead("merge INC-41")),
        }
    }
}

impl Run for Merge {
    fn needs(&self, incident: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        Needs { incident, other: Some(self.into).filter(|into| Some(*into) != incident), ..Needs::default() }
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let source = incident_of(state)?;
        if source.id == self.into {
            return Err(Refusal::conflict(format!("{} cannot be merged into itself", source.id)));
        }
        let Some(target) = &state.other else {
            return Err(
                Refusal::not_found(format!("There is no {}, or it is not open to you", self.into)).instead("list")
            );
        };
        allow(source, target)?;
        let mut kept = Draft::of(target, ctx);
        for one in &source.participants {
            kept.let_in(&one.person, &one.name);
        }
        kept.incident.services.extend(source.services.iter().cloned());
        kept.incident.sites.extend(source.sites.iter().cloned());
        kept.incident.alerts.absorb(&source.alerts);
        kept.record(Event::MergedFrom { from: source.id, title: source.title.clone() });
        let mut ended = Draft::of(source, ctx);
        ended.incident.status = Status::Merged { into: target.id };
        ended.record(Event::MergedInto { into: target.id });
        let kept = kept.done(|incident| card::headline(incident, ctx.org, ctx.now));
        Ok(ended.done(|incident| card::changed(incident, ctx)).and(kept))
    }
}

fn allow(source: &Incident, target: &Incident) -> Result<(), Refusal> {
    let (from, phase) = (source.id, source.status.phase());
    if phase.leads_to(Phase::Merged) != Some(Move::Free) {
        return Err(Refusal::conflict(format!("{from} is {} and cannot be merged", phase.word())));
    }
    if !target.status.is_open() {
        let phase = target.status.phase().word();
        return Err(Refusal::conflict(format!("{} is {phase}: merge into an open incident", target.id)).instead("list"));
    }
    if source.visibility != target.visibility {
        let private = if source.visibility == Visibility::Private { from } else { target.id };
        return Err(Refusal::conflict(format!("{private} is private and would be seen by those who are not in it")));
    }
    if (source.kind == Kind::Drill) != (target.kind == Kind::Drill) {
        return Err(Refusal::conflict("A drill and a real incident cannot be merged"));
    }
    Ok(())
}
