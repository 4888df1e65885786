//! Comms messages: written, looked at, let go, put right and taken back; and the clock that says when customers are due a word.

mod clock;
#[cfg(test)]
mod clock_tests;
mod digest;

pub(super) use clock::{is_due, reminder};

use super::{Ctx, Decision, Draft, State};
use crate::ids::IncidentId;
use crate::record::{RecordKey, Wanted};
use crate::refusal::Refusal;
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
pub(crate) fn publish(draft: &mut Draft<'_>, number: i64, state: &State) -> Result<(), Refusal> {
    let id = draft.incident.id;
    let message = state.records.message(id, number).cloned();
    let message = message.ok_or_else(|| Refusal::not_found(format!("{id} has no message {number}")))?;
    clock::told(draft, &message);
    Ok(())
}

/// A message's time has come.
pub(super) fn publish_now(message: i64, timer: &Timer, state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let _ = timer;
    let incident = state.incident.as_ref()?;
    let mut draft = Draft::of(incident, ctx);
    publish(&mut draft, message, state).ok()?;
    Some(draft.done(|_| View::titled(Tone::Good, vec![text("Published")])))
}

/// Nobody has looked at a message.
pub(super) fn escalate(message: (i64, bool), timer: &Timer, state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let _ = (message, timer, state, ctx);
    None
}

pub(crate) fn draft_with(_: &mut Draft<'_>, _: &str, _: crate::comms::Values, _: &State) -> Result<i64, Refusal> {
    Err(Refusal::not_found("x"))
}
pub(crate) fn remind(_: &mut Draft<'_>, _: &str, _: &State) -> Result<(), Refusal> {
    Err(Refusal::not_found("x"))
}
