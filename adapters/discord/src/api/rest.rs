//! What has refused us rests: nothing goes out to it but one probe, ever more rarely, until a probe succeeds.

use super::Gate;
use crate::config::Id;
use chrono::TimeDelta;
use muster_core::clock::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The first pause.
const FIRST: TimeDelta = TimeDelta::minutes(1);
/// The longest.
const LONGEST: TimeDelta = TimeDelta::hours(1);
/// So many are remembered; then all are forgotten.
const MANY: usize = 1_024;

/// What may refuse us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum About {
    /// Everything: our token is dead.
    Token,
    /// A channel that we do not see any more.
    Channel(Id),
    /// A way of doing something somewhere for which we lack a permission.
    Route(Gate),
}

#[derive(Debug, Clone, Copy)]
struct Rest {
    pause: TimeDelta,
    until: Timestamp,
    is_probed: bool,
}

/// What rests.
#[derive(Debug, Default)]
pub(super) struct Rests(Mutex<HashMap<About, Rest>>);

impl Rests {
    /// How long one of these still rests. When none does, whoever asked is the probe, and what has rested goes on resting
    /// for everybody else until the probe is back.
    pub(super) fn ask(&self, about: &[About], now: Timestamp) -> Option<Duration> {
        let mut known = self.lock();
        if known.is_empty() {
            return None;
        }
        let until = about.iter().filter_map(|one| known.get(one)).map(|rest| rest.until).max()?;
        if let Ok(wait) = (until - now).to_std()
            && !wait.is_zero()
        {
            return Some(wait);
        }
        for one in about {
            known.entry(*one).and_modify(|rest| *rest = Rest { until: now + rest.pause, is_probed: true, ..*rest });
        }
        None
    }

    /// It has refused us.
    pub(super) fn refused(&self, about: About, now: Timestamp) {
        let mut known = self.lock();
        if known.len() >= MANY {
            known.clear();
        }
        let rest = known.entry(about).or_insert(Rest { pause: FIRST, until: now, is_probed: false });
        // Only a probe says that the pause was too short: refusals of what went out together are one.
        if std::mem::take(&mut rest.is_probed) {
            rest.pause = (rest.pause * 2).min(LONGEST);
        }
        rest.until = now + rest.pause;
    }

    /// It has let us in.
    pub(super) fn admitted(&self, about: &[About]) {
        let mut known = self.lock();
        known.retain(|one, _| !about.contains(one));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<About, Rest>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;
    const ROOM: [About; 2] = [About::Token, About::Channel(7)];

    fn minutes(minutes: i64) -> Timestamp {
        NOW + TimeDelta::minutes(minutes)
    }

    #[test]
    fn after_a_refusal_one_probe_goes_out_ever_more_rarely() {
        let rests = Rests::default();
        assert_eq!(rests.ask(&ROOM, NOW), None);
        let mut probes = Vec::new();
        rests.refused(About::Token, NOW);
        for minute in 1..=130 {
            // Sixty are waiting, and only the first of them gets through.
            let through = (0..60).filter(|_| rests.ask(&ROOM, minutes(minute)).is_none()).count();
            assert!(through <= 1);
            if through == 1 {
                probes.push(minute);
                rests.refused(About::Token, minutes(minute));
            }
        }
        assert_eq!(probes, [1, 3, 7, 15, 31, 63, 123]);
    }

    #[test]
    fn refusals_that_come_together_are_one() {
        let rests = Rests::default();
        (0..10).for_each(|_| rests.refused(About::Token, NOW));
        assert_eq!(rests.ask(&ROOM, NOW), Some(Duration::from_secs(60)));
    }

    #[test]
    fn what_lets_us_in_again_rests_no_more_and_nothing_else_ever_did() {
        let rests = Rests::default();
        rests.refused(About::Channel(7), NOW);
        assert_eq!(rests.ask(&[About::Token, About::Channel(8)], NOW), None);
        assert!(rests.ask(&ROOM, NOW).is_some());
        assert_eq!(rests.ask(&ROOM, minutes(1)), None, "the probe");
        assert!(rests.ask(&ROOM, minutes(1)).is_some(), "nobody else while it is away");
        rests.admitted(&ROOM);
        assert_eq!(rests.ask(&ROOM, minutes(1)), None);
    }
}
