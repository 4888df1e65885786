//! A schedule: who is on call when. Layers and a calendar say it, and the roster of today changes it.

use super::Roster;
use super::calendar::Calendar;
use super::layer::Layer;
use super::stretch::{Stretch, joined};
use crate::clock::Timestamp;
use crate::ids::PersonId;
use chrono::TimeDelta;
use chrono_tz::Tz;

/// How far ahead somebody's next shift is looked for, in stretches of about a month.
const MONTHS_AHEAD: u32 = 13;

/// Why somebody is on call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// It is their turn in that layer.
    Layer(String),
    /// They stand in, by the override of that number.
    Override(i64),
    /// A calendar says so.
    Calendar,
}

/// Somebody is on call from one moment to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// Who.
    pub person: PersonId,
    /// From when.
    pub from: Timestamp,
    /// Until when, exclusive.
    pub until: Timestamp,
    /// Why.
    pub why: Why,
}

impl Shift {
    pub(super) fn stretch(&self) -> Stretch {
        Stretch { from: self.from, until: self.until }
    }

    /// The same person for the same reason, at another time.
    pub(super) fn during(&self, stretch: Stretch) -> Self {
        Self { from: stretch.from, until: stretch.until, ..self.clone() }
    }
}

/// A schedule.
///
/// Its calendar goes before all layers, and a layer before those in front of it in the list: somebody of a lower one is on
/// call when nobody of a higher one is. Overrides of the roster go before everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Its id.
    pub id: String,
    /// As shown.
    pub name: String,
    /// The team it is for, by id.
    pub team: Option<String>,
    /// The time zone in which it is shown.
    pub zone: Tz,
    /// From the lowest.
    pub layers: Vec<Layer>,
    /// What a calendar says, when there is one and it has been read.
    pub calendar: Option<Calendar>,
}

impl Schedule {
    /// Who is on call at a moment; nobody in a gap. Each shift is whole, from its own beginning to its own end.
    #[must_use]
    pub fn at(&self, roster: Option<&Roster>, at: Timestamp) -> Vec<Shift> {
        let here = moment(at);
        self.within(roster, here, self.around(roster, here))
    }

    /// Every shift of which a part lies between two moments, whole, in order of time.
    #[must_use]
    pub fn shifts(&self, roster: Option<&Roster>, from: Timestamp, until: Timestamp) -> Vec<Shift> {
        let asked = Stretch { from, until };
        if !asked.is_some() {
            return Vec::new();
        }
        let last = moment(until - TimeDelta::microseconds(1));
        let range = asked.and(self.around(roster, moment(from))).and(self.around(roster, last));
        self.within(roster, asked, range)
    }

    /// When nobody is on call between two moments, in order.
    #[must_use]
    pub fn gaps(&self, roster: Option<&Roster>, from: Timestamp, until: Timestamp) -> Vec<(Timestamp, Timestamp)> {
        let asked = Stretch { from, until };
        let taken = joined(self.shifts(roster, from, until).iter().map(Shift::stretch).collect());
        asked.without(&taken).into_iter().map(|gap| (gap.from, gap.until)).collect()
    }

    /// The first shift of somebody that begins after a moment, within about a year.
    #[must_use]
    pub fn next(&self, roster: Option<&Roster>, person: &PersonId, after: Timestamp) -> Option<Shift> {
        let month = TimeDelta::days(30);
        let mut from = after;
        for _ in 0..MONTHS_AHEAD {
            let until = from.checked_add_signed(month)?;
            let shifts = self.shifts(roster, from, until);
            if let Some(next) = shifts.into_iter().find(|shift| &shift.person == person && shift.from > after) {
                return Some(next);
            }
            from = until;
        }
        None
    }

    /// Everybody its layers and its calendar name, once each.
    #[must_use]
    pub fn people(&self) -> Vec<&PersonId> {
        let of_layers = self.layers.iter().flat_map(|layer| layer.slots.iter().flatten());
        let mut people: Vec<_> = of_layers.chain(self.calendar.iter().flat_map(Calendar::people)).collect();
        people.sort_unstable();
        people.dedup();
        people
    }

    /// The shifts that meet what is asked for, known as they are within `range`.
    fn within(&self, roster: Option<&Roster>, asked: Stretch, range: Stretch) -> Vec<Shift> {
        let planned = self.planned(range);
        let mut shifts = roster.map_or(planned.clone(), |roster| roster.applied(planned, range));
        shifts.retain(|shift| shift.stretch().meets(asked));
        shifts.sort_by(|a, b| (a.from, a.until, &a.person).cmp(&(b.from, b.until, &b.person)));
        shifts
    }

    /// What was planned: every shift that meets `range`, right within it.
    fn planned(&self, range: Stretch) -> Vec<Shift> {
        let mut shifts = Vec::new();
        let mut taken = Vec::new();
        for (stretch, person) in self.calendar.iter().flat_map(|calendar| calendar.pieces(range)) {
            shifts.push(Shift { person: person.clone(), from: stretch.from, until: stretch.until, why: Why::Calendar });
            taken.push(stretch);
        }
        for layer in self.layers.iter().rev() {
            taken = joined(taken);
            let pieces = layer.pieces(range);
            for (piece, people) in &pieces {
                for Stretch { from, until } in piece.without(&taken) {
                    let why = || Why::Layer(layer.name.clone());
                    shifts.extend(people.iter().map(|person| Shift {
                        person: person.clone(),
                        from,
                        until,
                        why: why(),
                    }));
                }
            }
            taken.extend(pieces.into_iter().map(|(piece, _)| piece));
        }
        shifts
    }

    /// A stretch that holds, whole, whatever holds for a moment. What goes before something is known all along it then, so
    /// that no shift of that moment is cut, or left uncut, at the edge of what was looked at.
    fn around(&self, roster: Option<&Roster>, here: Stretch) -> Stretch {
        let of_layers = self.layers.iter().flat_map(|layer| layer.pieces(here)).map(|(piece, _)| piece);
        let of_calendar = self.calendar.iter().flat_map(|calendar| calendar.pieces(here)).map(|(piece, _)| piece);
        let of_roster = roster.into_iter().flat_map(|roster| roster.stretches(here));
        of_layers.chain(of_calendar).chain(of_roster).fold(here, Stretch::and)
    }
}

/// The shortest stretch there is.
fn moment(at: Timestamp) -> Stretch {
    Stretch { from: at, until: at.checked_add_signed(TimeDelta::microseconds(1)).unwrap_or(at) }
}
