//! Time and chance under the test's hand: a clock that is moved, and randomness from a seed.

use async_trait::async_trait;
use chrono::TimeDelta;
use muster_core::clock::{Clock, Entropy, Timestamp};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// A moment written in a test, such as `2026-11-27T09:00:00Z`.
///
/// # Panics
/// When it is not one.
#[must_use]
pub fn moment(text: &str) -> Timestamp {
    text.parse().expect("a moment in a test is written as 2026-11-27T09:00:00Z")
}

/// A clock that stands still until a test moves it.
#[derive(Debug)]
pub struct ManualClock(watch::Sender<Timestamp>);

impl ManualClock {
    /// A clock that shows `now`.
    #[must_use]
    pub fn at(now: Timestamp) -> Arc<Self> {
        Arc::new(Self(watch::Sender::new(now)))
    }

    /// Sets the clock, forth or back, before a story begins.
    pub fn begin(&self, at: Timestamp) {
        self.0.send_replace(at);
    }

    /// Lets time pass. Sleepers whose moment has come wake.
    pub fn advance(&self, span: TimeDelta) {
        self.0.send_modify(|now| *now += span);
    }

    /// Moves the clock to a moment, which may not be in its past.
    ///
    /// # Panics
    /// When it is.
    pub fn set(&self, to: Timestamp) {
        self.0.send_modify(|now| {
            assert!(*now <= to, "the clock shows {now} and does not go back to {to}");
            *now = to;
        });
    }
}

#[async_trait]
impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.borrow()
    }

    async fn sleep_until(&self, moment: Timestamp) {
        // The sender lives as long as the clock, so waiting cannot fail.
        let _ = self.0.subscribe().wait_for(|now| *now >= moment).await;
    }
}

/// Randomness from a seed: the same in every run.
#[derive(Debug)]
pub struct SeededEntropy(Mutex<StdRng>);

impl SeededEntropy {
    /// Randomness from that seed.
    #[must_use]
    pub fn new(seed: u64) -> Arc<Self> {
        Arc::new(Self(Mutex::new(StdRng::seed_from_u64(seed))))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_sleeper_wakes_when_its_moment_has_come_and_not_before() {
        let clock = ManualClock::at(moment("2026-11-27T09:00:00Z"));
        let sleeper = tokio::spawn({
            let clock = Arc::clone(&clock);
            async move { clock.sleep_until(moment("2026-11-27T09:05:00Z")).await }
        });
        clock.advance(TimeDelta::minutes(4));
        tokio::task::yield_now().await;
        assert!(!sleeper.is_finished());
        clock.advance(TimeDelta::minutes(1));
        sleeper.await.expect("the sleeper wakes");
    }
}
