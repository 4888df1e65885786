//! How much a person has been called lately: nobody is called more often than they can take.

use crate::clock::Timestamp;
use crate::ids::PersonId;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

const MINUTE: TimeDelta = TimeDelta::minutes(1);
const QUARTER: TimeDelta = TimeDelta::minutes(15);

/// How often a person may be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// So many times within a minute.
    pub per_minute: usize,
    /// So many times within a quarter of an hour.
    pub per_quarter: usize,
}

/// When a person was called lately.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Load {
    /// Who.
    pub person: PersonId,
    /// When, oldest first: the last quarter of an hour.
    pub calls: Vec<Timestamp>,
}

impl Load {
    /// Nobody has called them.
    #[must_use]
    pub fn of(person: &PersonId) -> Self {
        Self { person: person.clone(), calls: Vec::new() }
    }

    /// The first moment from `now` on at which they may be called again.
    #[must_use]
    pub fn free_at(&self, now: Timestamp, limits: Limits) -> Timestamp {
        let free = |many: usize, within: TimeDelta| {
            let recent: Vec<_> = self.calls.iter().filter(|call| **call + within > now).collect();
            let full = recent.len().checked_sub(many.max(1));
            full.and_then(|first| recent.get(first)).map_or(now, |call| **call + within)
        };
        free(limits.per_minute, MINUTE).max(free(limits.per_quarter, QUARTER))
    }

    /// They are called now.
    pub fn call(&mut self, now: Timestamp) {
        self.calls.retain(|call| *call + QUARTER > now);
        self.calls.push(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    const LIMITS: Limits = Limits { per_minute: 2, per_quarter: 3 };

    #[test]
    fn a_call_too_many_waits_until_the_first_of_them_is_a_minute_old_and_then_a_quarter_of_an_hour() {
        let start = DateTime::UNIX_EPOCH;
        let after = |seconds| start + TimeDelta::seconds(seconds);
        let mut load = Load::of(&PersonId::from("alice"));
        load.call(after(0));
        assert_eq!(load.free_at(after(10), LIMITS), after(10));
        load.call(after(10));
        assert_eq!(load.free_at(after(20), LIMITS), after(60), "two within a minute");
        load.call(after(60));
        assert_eq!(load.free_at(after(70), LIMITS), after(900), "three within a quarter of an hour");
        assert_eq!(load.free_at(after(900), LIMITS), after(900));
        load.call(after(900));
        assert_eq!(load.calls.len(), 3, "what is older is forgotten");
    }
}
