//! Planned work: begins by the clock, is ended by people, its alerts disturb nobody meanwhile, and customers who know of it are told.
//!
//! * [`plan`] makes and moves it. [`follow`] sets its timers, whatever changed the incident.
//! * What needs records, its silence and what customers see, follows in a decision of its own, by a timer that is due at once: so it
//!   is the same whether the clock began it, a command, or a click on the status.

mod later;
mod plan;
mod tell;
mod turn;

pub use later::is_late;
pub(super) use later::{begins, remind, reminder};
pub(crate) use plan::{Plan, extend, move_to, plan};
pub(super) use turn::turned;

use super::{Draft, comms, silences};
use crate::ids::IncidentId;
use crate::incident::event::{Event, Reminder};
use crate::incident::status::Phase;
use crate::incident::{Incident, Kind};
use crate::record::Wanted;
use crate::timer::Alarm;
use chrono::TimeDelta;

/// What must be read to decide about planned work.
#[must_use]
pub fn records(incident: IncidentId) -> Vec<Wanted> {
    comms::records(incident).into_iter().chain(silences::records()).collect()
}

/// Where planned work stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Work {
    /// There is none.
    None,
    /// Its time has not come.
    Planned,
    /// It is being done, or looked at.
    Underway,
    /// It is done, or will not be.
    Over,
}

impl Work {
    fn of(incident: &Incident) -> Self {
        let is_work = incident.kind == Kind::Maintenance && incident.window.is_some();
        match incident.status.phase() {
            _ if !is_work => Self::None,
            Phase::Triage => Self::Planned,
            Phase::Investigating | Phase::Identified | Phase::Monitoring => Self::Underway,
            Phase::Resolved | Phase::Closed | Phase::Cancelled | Phase::Merged => Self::Over,
        }
    }
}

/// What follows for planned work from any change of its incident.
pub(super) fn follow(draft: &mut Draft<'_>) {
    let before = draft.before();
    let (was, is) = (before.map_or(Work::None, Work::of), Work::of(&draft.incident));
    let has_moved = before.and_then(|before| before.window) != draft.incident.window;
    if was == is && !has_moved {
        return;
    }
    let (id, now) = (draft.incident.id, draft.ctx().now);
    let Some(window) = draft.incident.window else { return };
    if was == Work::Planned && is == Work::Underway {
        draft.record(Event::WorkBegan);
    }
    if was != is && matches!(is, Work::Underway | Work::Over) {
        draft.set_timer(Alarm::WorkTurned { over: is == Work::Over }, now);
    }
    keep(draft, Alarm::WorkBegins, (is == Work::Planned).then_some(window.from));
    let late = Alarm::Remind { about: Reminder::WorkLate, since: window.until };
    keep(draft, late, (is == Work::Underway).then_some(window.until.max(now)));
    for before in &draft.org().comms.remind_before {
        let Ok(before) = TimeDelta::from_std(*before) else { continue };
        let at = Some(window.from - before).filter(|at| is == Work::Planned && *at > now);
        keep(draft, Alarm::WorkReminder { before: before.num_seconds() }, at);
    }
    // What a reopened incident waits for is not what the ended one did.
    if was == Work::Over && is != Work::Over {
        draft.clear_timer(Alarm::WorkTurned { over: true }.key(id));
    }
}

fn keep(draft: &mut Draft<'_>, alarm: Alarm, at: Option<crate::clock::Timestamp>) {
    match at {
        Some(at) => draft.set_timer(alarm, at),
        None => draft.clear_timer(alarm.key(draft.incident.id)),
    }
}
