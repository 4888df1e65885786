//! At most so many a second, evenly: the generic cell rate algorithm, by a clock that is given
//! (<https://www.itu.int/rec/T-REC-I.371/en>); and whose turn it is.

use crate::clock::Timestamp;
use chrono::TimeDelta;
use std::num::NonZeroU32;

/// What was not used is kept for so long, since nobody looks more often than every few milliseconds.
const KEPT: TimeDelta = TimeDelta::milliseconds(100);

/// A pace.
pub(super) struct Pace {
    every: TimeDelta,
    next: Timestamp,
}

impl Pace {
    /// So many a second.
    pub(super) fn of(per_second: NonZeroU32) -> Self {
        let every = TimeDelta::microseconds((1_000_000 / i64::from(per_second.get())).max(1));
        Self { every, next: Timestamp::UNIX_EPOCH }
    }

    /// How many may begin now, at most `wanted`.
    pub(super) fn allows(&self, now: Timestamp, wanted: usize) -> usize {
        let from = self.next.max(now - KEPT);
        if from > now {
            return 0;
        }
        let kept = (now - from).num_microseconds().unwrap_or(0) / self.every.num_microseconds().unwrap_or(1).max(1);
        usize::try_from(kept).unwrap_or(0).saturating_add(1).min(wanted)
    }

    /// So many have begun.
    pub(super) fn took(&mut self, now: Timestamp, count: usize) {
        let count = i32::try_from(count).unwrap_or(i32::MAX);
        self.next = self.next.max(now - KEPT) + self.every * count;
    }

    /// When to look again if none may begin now: some begin together then, which spares the database.
    pub(super) fn next(&self) -> Timestamp {
        self.next + KEPT / 2
    }
}

/// One turn in so many is a question's, as long as bulletins wait: whoever sits in front of it is answered soon, and a flood of them
/// holds up nothing that customers are told.
const QUESTION: usize = 4;

/// Whose turn it is.
#[derive(Default)]
pub(super) struct Turns {
    /// How many have had theirs since it was a question's.
    had: usize,
}

impl Turns {
    /// How many questions may be among the next.
    pub(super) fn among(&self, count: usize) -> usize {
        self.had.saturating_add(count) / QUESTION
    }

    /// So many have had their turn.
    pub(super) fn took(&mut self, count: usize) {
        self.had = self.had.saturating_add(count) % QUESTION;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fourth_turn_is_a_questions_however_few_there_are_at_a_time() {
        for at_a_time in [1, 2, 3, 4, 7, 64] {
            let (mut turns, mut questions) = (Turns::default(), 0);
            for _ in 0..100 {
                questions += turns.among(at_a_time);
                turns.took(at_a_time);
            }
            assert_eq!(questions, 100 * at_a_time / 4, "{at_a_time} at a time");
        }
    }

    /// How many get through in two seconds if somebody looks that often and always wants many.
    fn through(per_second: u32, every: TimeDelta) -> usize {
        let mut pace = Pace::of(NonZeroU32::new(per_second).expect("more than none"));
        let (begin, mut through) = (Timestamp::UNIX_EPOCH + TimeDelta::days(1), 0);
        let mut now = begin;
        while now < begin + TimeDelta::seconds(2) {
            let count = pace.allows(now, 1_000);
            pace.took(now, count);
            through += count;
            now += every;
        }
        through
    }

    #[test]
    fn as_many_get_through_as_may_and_no_more() {
        for every in [1, 7, 50].map(TimeDelta::milliseconds) {
            for per_second in [1, 10, 50, 999] {
                let (wanted, through) = (per_second * 2, through(per_second, every));
                let most = wanted + per_second / 10 + 1;
                let least = wanted.saturating_sub(per_second / 10);
                let is_right = (least..=most).contains(&u32::try_from(through).expect("few"));
                assert!(is_right, "{through} of {wanted}, every {every}");
            }
        }
    }

    #[test]
    fn who_has_rested_for_long_does_not_make_up_for_it_at_once() {
        let mut pace = Pace::of(NonZeroU32::new(50).expect("more than none"));
        let now = Timestamp::UNIX_EPOCH + TimeDelta::days(1);
        assert_eq!(pace.allows(now, 1_000), 6);
        assert_eq!(pace.allows(now, 4), 4);
        pace.took(now, 6);
        assert_eq!(pace.allows(now, 1_000), 0);
        assert_eq!(pace.allows(now + TimeDelta::milliseconds(19), 1_000), 0);
        assert_eq!(pace.allows(now + TimeDelta::milliseconds(20), 1_000), 1);
        assert_eq!(pace.allows(pace.next(), 1_000), 3);
    }
}
