//! What a calendar says of a schedule.

use super::stretch::{Stretch, joined};
use crate::clock::Timestamp;
use crate::ids::PersonId;
use std::collections::BTreeMap;

/// Who is on call by a calendar, as far as it has been read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    /// In order of time; of one person, none overlap.
    shifts: Vec<(Stretch, PersonId)>,
    /// The longest of them, so that one that began before is found.
    longest: chrono::TimeDelta,
}

impl Calendar {
    /// Of who is on call when. A person who is so twice at a time is so once.
    #[must_use]
    pub fn of(shifts: impl IntoIterator<Item = (PersonId, Timestamp, Timestamp)>) -> Self {
        let mut of_each: BTreeMap<PersonId, Vec<Stretch>> = BTreeMap::new();
        for (person, from, until) in shifts {
            of_each.entry(person).or_default().extend(Some(Stretch { from, until }).filter(|shift| shift.is_some()));
        }
        let apart = |(person, all): (PersonId, Vec<Stretch>)| {
            joined(all).into_iter().map(move |stretch| (stretch, person.clone()))
        };
        let mut shifts: Vec<_> = of_each.into_iter().flat_map(apart).collect();
        shifts.sort_unstable();
        let longest = shifts.iter().map(|(shift, _)| shift.until - shift.from).max().unwrap_or_default();
        Self { shifts, longest }
    }

    /// Everything that meets `range`, whole.
    pub(super) fn pieces(&self, range: Stretch) -> impl Iterator<Item = (Stretch, &PersonId)> {
        let first = self.shifts.partition_point(|(shift, _)| shift.from + self.longest <= range.from);
        let met = self.shifts[first..].iter().take_while(move |(shift, _)| shift.from < range.until);
        met.filter(move |(shift, _)| shift.meets(range)).map(|(shift, person)| (*shift, person))
    }

    /// Everybody it names, perhaps more than once.
    pub(super) fn people(&self) -> impl Iterator<Item = &PersonId> {
        self.shifts.iter().map(|(_, person)| person)
    }
}
