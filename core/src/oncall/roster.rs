//! What people have changed about a schedule from chat: who stands in for whom, and who has asked to be stood in for.

use super::stretch::{Stretch, joined};
use super::{Shift, Why};
use crate::clock::Timestamp;
use crate::ids::PersonId;
use serde::{Deserialize, Serialize};

/// Somebody is on call for a while, whatever the schedule says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// Its number within the schedule.
    pub number: i64,
    /// From when.
    pub from: Timestamp,
    /// Until when, exclusive.
    pub until: Timestamp,
    /// Who is on call.
    pub person: PersonId,
    /// Whose shifts these are; everybody's when nobody is named.
    pub instead_of: Option<PersonId>,
    /// Who said so.
    pub by: PersonId,
}

/// Somebody asks to be stood in for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swap {
    /// Its number within the schedule.
    pub number: i64,
    /// From when.
    pub from: Timestamp,
    /// Until when, exclusive.
    pub until: Timestamp,
    /// Who asks.
    pub person: PersonId,
    /// Who is asked; anybody of the team when nobody is named.
    pub asked: Option<PersonId>,
    /// When.
    pub at: Timestamp,
}

/// What people have changed about a schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    /// Which schedule.
    pub schedule: String,
    /// Who stands in; where two cover the same moment, the later one counts.
    pub overrides: Vec<Override>,
    /// Who asks to be stood in for.
    pub swaps: Vec<Swap>,
    /// The next number.
    pub next: i64,
}

impl Roster {
    /// Nothing has been changed.
    #[must_use]
    pub fn of(schedule: &str) -> Self {
        Self { schedule: schedule.to_owned(), overrides: Vec::new(), swaps: Vec::new(), next: 1 }
    }

    /// What is left of planned shifts, and who stands in. The later an override, the more it counts.
    pub(super) fn applied(&self, planned: Vec<Shift>, range: Stretch) -> Vec<Shift> {
        let mut overrides: Vec<_> = self.overrides.iter().filter(|one| one.stretch().meets(range)).collect();
        overrides.sort_by_key(|one| one.number);
        overrides.into_iter().fold(planned, |shifts, one| one.applied(shifts))
    }

    /// The overrides that meet `range`.
    pub(super) fn stretches(&self, range: Stretch) -> impl Iterator<Item = Stretch> {
        self.overrides.iter().map(Override::stretch).filter(move |stretch| stretch.meets(range))
    }
}

impl Override {
    fn stretch(&self) -> Stretch {
        Stretch { from: self.from, until: self.until }
    }

    /// The shifts with this one in place of those it concerns. Whoever stands in is on call once, not twice, while they
    /// have a shift of their own.
    fn applied(&self, shifts: Vec<Shift>) -> Vec<Shift> {
        let whole = self.stretch();
        let taken = match &self.instead_of {
            None => vec![whole],
            Some(person) => {
                let theirs = shifts.iter().filter(|shift| &shift.person == person);
                joined(theirs.filter_map(|shift| shift.stretch().clip(whole)).collect())
            }
        };
        let gives_way = |shift: &Shift| {
            self.instead_of.as_ref().is_none_or(|person| person == &shift.person) || shift.person == self.person
        };
        let (concerned, mut left): (Vec<_>, Vec<_>) = shifts.into_iter().partition(gives_way);
        for shift in concerned {
            left.extend(shift.stretch().without(&taken).into_iter().map(|rest| shift.during(rest)));
        }
        let why = || Why::Override(self.number);
        let stand_in = |Stretch { from, until }| Shift { person: self.person.clone(), from, until, why: why() };
        left.extend(taken.into_iter().map(stand_in));
        left
    }
}
