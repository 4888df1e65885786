//! Time and randomness as ports. The wall clock and the system's entropy are touched here and nowhere else.

use async_trait::async_trait;
use chrono::{DateTime, SubsecRound, Utc};

/// A moment, in UTC, to the microsecond.
pub type Timestamp = DateTime<Utc>;

/// Tells the time and waits for it.
#[async_trait]
pub trait Clock: Send + Sync {
    /// The present moment, to the microsecond.
    fn now(&self) -> Timestamp;

    /// Returns when `now()` has reached `moment`; at once when it is past.
    async fn sleep_until(&self, moment: Timestamp);
}

/// The machine's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the wall clock")]
    fn now(&self) -> Timestamp {
        Utc::now().trunc_subsecs(6)
    }

    async fn sleep_until(&self, moment: Timestamp) {
        if let Ok(wait) = (moment - self.now()).to_std() {
            tokio::time::sleep(wait).await;
        }
    }
}

/// A source of unpredictable bytes.
pub trait Entropy: Send + Sync {
    /// Fills `bytes` with randomness fit for secrets.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's random generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    /// # Panics
    /// When the operating system has no randomness to give; nothing secret could be made then.
    #[expect(clippy::disallowed_methods, reason = "the one place that asks for randomness")]
    #[expect(clippy::expect_used, reason = "without entropy no secret may be made at all")]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives randomness");
    }
}
