//! Times as people type and read them: `10:42`, `20m ago`, `2026-11-27 10:42`, `1h30m`.

use crate::clock::Timestamp;
use crate::oncall::instant;
use chrono::{DateTime, Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use std::time::Duration;

/// The longest stretch that is taken for meant.
const LONGEST: i64 = 366 * 24 * 60;

/// A stretch of time such as `30m`, `2h`, `1h30m`, `1d`; a bare number is minutes.
#[must_use]
pub fn parse_span(typed: &str) -> Option<TimeDelta> {
    let typed = typed.trim().to_ascii_lowercase();
    if let Ok(minutes) = typed.parse::<i64>() {
        return minutes_checked(minutes);
    }
    let mut minutes: i64 = 0;
    let mut rest = typed.as_str();
    while !rest.is_empty() {
        let unit_at = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: i64 = rest[..unit_at].parse().ok()?;
        let after = &rest[unit_at..];
        let unit_len = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
        let unit = match after[..unit_len].trim() {
            "m" | "min" | "mins" | "minute" | "minutes" => 1,
            "h" | "hr" | "hrs" | "hour" | "hours" => 60,
            "d" | "day" | "days" => 24 * 60,
            _ => return None,
        };
        minutes = minutes.checked_add(number.checked_mul(unit)?)?;
        rest = after[unit_len..].trim_start();
    }
    minutes_checked(minutes)
}

/// A stretch of time that a machine takes: `500ms`, `10s`, `15m`, `1h30m`, `2d`. Every number has its unit.
#[must_use]
pub fn parse_duration(typed: &str) -> Option<Duration> {
    let mut total = Duration::ZERO;
    let mut rest = typed.trim();
    while !rest.is_empty() {
        let unit_at = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: u32 = rest[..unit_at].parse().ok()?;
        let after = rest[unit_at..].trim_start();
        let unit_len = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        let unit = match &after[..unit_len] {
            "ms" => Duration::from_millis(1),
            "s" => Duration::from_secs(1),
            "m" | "min" => Duration::from_secs(60),
            "h" => Duration::from_secs(3_600),
            "d" => Duration::from_secs(86_400),
            _ => return None,
        };
        total = total.checked_add(unit.checked_mul(number)?)?;
        rest = after[unit_len..].trim_start();
    }
    (Duration::from_millis(1)..=Duration::from_secs(LONGEST.unsigned_abs() * 60)).contains(&total).then_some(total)
}

fn minutes_checked(minutes: i64) -> Option<TimeDelta> {
    (1..=LONGEST).contains(&minutes).then(|| TimeDelta::minutes(minutes))
}

/// A moment such as `10:42` or `10:42:30` (the latest one not after `now`, in `zone`), `yesterday 10:42`,
/// `2026-11-27 10:42`, `2026-11-27T10:42:00Z`, `20m ago`, `now`.
#[must_use]
pub fn parse_moment(typed: &str, now: Timestamp, zone: Tz) -> Option<Timestamp> {
    let typed = typed.trim();
    let lower = typed.to_ascii_lowercase();
    if lower == "now" {
        return Some(now);
    }
    if let Some(span) = lower.strip_suffix("ago") {
        return now.checked_sub_signed(parse_span(span)?);
    }
    if let Ok(exact) = DateTime::parse_from_rfc3339(typed) {
        return Some(exact.with_timezone(&Utc)).filter(|moment| is_sane(*moment));
    }
    let (typed, zone) = match lower.strip_suffix("utc") {
        Some(local) => (local.trim().to_owned(), Tz::UTC),
        None => (lower, zone),
    };
    let today = now.with_timezone(&zone).date_naive();
    if let Some(clock) = typed.strip_prefix("yesterday") {
        return at(today.checked_sub_days(Days::new(1))?, parse_clock(clock)?, zone);
    }
    if let Some(clock) = parse_clock(&typed) {
        let moment = at(today, clock, zone)?;
        return if moment <= now { Some(moment) } else { at(today.checked_sub_days(Days::new(1))?, clock, zone) };
    }
    let (date, clock) = typed.split_once([' ', 't'])?;
    let date = NaiveDate::parse_from_str(date, "%Y-%m-%d").ok()?;
    at(date, parse_clock(clock)?, zone)
}

/// A moment that may be still to come: `18:00` (the next one), `today 18:00`, `tomorrow 09:00`, `in 2h`, `2h`,
/// `2026-11-27`, and whatever [`parse_moment`] knows.
#[must_use]
pub fn parse_when(typed: &str, now: Timestamp, zone: Tz) -> Option<Timestamp> {
    let lower = typed.trim().to_ascii_lowercase();
    let today = now.with_timezone(&zone).date_naive();
    let tomorrow = today.checked_add_days(Days::new(1))?;
    if let Some(span) = lower.strip_prefix("in ").or(Some(lower.as_str())).and_then(parse_span_with_unit) {
        return now.checked_add_signed(span);
    }
    for (word, day) in [("today", today), ("tomorrow", tomorrow)] {
        if let Some(clock) = lower.strip_prefix(word) {
            return at(day, parse_clock(clock)?, zone);
        }
    }
    if let Some(clock) = parse_clock(&lower) {
        let moment = at(today, clock, zone);
        return moment.filter(|moment| *moment >= now).or_else(|| at(tomorrow, clock, zone));
    }
    if let Ok(date) = NaiveDate::parse_from_str(&lower, "%Y-%m-%d") {
        return instant(date.and_time(NaiveTime::MIN), zone).filter(|moment| is_sane(*moment));
    }
    parse_moment(typed, now, zone)
}

/// A bare number could be an hour as well as minutes: it is neither.
fn parse_span_with_unit(typed: &str) -> Option<TimeDelta> {
    let typed = typed.trim();
    typed.ends_with(|c: char| c.is_ascii_alphabetic()).then(|| parse_span(typed)).flatten()
}

fn parse_clock(typed: &str) -> Option<NaiveTime> {
    let typed = typed.trim();
    NaiveTime::parse_from_str(typed, "%H:%M").or_else(|_| NaiveTime::parse_from_str(typed, "%H:%M:%S")).ok()
}

fn at(date: NaiveDate, clock: NaiveTime, zone: Tz) -> Option<Timestamp> {
    let moment = match zone.from_local_datetime(&NaiveDateTime::new(date, clock)) {
        LocalResult::Single(moment) | LocalResult::Ambiguous(moment, _) => moment,
        LocalResult::None => return None,
    };
    Some(moment.with_timezone(&Utc)).filter(|moment| is_sane(*moment))
}

/// Between 2000 and 2100: anything else is a slip of the finger.
fn is_sane(moment: Timestamp) -> bool {
    (946_684_800..4_102_444_800).contains(&moment.timestamp())
}

/// A moment on a clock there: `10:42 CET`.
#[must_use]
pub fn clock(at: Timestamp, zone: Tz) -> String {
    at.with_timezone(&zone).format("%H:%M %Z").to_string()
}

/// A stretch of time in words: `5 minutes`, `2 hours`, `3 days`.
#[must_use]
pub fn in_words(span: TimeDelta) -> String {
    let minutes = span.num_minutes().abs();
    let (count, unit) = match minutes {
        0 => return "less than a minute".to_owned(),
        1..90 => (minutes, "minute"),
        90..2_880 => ((minutes + 30) / 60, "hour"),
        _ => (minutes / 1_440, "day"),
    };
    if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Timestamp {
        text.parse().expect("a time in the test")
    }

    #[test]
    fn spans_are_typed_short_or_long() {
        for (typed, minutes) in [("30m", 30), ("2h", 120), ("1h30m", 90), ("1 h 5 min", 65), ("1d", 1_440), ("15", 15)]
        {
            assert_eq!(parse_span(typed), Some(TimeDelta::minutes(minutes)), "{typed}");
        }
        for typed in ["", "0", "-5", "m", "5x", "999999999999999999d", "9999d", "1.5h"] {
            assert_eq!(parse_span(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_machine_is_told_every_unit() {
        for (typed, millis) in
            [("500ms", 500), ("10s", 10_000), ("1h30m", 5_400_000), (" 2 d ", 172_800_000), ("1m 5s", 65_000)]
        {
            assert_eq!(parse_duration(typed), Some(Duration::from_millis(millis)), "{typed}");
        }
        for typed in ["", "0s", "10", "s", "-5s", "1.5h", "5x", "9999999999d", "9999d", "10s5"] {
            assert_eq!(parse_duration(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_clock_time_is_the_latest_one_in_the_zone_of_the_one_who_types() {
        let now = moment("2026-11-27T10:00:00Z");
        let stockholm = Tz::Europe__Stockholm;
        assert_eq!(parse_moment("10:42", now, stockholm), Some(moment("2026-11-27T09:42:00Z")));
        assert_eq!(parse_moment("11:30", now, stockholm), Some(moment("2026-11-26T10:30:00Z")), "yesterday's");
        assert_eq!(parse_moment("09:30 utc", now, stockholm), Some(moment("2026-11-27T09:30:00Z")));
        assert_eq!(parse_moment("yesterday 23:59", now, Tz::UTC), Some(moment("2026-11-26T23:59:00Z")));
        assert_eq!(parse_moment("2026-11-20 08:00", now, stockholm), Some(moment("2026-11-20T07:00:00Z")));
        assert_eq!(parse_moment("20m ago", now, stockholm), Some(moment("2026-11-27T09:40:00Z")));
    }

    #[test]
    fn a_clock_time_that_the_change_to_summer_time_skips_is_no_time() {
        let now = moment("2026-03-29T12:00:00Z");
        assert_eq!(parse_moment("2026-03-29 02:30", now, Tz::Europe__Stockholm), None);
    }

    #[test]
    fn what_is_no_time_is_none() {
        let now = moment("2026-11-27T10:00:00Z");
        for typed in ["", "soon", "25:00", "10:60", "2026-13-01 10:00", "1066-10-14 09:00", "ago", "5x ago"] {
            assert_eq!(parse_moment(typed, now, Tz::UTC), None, "{typed}");
        }
    }
}
