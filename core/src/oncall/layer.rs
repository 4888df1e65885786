//! A layer of a schedule: people who take turns.

use super::civil::{civil, instant};
use super::stretch::Stretch;
use super::window::{Window, open};
use crate::clock::Timestamp;
use crate::ids::PersonId;
use chrono::{Datelike, Days, Months, NaiveDateTime, TimeDelta};
use chrono_tz::Tz;

/// How long a turn is, by the clock on the wall and the calendar.
///
/// Every handoff is counted from the first one in civil time, so that it keeps its time of day for ever. Hours are hours of
/// the clock too: a turn in which it is changed is longer or shorter by the change, and one that the clock skips altogether
/// is not taken. A month that lacks the day of the first handoff is handed over on its last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// So many hours.
    Hours(u32),
    /// So many days.
    Days(u32),
    /// So many weeks.
    Weeks(u32),
    /// So many months.
    Months(u32),
}

impl Turn {
    /// The longest turn there is, in its own unit.
    #[must_use]
    pub fn longest(self) -> u32 {
        match self {
            Self::Hours(_) => 366 * 24,
            Self::Days(_) => 366,
            Self::Weeks(_) => 53,
            Self::Months(_) => 12,
        }
    }

    /// The civil time after so many turns.
    fn after(self, first: NaiveDateTime, turns: i64) -> Option<NaiveDateTime> {
        let turns = u32::try_from(turns).ok()?;
        // A turn of nothing would never end.
        match self {
            Self::Hours(hours) => {
                first.checked_add_signed(TimeDelta::try_hours(i64::from(hours.max(1)) * i64::from(turns))?)
            }
            Self::Days(days) => first.checked_add_days(Days::new(u64::from(days.max(1)) * u64::from(turns))),
            Self::Weeks(weeks) => first.checked_add_days(Days::new(7 * u64::from(weeks.max(1)) * u64::from(turns))),
            Self::Months(months) => first.checked_add_months(Months::new(months.max(1).checked_mul(turns)?)),
        }
    }

    /// How many turns are over by a civil time, or one less. No handoff before that comes after the moment it means, also
    /// where the clock has been put back since.
    fn by(self, first: NaiveDateTime, civil: NaiveDateTime) -> i64 {
        let passed = civil - first;
        let (units, of) = match self {
            Self::Hours(hours) => (passed.num_hours(), hours),
            Self::Days(days) => (passed.num_days(), days),
            Self::Weeks(weeks) => (passed.num_weeks(), weeks),
            Self::Months(months) => {
                let years = i64::from(civil.year()) - i64::from(first.year());
                // The day of this month may be yet to come.
                (12 * years + i64::from(civil.month()) - i64::from(first.month()) - 1, months)
            }
        };
        (units / i64::from(of.max(1))).max(0)
    }
}

/// People who take turns, from a first handoff on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// As shown.
    pub name: String,
    /// The time zone of its civil times.
    pub zone: Tz,
    /// When the first of them takes over.
    pub first: NaiveDateTime,
    /// When the layer ends, if it does.
    pub until: Option<NaiveDateTime>,
    /// How long each turn is.
    pub turn: Turn,
    /// Who has the first turn, the second, and so on, and from the start again; several people may share one.
    pub slots: Vec<Vec<PersonId>>,
    /// When turns count at all; always when there are none.
    pub windows: Vec<Window>,
}

impl Layer {
    /// Who is on by this layer alone, in order: every piece of a turn that meets `range`, whole.
    pub(super) fn pieces(&self, range: Stretch) -> Vec<(Stretch, &[PersonId])> {
        let mut found = Vec::new();
        // Turns of which it turns out that they are before it do no harm.
        let mut turn = Some(self.turn.by(self.first, civil(range.from, self.zone)));
        while let Some((first, next)) = turn.and_then(|turn| self.run(turn)) {
            let Some(whole) = self.handoff(first).zip(self.handoff(next)) else { break };
            let whole = Stretch { from: whole.0, until: whole.1 };
            if whole.from >= range.until {
                break;
            }
            let pieces = self.before_end(whole).map(|whole| self.open(whole)).unwrap_or_default();
            let people = self.slot(first);
            found.extend(pieces.into_iter().filter(|piece| piece.meets(range)).map(|piece| (piece, people)));
            turn = Some(next);
        }
        found.retain(|(_, people)| !people.is_empty());
        found
    }

    fn open(&self, whole: Stretch) -> Vec<Stretch> {
        if self.windows.is_empty() { vec![whole] } else { open(&self.windows, self.zone, whole) }
    }

    fn before_end(&self, whole: Stretch) -> Option<Stretch> {
        let end = self.until.and_then(|until| instant(until, self.zone));
        Some(Stretch { until: end.map_or(whole.until, |end| end.min(whole.until)), ..whole })
            .filter(|piece| piece.is_some())
    }

    /// The moment of the handoff after so many turns.
    fn handoff(&self, turns: i64) -> Option<Timestamp> {
        instant(self.turn.after(self.first, turns)?, self.zone)
    }

    fn slot(&self, turn: i64) -> &[PersonId] {
        let place = usize::try_from(turn).ok().and_then(|turn| turn.checked_rem(self.slots.len()));
        place.and_then(|place| self.slots.get(place)).map_or(&[], Vec::as_slice)
    }

    /// The turns around one that the same people have, one after another: they are one shift. Where nobody ever takes
    /// over, each turn is one.
    fn run(&self, turn: i64) -> Option<(i64, i64)> {
        let (mut first, mut next) = (turn, turn + 1);
        let here = self.slots.first()?;
        if self.slots.iter().any(|slot| slot != here) {
            let is_same = |other: i64| self.slot(other) == self.slot(turn);
            while first > 0 && is_same(first - 1) {
                first -= 1;
            }
            while is_same(next) {
                next += 1;
            }
        }
        Some((first, next))
    }
}
