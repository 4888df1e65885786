//! `reminder`: be reminded later, or not again.

use super::args::{Args, echo};
use super::spec::{Access, Arg, ArgKind, Group, Scope, Spec, Verb};
use super::{Command, Run};
use crate::decide::{Ctx, Decision, Draft, State, incident_of};
use crate::incident::Incident;
use crate::incident::event::{Event, Reminder};
use crate::refusal::Refusal;
use crate::timer::Alarm;
use crate::view::{TimeStyle, Tone, View, card, text, time};
use chrono::TimeDelta;

const ABOUT: Arg = Arg::required("about", ArgKind::Word(&["update", "commander"]), "which reminder");

pub(super) const SPEC: Spec = Spec {
    name: "reminder",
    button: "Remind",
    summary: "Have a reminder later, or not again",
    group: Group::Record,
    scope: Scope::Incident,
    verbs: &[
        Verb {
            name: "snooze",
            summary: "Be reminded later",
            access: Access::Writes,
            args: &[ABOUT, Arg::required("for", ArgKind::Span, "for how long, as in 30m")],
            examples: &["reminder snooze commander 30m"],
            read: |args| Remind::read(args, args.span("for")?),
        },
        Verb {
            name: "dismiss",
            summary: "Be reminded no more",
            access: Access::Writes,
            args: &[ABOUT],
            examples: &["reminder dismiss update"],
            read: |args| Remind::read(args, None),
        },
    ],
};

/// Be reminded later, or no more.
#[derive(Debug, Clone, PartialEq)]
pub struct Remind {
    about: Reminder,
    after: Option<TimeDelta>,
}

impl Remind {
    fn read(args: &Args<'_>, after: Option<TimeDelta>) -> Result<Command, Refusal> {
        let about = match args.word("about").as_deref() {
            Some("commander") => Reminder::NoCommander,
            Some("update") => Reminder::UpdateDue,
            other => {
                let sentence = format!("“{}” is no reminder: there are update, commander", echo(other.unwrap_or("")));
                return Err(Refusal::invalid(sentence));
            }
        };
        Ok(Command::Remind(Self { about, after }))
    }

    fn makes_sense(&self, incident: &Incident) -> bool {
        incident.status.is_open()
            && match self.about {
                Reminder::NoCommander => incident.commander().is_none(),
                Reminder::UpdateDue => incident.update_due.is_some(),
                Reminder::PublicSoon | Reminder::PublicLate => incident.told.due.is_some(),
            }
    }
}

impl Run for Remind {
    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        if !self.makes_sense(incident) {
            return Err(
                Refusal::conflict(format!("Nothing of that sort is missing in {}", incident.id)).instead("show")
            );
        }
        if self.after.is_none() && incident.dismissed.contains(&self.about) {
            return Err(Refusal::conflict("That reminder does not come any more").instead("show"));
        }
        let mut draft = Draft::of(incident, ctx);
        // Nobody is reminded of an update before it is due.
        let due = incident.update_due.filter(|_| self.about == Reminder::UpdateDue);
        let until = self.after.map(|after| due.map_or(ctx.now + after, |due| due.max(ctx.now + after)));
        match until {
            Some(until) => {
                let since = due.unwrap_or(incident.declared_at);
                draft.set_timer(Alarm::Remind { about: self.about, since }, until);
            }
            None => {
                draft.clear_timer(self.about.key(incident.id));
                draft.incident.dismissed.push(self.about);
            }
        }
        draft.record(Event::ReminderMoved { about: self.about, until });
        Ok(draft.done(|incident| {
            let title = match until {
                Some(until) => vec![text("The next reminder comes "), time(until, TimeStyle::Relative)],
                None => vec![text("There are no more reminders of that in "), card::named(incident)],
            };
            View::titled(Tone::Neutral, title)
        }))
    }
}
