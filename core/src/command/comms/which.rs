//! Which message somebody means who names none: the only one to which their word makes sense.

use crate::comms::{Message, Stage};
use crate::decide::State;
use crate::incident::Incident;
use crate::refusal::Refusal;

/// The messages of an incident that were read, by number.
pub(super) fn messages(incident: &Incident, state: &State) -> Vec<Message> {
    let mut all: Vec<_> = state.records.messages().filter(|one| one.incident == incident.id).cloned().collect();
    all.sort_by_key(|one| one.number);
    all
}

/// The number of the message that is meant by that verb.
///
/// # Errors
/// When none fits, or several do and none was named.
pub(super) fn meant(
    (named, verb): (Option<i64>, &str),
    incident: &Incident,
    state: &State,
    fits: fn(&Message) -> bool,
) -> Result<i64, Refusal> {
    let all = messages(incident, state);
    if let Some(number) = named {
        let none = || Refusal::not_found(format!("{} has no message {number}", incident.id)).instead("comms list");
        return all.iter().find(|one| one.number == number).map(|one| one.number).ok_or_else(none);
    }
    let fitting: Vec<_> = all.iter().filter(|one| fits(one)).map(|one| one.number).collect();
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
