//! Shifts as an iCalendar text, for the calendars of those who have them.

use super::Shift;
use crate::clock::Timestamp;
use icalendar::{Component, Event, EventLike};

/// A shift, and how it is shown.
#[derive(Debug)]
pub struct Entry<'e> {
    /// The id of the schedule.
    pub schedule: &'e str,
    /// What the calendar shows: `Alice Ek: Payments on call`.
    pub summary: String,
    /// The shift.
    pub shift: &'e Shift,
}

/// A feed of shifts, as of a moment. A shift keeps its UID as long as it begins when it did, so that calendars move what
/// has changed rather than showing it twice.
#[must_use]
pub fn feed(name: &str, entries: &[Entry<'_>], now: Timestamp) -> String {
    let mut calendar = icalendar::Calendar::empty();
    calendar.append_property(icalendar::Property::new("VERSION", "2.0"));
    calendar.append_property(icalendar::Property::new("PRODID", "-//Muster//On call//EN"));
    calendar.append_property(icalendar::Property::new("CALSCALE", "GREGORIAN"));
    calendar.name(name).ttl(&chrono::Duration::hours(1));
    for Entry { schedule, summary, shift } in entries {
        let uid = format!("{schedule}/{}/{}@muster", shift.from.format("%Y%m%dT%H%M%SZ"), shift.person);
        let event = Event::new()
            .uid(&uid)
            .timestamp(now)
            .summary(summary)
            .starts(shift.from)
            .ends(shift.until)
            .add_property("TRANSP", "TRANSPARENT")
            .done();
        calendar.push(event);
    }
    calendar.to_string()
}
