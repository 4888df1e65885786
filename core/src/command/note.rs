//! `note`: write something down, now or as of when it happened.

use super::args::Args;
use super::new::TEXT;
use super::spec::{Access, Arg, ArgKind, Group, Scope, Spec, Verb};
use super::{Command, Run};
use crate::clock::Timestamp;
use crate::decide::{Ctx, Decision, Draft, State, incident_of};
use crate::incident::event::Event;
use crate::refusal::Refusal;
use crate::view::{TimeStyle, Tone, View, card, text, time};

/// The arguments of a note, for `timeline add` too.
pub(super) const ARGS: &[Arg] = &[
    Arg::rest("text", ArgKind::Paragraph(TEXT), "what to write down", true),
    Arg::flag("at", ArgKind::Moment, "when it happened, as in 10:42 or \"20m ago\""),
];

pub(super) const SPEC: Spec = Spec {
    name: "note",
    button: "Write down",
    summary: "Write something on the timeline",
    group: Group::Record,
    scope: Scope::Incident,
    verbs: &[Verb {
        name: "",
        summary: "Write something on the timeline",
        access: Access::Writes,
        args: ARGS,
        examples: &["note the bank sees time-outs too", "note first complaints from stores --at 10:12"],
        read: Note::read,
    }],
};

/// Write something down.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    text: String,
    at: Option<Timestamp>,
}

impl Note {
    pub(super) fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        Ok(Command::Note(Self { text: args.needed("text", TEXT)?, at: args.past("at")? }))
    }
}

impl Run for Note {
    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        let at = self.at.unwrap_or(ctx.now);
        let mut draft = Draft::of(incident, ctx);
        draft.let_in(&ctx.actor.person, &ctx.actor.name);
        let number = draft.incident.next_entry;
        draft.record_at(Event::Noted { text: self.text.clone() }, at);
        Ok(draft.done(|incident| {
            let title = vec![text(format!("Written down as #{number} of ")), card::named(incident), text(", at ")];
            View::titled(Tone::Good, [title, vec![time(at, TimeStyle::Clock)]].concat())
        }))
    }
}
