//! Comms messages: written, looked at, let go, put right and taken back; and the clock that says when customers are due a word.

mod clock;
#[cfg(test)]
mod clock_tests;
mod desk;
mod digest;
mod end;
mod page;
mod permit;
mod plan;
mod publish;
mod remind;
mod render;
mod review;
mod send;
mod standing;
#[cfg(test)]
mod tests;
mod undelivered;
mod usual;
mod write;

pub(super) use clock::{is_due, reminder};
pub(super) use desk::card;
pub use end::{discard, retract, retraction};
pub use permit::{approvers, may_let_go, needs_approval};
pub(super) use plan::publish_now;
pub use plan::{schedule, unschedule};
pub use publish::{hold, publish, publish_as};
pub(super) use remind::remind;
pub(super) use review::escalate;
pub use review::{approve, reject, submit};
pub use undelivered::{UndeliveredNews, hear_of_undelivered};
pub use write::{Order, Promise, Wish, draft_with, edit, write, write_again};

use super::{Draft, State, runs};
use crate::comms::{Message, PublicStatus};
use crate::ids::IncidentId;
use crate::record::{RecordKey, Wanted};

/// What must be read to decide about what an incident tells customers: steps of runbooks may wait for a message.
#[must_use]
pub fn records(incident: IncidentId) -> Vec<Wanted> {
    runs::records(incident)
}

/// The records of what an incident tells customers.
pub(super) fn own_records(incident: IncidentId) -> [Wanted; 2] {
    [Wanted::MessagesOf(incident), Wanted::One(RecordKey::public(incident))]
}

/// The message that says what the one of that number says now: itself, or what has put it right. An edit of it begins there.
#[must_use]
pub fn latest(incident: IncidentId, number: i64, state: &State) -> Option<Message> {
    let mut all: Vec<_> = state.records.messages().filter(|one| one.incident == incident).cloned().collect();
    all.sort_by_key(|one| one.number);
    let named = all.iter().find(|one| one.number == number)?;
    let is_open = named.stage.is_open();
    let root = named.corrects.unwrap_or(number);
    let latest = write::latest_text(&all, root).filter(|_| !is_open);
    Some(latest.unwrap_or(named).clone())
}

/// Where an audience was last told that things stand.
#[must_use]
pub fn told(incident: IncidentId, audience: &str, state: &State) -> Option<PublicStatus> {
    let all: Vec<_> = state.records.messages().filter(|one| one.incident == incident).cloned().collect();
    standing::Standing::of(&all, audience).status
}

/// What follows for customers from any change of an incident: the clock is kept, digests are sent.
pub(super) fn follow(draft: &mut Draft<'_>) {
    clock::follow(draft);
    digest::follow(draft);
}
