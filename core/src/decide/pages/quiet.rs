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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::PersonId;
    use crate::org::{QuietHours, Reach, Right};
    use chrono_tz::Tz;

    fn resting(from: &str, until: &str) -> Person {
        let time = |time: &str| time.parse().expect("a time of day");
        Person {
            id: PersonId::from("alice"),
            name: "Alice Ek".to_owned(),
            email: None,
            right: Right::Respond,
            time_zone: Tz::Europe__Stockholm,
            reach: Reach { quiet: Some(QuietHours { from: time(from), until: time(until) }), ..Reach::default() },
        }
    }

    fn free(person: &Person, now: &str) -> String {
        let now = now.parse().expect("a moment");
        free_at(person, Loudness::Low, now).format("%m-%dT%H:%MZ").to_string()
    }

    #[test]
    fn what_can_wait_waits_for_the_morning_in_the_zone_of_whoever_rests() {
        let alice = resting("22:00:00", "07:00:00");
        assert_eq!(free(&alice, "2026-11-27T20:59:59Z"), "11-27T20:59Z", "not yet");
        assert_eq!(free(&alice, "2026-11-27T21:00:00Z"), "11-28T06:00Z");
        assert_eq!(free(&alice, "2026-11-28T05:59:59Z"), "11-28T06:00Z");
        assert_eq!(free(&alice, "2026-11-28T06:00:00Z"), "11-28T06:00Z", "at seven they are awake");
        let high = free_at(&alice, Loudness::High, "2026-11-27T23:00:00Z".parse().expect("a moment"));
        assert_eq!(high.to_rfc3339(), "2026-11-27T23:00:00+00:00", "what cannot wait does not");
    }

    #[test]
    fn a_rest_within_a_day_ends_that_day() {
        let alice = resting("12:00:00", "13:00:00");
        assert_eq!(free(&alice, "2026-11-27T11:30:00Z"), "11-27T12:00Z");
        assert_eq!(free(&alice, "2026-11-27T22:30:00Z"), "11-27T22:30Z");
    }

    #[test]
    fn where_the_clock_is_changed_the_morning_comes_by_the_clock_on_the_wall() {
        let alice = resting("22:00:00", "07:00:00");
        assert_eq!(free(&alice, "2026-03-28T22:00:00Z"), "03-29T05:00Z", "an hour is skipped");
        assert_eq!(free(&alice, "2026-10-24T22:00:00Z"), "10-25T06:00Z", "an hour comes twice");
        let until_a_time_that_is_skipped = resting("22:00:00", "02:30:00");
        let end = free(&until_a_time_that_is_skipped, "2026-03-28T22:00:00Z");
        assert!(end.as_str() >= "03-29T01:00Z" && end.as_str() <= "03-29T01:30Z", "{end}");
    }
}
