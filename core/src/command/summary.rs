//! `summary`: what is known, in a few sentences, for those who come late.

use super::args::Args;
use super::new::TEXT;
use super::spec::{Access, Arg, ArgKind, Group, Scope, Spec, Verb};
use super::{Command, Run};
use crate::decide::{Ctx, Decision, Draft, State, incident_of};
use crate::incident::event::Event;
use crate::org::Right;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::view::{Section, Tone, View, card, command, text};

pub(super) const SPEC: Spec = Spec {
    name: "summary",
    button: "Save",
    summary: "Read the summary, or write it",
    group: Group::Record,
    scope: Scope::Incident,
    verbs: &[Verb {
        name: "",
        summary: "Read the summary, or write it",
        access: Access::Reads,
        args: &[Arg::rest("text", ArgKind::Paragraph(TEXT), "what is known, in a few sentences", false)],
        examples: &["summary", "summary card payments fail in all stores since 10:12; web is not affected"],
        read: Summary::read,
    }],
};

/// Read the summary, or write it.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    text: Option<String>,
}

impl Summary {
    fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        Ok(Command::Summary(Self { text: args.text("text", TEXT)? }))
    }
}

impl Run for Summary {
    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        let Some(summary) = &self.text else {
            let body = match &incident.summary {
                Some(summary) => vec![text(summary.clone())],
                None => vec![text("Nobody has written one yet. Write it with "), command("summary …"), text(".")],
            };
            let title = vec![text("Summary of "), card::named(incident)];
            let view = View::titled(Tone::Neutral, title).with(Section::Text(body));
            return Ok(Decision::answer(Reply::view(view).about(incident.id)));
        };
        super::check::permit(Right::Respond, ctx)?;
        if incident.summary.as_ref() == Some(summary) {
            return Err(Refusal::conflict("The summary says that already").instead("summary"));
        }
        let mut draft = Draft::of(incident, ctx);
        draft.incident.summary = Some(summary.clone());
        draft.record(Event::Summarised { text: summary.clone() });
        Ok(draft.done(|incident| card::changed(incident, ctx)))
    }
}
