//! The times of other systems, as they are written in the config.

use chrono::{DateTime, NaiveDateTime, NaiveTime, TimeDelta, Timelike};
use chrono_tz::Tz;

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const MINUTES: i64 = 24 * 60;

/// A moment with an offset, or a civil time without, as a civil time in a zone.
pub(super) fn civil(text: &str, zone: &str) -> Option<NaiveDateTime> {
    if let Ok(exact) =
        DateTime::parse_from_rfc3339(text).or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%z"))
    {
        return Some(exact.with_timezone(&zone.parse::<Tz>().ok()?).naive_local());
    }
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S").ok()
}

/// A civil time as it is written.
pub(super) fn written(civil: NaiveDateTime) -> String {
    civil.format("%Y-%m-%d %H:%M").to_string()
}

/// How long a turn is, in the largest unit of which it is a whole number; `None` for less than an hour, or not whole hours.
pub(super) fn turn(seconds: i64) -> Option<String> {
    let units = [(7 * 86_400, "week"), (86_400, "day"), (3_600, "hour")];
    let (unit, name) = units.into_iter().find(|(unit, _)| seconds > 0 && seconds % unit == 0)?;
    Some(counted(seconds / unit, name))
}

/// `1 week`, `2 weeks`
pub(super) fn counted(count: i64, unit: &str) -> String {
    if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") }
}

/// A day of the week from Monday as 0.
pub(super) fn day(place: i64) -> Option<&'static str> {
    usize::try_from(place).ok().and_then(|place| DAYS.get(place)).copied()
}

/// A day of the week by its English name, or the beginning of it.
pub(super) fn day_named(name: &str) -> Option<i64> {
    let name = name.to_ascii_lowercase();
    DAYS.iter().position(|day| name.starts_with(&day[..2])).and_then(|place| i64::try_from(place).ok())
}

/// A window that opens at a time of some days, or of all, for so many minutes; `None` when it never closes.
pub(super) fn window(days: &[i64], opens: NaiveTime, minutes: i64) -> Option<String> {
    let from = i64::from(opens.num_seconds_from_midnight()) / 60;
    let until = from + minutes;
    let clock = |minute: i64| format!("{:02}:{:02}", minute.rem_euclid(MINUTES) / 60, minute % 60);
    if days.is_empty() {
        return (minutes < MINUTES).then(|| format!("{}-{}", clock(from), clock(until)));
    }
    if minutes >= 7 * MINUTES {
        return None;
    }
    if minutes <= MINUTES {
        let days: Vec<_> = days.iter().filter_map(|place| day(*place)).collect();
        return Some(format!("{} {}-{}", days.join(","), clock(from), clock(until)));
    }
    let first = *days.first()?;
    let last = (first + until / MINUTES).rem_euclid(7);
    Some(format!("{} {} - {} {}", day(first)?, clock(from), day(last)?, clock(until)))
}

/// A time of day, `09:00:00` with or without seconds and zone.
pub(super) fn clock(text: &str) -> Option<NaiveTime> {
    text.get(..5).and_then(|text| NaiveTime::parse_from_str(text, "%H:%M").ok())
}

/// How many minutes later a civil time of the week comes than another.
pub(super) fn minutes_between(from: (i64, NaiveTime), until: (i64, NaiveTime)) -> i64 {
    let at = |(day, time): (i64, NaiveTime)| TimeDelta::days(day) + (time - NaiveTime::MIN);
    let minutes = (at(until) - at(from)).num_minutes().rem_euclid(7 * MINUTES);
    if minutes == 0 { 7 * MINUTES } else { minutes }
}
