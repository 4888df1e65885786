//! What the alerts of an incident come to. It stays small, however many there are.

use super::Resolve;
use crate::clock::Timestamp;
use crate::ids::IncidentId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many alerts of one kind there were.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindCount {
    /// What is wrong.
    pub name: String,
    /// How often one of them began to fire.
    pub count: i64,
}

/// What has been counted since the timeline last told of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// How many began to fire.
    pub fired: i64,
    /// How many were resolved.
    pub resolved: i64,
    /// How many were acknowledged where they come from.
    pub acknowledged: i64,
}

impl Pending {
    /// Whether there is nothing to tell of.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What the alerts of an incident come to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// How many are firing.
    pub firing: i64,
    /// How often one began to fire.
    pub total: i64,
    /// How often one that began to fire was kept from people by a silence.
    pub silenced: i64,
    /// How often one that began to fire was flapping.
    pub flapping: i64,
    /// The kinds of them, in the order in which they were first heard of; the first [`Tally::KINDS`].
    pub kinds: Vec<KindCount>,
    /// What the timeline has still to be told.
    #[serde(default, skip_serializing_if = "Pending::is_empty")]
    pub pending: Pending,
    /// When it will be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest_at: Option<Timestamp>,
    /// Since when none has been firing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet_since: Option<Timestamp>,
    /// The teams that have been paged because of them, by id, and how bad the incident was then.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub paged: BTreeMap<String, usize>,
    /// What happens when they have all been resolved for a while.
    #[serde(default)]
    pub resolve: Resolve,
    /// An open incident that looks like the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub like: Option<IncidentId>,
}

impl Tally {
    /// So many kinds are told apart; all others are counted together.
    pub const KINDS: usize = 12;

    /// Whether there never was an alert.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// One more began to fire; tells whether it is the first of its kind.
    pub fn fired(&mut self, kind: &str) -> bool {
        self.firing += 1;
        self.total += 1;
        self.count(kind, 1)
    }

    /// Counts so many of a kind if it is told apart; tells whether it is new.
    fn count(&mut self, kind: &str, count: i64) -> bool {
        if let Some(known) = self.kinds.iter_mut().find(|one| one.name == kind) {
            known.count += count;
            return false;
        }
        let is_told_apart = self.kinds.len() < Self::KINDS;
        if is_told_apart {
            self.kinds.push(KindCount { name: kind.to_owned(), count });
        }
        is_told_apart
    }

    /// One of them was resolved.
    pub fn resolved(&mut self) {
        self.firing = (self.firing - 1).max(0);
    }

    /// How many there were of kinds that are not told apart.
    #[must_use]
    pub fn others(&self) -> i64 {
        self.total - self.kinds.iter().map(|kind| kind.count).sum::<i64>()
    }

    /// The incident of these goes on in another: its alerts are now that one's.
    pub fn absorb(&mut self, other: &Self) {
        self.firing += other.firing;
        self.total += other.total;
        self.silenced += other.silenced;
        self.flapping += other.flapping;
        for kind in &other.kinds {
            self.count(&kind.name, kind.count);
        }
        for (team, rank) in &other.paged {
            let paged = self.paged.entry(team.clone()).or_insert(*rank);
            *paged = (*paged).min(*rank);
        }
        if self.firing > 0 {
            self.quiet_since = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_storm_of_many_kinds_tells_the_first_ones_apart_and_counts_the_rest() {
        let mut tally = Tally::default();
        let first = (0..100).filter(|n| tally.fired(&format!("disk {} is full", n % 20))).count();
        assert_eq!((first, tally.kinds.len(), tally.total, tally.firing), (12, 12, 100, 100));
        assert_eq!(tally.others(), 40, "eight kinds, five each");
        (0..101).for_each(|_| tally.resolved());
        assert_eq!(tally.firing, 0, "one that nobody counted in cannot be counted out");
    }

    #[test]
    fn two_incidents_that_become_one_are_counted_together() {
        let tally = |kinds: &[&str]| {
            let mut tally = Tally { quiet_since: Some(Timestamp::UNIX_EPOCH), ..Tally::default() };
            for kind in kinds {
                tally.fired(kind);
            }
            tally
        };
        let mut kept = tally(&["a", "b"]);
        kept.absorb(&tally(&["b", "c"]));
        let counts: Vec<_> = kept.kinds.iter().map(|kind| (kind.name.as_str(), kind.count)).collect();
        assert_eq!(counts, [("a", 1), ("b", 2), ("c", 1)]);
        assert_eq!((kept.firing, kept.total, kept.quiet_since), (4, 4, None));
    }
}
