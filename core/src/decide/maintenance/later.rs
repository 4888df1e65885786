//! What the clock does to planned work: it begins, those who have subscribed are reminded, and the room is asked when it takes too long.

use super::Work;
use crate::clock::Timestamp;
use crate::comms::PublicIncident;
use crate::decide::{Ctx, Decision, Draft, State, comms, set_status};
use crate::incident::Incident;
use crate::incident::event::{Event, Reminder};
use crate::incident::status::Phase;
use crate::time::in_words;
use crate::view::{Tone, View, maintenance as shown, text};
use chrono::TimeDelta;

/// The template with which those who have subscribed are reminded.
const REMINDER: &str = "public-maintenance-reminder";

/// The work begins, if it is still to.
pub(in crate::decide) fn begins(state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let incident = state.incident.as_ref().filter(|incident| incident.is_planned())?;
    let mut draft = Draft::of(incident, ctx);
    set_status(&mut draft, Phase::Investigating, None).ok()?;
    Some(draft.done(|_| View::titled(Tone::Neutral, vec![text("The planned work has begun")])))
}

/// Those who have subscribed are reminded, if customers know of the work.
pub(in crate::decide) fn remind(state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let incident = state.incident.as_ref().filter(|incident| incident.is_planned())?;
    let public = state.records.public(incident.id);
    let is_announced = public.and_then(PublicIncident::standing).is_some_and(|post| !post.status.is_over());
    if !is_announced {
        return None;
    }
    let mut draft = Draft::of(incident, ctx);
    comms::remind(&mut draft, REMINDER, state).ok()?;
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
