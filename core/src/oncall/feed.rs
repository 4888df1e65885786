//! Shifts as an iCalendar text, for the calendars of those who have them.

use super::{Schedule, Shift};
use crate::clock::Timestamp;
use crate::ids::PersonId;
use icalendar::{Component, Event, EventLike};

/// Whose shifts a calendar shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// Those of the one who asked for it.
    Own,
    /// Those of a team, by id.
    Team(String),
    /// Those of one schedule, by id.
    Schedule(String),
}

impl Whose {
    /// As it is kept: `person`, `team:payments`, `schedule:tills`.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Own => "person".to_owned(),
            Self::Team(id) => format!("team:{id}"),
            Self::Schedule(id) => format!("schedule:{id}"),
        }
    }

    /// Read back from a label.
    #[must_use]
    pub fn of_label(label: &str) -> Option<Self> {
        let team = || label.strip_prefix("team:").map(|id| Self::Team(id.to_owned()));
        let schedule = || label.strip_prefix("schedule:").map(|id| Self::Schedule(id.to_owned()));
        let own = (label == "person").then_some(Self::Own);
        own.or_else(team).or_else(schedule)
    }

    /// Whether it shows that shift of that schedule to that person.
    #[must_use]
    pub fn shows(&self, schedule: &Schedule, shift: &Shift, person: &PersonId) -> bool {
        match self {
            Self::Own => &shift.person == person,
            Self::Team(id) => schedule.team.as_ref() == Some(id),
            Self::Schedule(id) => &schedule.id == id,
        }
    }
}

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
