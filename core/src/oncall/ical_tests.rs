//! Calendars: what people keep in theirs, and what nobody should.

use super::feed::{Entry, feed};
use super::*;
use crate::clock::Timestamp;
use crate::ids::PersonId;
use chrono_tz::Tz;

fn moment(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

fn who(typed: &str) -> Option<PersonId> {
    let known = [("alice", "alice@example.com"), ("bob", "bob@example.com"), ("Carol Nyman", "carol@example.com")];
    let found = known.iter().find(|(name, email)| name.eq_ignore_ascii_case(typed) || *email == typed);
    found.map(|(_, email)| PersonId::from(email.split('@').next().unwrap_or_default()))
}

fn read(events: &str) -> Result<(Calendar, Vec<String>), CalendarError> {
    let text = format!("BEGIN:VCALENDAR\nVERSION:2.0\n{events}\nEND:VCALENDAR\n");
    Calendar::read(&text, &Reading::around(moment("2026-10-20T00:00:00Z"), Tz::Europe__Stockholm, &who))
}

/// An event of these lines, after which somebody is on call.
fn event(lines: &[&str]) -> String {
    format!("BEGIN:VEVENT\nUID:1\n{}\nEND:VEVENT\n", lines.join("\n"))
}

/// Who is on call in the fortnight from the 19th of October, of which the second week is in winter time.
fn told(events: &str) -> Vec<String> {
    let (calendar, notes) = read(events).expect("a calendar");
    let name = || "c".to_owned();
    let schedule = Schedule {
        id: name(),
        name: name(),
        team: None,
        zone: Tz::Europe__Stockholm,
        layers: Vec::new(),
        calendar: Some(calendar),
    };
    let shifts = schedule.shifts(None, moment("2026-10-18T22:00:00Z"), moment("2026-11-01T23:00:00Z"));
    let civil = |moment: Timestamp| moment.with_timezone(&Tz::Europe__Stockholm).format("%a %d %H:%M").to_string();
    let told = shifts.iter().map(|shift| format!("{} {} to {}", shift.person, civil(shift.from), civil(shift.until)));
    told.chain(notes.into_iter().map(|note| format!("but {note}"))).collect()
}

#[test]
fn an_event_puts_on_call_whom_it_names() {
    let at = ["DTSTART;TZID=Europe/Stockholm:20261020T090000", "DTEND;TZID=Europe/Stockholm:20261020T170000"];
    let named = |lines: &[&str]| told(&event(&[&at, lines].concat()));
    let alice = ["alice Tue 20 09:00 to Tue 20 17:00"];
    assert_eq!(named(&["SUMMARY:alice"]), alice);
    assert_eq!(named(&["SUMMARY:On call: Alice (payments)"]), alice);
    assert_eq!(named(&["SUMMARY:On call", "ATTENDEE;CN=Somebody:mailto:alice@example.com"]), alice);
    assert_eq!(
        named(&["SUMMARY:On call", "ATTENDEE;CN=\"Carol Nyman\":mailto:c@home.example"])[0],
        alice[0].replace("alice", "carol")
    );
    assert_eq!(named(&["SUMMARY:Alice + bob"]).len(), 2);
    assert_eq!(named(&["SUMMARY:alice", "STATUS:CANCELLED"]), [""; 0]);
    assert_eq!(named(&["SUMMARY:Mallory"]), ["but “Mallory”: this names nobody of the config"]);
}

#[test]
fn times_are_in_their_zone_or_in_utc_or_in_that_of_the_schedule() {
    let from = |start: &str| told(&event(&["SUMMARY:alice", start, "DURATION:P1DT1H"]));
    assert_eq!(from("DTSTART:20261020T090000"), ["alice Tue 20 09:00 to Wed 21 10:00"]);
    assert_eq!(from("DTSTART:20261020T070000Z"), ["alice Tue 20 09:00 to Wed 21 10:00"]);
    assert_eq!(from("DTSTART;TZID=America/New_York:20261020T030000"), ["alice Tue 20 09:00 to Wed 21 10:00"]);
    assert_eq!(told(&event(&["SUMMARY:alice", "DTSTART;VALUE=DATE:20261020"])), ["alice Tue 20 00:00 to Wed 21 00:00"]);
    let odd = from("DTSTART;TZID=W. Europe Standard Time:20261020T090000");
    assert_eq!(odd, ["but “alice”: its time zone has no IANA name"]);
}

#[test]
fn what_recurs_does_so_by_the_clock_on_the_wall() {
    let weekly = event(&[
        "SUMMARY:alice",
        "DTSTART;TZID=Europe/Stockholm:20200106T090000",
        "DTEND;TZID=Europe/Stockholm:20200106T170000",
        "RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20261026T080000Z",
        "EXDATE;TZID=Europe/Stockholm:20261012T090000",
    ]);
    assert_eq!(told(&weekly), ["alice Mon 19 09:00 to Mon 19 17:00", "alice Mon 26 09:00 to Mon 26 17:00"]);
    let days = event(&["SUMMARY:bob", "DTSTART;VALUE=DATE:20261019", "RRULE:FREQ=DAILY;INTERVAL=7;COUNT=2"]);
    assert_eq!(told(&days), ["bob Mon 19 00:00 to Tue 20 00:00", "bob Mon 26 00:00 to Tue 27 00:00"]);
}

#[test]
fn one_time_of_an_event_can_be_left_out_added_or_given_to_somebody_else() {
    let times = ["DTSTART;TZID=Europe/Stockholm:20261019T090000", "DURATION:PT8H", "RRULE:FREQ=DAILY;COUNT=4"];
    let but = ["EXDATE;TZID=Europe/Stockholm:20261021T090000", "RDATE;TZID=Europe/Stockholm:20261031T090000"];
    let daily = event(&[&["SUMMARY:alice"][..], &times, &but].concat());
    let moved = event(&[
        "SUMMARY:bob",
        "RECURRENCE-ID;TZID=Europe/Stockholm:20261020T090000",
        "DTSTART;TZID=Europe/Stockholm:20261020T120000",
        "DURATION:PT8H",
    ]);
    let cancelled = moved.replace("20261020", "20261022").replace("SUMMARY:bob", "STATUS:CANCELLED");
    assert_eq!(
        told(&format!("{moved}{daily}{cancelled}")),
        [
            "alice Mon 19 09:00 to Mon 19 17:00",
            "bob Tue 20 12:00 to Tue 20 20:00",
            "alice Sat 31 09:00 to Sat 31 17:00"
        ]
    );
}

#[test]
fn what_is_hostile_costs_little_and_is_told() {
    let deep = "BEGIN:VEVENT\n".repeat(50_000);
    assert_eq!(read(&deep).err(), Some(CalendarError::TooDeep));
    assert_eq!(read(&"X".repeat(2_000_000)).err(), Some(CalendarError::TooLong));
    assert_eq!(
        Calendar::read("<html>", &Reading::around(moment("2026-10-20T00:00:00Z"), Tz::UTC, &who)).err(),
        Some(CalendarError::NoCalendar)
    );
    assert_eq!(read("BEGIN:VEVENT\nBEGIN").err(), Some(CalendarError::NoCalendar));
    let rule =
        |rule: &str, start: &str| told(&event(&["SUMMARY:alice", start, "DURATION:PT1H", &format!("RRULE:{rule}")]));
    let start = "DTSTART:20261020T090000Z";
    for often in ["FREQ=SECONDLY", "FREQ=MINUTELY", "FREQ=DAILY;BYHOUR=1,2", "FREQ=YEARLY;BYSECOND=0,1", "FREQ=HOURLY"]
    {
        let told = rule(often, start);
        assert!(told[0].starts_with("but “alice”: Muster does not understand"), "{often}: {told:?}");
    }
    assert_eq!(rule("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", start), [""; 0], "never");
    assert_eq!(rule("FREQ=DAILY;INTERVAL=0", start), [""; 0]);
    assert_eq!(
        rule("FREQ=DAILY", "DTSTART:19800101T090000Z"),
        ["but “alice”: this has recurred for more than 30 years"]
    );
    assert_eq!(rule("nonsense", start), ["but “alice”: its rule is not understood"]);
    for (lines, why) in [
        (["DTSTART:20261399T090000Z", "DURATION:PT1H"], "a time in it is none"),
        (["DTSTART:20261020T090000Z", "DURATION:PT99999999999H"], "this does not last between a minute and a year"),
        (["DTSTART:20261020T090000Z", "DTEND:20261020T080000Z"], "this does not last between a minute and a year"),
        (["X:1", "Y:2"], "this has no beginning"),
    ] {
        assert_eq!(told(&event(&[&["SUMMARY:alice"][..], &lines].concat())), [format!("but “alice”: {why}")]);
    }
    let many = event(&["SUMMARY:alice", start, "DURATION:PT1H", "RRULE:FREQ=DAILY"]);
    let many: String = (0..201).map(|n| many.replace("UID:1", &format!("UID:{n}"))).collect();
    assert_eq!(read(&many).err(), Some(CalendarError::TooMuch));
}

#[test]
fn a_calendar_of_the_greatest_length_is_read_in_time() {
    let line = "DESCRIPTION:what is not looked at\n".repeat(10);
    let one =
        format!("BEGIN:VEVENT\nUID:1\n{line}DTSTART:20261020T090000Z\nDURATION:PT1H\nSUMMARY:alice\nEND:VEVENT\n");
    assert_eq!(told(&one.repeat(1_000_000 / one.len())), ["alice Tue 20 11:00 to Tue 20 12:00"]);
    for (open, close) in [("DESCRIPTION:", ""), ("X;A=\"", "\":1"), ("X;A=1;A=", ":1")] {
        let long = format!("{open}{}{close}", "x;".repeat(450_000));
        let (_, notes) = read(&event(&[&long])).unwrap_or_default();
        assert!(notes.len() <= 1, "it is read or refused, and soon");
    }
}

#[test]
fn a_feed_can_be_read_again_and_its_lines_are_folded() {
    let shift = Shift {
        person: PersonId::from("alice"),
        from: moment("2026-10-20T07:00:00Z"),
        until: moment("2026-10-27T08:00:00Z"),
        why: Why::Calendar,
    };
    let summary =
        "On call: alice (payments, the tills of every shop; and whatever else has a drawer\\) \u{1f4b6}".to_owned();
    let text =
        feed("Payments", &[Entry { schedule: "payments", summary, shift: &shift }], moment("2026-10-01T00:00:00Z"));
    assert!(text.lines().all(|line| line.len() <= 75), "{text}");
    for line in [
        "BEGIN:VCALENDAR",
        "DTSTAMP:20261001T000000Z",
        "UID:payments/20261020T070000Z/alice@muster",
        "DTSTART:20261020T070000Z",
    ] {
        assert!(text.contains(&format!("{line}\r\n")), "{line}: {text}");
    }
    let (calendar, notes) =
        Calendar::read(&text, &Reading::around(moment("2026-10-20T00:00:00Z"), Tz::UTC, &who)).expect("read");
    assert_eq!((calendar, notes.len()), (Calendar::of([(shift.person, shift.from, shift.until)]), 0));
}
