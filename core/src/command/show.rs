//! `show`: an incident as it stands.

use super::args::Args;
use super::spec::{Access, Group, Scope, Spec, Verb};
use super::{Command, Run};
use crate::decide::{Ctx, Decision, Entries, Needs, State, incident_of};
use crate::ids::IncidentId;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::view::{Item, Section, card, entry};

/// How many of the latest entries are shown.
const LATEST: i64 = 5;

pub(super) const SPEC: Spec = Spec {
    name: "show",
    button: "Show",
    summary: "Show an incident as it stands",
    group: Group::Find,
    scope: Scope::Incident,
    verbs: &[Verb {
        name: "",
        summary: "Show an incident as it stands",
        access: Access::Reads,
        args: &[],
        examples: &["show INC-42", "show"],
        read: Show::read,
    }],
};

/// Show an incident.
#[derive(Debug, Clone, PartialEq)]
pub struct Show;

impl Show {
    fn read(_: &Args<'_>) -> Result<Command, Refusal> {
        Ok(Command::Show(Self))
    }
}

impl Run for Show {
    fn needs(&self, incident: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        let entries = Some(Entries::Latest { limit: LATEST, before: None });
        Needs { incident, entries, ..Needs::default() }
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        let mut view = card::headline(incident, ctx.org, ctx.now);
        let latest = state.entries.iter().rev();
        let items = latest.map(|row| Item { line: entry::line(row, ctx.org), action: None });
        view = view.with(Section::Heading("Latest".to_owned())).with(Section::List(items.collect()));
        Ok(Decision::answer(Reply::view(view).about(incident.id)))
    }
}
