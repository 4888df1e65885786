//! How components did, day by day: the bars.

use crate::atlas::{HISTORY, Span};
use chrono::{NaiveDate, NaiveTime, TimeZone};
use chrono_tz::Tz;
use muster_core::clock::Timestamp;
use muster_core::comms::ComponentState;

/// A day of a component.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Day {
    /// Which, in the time zone of the page.
    pub(crate) date: NaiveDate,
    /// The worst it did.
    pub(crate) worst: ComponentState,
    /// What part of the day it was up, from 0 to 1: of an outage in part 30 % count as down, as at Statuspage.
    /// <https://support.atlassian.com/statuspage/docs/display-historical-uptime-of-components/>
    pub(crate) up: f64,
}

/// Those of the last 90 days, by the clock of the page, of which it knows how things were, the oldest first: each with its beginning and
/// its end. Today ends now.
#[derive(Debug)]
pub(crate) struct Days(Vec<(NaiveDate, (Timestamp, Timestamp))>);

impl Days {
    /// Those from the first until now.
    pub(crate) fn until(now: Timestamp, zone: Tz, first: NaiveDate) -> Self {
        let today = now.with_timezone(&zone).date_naive();
        let count = u64::try_from(HISTORY.num_days()).unwrap_or_default();
        let dates = (0..count).rev().filter_map(|back| today.checked_sub_days(chrono::Days::new(back)));
        let dates = dates.filter(|date| *date >= first);
        Self(dates.map(|date| (date, (beginning(date, zone), end(date, zone).min(now)))).collect())
    }

    /// How a component did on each, of which there is so much to say.
    pub(crate) fn bars(&self, spans: &[Span]) -> Vec<Day> {
        self.0.iter().map(|(date, stretch)| day(*date, *stretch, spans)).collect()
    }
}

fn day(date: NaiveDate, (from, until): (Timestamp, Timestamp), spans: &[Span]) -> Day {
    let within = |span: &Span| {
        let (from, until) = (span.from.max(from), span.until.unwrap_or(until).min(until));
        (from < until).then_some((from, until, span.state))
    };
    let within: Vec<_> = spans.iter().filter_map(within).collect();
    let worst = within.iter().map(|(_, _, state)| *state).max().unwrap_or(ComponentState::Operational);
    // Where several are wrong at once, the worst counts, and once.
    let mut edges: Vec<_> = within.iter().flat_map(|(from, until, _)| [*from, *until]).collect();
    edges.sort_unstable();
    let stretches = edges.iter().zip(edges.iter().skip(1));
    let down = stretches.map(|(start, stop)| {
        let there = within.iter().filter(|(from, until, _)| from <= start && stop <= until);
        seconds(*start, *stop) * there.map(|(_, _, state)| down(*state)).fold(0.0, f64::max)
    });
    let (down, all) = (down.sum::<f64>(), seconds(from, until));
    Day { date, worst, up: if all > 0.0 { 1.0 - down / all } else { 1.0 } }
}

fn seconds(from: Timestamp, until: Timestamp) -> f64 {
    (until - from).as_seconds_f64()
}

/// What part of it is down in a state.
fn down(state: ComponentState) -> f64 {
    match state {
        ComponentState::Operational | ComponentState::UnderMaintenance | ComponentState::DegradedPerformance => 0.0,
        ComponentState::PartialOutage => 0.3,
        ComponentState::MajorOutage => 1.0,
    }
}

fn end(date: NaiveDate, zone: Tz) -> Timestamp {
    date.succ_opt().map_or(Timestamp::MAX_UTC, |next| beginning(next, zone))
}

/// When a day begins: at the first hour that there is, where clocks are put forward at midnight.
fn beginning(date: NaiveDate, zone: Tz) -> Timestamp {
    let at = |hour| zone.from_local_datetime(&date.and_time(NaiveTime::from_hms_opt(hour, 0, 0)?)).earliest();
    let first = (0..24).find_map(at);
    first.map_or_else(|| date.and_time(NaiveTime::MIN).and_utc(), |first| first.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ComponentState::{DegradedPerformance, MajorOutage, Operational, PartialOutage};

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a moment")
    }

    fn span(from: &str, until: Option<&str>, state: ComponentState) -> Span {
        Span { from: at(from), until: until.map(at), state }
    }

    /// A day of ten hours, so that the parts are easy to see.
    fn ten_hours(spans: &[Span]) -> (ComponentState, f64) {
        let date = NaiveDate::from_ymd_opt(2026, 11, 21).expect("a day");
        let day = day(date, (at("2026-11-21T00:00:00Z"), at("2026-11-21T10:00:00Z")), spans);
        (day.worst, (day.up * 1_000.0).round() / 1_000.0)
    }

    #[test]
    fn an_outage_counts_whole_and_one_in_part_for_a_third() {
        assert_eq!(ten_hours(&[]), (Operational, 1.0));
        let (eight, nine) = ("2026-11-21T08:00:00Z", "2026-11-21T09:00:00Z");
        assert_eq!(ten_hours(&[span(eight, Some(nine), MajorOutage)]), (MajorOutage, 0.9));
        assert_eq!(ten_hours(&[span(eight, Some(nine), PartialOutage)]), (PartialOutage, 0.97));
        assert_eq!(ten_hours(&[span(eight, Some(nine), DegradedPerformance)]), (DegradedPerformance, 1.0));
        // What goes on counts until the end of the day, what began before from its beginning.
        assert_eq!(ten_hours(&[span(eight, None, MajorOutage)]), (MajorOutage, 0.8));
        assert_eq!(ten_hours(&[span("2026-11-20T08:00:00Z", Some("2026-11-21T01:00:00Z"), MajorOutage)]).1, 0.9);
        assert_eq!(
            ten_hours(&[span("2026-11-20T08:00:00Z", Some("2026-11-21T00:00:00Z"), MajorOutage)]),
            (Operational, 1.0)
        );
    }

    #[test]
    fn what_is_wrong_twice_at_once_counts_once() {
        let first = span("2026-11-21T01:00:00Z", Some("2026-11-21T04:00:00Z"), MajorOutage);
        let second = span("2026-11-21T02:00:00Z", Some("2026-11-21T05:00:00Z"), MajorOutage);
        let around = span("2026-11-21T00:00:00Z", Some("2026-11-21T06:00:00Z"), PartialOutage);
        assert_eq!(ten_hours(&[first, second]).1, 0.6);
        assert_eq!(ten_hours(&[first, second, around]).1, 0.54);
    }

    #[test]
    fn days_are_those_of_the_zone_whatever_its_clocks_do() {
        let hours = |date: (i32, u32, u32), zone| {
            let date = NaiveDate::from_ymd_opt(date.0, date.1, date.2).expect("a day");
            (end(date, zone) - beginning(date, zone)).num_hours()
        };
        assert_eq!(hours((2026, 3, 29), Tz::Europe__Stockholm), 23);
        assert_eq!(hours((2026, 10, 25), Tz::Europe__Stockholm), 25);
        // At midnight: the day begins at one.
        assert_eq!(hours((2018, 11, 4), Tz::America__Sao_Paulo), 23);
        let date = NaiveDate::from_ymd_opt(2026, 11, 21).expect("a day");
        assert_eq!(beginning(date, Tz::Europe__Stockholm), at("2026-11-20T23:00:00Z"));
    }
}
