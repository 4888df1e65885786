//! What keeps a platform from doing what we ask until an operator does something: said once, and once more when it is over.

use crate::ids::PlatformId;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The troubles there are with a platform. `A` is what a trouble is about, and therefore what ends it.
#[derive(Debug)]
pub struct Troubles<A> {
    platform: PlatformId,
    is_any: AtomicBool,
    known: Mutex<BTreeMap<A, String>>,
}

impl<A: Ord> Troubles<A> {
    /// There are none yet.
    #[must_use]
    pub fn of(platform: PlatformId) -> Self {
        Self { platform, is_any: AtomicBool::new(false), known: Mutex::default() }
    }

    /// Whether there is any: what ends one need not be looked for otherwise.
    pub fn is_any(&self) -> bool {
        self.is_any.load(Ordering::Relaxed)
    }

    /// What an operator should know now, in sentences.
    pub fn sentences(&self) -> Vec<String> {
        self.lock().values().cloned().collect()
    }

    /// Something is wrong. `sentence` says what, and what to do about it.
    pub fn begins(&self, about: A, sentence: String) {
        let mut known = self.lock();
        if known.get(&about) == Some(&sentence) {
            return;
        }
        tracing::error!(platform = %self.platform, "{sentence}");
        known.insert(about, sentence);
        self.changed(&known);
    }

    /// It is not wrong any more, if it was.
    pub fn over(&self, about: &A) {
        if !self.is_any() {
            return;
        }
        let mut known = self.lock();
        let Some(was) = known.remove(about) else { return };
        tracing::warn!(platform = %self.platform, was, "this is over");
        self.changed(&known);
    }

    fn changed(&self, known: &BTreeMap<A, String>) {
        self.is_any.store(!known.is_empty(), Ordering::Relaxed);
        let count = u32::try_from(known.len()).unwrap_or(u32::MAX);
        metrics::gauge!("muster_chat_troubles", "platform" => self.platform.as_str().to_owned()).set(count);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<A, String>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trouble_lasts_until_it_is_over_however_often_it_is_met() {
        let troubles = Troubles::of(PlatformId::from("chat"));
        troubles.begins("token", "The token is dead: make another".to_owned());
        troubles.begins("token", "The token is dead: make another".to_owned());
        troubles.over(&"channel");
        assert_eq!(troubles.sentences(), ["The token is dead: make another"]);
        troubles.over(&"token");
        assert!(troubles.sentences().is_empty() && !troubles.is_any());
    }
}
