//! Which message somebody means who names none: the only one to which their word makes sense.

use crate::comms::{Message, Stage};
use crate::decide::{State, comms};
use crate::incident::Incident;
use crate::refusal::Refusal;

/// The number of the message that is meant by that verb.
///
/// # Errors
/// When none fits, or several do and none was named.
pub(super) fn meant(
    named: Option<i64>,
    verb: &str,
    incident: &Incident,
    state: &State,
    fits: fn(&Message) -> bool,
) -> Result<i64, Refusal> {
    if let Some(number) = named {
        return comms::find(incident.id, number, state).map(|one| one.number);
    }
    let all = state.records.messages_of(incident.id);
    let fitting: Vec<_> = all.into_iter().filter(|one| fits(one)).map(|one| one.number).collect();
    match fitting.as_slice() {
        [only] => Ok(*only),
        [] => {
            let sentence = format!("No message of {} is there to {verb} now", incident.id);
            Err(Refusal::conflict(sentence).instead("comms list"))
        }
        [first, ..] => {
            let numbers: Vec<_> = fitting.iter().take(8).map(ToString::to_string).collect();
            let sentence = format!("Which message? There are {}", numbers.join(", "));
            Err(Refusal::conflict(sentence).instead(format!("comms {verb} {first}")))
        }
    }
}

pub(super) fn is_open(message: &Message) -> bool {
    message.stage.is_open()
}

pub(super) fn is_draft(message: &Message) -> bool {
    message.stage == Stage::Draft
}

pub(super) fn is_in_review(message: &Message) -> bool {
    matches!(message.stage, Stage::InReview { .. })
}

pub(super) fn is_ready(message: &Message) -> bool {
    matches!(message.stage, Stage::Draft | Stage::Approved | Stage::Scheduled { .. })
}

pub(super) fn is_scheduled(message: &Message) -> bool {
    matches!(message.stage, Stage::Scheduled { .. })
}

pub(super) fn is_out(message: &Message) -> bool {
    matches!(message.stage, Stage::Published { .. }) && message.corrects.is_none()
}
