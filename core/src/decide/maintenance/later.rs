//! What the clock does to planned work: it begins, those who have subscribed are reminded, and the room is asked when it takes too long.

use super::Work;
use super::tell::knowing;
use crate::clock::Timestamp;
use crate::comms::Audience;
use crate::comms::template::Purpose;
use crate::decide::{Ctx, Decision, Draft, State, comms, set_status};
use crate::incident::Incident;
use crate::incident::event::{Event, Reminder};
use crate::incident::status::Phase;
use crate::time::in_words;
use crate::view::{Tone, View, maintenance as shown, text};
use chrono::TimeDelta;

/// The work begins, if it is still to.
pub(in crate::decide) fn begins(state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let incident = state.incident.as_ref().filter(|incident| incident.is_planned())?;
    let mut draft = Draft::of(incident, ctx);
    set_status(&mut draft, Phase::Investigating, None).ok()?;
    Some(draft.done(|_| View::titled(Tone::Neutral, vec![text("The planned work has begun")])))
}

/// Those who have subscribed are reminded, if they know of the work.
pub(in crate::decide) fn remind(state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let incident = state.incident.as_ref().filter(|incident| incident.is_planned())?;
    let mut draft = Draft::of(incident, ctx);
    let mut desk = comms::Desk::new(&mut draft, state);
    let template = |audience: &Audience| ctx.org.comms.template_for(&audience.id, Purpose::Reminder, incident);
    let templates = knowing(incident, state, ctx).into_iter().filter_map(|(audience, _)| template(audience));
    if templates.filter(|template| desk.remind(template).is_ok()).count() == 0 {
        return None;
    }
    draft.record(Event::Reminded { about: Reminder::WorkSoon });
    Some(draft.done(|_| View::titled(Tone::Neutral, vec![text("Those who have subscribed were reminded")])))
}

/// Whether work takes longer than planned.
#[must_use]
pub fn is_late(incident: &Incident, now: Timestamp) -> bool {
    Work::of(incident) == Work::Underway && incident.window.is_some_and(|window| window.until <= now)
}

/// The room is asked whether it is done.
pub(in crate::decide) fn reminder(incident: &Incident, late: TimeDelta) -> View {
    if late < TimeDelta::minutes(1) {
        return shown::late(incident, "should be done now");
    }
    shown::late(incident, &format!("should have been done {} ago", in_words(late)))
}
