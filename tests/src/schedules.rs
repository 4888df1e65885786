//! Schedules of chance, in zones with every kind of summer time.

use crate::dice::Dice;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Offset, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Tz;
use muster_core::ids::PersonId;
use muster_core::oncall::{Layer, Override, Roster, Schedule, Turn, Window};

/// Zones whose clocks change by an hour or by half of one, in spring or in autumn, at midnight, or never.
pub const ZONES: [Tz; 20] = [
    Tz::Europe__Stockholm,
    Tz::Europe__London,
    Tz::Europe__Dublin,
    Tz::Europe__Lisbon,
    Tz::Europe__Helsinki,
    Tz::America__New_York,
    Tz::America__Chicago,
    Tz::America__Los_Angeles,
    Tz::America__St_Johns,
    Tz::America__Havana,
    Tz::America__Santiago,
    Tz::Atlantic__Azores,
    Tz::Australia__Sydney,
    Tz::Australia__Adelaide,
    Tz::Australia__Lord_Howe,
    Tz::Pacific__Auckland,
    Tz::Pacific__Chatham,
    Tz::Asia__Jerusalem,
    Tz::Asia__Kolkata,
    Tz::America__Sao_Paulo,
];

const PEOPLE: [&str; 5] = ["alice", "bob", "carol", "dave", "erin"];
const DAYS: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

/// The first moment of a year.
///
/// # Panics
/// When there is no such year.
#[must_use]
pub fn new_year(year: i32) -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(year, 1, 1).expect("a year").and_time(NaiveTime::MIN).and_utc()
}

/// Between the first moment of a year and that of another, to the second.
pub fn moment(dice: &mut Dice, from: i32, until: i32) -> DateTime<Utc> {
    let span = (new_year(until) - new_year(from)).num_seconds();
    new_year(from) + TimeDelta::seconds(dice.below(span as usize) as i64)
}

/// A schedule of one to three layers in a zone, beginning about 2020.
pub fn schedule(dice: &mut Dice, zone: Tz) -> Schedule {
    let layers = (0..1 + dice.below(3)).map(|place| layer(dice, zone, place)).collect();
    let text = || "chance".to_owned();
    Schedule { id: text(), name: text(), team: None, zone, layers, calendar: None }
}

fn layer(dice: &mut Dice, zone: Tz, place: usize) -> Layer {
    let zone = if dice.percent(80) { zone } else { ZONES[dice.below(ZONES.len())] };
    let date = NaiveDate::from_ymd_opt(2020, 1, 1).expect("a date") + Days::new(dice.below(60) as u64);
    // The small hours, in which clocks are changed, come as often as all others.
    let hour = if dice.percent(50) { dice.below(4) } else { dice.below(24) };
    let time = NaiveTime::from_hms_opt(hour as u32, [0, 0, 30, 45][dice.below(4)], 0).expect("a time");
    let turn = match dice.below(8) {
        0 => Turn::Hours([1, 4, 6, 8, 12][dice.below(5)]),
        1..4 => Turn::Days(1 + dice.below(4) as u32),
        4..7 => Turn::Weeks(1 + dice.below(2) as u32),
        _ => Turn::Months(1 + dice.below(3) as u32),
    };
    let until = dice.percent(15).then(|| (date + Days::new(365 + dice.below(3_000) as u64)).and_time(time));
    let slots = (0..1 + dice.below(5)).map(|_| slot(dice)).collect();
    let windows = (0..dice.below(3)).map(|_| window(dice)).collect();
    Layer { name: format!("layer {place}"), zone, first: date.and_time(time), until, turn, slots, windows }
}

fn slot(dice: &mut Dice) -> Vec<PersonId> {
    let mut slot: Vec<PersonId> =
        (0..[0, 1, 1, 1, 1, 1, 2][dice.below(7)]).map(|_| PersonId::from(dice.one_of(&PEOPLE))).collect();
    slot.sort_unstable();
    slot.dedup();
    slot
}

fn window(dice: &mut Dice) -> Window {
    let days: Vec<Weekday> = DAYS.into_iter().filter(|_| dice.percent(50)).collect();
    let time =
        |dice: &mut Dice| NaiveTime::from_hms_opt(dice.below(24) as u32, 30 * dice.below(2) as u32, 0).expect("a time");
    match dice.below(3) {
        0 => Window::weekly((DAYS[dice.below(7)], time(dice)), (DAYS[dice.below(7)], time(dice))),
        _ => Window::daily(days, time(dice), time(dice)),
    }
}

/// What people have changed about it within a year.
pub fn roster(dice: &mut Dice, year: i32) -> Roster {
    let overrides = (0..dice.below(6)).map(|number| {
        let from = moment(dice, year, year + 1);
        Override {
            number: number as i64 + 1,
            from,
            until: from + TimeDelta::minutes(1 + dice.below(40_000) as i64),
            person: PersonId::from(dice.one_of(&PEOPLE)),
            instead_of: dice.percent(50).then(|| PersonId::from(dice.one_of(&PEOPLE))),
            by: PersonId::from("erin"),
        }
    });
    Roster { overrides: overrides.collect(), ..Roster::of("chance") }
}

/// The moments within these years from which on the clock shows another time, found by looking twice a day.
#[must_use]
pub fn transitions(zone: Tz, from: i32, until: i32) -> Vec<DateTime<Utc>> {
    let offset = |at: DateTime<Utc>| zone.offset_from_utc_datetime(&at.naive_utc()).fix();
    let (step, mut found) = (TimeDelta::hours(12), Vec::new());
    let (mut at, end) = (new_year(from), new_year(until));
    while at < end {
        if offset(at) != offset(at + step) {
            let is_before = |minutes: &i64| offset(at + TimeDelta::minutes(*minutes)) == offset(at);
            let minutes: Vec<i64> = (0..=step.num_minutes()).collect();
            found.push(at + TimeDelta::minutes(minutes.partition_point(is_before) as i64));
        }
        at += step;
    }
    found
}
