//! Gates: what a platform has asked us not to do for a while, we do not do.

use crate::clock::Timestamp;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// So many gates are remembered before those that are open again are forgotten.
const MANY: usize = 256;

/// The gates that are closed, each under the platform's way of limiting calls: a method, a route, a channel.
#[derive(Debug)]
pub struct Gates<G>(Mutex<HashMap<G, Timestamp>>);

impl<G> Default for Gates<G> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<G: Eq + Hash> Gates<G> {
    /// How long the last of these gates stays closed; `None` when all are open.
    pub fn closed(&self, gates: impl IntoIterator<Item = G>, now: Timestamp) -> Option<Duration> {
        let known = self.lock();
        if known.is_empty() {
            return None;
        }
        let until = gates.into_iter().filter_map(|gate| known.get(&gate)).max()?;
        (*until - now).to_std().ok().filter(|wait| !wait.is_zero())
    }

    /// Closes a gate until then, if it is not closed for longer already.
    pub fn close(&self, gate: G, until: Timestamp, now: Timestamp) {
        let mut known = self.lock();
        if known.len() >= MANY {
            known.retain(|_, until| *until > now);
        }
        let gate = known.entry(gate).or_insert(until);
        *gate = until.max(*gate);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<G, Timestamp>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    #[test]
    fn a_gate_that_is_closed_closes_no_other() {
        let (gates, now) = (Gates::default(), Timestamp::UNIX_EPOCH);
        gates.close("say in C1", now + TimeDelta::seconds(30), now);
        assert_eq!(gates.closed(["say", "say in C1"], now), Some(Duration::from_secs(30)));
        assert_eq!(gates.closed(["say", "say in C2"], now), None);
    }

    #[test]
    fn the_last_to_open_counts() {
        let (gates, now) = (Gates::default(), Timestamp::UNIX_EPOCH);
        gates.close("say", now + TimeDelta::seconds(30), now);
        gates.close("say in C1", now + TimeDelta::seconds(5), now);
        let later = now + TimeDelta::seconds(20);
        assert_eq!(gates.closed(["say", "say in C1"], later), Some(Duration::from_secs(10)));
    }

    #[test]
    fn a_gate_opens_when_its_time_has_come_and_never_sooner_than_last_asked() {
        let (gates, now) = (Gates::default(), Timestamp::UNIX_EPOCH);
        gates.close(1, now + TimeDelta::seconds(30), now);
        gates.close(1, now + TimeDelta::seconds(5), now);
        assert!(gates.closed([1], now + TimeDelta::seconds(29)).is_some());
        assert_eq!(gates.closed([1], now + TimeDelta::seconds(30)), None);
    }

    #[test]
    fn gates_that_are_open_again_are_forgotten() {
        let (gates, now) = (Gates::default(), Timestamp::UNIX_EPOCH);
        for n in 0..10_000 {
            let now = now + TimeDelta::seconds(n);
            gates.close(n, now + TimeDelta::seconds(1), now);
        }
        assert!(gates.lock().len() <= MANY);
    }
}
