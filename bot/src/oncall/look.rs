//! `who` and `gaps`: who is on call by the config, and when nobody is.

use super::meant;
use crate::say;
use anyhow::Context;
use chrono::TimeDelta;
use chrono_tz::Tz;
use muster_core::clock::Timestamp;
use muster_core::oncall::{Schedule, Shift, Why};
use muster_core::org::Organisation;
use muster_core::time::{in_words, parse_moment};
use std::process::ExitCode;

/// `muster oncall who`
pub(super) fn who(
    org: &Organisation,
    whose: Option<&str>,
    at: Option<&str>,
    now: Timestamp,
) -> anyhow::Result<ExitCode> {
    let mut rows = Vec::new();
    for schedule in meant(org, whose)? {
        let at = match at {
            Some(typed) => parse_moment(typed, now, schedule.zone)
                .with_context(|| format!("“{typed}” is not a time; write it as \"2026-12-24 18:00\""))?,
            None => now,
        };
        let shifts = schedule.at(None, at);
        if shifts.is_empty() {
            let next = schedule.shifts(None, at, at + TimeDelta::days(366)).into_iter().next();
            let until = next.map(|next| shown(next.from, schedule.zone)).unwrap_or_default();
            rows.push(vec![schedule.id.clone(), "nobody".to_owned(), String::new(), until, String::new()]);
        }
        rows.extend(shifts.iter().map(|shift| row(org, schedule, shift)));
    }
    say::out(&say::table(&["SCHEDULE", "WHO", "SINCE", "UNTIL", "WHY"], &rows));
    Ok(ExitCode::SUCCESS)
}

fn row(org: &Organisation, schedule: &Schedule, shift: &Shift) -> Vec<String> {
    let name = org.person(&shift.person).map_or_else(|| shift.person.to_string(), |person| person.name.clone());
    let why = match &shift.why {
        Why::Layer(layer) => layer.clone(),
        Why::Calendar => "calendar".to_owned(),
        Why::Override(number) => format!("override {number}"),
    };
    vec![schedule.id.clone(), name, shown(shift.from, schedule.zone), shown(shift.until, schedule.zone), why]
}

/// `muster oncall gaps`
pub(super) fn gaps(org: &Organisation, whose: Option<&str>, days: u16, now: Timestamp) -> anyhow::Result<ExitCode> {
    let mut rows = Vec::new();
    for schedule in meant(org, whose)? {
        for (from, until) in schedule.gaps(None, now, now + TimeDelta::days(i64::from(days))) {
            let zone = schedule.zone;
            rows.push(vec![schedule.id.clone(), shown(from, zone), shown(until, zone), in_words(until - from)]);
        }
    }
    if rows.is_empty() {
        say::aside(&format!("Somebody is on call all the time for the next {days} days."));
        return Ok(ExitCode::SUCCESS);
    }
    say::out(&say::table(&["SCHEDULE", "FROM", "UNTIL", "FOR"], &rows));
    Ok(ExitCode::FAILURE)
}

/// A moment in the time zone of a schedule.
fn shown(moment: Timestamp, zone: Tz) -> String {
    moment.with_timezone(&zone).format("%a %Y-%m-%d %H:%M %Z").to_string()
}
