//! Taking signals in, and sorting them: each group of what waits becomes a decision, which takes them off the list.

use super::Muster;
use super::alone::itself;
use crate::alert::{AlertKey, AlertQuery, Batch, Signal, SignalId, Waiting, batches};
use crate::clock::{Entropy, Timestamp};
use crate::decide::{Change, Ctx, Decision, Needs, alerts};
use crate::ids::{PlatformId, RequestId};
use crate::inbound::Place;
use crate::ports::store::{StoreError, Write};
use crate::reply::Reply;
use crate::view::{Tone, View, text};
use chrono::TimeDelta;
use futures::{StreamExt, stream};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// How many signals are sorted at once.
const BATCH: i64 = 512;
/// How many groups of them at once.
const PARALLEL: usize = 16;
/// How often what waits is looked at when nothing wakes us: another process may have taken something in.
const POLL: TimeDelta = TimeDelta::seconds(1);
/// How often a decision is made again, with more of what it needs, or because something changed meanwhile.
const ROUNDS: usize = 16;

/// Gives signals their names, in the order in which they are taken in.
pub(super) struct Tickets {
    worker: String,
    last: Mutex<i64>,
}

impl Tickets {
    pub(super) fn new(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0; 4];
        entropy.fill(&mut bytes);
        Self { worker: format!("{:08x}", u32::from_le_bytes(bytes)), last: Mutex::new(0) }
    }

    /// The next name: the moment, or as little later as makes it another, and this process.
    fn next(&self, now: Timestamp) -> SignalId {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last = now.timestamp_micros().max(*last + 1);
        SignalId(format!("{:016x}-{}", *last, self.worker))
    }
}

impl Muster {
    /// Takes signals in. They are durable when it returns, and sorted soon after.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn take_in(&self, signals: Vec<Signal>) -> Result<(), StoreError> {
        let at = self.now();
        let wait = |signal: Signal| Waiting { id: self.tickets.next(at), at, signal: signal.tidy() };
        let waiting: Vec<_> = signals.into_iter().map(wait).collect();
        if waiting.is_empty() {
            return Ok(());
        }
        self.store.take_in(&waiting).await?;
        metrics::counter!("muster_signals_total").increment(waiting.len() as u64);
        self.signals.alerts.notify_one();
        Ok(())
    }

    /// Sorts signals for ever. Whoever has to check in is expected to from the start, or from when the config says so.
    pub async fn sort_alerts(&self) {
        let mut expected = None;
        loop {
            let org = self.org();
            if !expected.as_ref().is_some_and(|known| Arc::ptr_eq(known, &org)) {
                match self.expect_beats().await {
                    Ok(()) => expected = Some(org),
                    Err(error) => tracing::warn!(%error, "heartbeats cannot be read; trying again"),
                }
            }
            match self.sort_due().await {
                Ok(0) => tokio::select! {
                    () = self.signals.alerts.notified() => {}
                    () = self.clock.sleep_until(self.now() + POLL) => {}
                },
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, "signals cannot be read; trying again");
                    self.clock.sleep_until(self.now() + POLL).await;
                }
            }
        }
    }

    /// Sorts what waits now, one batch; tells how many wait no longer.
    ///
    /// # Errors
    /// When they cannot be read. What cannot be sorted is logged and goes on waiting, or is set aside if that is for good.
    pub async fn sort_due(&self) -> Result<usize, StoreError> {
        let waiting = self.store.waiting(BATCH).await?;
        if waiting.is_empty() {
            return Ok(0);
        }
        let keys: BTreeSet<_> = waiting.iter().map(|one| AlertKey::from(&one.signal)).collect();
        let needs = Needs { alerts: Some(AlertQuery::Keys(keys.into_iter().collect())), ..Needs::default() };
        let known = self.store.load(&needs).await?.alerts;
        let sorted = stream::iter(batches(waiting, &known, &self.org()));
        let sorted = sorted.map(|batch| self.sort_batch(batch)).buffer_unordered(PARALLEL);
        Ok(sorted.fold(0, |sum, sorted| std::future::ready(sum + sorted)).await)
    }

    /// Sorts one group. Where that cannot be written, each of its signals is tried alone, so that only the guilty is lost.
    async fn sort_batch(&self, batch: Batch) -> usize {
        match self.try_sort(&batch).await {
            Ok(()) => batch.signals.len(),
            Err(StoreError::Broken(_)) => {
                let mut sorted = 0;
                for signal in &batch.signals {
                    let alone = Batch { signals: vec![signal.clone()], ..batch.clone() };
                    sorted += usize::from(self.sort_or_set_aside(&alone).await);
                }
                sorted
            }
            Err(error @ (StoreError::Unavailable(_) | StoreError::Conflict)) => {
                tracing::warn!(group = %batch.group, %error, "signals could not be sorted; trying again");
                0
            }
        }
    }

    async fn sort_or_set_aside(&self, alone: &Batch) -> bool {
        let sorted = match self.try_sort(alone).await {
            Err(StoreError::Broken(reason)) => {
                metrics::counter!("muster_signals_lost_total").increment(1);
                tracing::error!(group = %alone.group, %reason, "a signal cannot be written; it is set aside");
                self.set_aside(alone).await
            }
            other => other,
        };
        sorted.inspect_err(|error| tracing::warn!(%error, "a signal could not be sorted; trying again")).is_ok()
    }

    /// Decides about one group, reading what that needs as it turns out.
    async fn try_sort(&self, batch: &Batch) -> Result<(), StoreError> {
        let mut needs = batch.needs();
        for _ in 0..ROUNDS {
            let incident = needs.other.or(needs.incident);
            let _turn = match incident.map(|incident| self.turns.of(incident)) {
                Some(turn) => Some(turn.lock_owned().await),
                None => None,
            };
            let _pager = self.turns.pager(&needs).await;
            let unit = self.store.begin(&needs).await?;
            let (org, actor, request, at) = (self.org(), itself(), request(batch), self.now());
            let place = Place { platform: PlatformId::system(), incident, address: None, forms: false };
            let ctx = Ctx { now: at, actor: &actor, place: &place, request: &request, org: &org };
            match alerts::sort(batch, &needs, unit.state(), &ctx) {
                Err(wider) => needs = *wider,
                Ok(decision) => match self.commit(unit, Write { request, at, decision, fired: None }).await {
                    Err(StoreError::Conflict) => {}
                    other => return other.map(drop),
                },
            }
        }
        Err(StoreError::Conflict)
    }

    async fn set_aside(&self, batch: &Batch) -> Result<(), StoreError> {
        let unit = self.store.begin(&Needs::default()).await?;
        let reply = Reply::view(View::titled(Tone::Warning, vec![text("A signal was set aside")]));
        let sorted = Change::Sorted(batch.signals.iter().map(|one| one.id.clone()).collect());
        let decision = Decision { changes: vec![sorted], ..Decision::answer(reply) };
        let write = Write { request: request(batch), at: self.now(), decision, fired: None };
        self.commit(unit, write).await.map(drop)
    }
}

/// A batch is sorted once: another that begins with the same signal is the same attempt.
fn request(batch: &Batch) -> RequestId {
    let ends = [batch.signals.first(), batch.signals.last()];
    let ends = ends.map(|one| one.map_or("", |one| one.id.0.as_str()));
    RequestId::new(format!("!sort:{}:{}:{}", ends[0], ends[1], batch.signals.len()))
}
