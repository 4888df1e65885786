//! Comms messages: written, looked at, let go, put right and taken back; and the clock that says when customers are due a word.

mod clock;
mod digest;

pub(super) use clock::{is_due, reminder};

use super::{Ctx, Decision, Draft, State};
use crate::comms::Message;
use crate::ids::IncidentId;
use crate::record::{RecordKey, Wanted};
use crate::timer::Timer;
use crate::view::{Tone, View, text};

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
