//! Comms messages: written, looked at, let go, put right and taken back; and the clock that says when customers are due a word.

mod clock;
mod desk;
mod digest;
mod end;
mod guard;
mod page;
mod publish;
mod remind;
mod render;
mod review;
mod schedule;
mod send;
mod standing;
#[cfg(test)]
mod tests;
mod undelivered;
mod usual;
mod write;

pub(super) use clock::{is_due, reminder};
pub use desk::Desk;
pub(super) use desk::card;
pub(super) use publish::Drafted;
pub(super) use review::escalate;
pub(super) use schedule::publish_now;
pub use undelivered::{UndeliveredNews, hear_of_undelivered};
pub use write::{Order, Promise, Wish};

use super::{Draft, State, runs};
use crate::comms::{Message, PublicStatus};
use crate::ids::IncidentId;
use crate::record::{RecordKey, Wanted};
use crate::refusal::Refusal;

/// What must be read to decide about what an incident tells customers: steps of runbooks may wait for a message.
#[must_use]
pub fn records(incident: IncidentId) -> Vec<Wanted> {
    runs::records(incident)
}

/// The records of what an incident tells customers.
pub(super) fn own_records(incident: IncidentId) -> [Wanted; 2] {
    [Wanted::MessagesOf(incident), Wanted::One(RecordKey::public(incident))]
}

/// The message of that number.
///
/// # Errors
/// When there is none.
pub fn find(incident: IncidentId, number: i64, state: &State) -> Result<&Message, Refusal> {
    state.records.message(incident, number).ok_or_else(|| no_message(incident, number))
}

fn no_message(incident: IncidentId, number: i64) -> Refusal {
    Refusal::not_found(format!("{incident} has no message {number}")).instead("comms list")
}

/// The message that says what the one of that number says now: itself, or what has put it right. An edit of it begins there.
///
/// # Errors
/// When there is none of that number.
pub fn latest(incident: IncidentId, number: i64, state: &State) -> Result<&Message, Refusal> {
    let named = find(incident, number, state)?;
    let root = named.corrects.unwrap_or(number);
    let latest = standing::latest_text(state.records.messages_of(incident), root);
    Ok(latest.filter(|_| !named.stage.is_open()).unwrap_or(named))
}

/// Where an audience was last told that things stand.
#[must_use]
pub fn told(incident: IncidentId, audience: &str, state: &State) -> Option<PublicStatus> {
    standing::Standing::of(state.records.messages_of(incident), audience).status
}

/// What follows for customers from any change of an incident: the clock is kept, digests are sent.
pub(super) fn follow(draft: &mut Draft<'_>) {
    clock::follow(draft);
    digest::follow(draft);
}
