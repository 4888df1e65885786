//! Civil time as it is written in the config: turns, moments, days of the week and times of day.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Weekday};
use muster_core::oncall::{Turn, Window};

/// How long a turn is: `12 hours`, `1d`, `2 weeks`, `1 month`.
pub(super) fn turn(typed: &str) -> Result<Turn, String> {
    let wrong = || format!("“{typed}” is not a turn; write it as \"12 hours\", \"1 day\", \"2 weeks\" or \"1 month\"");
    let unit_at = typed.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
    let count: u32 = typed[..unit_at].parse().map_err(|_| wrong())?;
    let turn = match typed[unit_at..].trim() {
        "h" | "hour" | "hours" => Turn::Hours(count),
        "d" | "day" | "days" => Turn::Days(count),
        "w" | "week" | "weeks" => Turn::Weeks(count),
        "month" | "months" => Turn::Months(count),
        _ => return Err(wrong()),
    };
    if (1..=turn.longest()).contains(&count) {
        Ok(turn)
    } else {
        Err(format!("“{typed}” is not between an hour and a year"))
    }
}

/// A civil time: `2026-11-23 09:00`, or a date alone for its beginning.
pub(super) fn civil(typed: &str) -> Result<NaiveDateTime, String> {
    let date = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    let read = match typed.split_once([' ', 'T']) {
        Some((day, time)) => date(day).zip(clock(time)).map(|(date, time)| date.and_time(time)),
        None => date(typed).map(|date| date.and_time(NaiveTime::MIN)),
    };
    read.filter(|civil| is_sane(*civil))
        .ok_or_else(|| format!("“{typed}” is not a date and time; write it as \"2026-11-23 09:00\""))
}

/// Between 2000 and 2100: anything else is a slip of the finger.
fn is_sane(civil: NaiveDateTime) -> bool {
    (946_684_800..4_102_444_800).contains(&civil.and_utc().timestamp())
}

/// A time of day, `09:00`.
fn clock(typed: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(typed.trim(), "%H:%M").ok()
}

/// A window: `09:00-17:00`, `mon-fri 09:00-17:00`, `sat,sun`, `fri 17:00 - mon 09:00`.
pub(super) fn days_and_times(typed: &str) -> Result<Window, String> {
    let wrong = || {
        format!(
            "“{typed}” is not a window; write it as \"mon-fri 09:00-17:00\", \"sat,sun\" or \"fri 17:00 - mon 09:00\""
        )
    };
    let lower = typed.to_ascii_lowercase();
    over_days(&lower).or_else(|| within_days(&lower)).ok_or_else(wrong)
}

/// `fri 17:00 - mon 09:00`
fn over_days(typed: &str) -> Option<Window> {
    let end = |text: &str| {
        let (day, time) = text.trim().split_once(' ')?;
        Some((weekday(day)?, clock(time)?))
    };
    let (from, until) = typed.split_once(" - ")?;
    Some(Window::weekly(end(from)?, end(until)?))
}

/// `mon-fri 09:00-17:00`, or either half of it.
fn within_days(typed: &str) -> Option<Window> {
    let times = typed.find(|c: char| c.is_ascii_digit()).unwrap_or(typed.len());
    let (days, times) = (typed[..times].trim(), typed[times..].trim());
    let days = if days.is_empty() { Vec::new() } else { days_of_week(days)? };
    match times {
        "" if days.is_empty() => None,
        "" => Some(Window { days, from: NaiveTime::MIN, lasts: TimeDelta::days(1) }),
        times => {
            let (from, until) = span_of_day(times)?;
            Some(Window::daily(days, from, until))
        }
    }
}

/// A part of every day, `22:00-07:00`. Midnight at its end may be written `24:00`.
pub(super) fn span_of_day(typed: &str) -> Option<(NaiveTime, NaiveTime)> {
    let (from, until) = typed.split_once('-')?;
    let until = if until.trim() == "24:00" { NaiveTime::MIN } else { clock(until)? };
    Some((clock(from)?, until))
}

/// `mon-fri`, `sat,sun`, `fri-mon`.
fn days_of_week(typed: &str) -> Option<Vec<Weekday>> {
    let mut days = Vec::new();
    for part in typed.split(',') {
        match part.split_once('-') {
            Some((first, last)) => {
                let (mut day, last) = (weekday(first)?, weekday(last)?);
                days.push(day);
                while day != last {
                    day = day.succ();
                    days.push(day);
                }
            }
            None => days.push(weekday(part)?),
        }
    }
    Some(days)
}

fn weekday(typed: &str) -> Option<Weekday> {
    typed.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_is_a_number_of_hours_days_weeks_or_months() {
        for (typed, meant) in [
            ("12h", Turn::Hours(12)),
            ("1 day", Turn::Days(1)),
            ("2 weeks", Turn::Weeks(2)),
            ("1 month", Turn::Months(1)),
        ] {
            assert_eq!(turn(typed), Ok(meant), "{typed}");
        }
        for typed in ["", "5", "5m", "week", "0d", "13 months", "9999999999d", "-1d", "1.5h", "é"] {
            assert!(turn(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn a_window_is_days_or_times_or_both() {
        let clock = |hour| NaiveTime::from_hms_opt(hour, 0, 0).expect("a time");
        let work = Window::daily(days_of_week("mon-fri").expect("days"), clock(9), clock(17));
        assert_eq!(work.days.len(), 5);
        assert_eq!(days_and_times("Mon-Fri 09:00-17:00"), Ok(work));
        assert_eq!(days_and_times("22:00-06:00"), Ok(Window::daily(vec![], clock(22), clock(6))));
        let weekend = Window { days: vec![Weekday::Sat, Weekday::Sun], from: clock(0), lasts: TimeDelta::days(1) };
        assert_eq!(days_and_times("sat,sun"), Ok(weekend.clone()));
        assert_eq!(days_and_times("sat-sun 00:00-24:00"), Ok(weekend));
        let away = Window::weekly((Weekday::Fri, clock(17)), (Weekday::Mon, clock(9)));
        assert_eq!(away.lasts, TimeDelta::hours(64));
        assert_eq!(days_and_times("fri 17:00 - mon 09:00"), Ok(away));
        for typed in ["", "never", "25:00-26:00", "mon-fri 9", "09:00", "mon-xyz", "fri 17:00 - ", "ø-fri"] {
            assert!(days_and_times(typed).is_err(), "{typed}");
        }
    }
}
