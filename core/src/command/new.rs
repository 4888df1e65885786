//! `new`: declare an incident.

use super::args::Args;
use super::spec::{Access, Arg, ArgKind, Group, Scope, Spec, Verb};
use super::{Command, Run};
use crate::decide::{Ctx, Decision, Draft, Needs, State};
use crate::ids::{IncidentId, SeverityKey};
use crate::incident::event::Event;
use crate::incident::{Incident, Kind, Visibility};
use crate::refusal::Refusal;
use crate::view::{Span, View, card, text};
use std::collections::{BTreeMap, BTreeSet};

/// The longest title, in characters: one line on every platform.
pub(super) const TITLE: usize = 150;
/// The longest text of a note, update or summary, in characters.
pub(super) const TEXT: usize = 4_000;

pub(super) const SPEC: Spec = Spec {
    name: "new",
    button: "Declare",
    summary: "Declare an incident",
    group: Group::Find,
    scope: Scope::Anywhere,
    verbs: &[Verb {
        name: "",
        summary: "Declare an incident",
        access: Access::Writes,
        args: &[
            Arg::optional("severity", ArgKind::Severity, "how bad it is; may be set later"),
            Arg::rest("title", ArgKind::Line(TITLE), "what is wrong, in one line", true),
            Arg::flag("service", ArgKind::Services, "what is broken"),
            Arg::flag("site", ArgKind::Sites, "where"),
            Arg::flag("summary", ArgKind::Paragraph(TEXT), "what is known, in a few sentences"),
            Arg::flag("kind", ArgKind::Kind, "a real incident, a drill, or maintenance"),
            Arg::flag("type", ArgKind::Category, "the type of incident"),
            Arg::flag("private", ArgKind::Toggle, "only those who join may know of it"),
            Arg::flag("field", ArgKind::Fields, "custom fields, as key=value"),
        ],
        examples: &["new sev2 checkout is slow", "new card payments fail --service payment --site stockholm"],
        read: New::read,
    }],
};

/// Declare an incident.
#[derive(Debug, Clone, PartialEq)]
pub struct New {
    title: String,
    severity: Option<SeverityKey>,
    kind: Kind,
    visibility: Visibility,
    category: Option<String>,
    services: BTreeSet<String>,
    sites: BTreeSet<String>,
    summary: Option<String>,
    fields: BTreeMap<String, String>,
}

impl New {
    fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        let title = args.line("title", TITLE)?;
        let category = args.category("type")?;
        let private_type = category.as_ref().and_then(|key| args.org.find_category(key)).is_some_and(|c| c.private);
        Ok(Command::New(Self {
            title: title.ok_or_else(|| Refusal::invalid("The title is missing: say what is wrong, in one line"))?,
            severity: args.severity("severity")?,
            kind: args.kind("kind")?.unwrap_or(Kind::Incident),
            visibility: if args.on("private") || private_type { Visibility::Private } else { Visibility::Public },
            category,
            services: args.services("service")?,
            sites: args.sites("site")?,
            summary: args.text("summary", TEXT)?,
            fields: args.fields("field")?.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
        }))
    }

    fn incident(&self, id: IncidentId, ctx: &Ctx<'_>) -> Incident {
        Incident {
            kind: self.kind,
            visibility: self.visibility,
            summary: self.summary.clone(),
            severity: self.severity.clone(),
            category: self.category.clone(),
            fields: self.fields.clone(),
            services: self.services.clone(),
            sites: self.sites.clone(),
            ..Incident::declared(id, &self.title, ctx.actor.author(), ctx.now)
        }
    }
}

impl Run for New {
    fn needs(&self, _: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        Needs { number: true, ..Needs::default() }
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let Some(id) = state.number else { return Err(Refusal::conflict("There is no number left for an incident")) };
        let mut draft = Draft::new(self.incident(id, ctx), ctx);
        draft.let_in(&ctx.actor.person, &ctx.actor.name);
        draft.record(Event::Declared {
            title: self.title.clone(),
            kind: self.kind,
            visibility: self.visibility,
            severity: self.severity.clone(),
        });
        let welcome = card::welcome(&draft.incident, ctx.org);
        draft.say(&welcome);
        Ok(draft.done(|incident| declared(incident, ctx)))
    }
}

/// The answer. Where a room is being opened on the same platform, nobody need be led to another.
fn declared(incident: &Incident, ctx: &Ctx<'_>) -> View {
    let view = card::declared(incident, ctx.org);
    if !ctx.org.chats.iter().any(|chat| chat.rooms && chat.platform == ctx.place.platform) {
        return view;
    }
    let console = Span::Link { label: "Console".to_owned(), url: card::room_url(incident, ctx.org) };
    view.footed(vec![text("Declared. You will be brought into its room in a moment. "), console])
}
