//! Reading an iCalendar text (RFC 5545): whoever an event names is on call while it lasts.
//!
//! The text is hostile: its size, its nesting, its rules, the events they yield and the years they go back are bounded.

use super::calendar::Calendar;
use super::event::{Event, Meaning};
use super::stretch::Stretch;
use crate::clock::Timestamp;
use crate::ids::PersonId;
use chrono::TimeDelta;
use chrono_tz::Tz;
use icalendar::parser::{Component, read_calendar, unfold};
use std::collections::{BTreeMap, BTreeSet};

/// The longest text.
const BYTES: usize = 1_048_576;
/// How deep a calendar may be nested: an alarm is in an event, which is in the calendar.
const DEPTH: usize = 8;
/// How many events may recur, and how many shifts may come of all of them.
const RULES: usize = 200;
const SHIFTS: usize = 20_000;
/// How much is said of what was left out.
const NOTES: usize = 20;

/// Why nothing of a calendar can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// It is too long.
    #[error("it is longer than 1 MiB")]
    TooLong,
    /// It is nested too deep.
    #[error("it is nested too deep")]
    TooDeep,
    /// It is no calendar.
    #[error("it is not an iCalendar text")]
    NoCalendar,
    /// There is more in it than Muster looks at.
    #[error("it has more than 200 recurring events of people, or more than 20000 shifts")]
    TooMuch,
}

/// What a calendar is read for.
pub struct Reading<'r> {
    /// The time zone of times that name none.
    pub zone: Tz,
    /// From when on shifts are of interest.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// Who is meant by an id, a name or an e-mail address.
    pub who: &'r dyn Fn(&str) -> Option<PersonId>,
}

impl std::fmt::Debug for Reading<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reading").field("from", &self.from).field("until", &self.until).finish_non_exhaustive()
    }
}

impl Calendar {
    /// Reads a calendar, as far as it is of interest, and says what was left out of it.
    ///
    /// # Errors
    /// When nothing of it can be read.
    pub fn read(text: &str, reading: &Reading<'_>) -> Result<(Self, Vec<String>), CalendarError> {
        if text.len() > BYTES {
            return Err(CalendarError::TooLong);
        }
        let text = lines(text)?;
        let calendar = read_calendar(&text).map_err(|_| CalendarError::NoCalendar)?;
        let mut notes = Notes::default();
        let named = calendar.properties.iter().find(|property| property.name == "X-WR-TIMEZONE");
        let meaning = Meaning { zone: named.and_then(|zone| zone.val.as_str().parse().ok()).unwrap_or(reading.zone) };
        let mut of_each: BTreeMap<String, Vec<Event>> = BTreeMap::new();
        for (place, component) in calendar.components.iter().filter(|one| one.name == "VEVENT").enumerate() {
            match meaning.event(component) {
                Ok(event) if event.is_cancelled && event.replaces.is_none() => {}
                Ok(event) => {
                    of_each.entry(event.uid.clone().unwrap_or_else(|| format!("/{place}"))).or_default().push(event)
                }
                Err(why) => notes.add(&format!("{}: {why}", shown(component))),
            }
        }
        let mut shifts = Shifts { reading, notes, all: Vec::new(), rules: 0 };
        for events in of_each.values() {
            shifts.add_all(events)?;
        }
        Ok((Self::of(shifts.all), shifts.notes.0))
    }
}

/// The text with its lines unfolded, and ended in one way.
fn lines(text: &str) -> Result<String, CalendarError> {
    let text = unfold(text.trim_start_matches('\u{feff}'));
    let (mut depth, mut lines) = (0_usize, String::with_capacity(text.len() + text.len() / 32));
    for line in text.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
        let keyword = line.split(':').next().unwrap_or_default();
        if keyword.eq_ignore_ascii_case("BEGIN") {
            depth += 1;
        } else if keyword.eq_ignore_ascii_case("END") {
            depth = depth.saturating_sub(1);
        }
        if depth > DEPTH {
            return Err(CalendarError::TooDeep);
        }
        lines.push_str(line);
        lines.push_str("\r\n");
    }
    if lines.starts_with("BEGIN:VCALENDAR\r\n") { Ok(lines) } else { Err(CalendarError::NoCalendar) }
}

/// An event as it is named to whoever has to mend it.
fn shown(component: &Component<'_>) -> String {
    let summary = component.find_prop("SUMMARY").map(|summary| summary.val.as_str()).unwrap_or_default();
    format!("“{}”", summary.chars().filter(|c| !c.is_control()).take(80).collect::<String>())
}

/// What was left out, each thing once.
#[derive(Default)]
struct Notes(Vec<String>);

impl Notes {
    fn add(&mut self, note: &str) {
        if self.0.len() < NOTES && !self.0.iter().any(|known| known == note) {
            self.0.push(note.to_owned());
        }
    }
}

/// The shifts found so far.
struct Shifts<'r> {
    reading: &'r Reading<'r>,
    notes: Notes,
    all: Vec<(PersonId, Timestamp, Timestamp)>,
    rules: usize,
}

impl Shifts<'_> {
    /// Adds the shifts of an event, and of those that stand for single times of it.
    fn add_all(&mut self, events: &[Event]) -> Result<(), CalendarError> {
        let replaced: BTreeSet<Timestamp> = events.iter().filter_map(|event| event.replaces).collect();
        for event in events.iter().filter(|event| !event.is_cancelled) {
            let people = event.people(self.reading.who);
            if people.is_empty() {
                self.notes.add(&format!("{}: this names nobody of the config", event.shown()));
                continue;
            }
            self.rules += usize::from(event.rule.is_some());
            if self.rules > RULES {
                return Err(CalendarError::TooMuch);
            }
            let range = Stretch { from: self.reading.from, until: self.reading.until };
            let times = match event.times(range) {
                Ok(times) => times,
                Err(why) => {
                    self.notes.add(&format!("{}: {why}", event.shown()));
                    continue;
                }
            };
            let is_replaced = |from: &Timestamp| event.replaces.is_none() && replaced.contains(from);
            for Stretch { from, until } in times.into_iter().filter(|time| !is_replaced(&time.from)) {
                self.all.extend(people.iter().map(|person| (person.clone(), from, until)));
            }
            if self.all.len() > SHIFTS {
                return Err(CalendarError::TooMuch);
            }
        }
        Ok(())
    }
}

impl<'r> Reading<'r> {
    /// A reading for about a month back and a year ahead.
    #[must_use]
    pub fn around(now: Timestamp, zone: Tz, who: &'r dyn Fn(&str) -> Option<PersonId>) -> Self {
        Self { zone, from: now - TimeDelta::days(35), until: now + TimeDelta::days(400), who }
    }
}
