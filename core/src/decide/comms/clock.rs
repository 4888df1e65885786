//! The comms clock of an incident: set when it is declared, moved by what customers are told, and stopped at its end.
//!
//! Drills are practised against the clock. Private incidents have none, since customers are told nothing of them; planned work has
//! none, since it is announced before it begins. Nor has any incident where the config names nobody who counts.

use crate::clock::Timestamp;
use crate::command::Invocation;
use crate::comms::{Message, Next};
use crate::decide::fire::{dismiss, snooze};
use crate::decide::{Ctx, Draft};
use crate::incident::event::{Due, Reminder};
use crate::incident::{Incident, Kind, Visibility};
use crate::time::in_words;
use crate::timer::Alarm;
use crate::view::{Action, Section, Span, TimeStyle, Tone, View, text, time};
use chrono::TimeDelta;
use std::time::Duration;

/// Keeps the clock and its reminders with any change of the incident.
pub(super) fn follow(draft: &mut Draft<'_>) {
    let before = draft.before();
    if before.is_some_and(|before| moved_by(before) == moved_by(&draft.incident)) {
        return;
    }
    let is_reopened = draft.incident.status.is_open() && before.is_some_and(|before| !before.status.is_open());
    draft.incident.comms_clock.next = next(&draft.incident, is_reopened, draft.ctx());
    if draft.incident.comms_clock.due() != before.and_then(|before| before.comms_clock.due()) {
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
    let clock = &mut draft.incident.comms_clock;
    clock.first_at.get_or_insert(now);
    clock.last_at = Some(now);
    clock.next = match message.next_at {
        _ if message.status.is_over() => Next::Over,
        Some(at) => Next::Promised(at),
        None => Next::Nothing,
    };
}

/// The last that customers were told was taken back: they are due another word.
pub(super) fn untold(draft: &mut Draft<'_>, message: &Message) {
    let clock = &mut draft.incident.comms_clock;
    clock.next = match clock.next {
        Next::Promised(at) => Next::ByRule(at),
        Next::Over if message.status.is_over() => Next::Nothing,
        next @ (Next::Over | Next::Nothing | Next::ByRule(_)) => next,
    };
}

/// All that can move the clock.
fn moved_by(incident: &Incident) -> impl PartialEq + use<'_> {
    (&incident.severity, incident.visibility, incident.status.is_open(), &incident.comms_clock)
}

/// What customers are to be told next. In an incident that is reopened, that it is over and what was promised no longer holds.
fn next(incident: &Incident, is_reopened: bool, ctx: &Ctx<'_>) -> Next {
    let (now, comms, clock) = (ctx.now, &ctx.org.comms, &incident.comms_clock);
    let rules = comms.at(incident.severity.as_ref());
    let within = rules.and_then(|rules| span(rules.first_within));
    let every = rules.and_then(|rules| span(rules.every));
    let has_audience = comms.audiences.iter().any(|audience| audience.clocked);
    let is_kept = has_audience && incident.visibility == Visibility::Public && incident.kind != Kind::Maintenance;
    let since = if is_reopened { now } else { incident.declared_at };
    let at = match (clock.next, clock.last_at, incident.status.is_open()) {
        (Next::Over, _, _) if !is_reopened => return Next::Over,
        _ if !is_kept => None,
        (_, None, is_open) => within.filter(|_| is_open).map(|within| (since + within).max(now)),
        (_, Some(_), _) if is_reopened => within.or(every).map(|span| now + span),
        (promised @ Next::Promised(_), Some(_), _) => return promised,
        (_, Some(last), true) => every.map(|every| (last + every).max(now)),
        // They have heard of it, and not that it is over.
        (_, Some(_), false) => clock.due().or_else(|| span(Some(comms.warn_before)).map(|span| now + span)),
    };
    at.map_or(Next::Nothing, Next::ByRule)
}

fn span(span: Option<Duration>) -> Option<TimeDelta> {
    TimeDelta::from_std(span?).ok()
}

/// The room is warned before a word is due, and reminded once it is late.
fn keep_reminders(draft: &mut Draft<'_>) {
    let (id, now) = (draft.incident.id, draft.ctx().now);
    let remind = |how, since| Alarm::Remind { about: Reminder::Customers(how), since };
    let Some(due) = draft.incident.comms_clock.due() else {
        draft.clear_timer(Reminder::Customers(Due::Soon).key(id));
        draft.clear_timer(Reminder::Customers(Due::Late).key(id));
        return;
    };
    draft.set_timer(remind(Due::Late, due), due);
    if due > now {
        let ahead = span(Some(draft.org().comms.warn_before)).unwrap_or_default();
        draft.set_timer(remind(Due::Soon, due), (due - ahead).max(now));
    } else {
        draft.clear_timer(Reminder::Customers(Due::Soon).key(id));
    }
}

/// Whether customers are still due a word, so that a reminder makes sense.
pub(in crate::decide) fn is_due(how: Due, incident: &Incident, ctx: &Ctx<'_>) -> bool {
    incident.comms_clock.due().is_some_and(|due| match how {
        Due::Soon => due > ctx.now,
        Due::Late => due <= ctx.now,
    })
}

/// What a room is told: that customers are to hear something soon, or should have.
pub(in crate::decide) fn reminder(how: Due, incident: &Incident, late: TimeDelta) -> View {
    let (id, told) = (incident.id, &incident.comms_clock);
    let when = match how {
        Due::Late if late >= TimeDelta::minutes(1) => {
            format!(": customers should have been told {} ago", in_words(late))
        }
        Due::Late => ": customers should be told now".to_owned(),
        Due::Soon => format!(": customers are to be told within {}", in_words(late)),
    };
    let why = match (told.last_at, told.next, incident.status.is_open()) {
        (None, _, _) => vec![text("They have been told nothing yet.")],
        (Some(last), _, false) => {
            vec![text("It is over, and they have not been told so. They last heard of it at "), clock(last), text(".")]
        }
        (Some(last), next, true) => {
            let mut line = vec![text("They last heard of it at "), clock(last)];
            if let Next::Promised(due) = next {
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
