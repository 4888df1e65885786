//! The dispatcher: leases effects that are due, makes them outside any transaction, records how it went.

use super::Muster;
use crate::clock::Timestamp;
use crate::ids::PlatformId;
use crate::ports::chat::{Chat, Delivery, DeliveryError};
use crate::ports::store::{Lease, Leased, Outcome, Settlement, StoreError};
use chrono::TimeDelta;
use futures::{FutureExt, StreamExt, stream};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// How many effects are leased at once, and are then under way at once.
const BATCH: usize = 64;
/// How long a lease lasts. An attempt is given up before, so that nobody else makes the effect meanwhile.
const LEASE: TimeDelta = TimeDelta::seconds(60);
/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(45);
/// How often the outbox is looked at when nothing wakes the dispatcher.
const POLL: TimeDelta = TimeDelta::seconds(1);
/// After so many attempts an effect is left to an operator: about a day with the pauses between them.
const ATTEMPTS: u32 = 100;
/// The longest pause between two attempts, in seconds.
const LONGEST_PAUSE: u64 = 900;

/// Makes the effects of the outbox.
pub struct Dispatcher {
    muster: Arc<Muster>,
    worker: String,
    platforms: HashMap<PlatformId, Arc<dyn Chat>>,
}

impl Dispatcher {
    /// A dispatcher for these platforms. `worker` names it among all that share the store.
    #[must_use]
    pub fn new(muster: Arc<Muster>, worker: String, platforms: Vec<Arc<dyn Chat>>) -> Self {
        let platforms = platforms.into_iter().map(|chat| (chat.platform(), chat)).collect();
        Self { muster, worker, platforms }
    }

    /// Dispatches until `stop`. What is under way then is finished and recorded, so that nobody has to make it again.
    pub async fn run(&self, stop: impl Future<Output = ()> + Send) {
        let mut stop = std::pin::pin!(stop.fuse());
        loop {
            let now = self.muster.now();
            let idle = match self.dispatch_due().await {
                Ok(0) => self.rest(now).boxed(),
                Ok(_) => std::future::ready(()).boxed(),
                Err(error) => {
                    tracing::warn!(%error, "the outbox cannot be read; trying again");
                    self.muster.clock.sleep_until(self.muster.now() + POLL)
                }
            };
            tokio::select! {
                biased;
                () = &mut stop => return,
                () = idle => {}
            }
        }
    }

    /// Rests until something is due after `now`, the moment before the last look.
    async fn rest(&self, now: Timestamp) {
        let next = self.muster.store.next_lease().await.ok().flatten();
        let until = super::rest_until(now, next, POLL);
        tokio::select! {
            () = self.muster.signals.effects.notified() => {}
            () = self.muster.clock.sleep_until(until) => {}
        }
    }

    /// Makes what is due now, one batch; tells how many attempts were made.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn dispatch_due(&self) -> Result<usize, StoreError> {
        let now = self.muster.now();
        let lease =
            Lease { worker: self.worker.clone(), now, until: now + LEASE, limit: i64::try_from(BATCH).unwrap_or(1) };
        let leased = self.muster.store.lease(&lease).await?;
        let count = leased.len();
        let (ended, mut endings) = mpsc::unbounded_channel();
        // All at once: one that is begun late could outlive its lease. They are recorded beside and not in between,
        // since an attempt that nobody polls may hold the very connection that recording waits for.
        let attempts = async move {
            let ended = &ended;
            let attempt = |leased| async move {
                let _ = ended.send(self.attempt(leased).await);
            };
            stream::iter(leased).for_each_concurrent(None, attempt).await;
        };
        let records = async {
            let mut settlements = Vec::new();
            while endings.recv_many(&mut settlements, BATCH).await > 0 {
                self.record(&settlements, lease.until).await?;
                settlements.clear();
            }
            Ok(count)
        };
        futures::join!(attempts, records).1
    }

    /// Records how attempts ended, and tries again while their leases last: what is not recorded is not tried again
    /// before they run out, and its lane waits for it.
    async fn record(&self, settlements: &[Settlement], until: Timestamp) -> Result<(), StoreError> {
        loop {
            match self.muster.store.settle(settlements).await {
                Ok(_) => return Ok(()),
                Err(StoreError::Unavailable(reason)) if self.muster.now() + POLL < until => {
                    tracing::warn!(%reason, "what was delivered cannot be recorded; trying again");
                    self.muster.clock.sleep_until(self.muster.now() + POLL).await;
                }
                Err(error) => return Err(error),
            }
        }
    }

    async fn attempt(&self, leased: Leased) -> Settlement {
        let Leased { outgoing, attempt } = leased;
        let platform = outgoing.effect.platform().clone();
        let delivery =
            Delivery { key: outgoing.key.clone(), incident: outgoing.incident, attempt, effect: outgoing.effect };
        let made = match self.platforms.get(&platform) {
            Some(chat) => tokio::time::timeout(ATTEMPT, chat.deliver(&delivery)).await.unwrap_or_else(|_| {
                Err(DeliveryError::Transient { reason: format!("{platform} did not answer in time"), after: None })
            }),
            None => Err(DeliveryError::Permanent { reason: format!("{platform} is not configured") }),
        };
        let now = self.muster.now();
        let outcome = match made {
            Ok(receipt) => Outcome::Done { external: receipt.external },
            Err(error) => failed(&error, attempt, now, &self.jitter()),
        };
        count(&platform, &outcome);
        if let Outcome::Dead { error } = &outcome {
            tracing::error!(effect = %delivery.key, %platform, %error, "an effect was given up; see `muster outbox list`");
        }
        self.muster.signals.changed(delivery.incident);
        Settlement { key: delivery.key, worker: self.worker.clone(), attempt, at: now, outcome }
    }

    fn jitter(&self) -> [u8; 2] {
        let mut bytes = [0; 2];
        self.muster.entropy.fill(&mut bytes);
        bytes
    }
}

fn failed(error: &DeliveryError, attempt: u32, now: Timestamp, jitter: &[u8; 2]) -> Outcome {
    match error {
        DeliveryError::Transient { reason, after } if attempt < ATTEMPTS => {
            let pause = backoff(attempt, jitter).max(after.unwrap_or_default());
            let pause = TimeDelta::from_std(pause).unwrap_or(LEASE);
            Outcome::Retry { at: now + pause, error: reason.clone() }
        }
        DeliveryError::Transient { reason, .. } | DeliveryError::Permanent { reason } => {
            Outcome::Dead { error: reason.clone() }
        }
    }
}

/// The pause doubles from half a second; half of it is left to chance, so that many do not come back at once.
fn backoff(attempt: u32, jitter: &[u8; 2]) -> Duration {
    let whole = 2_u64.saturating_pow(attempt.min(20)).saturating_mul(500).min(LONGEST_PAUSE * 1_000) / 2;
    Duration::from_millis(whole + whole * u64::from(u16::from_le_bytes(*jitter)) / u64::from(u16::MAX))
}

fn count(platform: &PlatformId, outcome: &Outcome) {
    let outcome = match outcome {
        Outcome::Done { .. } => "done",
        Outcome::Retry { .. } => "retry",
        Outcome::Dead { .. } => "dead",
    };
    metrics::counter!("muster_effects_total", "platform" => platform.to_string(), "outcome" => outcome).increment(1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_grows_is_never_the_same_for_all_and_has_an_end() {
        assert_eq!(backoff(1, &[0, 0]), Duration::from_millis(500));
        assert_eq!(backoff(1, &[255, 255]), Duration::from_secs(1));
        assert_eq!(backoff(3, &[0, 0]), Duration::from_secs(2));
        assert_eq!(backoff(50, &[255, 255]), Duration::from_secs(LONGEST_PAUSE));
    }

    #[test]
    fn what_cannot_work_and_what_never_worked_is_left_to_an_operator() {
        let now = Timestamp::UNIX_EPOCH;
        let permanent = DeliveryError::Permanent { reason: "no such room".into() };
        assert_eq!(failed(&permanent, 1, now, &[0, 0]), Outcome::Dead { error: "no such room".into() });
        let busy = DeliveryError::Transient { reason: "busy".into(), after: Some(Duration::from_secs(30)) };
        let again = Outcome::Retry { at: now + TimeDelta::seconds(30), error: "busy".into() };
        assert_eq!(failed(&busy, 1, now, &[0, 0]), again);
        assert_eq!(failed(&busy, ATTEMPTS, now, &[0, 0]), Outcome::Dead { error: "busy".into() });
    }
}
