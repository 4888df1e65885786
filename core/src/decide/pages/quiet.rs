//! Quiet hours: what can wait does, until somebody's night is over.

use crate::clock::Timestamp;
use crate::oncall::instant;
use crate::org::{Loudness, Person};
use chrono::{Days, Timelike};

/// When somebody may be disturbed: now, or when their quiet hours are over.
#[must_use]
pub(super) fn free_at(person: &Person, loudness: Loudness, now: Timestamp) -> Timestamp {
    let Some(quiet) = person.reach.quiet.filter(|_| loudness == Loudness::Low) else { return now };
    let local = now.with_timezone(&person.time_zone);
    let time = local.time().with_nanosecond(0).unwrap_or(local.time());
    let over_midnight = quiet.from > quiet.until;
    let is_quiet = match over_midnight {
        true => time >= quiet.from || time < quiet.until,
        false => time >= quiet.from && time < quiet.until,
    };
    if !is_quiet {
        return now;
    }
    let today = local.date_naive();
    let day =
        if over_midnight && time >= quiet.from { today.checked_add_days(Days::new(1)).unwrap_or(today) } else { today };
    instant(day.and_time(quiet.until), person.time_zone).unwrap_or(now)
}
