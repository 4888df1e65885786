//! What follows from any change of an incident, whatever command made it: worked out here, once.

use super::{Draft, alerts, comms, maintenance, pages, rooms, runs};
use crate::clock::Timestamp;
use crate::incident::event::{Event, OfferEnd, Reminder, Subject};
use crate::incident::{Incident, Kind};
use crate::org::Organisation;
use crate::timer::Alarm;
use chrono::TimeDelta;

/// Adds to a change what follows from it.
pub(super) fn add(draft: &mut Draft<'_>) {
    withdraw_idle_offers(draft);
    set_update_due(draft);
    keep_commander_timer(draft);
    keep_update_timer(draft);
    pages::follow(draft);
    alerts::follow(draft);
    runs::follow(draft);
    comms::follow(draft);
    maintenance::follow(draft);
    rooms::follow(draft);
}

/// An offer makes no sense once the incident has ended, its role has changed hands, or the one asked has it anyway.
fn withdraw_idle_offers(draft: &mut Draft<'_>) {
    let incident = &mut draft.incident;
    let is_open = incident.status.is_open();
    let offers = std::mem::take(&mut incident.offers);
    let (live, idle): (Vec<_>, Vec<_>) = offers.into_iter().partition(|offer| {
        is_open && incident.holds(&offer.from, &offer.role) && !incident.holds(&offer.to, &offer.role)
    });
    incident.offers = live;
    for offer in idle {
        draft.record(Event::HandoffEnded {
            role: offer.role,
            to: Subject { person: offer.to, name: offer.to_name },
            end: OfferEnd::Withdrawn,
        });
    }
}

/// An update is due while the incident is open and its severity has a cadence, or one was promised.
fn set_update_due(draft: &mut Draft<'_>) {
    let (now, org) = (draft.ctx().now, draft.ctx().org);
    let before = draft.before();
    let incident = &mut draft.incident;
    if !incident.status.is_open() {
        incident.update_due = None;
        return;
    }
    let was_open = before.is_some_and(|before| before.status.is_open());
    let same_cadence = before.is_some_and(|before| before.severity == incident.severity);
    let same_update = before.is_some_and(|before| before.last_update == incident.last_update);
    if was_open && same_cadence && same_update {
        return;
    }
    let promised = incident.last_update.as_ref().and_then(|update| update.next_at).filter(|at| *at > now);
    incident.update_due = promised.or_else(|| cadence(incident, org).map(|every| now + every));
}

/// How often an update is due at this severity. Planned work goes by its plan.
fn cadence(incident: &Incident, org: &Organisation) -> Option<TimeDelta> {
    if incident.kind == Kind::Maintenance {
        return None;
    }
    let severity = org.severity(incident.severity.as_ref()?)?;
    TimeDelta::from_std(severity.update_every?).ok()
}

fn keep_commander_timer(draft: &mut Draft<'_>) {
    let lacks = Incident::lacks_commander;
    let lacked = draft.before().is_some_and(lacks);
    match (lacked, lacks(&draft.incident)) {
        (false, true) => {
            let within = TimeDelta::from_std(draft.ctx().org.commander_within).unwrap_or(TimeDelta::minutes(5));
            let since = draft.ctx().now;
            draft.set_timer(Alarm::Remind { about: Reminder::NoCommander, since }, since + within);
        }
        (true, false) => draft.clear_timer(Reminder::NoCommander.key(draft.incident.id)),
        (true, true) | (false, false) => {}
    }
}

fn keep_update_timer(draft: &mut Draft<'_>) {
    let before: Option<Timestamp> = draft.before().and_then(|before| before.update_due);
    let after = draft.incident.update_due;
    match after {
        Some(due) if before != Some(due) => {
            draft.set_timer(Alarm::Remind { about: Reminder::UpdateDue, since: due }, due);
        }
        None if before.is_some() => draft.clear_timer(Reminder::UpdateDue.key(draft.incident.id)),
        Some(_) | None => {}
    }
}
