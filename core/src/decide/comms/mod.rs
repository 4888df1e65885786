//! Comms messages: written, looked at, let go, put right and taken back; and the clock that says when customers are due a word.

mod clock;
mod digest;
mod undelivered;

pub use undelivered::{UndeliveredNews, hear_of_undelivered};

use super::{Ctx, Decision, Draft, State};
use crate::comms::Message;
use crate::ids::IncidentId;
use crate::incident::Incident;
use crate::incident::event::Reminder;
use crate::record::{RecordKey, Wanted};
use crate::timer::Timer;
use crate::view::{Tone, View, text};
use chrono::TimeDelta;

/// The records of what an incident tells customers.
#[must_use]
pub fn records(incident: IncidentId) -> Vec<Wanted> {
    vec![Wanted::MessagesOf(incident), Wanted::One(RecordKey::public(incident))]
}

/// What follows for customers from any change of an incident: the clock is kept, digests are sent.
pub(super) fn follow(draft: &mut Draft<'_>) {
    clock::follow(draft);
    digest::follow(draft);
}

/// A message goes out: the one place where anything becomes public. What of it leaves the house depends on the incident, and is told.
pub(crate) fn publish(draft: &mut Draft<'_>, message: &Message) {
    clock::told(draft, message);
}

/// A message's time has come.
pub(super) fn publish_now(message: i64, timer: &Timer, state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let _ = timer;
    let incident = state.incident.as_ref()?;
    let message = state.records.message(incident.id, message)?.clone();
    let mut draft = Draft::of(incident, ctx);
    publish(&mut draft, &message);
    Some(draft.done(|_| View::titled(Tone::Good, vec![text("Published")])))
}

/// Nobody has looked at a message.
pub(super) fn escalate(message: (i64, bool), timer: &Timer, state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let _ = (message, timer, state, ctx);
    None
}

/// Whether customers are still due a word, so that a reminder makes sense.
pub(super) fn is_due(about: Reminder, incident: &Incident, ctx: &Ctx<'_>) -> bool {
    let _ = (about, incident, ctx);
    false
}

/// What a room is reminded of.
pub(super) fn reminder(about: Reminder, incident: &Incident, late: TimeDelta) -> View {
    let _ = (about, late);
    View::titled(Tone::Warning, vec![text(format!("{}: customers are due a word", incident.id))])
}
