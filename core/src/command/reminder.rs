//! `reminder`: be reminded later, or not again.

use super::args::Args;
use super::spec::{Access, Arg, ArgKind, Group, Scope, Spec, Verb};
use super::{Command, Run};
use crate::clock::Timestamp;
use crate::decide::{Ctx, Decision, Draft, State, incident_of};
use crate::incident::Incident;
use crate::incident::event::{Due, Event, Reminder};
use crate::plain::echo;
use crate::refusal::Refusal;
use crate::timer::Alarm;
use crate::view::{TimeStyle, Tone, View, card, text, time};
use chrono::TimeDelta;

const SOON: Reminder = Reminder::Customers(Due::Soon);
const LATE: Reminder = Reminder::Customers(Due::Late);

const ABOUT: Arg = Arg::required("about", ArgKind::Word(&["update", "commander", "customers"]), "which reminder");

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
            Some("customers") => Reminder::Customers(Due::Late),
            other => {
                let other = echo(other.unwrap_or(""));
                let sentence = format!("“{other}” is no reminder: there are update, commander, customers");
                return Err(Refusal::invalid(sentence));
            }
        };
        Ok(Command::Remind(Self { about, after }))
    }

    /// Be reminded of that no more.
    pub(super) fn no_more(about: Reminder) -> Self {
        Self { about, after: None }
    }

    fn makes_sense(&self, incident: &Incident) -> bool {
        match self.about {
            Reminder::NoCommander => incident.lacks_commander(),
            Reminder::UpdateDue => incident.update_due.is_some(),
            Reminder::Customers(_) => incident.comms_clock.due().is_some(),
            Reminder::WorkSoon | Reminder::WorkLate => false,
        }
    }

    /// What the room is reminded of from then on, the first first. Nobody is reminded of an update before it is due; of what customers
    /// are due the room may be warned before, and is reminded after.
    fn put_off(&self, incident: &Incident, until: Timestamp) -> Vec<(Alarm, Timestamp)> {
        let remind = |about, since, at| (Alarm::Remind { about, since }, at);
        match (self.about, incident.update_due, incident.comms_clock.due()) {
            (about @ Reminder::UpdateDue, Some(due), _) => vec![remind(about, due, until.max(due))],
            (Reminder::Customers(_), _, Some(due)) if until < due => {
                vec![remind(SOON, due, until), remind(LATE, due, due)]
            }
            (Reminder::Customers(_), _, Some(due)) => vec![remind(LATE, due, until)],
            (about, _, _) => vec![remind(about, incident.declared_at, until)],
        }
    }

    /// Everything that reminds of the same.
    fn all(&self) -> &'static [Reminder] {
        match self.about {
            Reminder::NoCommander => &[Reminder::NoCommander],
            Reminder::UpdateDue => &[Reminder::UpdateDue],
            Reminder::Customers(_) => &[SOON, LATE],
            Reminder::WorkSoon | Reminder::WorkLate => &[],
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
        let later = self.after.map(|after| self.put_off(incident, ctx.now + after));
        let until = later.iter().flatten().next().map(|(_, until)| *until);
        for about in self.all() {
            draft.clear_timer(about.key(incident.id));
            draft.incident.dismissed.retain(|one| one != about);
        }
        match later {
            Some(later) => later.into_iter().for_each(|(alarm, at)| draft.set_timer(alarm, at)),
            None => draft.incident.dismissed.extend(self.all()),
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
