//! What comes of an attempt: done, another one later, or given up.

use super::POLL;
use crate::clock::Timestamp;
use crate::comms::{Channel, Fault, ParcelOutcome};
use crate::ports::courier::CourierError;
use crate::ports::store::StoreError;
use chrono::TimeDelta;
use std::time::Duration;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

/// The pauses after each failed attempt at a webhook, in seconds: three days in all.
/// <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#deliverability-and-reliability>
const BY_WEBHOOK: [u64; 9] =
    [5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];

/// The pauses after each failed attempt at a letter, in seconds. Only what our own mail server does not take is tried again here: what it
/// has taken is its business. A status that is a day old is no news.
const BY_EMAIL: [u64; 6] = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, 12 * HOUR];

/// The other side is not left alone for longer than this, whatever it asks for.
const LONGEST: Duration = Duration::from_secs(24 * HOUR);

/// The outcome of an attempt that ended so.
pub(super) fn outcome(
    ended: Result<(), CourierError>,
    channel: Channel,
    attempt: u32,
    now: Timestamp,
) -> ParcelOutcome {
    match ended {
        Ok(()) => ParcelOutcome::Done,
        Err(CourierError::Again { reason, after }) => match pause(channel, attempt) {
            Some(pause) => {
                let pause = pause.max(after.unwrap_or_default().min(LONGEST));
                ParcelOutcome::Retry { at: now + TimeDelta::from_std(pause).unwrap_or_default(), error: reason }
            }
            // A mail server that takes nothing for a day is our own; a webhook that takes nothing for three is theirs.
            None => ParcelOutcome::Parked {
                error: reason,
                fault: match channel {
                    Channel::Email => Fault::None,
                    Channel::Webhook => Fault::Counts,
                },
            },
        },
        Err(CourierError::Refused { reason }) => ParcelOutcome::Parked { error: reason, fault: Fault::Counts },
        Err(CourierError::Nobody { reason }) => ParcelOutcome::Parked { error: reason, fault: Fault::Nobody },
        Err(CourierError::Gone { reason }) => ParcelOutcome::Parked { error: reason, fault: Fault::Gone },
    }
}

/// The outcome of a parcel whose contents could not be read. What never can be is for an operator to see.
pub(super) fn unread(error: &StoreError, now: Timestamp) -> ParcelOutcome {
    match error {
        StoreError::Broken(_) => ParcelOutcome::Parked { error: error.to_string(), fault: Fault::None },
        StoreError::Unavailable(_) | StoreError::Conflict => ParcelOutcome::Returned { at: now + POLL },
    }
}

fn pause(channel: Channel, attempt: u32) -> Option<Duration> {
    let pauses: &[u64] = match channel {
        Channel::Email => &BY_EMAIL,
        Channel::Webhook => &BY_WEBHOOK,
    };
    let before = usize::try_from(attempt).ok()?.checked_sub(1)?;
    pauses.get(before).copied().map(Duration::from_secs)
}

/// Its word in metrics.
pub(super) fn word(outcome: &ParcelOutcome) -> &'static str {
    match outcome {
        ParcelOutcome::Done => "done",
        ParcelOutcome::Retry { .. } => "retry",
        ParcelOutcome::Returned { .. } => "returned",
        ParcelOutcome::Parked { .. } => "parked",
        ParcelOutcome::Moot => "moot",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn again(channel: Channel, attempt: u32, after: Option<u64>) -> ParcelOutcome {
        let error = CourierError::Again { reason: "busy".into(), after: after.map(Duration::from_secs) };
        outcome(Err(error), channel, attempt, NOW)
    }

    fn retry(seconds: i64) -> ParcelOutcome {
        ParcelOutcome::Retry { at: NOW + TimeDelta::seconds(seconds), error: "busy".into() }
    }

    #[test]
    fn the_pauses_grow_and_then_it_is_given_up() {
        let pauses: Vec<_> = (1..=9).map(|attempt| again(Channel::Webhook, attempt, None)).collect();
        let hours = [2, 5, 10, 14, 20, 24].map(|hours| retry(hours * 3_600));
        assert_eq!(pauses[..3], [retry(5), retry(300), retry(1_800)]);
        assert_eq!(pauses[3..], hours);
        let parked = |fault| ParcelOutcome::Parked { error: "busy".into(), fault };
        assert_eq!(again(Channel::Webhook, 10, None), parked(Fault::Counts));
        assert_eq!(again(Channel::Email, 6, None), retry(12 * 3_600));
        assert_eq!(again(Channel::Email, 7, None), parked(Fault::None), "our own mail server is nobody's fault");
    }

    #[test]
    fn what_cannot_be_read_now_is_not_tried_and_what_never_can_is_left_for_an_operator() {
        let away = unread(&StoreError::Unavailable("locked".into()), NOW);
        assert_eq!(away, ParcelOutcome::Returned { at: NOW + POLL });
        let broken = unread(&StoreError::Broken("no JSON".into()), NOW);
        assert!(matches!(broken, ParcelOutcome::Parked { fault: Fault::None, .. }));
    }

    #[test]
    fn the_other_side_is_left_alone_for_as_long_as_it_asks_for_within_reason() {
        assert_eq!(again(Channel::Webhook, 1, Some(90)), retry(90));
        assert_eq!(again(Channel::Webhook, 2, Some(90)), retry(300));
        assert_eq!(again(Channel::Email, 1, Some(u64::MAX)), retry(24 * 3_600));
    }
}
