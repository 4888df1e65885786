//! Things remembered until a moment, never without bound.

use crate::clock::Timestamp;
use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

/// So many things are usually remembered; then all are forgotten.
const MANY: usize = 20_000;

/// Things remembered until a moment.
#[derive(Debug)]
pub struct Cache<K, V> {
    things: Mutex<HashMap<K, (Timestamp, V)>>,
    most: usize,
}

impl<K, V> Default for Cache<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, V> Cache<K, V> {
    /// Nothing is remembered yet.
    #[must_use]
    pub fn new() -> Self {
        Self::of(MANY)
    }

    /// Nothing is remembered yet, and never more than so many things.
    #[must_use]
    pub fn of(most: usize) -> Self {
        Self { things: Mutex::default(), most }
    }
}

impl<K: Eq + Hash, V: Clone> Cache<K, V> {
    /// What is still good.
    pub fn fresh<Q: Eq + Hash + ?Sized>(&self, key: &Q, now: Timestamp) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.lock().get(key).filter(|(until, _)| *until > now).map(|(_, value)| value.clone())
    }

    /// What is remembered, good or not.
    pub fn stale<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.lock().get(key).map(|(_, value)| value.clone())
    }

    /// Remembers a thing until a moment.
    pub fn keep(&self, key: K, value: V, until: Timestamp) {
        let mut things = self.lock();
        if things.len() >= self.most {
            things.clear();
        }
        things.insert(key, (until, value));
    }

    /// Forgets things.
    pub fn forget(&self, which: impl Fn(&K, &V) -> bool) {
        self.lock().retain(|key, (_, value)| !which(key, value));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<K, (Timestamp, V)>> {
        self.things.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    #[test]
    fn what_is_no_longer_good_is_remembered_but_not_fresh() {
        let (cache, now) = (Cache::new(), Timestamp::UNIX_EPOCH);
        cache.keep("alice".to_owned(), 1, now + TimeDelta::hours(1));
        assert_eq!(cache.fresh("alice", now), Some(1));
        assert_eq!(cache.fresh("alice", now + TimeDelta::hours(1)), None);
        assert_eq!(cache.stale("alice"), Some(1));
        cache.forget(|_, value| *value == 1);
        assert_eq!(cache.stale("alice"), None);
    }

    #[test]
    fn never_too_much_is_remembered() {
        let cache = Cache::of(10);
        (0..35).for_each(|n| cache.keep(n, (), Timestamp::UNIX_EPOCH));
        assert!(cache.lock().len() <= 10);
    }
}
