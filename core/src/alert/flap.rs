//! Flapping: an alert that fires and resolves again and again says less each time.

use crate::clock::Timestamp;
use chrono::TimeDelta;

/// What counts as flapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flapping {
    /// So many turns, from firing to resolved or back…
    pub turns: usize,
    /// … within this time.
    pub within: TimeDelta,
}

impl Flapping {
    /// An alert turns now: the turns that are still worth remembering.
    pub fn turn(self, turns: &mut Vec<Timestamp>, now: Timestamp) {
        turns.push(now);
        let old = turns.len().saturating_sub(self.turns.max(1));
        turns.drain(..old);
    }

    /// Until when an alert that has turned at these times is flapping, if it is.
    #[must_use]
    pub fn until(self, turns: &[Timestamp], now: Timestamp) -> Option<Timestamp> {
        let first = turns.len().checked_sub(self.turns.max(1)).and_then(|first| turns.get(first))?;
        Some(*first + self.within).filter(|until| *until > now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alert_that_turns_four_times_in_ten_minutes_flaps_until_the_first_of_them_is_ten_minutes_old() {
        let rule = Flapping { turns: 4, within: TimeDelta::minutes(10) };
        let at = |minute| Timestamp::UNIX_EPOCH + TimeDelta::minutes(minute);
        let mut turns = Vec::new();
        for minute in [0, 2, 4] {
            rule.turn(&mut turns, at(minute));
            assert_eq!(rule.until(&turns, at(minute)), None);
        }
        rule.turn(&mut turns, at(6));
        assert_eq!(rule.until(&turns, at(6)), Some(at(10)));
        assert_eq!(rule.until(&turns, at(10)), None, "it is calm again");
        rule.turn(&mut turns, at(11));
        assert_eq!(rule.until(&turns, at(11)), Some(at(12)), "the turns at 2, 4, 6 and 11");
        assert_eq!(turns.len(), 4, "what is older is forgotten");
    }
}
