//! Who is on call: stories.

use super::*;
use crate::clock::Timestamp;
use crate::ids::PersonId;
use chrono::{NaiveTime, Weekday};
use chrono_tz::Tz;

const STOCKHOLM: Tz = Tz::Europe__Stockholm;

fn moment(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

fn clock(text: &str) -> NaiveTime {
    text.parse().expect("a time of day")
}

/// `"alice bob+carol"`: Alice, then Bob and Carol together.
fn layer(name: &str, turn: Turn, first: &str, people: &str) -> Layer {
    let slot = |slot: &str| slot.split('+').filter(|id| *id != "nobody").map(PersonId::from).collect();
    Layer {
        name: name.to_owned(),
        zone: STOCKHOLM,
        first: first.parse().expect("a civil time"),
        until: None,
        turn,
        slots: people.split(' ').map(slot).collect(),
        windows: Vec::new(),
    }
}

fn schedule(layers: Vec<Layer>) -> Schedule {
    Schedule { id: "tills".into(), name: "Tills".into(), team: None, zone: STOCKHOLM, layers, calendar: None }
}

/// Alice and Bob, week about, from Monday at nine.
fn weekly() -> Layer {
    layer("weeks", Turn::Weeks(1), "2026-01-05T09:00:00", "alice bob")
}

fn told(shifts: &[Shift]) -> Vec<String> {
    let civil = |moment: Timestamp| moment.with_timezone(&STOCKHOLM).format("%a %m-%d %H:%M").to_string();
    shifts.iter().map(|shift| format!("{} {} to {}", shift.person, civil(shift.from), civil(shift.until))).collect()
}

fn at(schedule: &Schedule, roster: Option<&Roster>, at: &str) -> Vec<String> {
    told(&schedule.at(roster, moment(at)))
}

fn during(schedule: &Schedule, roster: Option<&Roster>, from: &str, until: &str) -> Vec<String> {
    told(&schedule.shifts(roster, moment(from), moment(until)))
}

fn roster(overrides: &[(&str, Option<&str>, &str, &str)]) -> Roster {
    let one = |(place, (person, instead_of, from, until)): (usize, &(&str, Option<&str>, &str, &str))| Override {
        number: place as i64 + 1,
        from: moment(from),
        until: moment(until),
        person: PersonId::from(*person),
        instead_of: instead_of.map(PersonId::from),
        by: PersonId::from("erin"),
    };
    Roster { overrides: overrides.iter().enumerate().map(one).collect(), ..Roster::of("tills") }
}

#[test]
fn people_hand_over_at_nine_in_winter_and_in_summer() {
    let tills = schedule(vec![weekly()]);
    assert_eq!(at(&tills, None, "2026-01-05T08:00:00Z"), ["alice Mon 01-05 09:00 to Mon 01-12 09:00"]);
    assert_eq!(at(&tills, None, "2026-01-05T07:59:59Z"), [""; 0], "nobody, before the first handoff");
    assert_eq!(at(&tills, None, "2026-07-06T06:59:59Z"), ["bob Mon 06-29 09:00 to Mon 07-06 09:00"]);
    assert_eq!(at(&tills, None, "2026-07-06T07:00:00Z"), ["alice Mon 07-06 09:00 to Mon 07-13 09:00"]);
    assert_eq!(at(&tills, None, "2036-07-07T07:00:00Z"), ["alice Mon 07-07 09:00 to Mon 07-14 09:00"], "ten years on");
}

#[test]
fn a_handoff_in_the_hour_that_is_skipped_is_right_after_it() {
    let tills = schedule(vec![layer("days", Turn::Days(1), "2026-03-27T02:30:00", "alice bob")]);
    let shifts = during(&tills, None, "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z");
    assert_eq!(shifts, ["bob Sat 03-28 02:30 to Sun 03-29 03:00", "alice Sun 03-29 03:00 to Mon 03-30 02:30"]);
}

#[test]
fn turns_of_hours_follow_the_clock_on_the_wall() {
    let halves = schedule(vec![layer("halves", Turn::Hours(12), "2026-03-01T08:00:00", "alice bob")]);
    let shifts = halves.shifts(None, moment("2026-03-28T19:00:00Z"), moment("2026-03-29T18:00:00Z"));
    assert_eq!(told(&shifts), ["bob Sat 03-28 20:00 to Sun 03-29 08:00", "alice Sun 03-29 08:00 to Sun 03-29 20:00"]);
    assert_eq!((shifts[0].until - shifts[0].from).num_hours(), 11, "the night in which summer begins");

    let hours = schedule(vec![layer("hours", Turn::Hours(1), "2026-03-29T00:00:00", "alice bob carol dave")]);
    let spring = during(&hours, None, "2026-03-29T00:00:00Z", "2026-03-29T02:00:00Z");
    assert_eq!(spring, ["bob Sun 03-29 01:00 to Sun 03-29 03:00", "dave Sun 03-29 03:00 to Sun 03-29 04:00"]);
    let autumn = hours.shifts(None, moment("2026-10-25T00:00:00Z"), moment("2026-10-25T02:00:00Z"));
    let lengths: Vec<_> = autumn.iter().map(|shift| (shift.until - shift.from).num_hours()).collect();
    assert_eq!(lengths, [2], "two o'clock comes twice, and the turn goes on");
}

#[test]
fn months_end_on_their_last_day_and_do_not_drift() {
    let tills = schedule(vec![layer("months", Turn::Months(1), "2026-01-31T12:00:00", "alice bob carol")]);
    let shifts = during(&tills, None, "2026-02-10T00:00:00Z", "2026-04-10T00:00:00Z");
    assert_eq!(
        shifts,
        [
            "alice Sat 01-31 12:00 to Sat 02-28 12:00",
            "bob Sat 02-28 12:00 to Tue 03-31 12:00",
            "carol Tue 03-31 12:00 to Thu 04-30 12:00"
        ]
    );
}

#[test]
fn turns_in_a_row_of_the_same_people_are_one_shift() {
    let tills = schedule(vec![layer("days", Turn::Days(1), "2026-01-05T09:00:00", "alice alice bob alice")]);
    let shifts = during(&tills, None, "2026-01-07T12:00:00Z", "2026-01-09T12:00:00Z");
    assert_eq!(shifts, ["bob Wed 01-07 09:00 to Thu 01-08 09:00", "alice Thu 01-08 09:00 to Sun 01-11 09:00"]);
    let alone = schedule(vec![layer("days", Turn::Days(1), "2026-01-05T09:00:00", "alice")]);
    assert_eq!(at(&alone, None, "2026-01-07T12:00:00Z"), ["alice Wed 01-07 09:00 to Thu 01-08 09:00"]);
}

#[test]
fn several_people_share_a_turn_and_nobody_may_have_one() {
    let tills = schedule(vec![layer("days", Turn::Days(1), "2026-01-05T09:00:00", "alice+bob nobody")]);
    let from_nine = ["alice Mon 01-05 09:00 to Tue 01-06 09:00", "bob Mon 01-05 09:00 to Tue 01-06 09:00"];
    assert_eq!(at(&tills, None, "2026-01-05T12:00:00Z"), from_nine);
    assert_eq!(at(&tills, None, "2026-01-06T12:00:00Z"), [""; 0]);
    let gaps = tills.gaps(None, moment("2026-01-05T12:00:00Z"), moment("2026-01-07T12:00:00Z"));
    assert_eq!(gaps, [(moment("2026-01-06T08:00:00Z"), moment("2026-01-07T08:00:00Z"))]);
}

#[test]
fn a_later_layer_goes_first_within_its_windows() {
    let office = Layer {
        windows: vec![Window::daily(vec![Weekday::Mon, Weekday::Tue], clock("09:00:00"), clock("17:00:00"))],
        ..layer("office", Turn::Weeks(1), "2026-01-05T00:00:00", "carol")
    };
    let tills = schedule(vec![weekly(), office]);
    assert_eq!(
        during(&tills, None, "2026-01-05T07:00:00Z", "2026-01-07T07:00:00Z"),
        [
            "carol Mon 01-05 09:00 to Mon 01-05 17:00",
            "alice Mon 01-05 17:00 to Tue 01-06 09:00",
            "carol Tue 01-06 09:00 to Tue 01-06 17:00",
            "alice Tue 01-06 17:00 to Mon 01-12 09:00"
        ]
    );
    assert_eq!(at(&tills, None, "2026-01-08T07:00:00Z"), ["alice Tue 01-06 17:00 to Mon 01-12 09:00"], "whole");
}

#[test]
fn windows_go_over_midnight_and_over_weekends() {
    let nights = Layer {
        windows: vec![
            Window::daily(vec![], clock("22:00:00"), clock("06:00:00")),
            Window::weekly((Weekday::Fri, clock("17:00:00")), (Weekday::Mon, clock("08:00:00"))),
        ],
        ..layer("nights", Turn::Weeks(1), "2026-01-07T12:00:00", "alice bob")
    };
    let tills = schedule(vec![nights]);
    assert_eq!(
        during(&tills, None, "2026-01-08T12:00:00Z", "2026-01-12T22:00:00Z"),
        [
            "alice Thu 01-08 22:00 to Fri 01-09 06:00",
            "alice Fri 01-09 17:00 to Mon 01-12 08:00",
            "alice Mon 01-12 22:00 to Tue 01-13 06:00"
        ]
    );
}

#[test]
fn the_sun_is_followed_round_the_world() {
    let office = |name: &str, zone: Tz, person: &str| Layer {
        zone,
        windows: vec![Window::daily(vec![], clock("09:00:00"), clock("17:00:00"))],
        ..layer(name, Turn::Weeks(1), "2026-01-05T09:00:00", person)
    };
    let world = schedule(vec![
        office("Stockholm", STOCKHOLM, "alice"),
        office("New York", Tz::America__New_York, "bob"),
        office("Sydney", Tz::Australia__Sydney, "carol"),
    ]);
    let who = |at: &str| world.at(None, moment(at)).iter().map(|shift| shift.person.to_string()).collect::<Vec<_>>();
    assert_eq!(who("2026-07-01T07:30:00Z"), ["alice"]);
    assert_eq!(who("2026-07-01T14:00:00Z"), ["bob"], "and Alice no more, while both are in");
    assert_eq!(who("2026-07-01T23:00:00Z"), ["carol"]);
    assert_eq!(who("2026-07-01T21:30:00Z"), [""; 0]);
}

#[test]
fn a_layer_ends_when_it_says() {
    let until = "2026-01-14T12:00:00".parse().ok();
    let tills = schedule(vec![Layer { until, ..weekly() }]);
    assert_eq!(at(&tills, None, "2026-01-13T12:00:00Z"), ["bob Mon 01-12 09:00 to Wed 01-14 12:00"]);
    assert_eq!(at(&tills, None, "2026-01-14T11:00:00Z"), [""; 0]);
}

#[test]
fn whoever_stands_in_is_on_call_whatever_was_planned() {
    let tills = schedule(vec![weekly()]);
    let changed = roster(&[("carol", None, "2026-01-06T08:00:00Z", "2026-01-07T08:00:00Z")]);
    assert_eq!(
        during(&tills, Some(&changed), "2026-01-05T12:00:00Z", "2026-01-10T12:00:00Z"),
        [
            "alice Mon 01-05 09:00 to Tue 01-06 09:00",
            "carol Tue 01-06 09:00 to Wed 01-07 09:00",
            "alice Wed 01-07 09:00 to Mon 01-12 09:00"
        ]
    );
    assert_eq!(tills.at(Some(&changed), moment("2026-01-06T12:00:00Z"))[0].why, Why::Override(1));
    assert_eq!(at(&tills, Some(&changed), "2026-01-08T12:00:00Z"), ["alice Wed 01-07 09:00 to Mon 01-12 09:00"]);
}

#[test]
fn whoever_stands_in_for_somebody_has_their_shifts_and_no_others() {
    let tills = schedule(vec![weekly()]);
    let changed = roster(&[("carol", Some("bob"), "2026-01-08T00:00:00Z", "2026-01-15T00:00:00Z")]);
    assert_eq!(
        during(&tills, Some(&changed), "2026-01-05T12:00:00Z", "2026-01-18T12:00:00Z"),
        [
            "alice Mon 01-05 09:00 to Mon 01-12 09:00",
            "carol Mon 01-12 09:00 to Thu 01-15 01:00",
            "bob Thu 01-15 01:00 to Mon 01-19 09:00"
        ]
    );
    assert_eq!(at(&tills, Some(&changed), "2026-01-13T12:00:00Z"), ["carol Mon 01-12 09:00 to Thu 01-15 01:00"]);
}

#[test]
fn the_later_of_two_overrides_counts() {
    let tills = schedule(vec![weekly()]);
    let week = ("2026-01-05T08:00:00Z", "2026-01-12T08:00:00Z");
    let changed = roster(&[
        ("carol", None, week.0, week.1),
        ("dave", Some("carol"), "2026-01-06T08:00:00Z", "2026-01-07T08:00:00Z"),
        ("erin", Some("alice"), week.0, week.1),
    ]);
    assert_eq!(
        during(&tills, Some(&changed), week.0, week.1),
        [
            "carol Mon 01-05 09:00 to Tue 01-06 09:00",
            "dave Tue 01-06 09:00 to Wed 01-07 09:00",
            "carol Wed 01-07 09:00 to Mon 01-12 09:00"
        ]
    );
}

#[test]
fn nobody_is_on_call_twice_at_a_time() {
    let tills = schedule(vec![layer("pairs", Turn::Weeks(1), "2026-01-05T09:00:00", "alice+bob")]);
    let changed = roster(&[("bob", Some("alice"), "2026-01-06T08:00:00Z", "2026-01-07T08:00:00Z")]);
    assert_eq!(
        during(&tills, Some(&changed), "2026-01-05T12:00:00Z", "2026-01-08T12:00:00Z"),
        [
            "alice Mon 01-05 09:00 to Tue 01-06 09:00",
            "bob Mon 01-05 09:00 to Tue 01-06 09:00",
            "bob Tue 01-06 09:00 to Wed 01-07 09:00",
            "alice Wed 01-07 09:00 to Mon 01-12 09:00",
            "bob Wed 01-07 09:00 to Mon 01-12 09:00"
        ]
    );
}

#[test]
fn a_calendar_goes_before_the_layers() {
    let christmas = ("2026-01-06T00:00:00Z", "2026-01-07T00:00:00Z");
    let of_carol = (PersonId::from("carol"), moment(christmas.0), moment(christmas.1));
    let tills = Schedule { calendar: Some(Calendar::of([of_carol])), ..schedule(vec![weekly()]) };
    assert_eq!(at(&tills, None, "2026-01-06T12:00:00Z"), ["carol Tue 01-06 01:00 to Wed 01-07 01:00"]);
    assert_eq!(at(&tills, None, "2026-01-07T12:00:00Z"), ["alice Wed 01-07 01:00 to Mon 01-12 09:00"]);
    assert_eq!(tills.people(), [&PersonId::from("alice"), &PersonId::from("bob"), &PersonId::from("carol")]);
}

#[test]
fn the_next_shift_is_the_first_that_is_still_to_come() {
    let tills = schedule(vec![layer("months", Turn::Months(2), "2026-01-05T09:00:00", "alice bob")]);
    let next = |person: &str, after: &str| tills.next(None, &PersonId::from(person), moment(after));
    let told = |shift: Option<Shift>| shift.map(|shift| shift.from.to_rfc3339());
    assert_eq!(told(next("bob", "2026-01-06T00:00:00Z")).as_deref(), Some("2026-03-05T08:00:00+00:00"));
    assert_eq!(told(next("alice", "2026-01-06T00:00:00Z")).as_deref(), Some("2026-05-05T07:00:00+00:00"));
    assert_eq!(told(next("mallory", "2026-01-06T00:00:00Z")), None);
}
