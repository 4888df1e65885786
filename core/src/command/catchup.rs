//! `catchup`: all that somebody must know who comes late, for them alone.

use super::args::Args;
use super::spec::{Access, Arg, ArgKind, Group, Scope, Spec, Verb};
use super::{Command, Run};
use crate::alert::AlertQuery;
use crate::decide::{Ctx, Decision, Entries, Needs, State, incident_of};
use crate::ids::IncidentId;
use crate::record::Wanted;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::view::catchup;
use chrono::TimeDelta;

/// What counts is looked for among so many of the latest entries: whoever comes late reads no more than a few.
const SOUGHT: i64 = 500;
/// So many alerts are shown.
const ALERTS: i64 = 5;

pub(super) const SPEC: Spec = Spec {
    name: "catchup",
    button: "Catch up",
    summary: "Come late and know where it stands: what, who, what was decided, what is open",
    group: Group::Record,
    scope: Scope::Incident,
    verbs: &[Verb {
        name: "",
        summary: "Know in a minute where it stands",
        access: Access::Reads,
        args: &[Arg::flag("since", ArgKind::Span, "only what has happened lately, as in 30m")],
        examples: &["catchup", "catchup --since 30m"],
        read: CatchUp::read,
    }],
};

/// Know where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct CatchUp {
    since: Option<TimeDelta>,
}

impl CatchUp {
    fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        Ok(Command::CatchUp(Self { since: args.span("since")? }))
    }
}

impl Run for CatchUp {
    fn needs(&self, incident: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        Needs {
            incident,
            entries: Some(Entries::Latest { limit: SOUGHT, before: None }),
            records: incident.map(Wanted::RunsOf).into_iter().collect(),
            alerts: incident.map(|incident| AlertQuery::OfIncident(incident, ALERTS)),
            ..Needs::default()
        }
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        let since = self.since.and_then(|span| ctx.now.checked_sub_signed(span));
        Ok(Decision::answer(Reply::view(catchup::whole(incident, since, state, ctx)).about(incident.id)))
    }
}
