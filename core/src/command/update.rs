//! `update`: an internal update, and the promise of the next.

use super::args::Args;
use super::new::TEXT;
use super::reminder::Remind;
use super::spec::{Access, Arg, ArgKind, Group, Scope, Spec, Verb};
use super::{Command, Run};
use crate::decide::{Ctx, Decision, Draft, State, incident_of, write_update};
use crate::incident::event::{Event, Reminder};
use crate::refusal::Refusal;
use crate::view::{TimeStyle, Tone, View, card, text, time};
use chrono::TimeDelta;

pub(super) const SPEC: Spec = Spec {
    name: "update",
    button: "Write update",
    summary: "Write an internal update: what we know, what we do",
    group: Group::Record,
    scope: Scope::Incident,
    verbs: &[
        Verb {
            name: "",
            summary: "Write an internal update",
            access: Access::Writes,
            args: &[
                Arg::rest("text", ArgKind::Paragraph(TEXT), "what we know", true).called("What we know"),
                Arg::flag("doing", ArgKind::Paragraph(TEXT), "what we are doing").called("What we are doing"),
                Arg::flag("next", ArgKind::Span, "when the next update will come, as in 30m").called("Next update in"),
            ],
            examples: &[
                "update the bank confirms; we are failing over --next 30m",
                "update the bank confirms --doing \"failing over to the second bank\" --next 30m",
            ],
            read: Update::read,
        },
        Verb {
            name: "snooze",
            summary: "Be reminded of the next update later",
            access: Access::Writes,
            args: &[Arg::required("for", ArgKind::Span, "for how long, as in 30m")],
            examples: &["update snooze 30m"],
            read: Snooze::read,
        },
        Verb {
            name: "dismiss",
            summary: "Be reminded of this update no more",
            access: Access::Writes,
            args: &[],
            examples: &["update dismiss"],
            read: |_| Ok(Command::Remind(Remind::no_more(Reminder::UpdateDue))),
        },
    ],
};

/// Write an internal update.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    text: String,
    doing: Option<String>,
    next: Option<TimeDelta>,
}

impl Update {
    fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        let (text, doing) = (args.needed("text", TEXT)?, args.text("doing", TEXT)?);
        Ok(Command::Update(Self { text, doing, next: args.span("next")? }))
    }
}

impl Run for Update {
    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        let mut draft = Draft::of(incident, ctx);
        draft.let_in(&ctx.actor.person, &ctx.actor.name);
        write_update(&mut draft, self.text.clone(), self.doing.clone(), self.next);
        Ok(draft.done(|incident| {
            let mut title = vec![text("Update written for "), card::named(incident)];
            if let Some(due) = incident.update_due {
                title.extend([text("; the next is due "), time(due, TimeStyle::Relative)]);
            }
            View::titled(Tone::Good, title)
        }))
    }
}

/// Be reminded of the next update later.
#[derive(Debug, Clone, PartialEq)]
pub struct Snooze {
    span: TimeDelta,
}

impl Snooze {
    fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        let span = args.span("for")?;
        let span = span.ok_or_else(|| Refusal::invalid("For how long?").instead("update snooze 30m"))?;
        Ok(Command::Snooze(Self { span }))
    }
}

impl Run for Snooze {
    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        if !incident.status.is_open() {
            let phase = incident.status.phase().word();
            return Err(Refusal::conflict(format!("{} is {phase}: no update is due", incident.id)).instead("show"));
        }
        let due = ctx.now + self.span;
        let mut draft = Draft::of(incident, ctx);
        draft.incident.update_due = Some(due);
        draft.record(Event::ReminderMoved { about: Reminder::UpdateDue, until: Some(due) });
        Ok(draft.done(|incident| {
            let title = vec![text("The next update of "), card::named(incident), text(" is due ")];
            View::titled(Tone::Neutral, [title, vec![time(due, TimeStyle::Relative)]].concat())
        }))
    }
}
