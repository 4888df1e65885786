//! The comms clock of an incident: set when it is declared, moved by what customers are told, and stopped at its end.
//!
//! Drills are practised against the clock. Private incidents have none, since customers are told nothing of them; planned work has
//! none, since it is announced before it begins. Nor has any incident where the config names nobody who counts.

use crate::clock::Timestamp;
use crate::command::Invocation;
use crate::comms::Message;
use crate::decide::fire::{dismiss, snooze};
use crate::decide::{Ctx, Draft};
use crate::incident::event::Reminder;
use crate::incident::{Incident, Kind, Visibility};
use crate::time::in_words;
use crate::timer::Alarm;
use crate::view::{Action, Section, Span, TimeStyle, Tone, View, text, time};
use chrono::TimeDelta;
use std::time::Duration;

/// Keeps the clock and its reminders with any change of the incident.
pub(super) fn follow(draft: &mut Draft<'_>) {
    let before = draft.before();
    let same = before.is_some_and(|before| moved_by(before) == moved_by(&draft.incident));
    if same {
        return;
    }
    draft.incident.told.due = due(draft);
    let was_due = before.and_then(|before| before.told.due);
    if draft.incident.told.due != was_due {
        keep_reminders(draft);
    }
}

/// Customers have just been told this, or that was practised.
pub(super) fn told(draft: &mut Draft<'_>, message: &Message) {
    let is_clocked = draft.org().comms.audience(&message.audience).is_some_and(|audience| audience.clocked);
    if !is_clocked {
        return;
    }
    let now = draft.ctx().now;
    let told = &mut draft.incident.told;
    told.first_at.get_or_insert(now);
    told.last_at = Some(now);
    told.over = message.status.is_over();
    told.promised = message.next_at.is_some() && !told.over;
    told.due = message.next_at.filter(|_| told.promised);
}

/// All that can move the clock.
fn moved_by(incident: &Incident) -> impl PartialEq + use<'_> {
    (&incident.severity, incident.visibility, incident.status.is_open(), &incident.told)
}

/// When customers are to be told next.
fn due(draft: &mut Draft<'_>) -> Option<Timestamp> {
    let (now, org) = (draft.ctx().now, draft.org());
    let is_open = draft.incident.status.is_open();
    let is_reopened = is_open && draft.before().is_some_and(|before| !before.status.is_open());
    let incident = &mut draft.incident;
    if is_reopened {
        // That it is over, and what was promised, no longer holds.
        (incident.told.over, incident.told.promised) = (false, false);
    }
    let (told, rules) = (&incident.told, org.comms.at(incident.severity.as_ref()));
    let within = rules.and_then(|rules| span(rules.first_within));
    let every = rules.and_then(|rules| span(rules.every));
    let has_audience = org.comms.audiences.iter().any(|audience| audience.clocked);
    let is_kept = has_audience && incident.visibility == Visibility::Public && incident.kind != Kind::Maintenance;
    let since = if is_reopened { now } else { incident.declared_at };
    match (is_open, told.last_at) {
        _ if !is_kept || told.over => None,
        (_, None) if !is_open => None,
        (_, None) => within.map(|within| (since + within).max(now)),
        (_, Some(_)) if is_reopened => within.or(every).map(|span| now + span),
        (_, Some(_)) if told.promised => told.due,
        (true, Some(last)) => every.map(|every| (last + every).max(now)),
        // They have heard of it, and not that it is over.
        (false, Some(_)) => told.due.or_else(|| span(Some(org.comms.warn_before)).map(|span| now + span)),
    }
}

fn span(span: Option<Duration>) -> Option<TimeDelta> {
    TimeDelta::from_std(span?).ok()
}

/// The room is warned before a word is due, and reminded once it is late.
fn keep_reminders(draft: &mut Draft<'_>) {
    let (id, now) = (draft.incident.id, draft.ctx().now);
    let remind = |about, since| Alarm::Remind { about, since };
    let Some(due) = draft.incident.told.due else {
        draft.clear_timer(Reminder::PublicSoon.key(id));
        draft.clear_timer(Reminder::PublicLate.key(id));
        return;
    };
    draft.set_timer(remind(Reminder::PublicLate, due), due);
    if due > now {
        let ahead = span(Some(draft.org().comms.warn_before)).unwrap_or_default();
        draft.set_timer(remind(Reminder::PublicSoon, due), (due - ahead).max(now));
    } else {
        draft.clear_timer(Reminder::PublicSoon.key(id));
    }
}

/// Whether customers are still due a word, so that a reminder makes sense.
pub(in crate::decide) fn is_due(about: Reminder, incident: &Incident, ctx: &Ctx<'_>) -> bool {
    let Some(due) = incident.told.due else { return false };
    match about {
        Reminder::PublicSoon => due > ctx.now,
        Reminder::PublicLate => due <= ctx.now,
        Reminder::NoCommander | Reminder::UpdateDue | Reminder::WorkSoon | Reminder::WorkLate => false,
    }
}

/// What a room is told: that customers are to hear something soon, or should have.
pub(in crate::decide) fn reminder(about: Reminder, incident: &Incident, late: TimeDelta) -> View {
    let (id, told) = (incident.id, &incident.told);
    let when = match about {
        Reminder::PublicLate if late >= TimeDelta::minutes(1) => {
            format!(": customers should have been told {} ago", in_words(late))
        }
        Reminder::PublicLate => ": customers should be told now".to_owned(),
        Reminder::PublicSoon
        | Reminder::NoCommander
        | Reminder::UpdateDue
        | Reminder::WorkSoon
        | Reminder::WorkLate => {
            format!(": customers are to be told within {}", in_words(late))
        }
    };
    let why = match (told.last_at, told.promised, incident.status.is_open()) {
        (None, _, _) => vec![text("They have been told nothing yet.")],
        (Some(last), _, false) => {
            vec![text("It is over, and they have not been told so. They last heard of it at "), clock(last), text(".")]
        }
        (Some(last), promised, true) => {
            let mut line = vec![text("They last heard of it at "), clock(last)];
            if let Some(due) = told.due.filter(|_| promised) {
                line.extend([text(", and were promised more at "), clock(due)]);
            }
            line.push(text("."));
            line
        }
    };
    let view = View::titled(Tone::Warning, vec![Span::Incident(id), text(when)]).with(Section::Text(why));
    let holding = Action::run("Holding statement", Invocation::of("comms holding").on(id)).primary();
    let draft = Action::open("Draft", Invocation::of("comms draft").on(id));
    let view = match told.first_at {
        None => view.offering(holding).offering(draft),
        Some(_) => view.offering(draft.primary()),
    };
    view.offering(snooze("reminder snooze", Some("customers"), id)).offering(dismiss("customers", id))
}

fn clock(at: Timestamp) -> Span {
    time(at, TimeStyle::Clock)
}

/// The last that customers were told was taken back: they are due another word.
pub(super) fn untold(draft: &mut Draft<'_>, message: &Message) {
    let told = &mut draft.incident.told;
    if told.last_at.is_some() {
        told.over = told.over && !message.status.is_over();
        told.promised = false;
    }
}
