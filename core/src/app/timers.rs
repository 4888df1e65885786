//! Firing timers: each due one becomes a decision, which clears it in the same transaction. So it fires once.

use super::Muster;
use super::alone::Cause;
use crate::clock::Timestamp;
use crate::decide::fire;
use crate::ids::RequestId;
use crate::ports::store::StoreError;
use crate::timer::{Timer, TimerChange};
use chrono::TimeDelta;
use futures::{StreamExt, stream};

/// How many timers are read at once.
const BATCH: i64 = 256;
/// How many are fired at once.
const PARALLEL: usize = 64;
/// How often the timers are looked at when nothing wakes us: another process may have set one.
const POLL: TimeDelta = TimeDelta::seconds(1);
/// What is due within this time may be due before the next look, also if it was long on its way to the disk.
const SOON: TimeDelta = TimeDelta::seconds(15);

/// Whether the timer loop has to be woken for this. What is due later it finds in time when it looks next.
pub(super) fn is_soon(change: &TimerChange, now: Timestamp) -> bool {
    match change {
        TimerChange::Set(timer) => timer.due_at <= now + SOON,
        TimerChange::Clear(_) => false,
    }
}

impl Muster {
    /// Fires timers for ever.
    pub async fn keep_time(&self) {
        loop {
            // Before looking: what becomes due while we look is not stuck, and must not wait for the next poll.
            let now = self.now();
            match self.fire_due().await {
                Ok(0) => {
                    let next = self.store.next_due().await.ok().flatten();
                    let until = super::rest_until(now, next, POLL);
                    tokio::select! {
                        () = self.signals.timers.notified() => {}
                        () = self.clock.sleep_until(until) => {}
                    }
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, "timers cannot be read; trying again");
                    self.clock.sleep_until(self.now() + POLL).await;
                }
            }
        }
    }

    /// Fires what is due now, one batch; tells how many were fired.
    ///
    /// # Errors
    /// When the timers cannot be read. One that cannot be fired is logged and stays set.
    pub async fn fire_due(&self) -> Result<usize, StoreError> {
        let due = self.store.due(self.now(), BATCH).await?;
        let fired = stream::iter(due).map(|timer| self.fire_one(timer)).buffer_unordered(PARALLEL);
        Ok(fired.filter(|fired| std::future::ready(*fired)).count().await)
    }

    async fn fire_one(&self, timer: Timer) -> bool {
        let key = timer.key.clone();
        match self.try_fire(timer).await {
            Ok(()) => true,
            Err(error) => {
                tracing::warn!(%key, %error, "a timer could not be fired; it stays set");
                false
            }
        }
    }

    async fn try_fire(&self, timer: Timer) -> Result<(), StoreError> {
        let late = (self.now() - timer.due_at).to_std().unwrap_or_default();
        metrics::histogram!("muster_timer_lateness_seconds").record(late.as_secs_f64());
        // That it fires once is kept by the timer itself, which its decision clears: another one may be set for the same moment.
        let mut chance = [0; 8];
        self.entropy.fill(&mut chance);
        let request = RequestId::new(format!("!timer:{}:{:016x}", timer.key, u64::from_le_bytes(chance)));
        self.take_in_again(&timer.alarm).await?;
        let needs = timer.alarm.needs(timer.incident);
        let cause = Cause { needs, request, fired: Some(timer.clone()) };
        self.decide_alone(cause, |state, ctx| fire(&timer, state, ctx)).await.map(drop)
    }
}
