//! Carrying: each channel has a line of its own, which leases what is due, hands it to its courier, and settles what comes of it.

use super::ended::{outcome, unread, word};
use super::pace::{Pace, Turns};
use super::{Inner, POLL};
use crate::app::attempts::{Ended, gather};
use crate::app::{Muster, rest_until};
use crate::clock::Timestamp;
use crate::comms::{Bulk, Cleared, Parcel, ParcelOutcome};
use crate::decide::Needs;
use crate::ports::courier::{Courier, CourierError};
use crate::ports::store::StoreError;
use crate::ports::subscribers::{ParcelLease, ParcelSettlement};
use crate::record::Wanted;
use chrono::TimeDelta;
use futures::FutureExt;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::{JoinError, JoinSet};

/// How long a lease lasts. An attempt is given up before, so that nobody else carries the parcel meanwhile.
const LEASE: TimeDelta = TimeDelta::seconds(60);
/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(45);
/// How often it is said that parcels were given up.
const SAY: TimeDelta = TimeDelta::minutes(1);

pub(super) type Attempts = JoinSet<Ended<ParcelSettlement>>;

/// What is in a parcel: nothing if it does not stand any more; or what becomes of one that cannot be read.
type Contents = Result<Option<Arc<Bulk>>, ParcelOutcome>;

/// The way of one channel.
pub(super) struct Line {
    depot: Arc<Inner>,
    courier: Arc<dyn Courier>,
    turns: Turns,
}

/// How many parcels were given up since that was last said.
#[derive(Default)]
struct GivenUp {
    count: usize,
    said_at: Option<Timestamp>,
}

impl Line {
    pub(super) fn new(depot: Arc<Inner>, courier: Arc<dyn Courier>) -> Self {
        Self { depot, courier, turns: Turns::default() }
    }

    fn muster(&self) -> &Muster {
        &self.depot.muster
    }

    /// Carries until `stop`. What is under way then is finished and recorded.
    pub(super) async fn run(mut self, stop: impl Future<Output = ()> + Send) {
        let mut stop = std::pin::pin!(stop);
        let mut attempts = Attempts::new();
        let mut pace = Pace::of(self.depot.throttle.per_second(self.courier.channel()));
        let mut given_up = GivenUp::default();
        loop {
            // Before looking: what becomes due while we look is not stuck, and must not wait for the next poll.
            let now = self.muster().now();
            let free = self.depot.throttle.at_once.get().saturating_sub(attempts.len());
            let allowed = pace.allows(now, free);
            let begun = if allowed == 0 { Ok(0) } else { self.begin(allowed, &mut attempts).await };
            let rest = match begun {
                Ok(0) if free == 0 => std::future::pending().boxed(),
                Ok(0) if allowed == 0 => self.muster().clock.sleep_until(pace.next()),
                Ok(0) => self.rest(now).boxed(),
                Ok(count) => {
                    pace.took(now, count);
                    std::future::ready(()).boxed()
                }
                Err(error) => {
                    tracing::warn!(%error, "what is on its way to subscribers cannot be read; trying again");
                    self.muster().clock.sleep_until(self.muster().now() + POLL)
                }
            };
            tokio::select! {
                biased;
                () = &mut stop => break,
                Some(ended) = attempts.join_next() => given_up.count += self.record(ended, &mut attempts).await,
                () = rest => {}
            }
            given_up.say(now);
        }
        while let Some(ended) = attempts.join_next().await {
            self.record(ended, &mut attempts).await;
        }
    }

    /// Rests until something may be due after `now`, the moment before the last look.
    async fn rest(&self, now: Timestamp) {
        let channel = self.courier.channel();
        let next = self.muster().store.next_parcel(channel).await.ok().flatten();
        tokio::select! {
            () = self.muster().signals.parcels(channel).notified() => {}
            () = self.muster().clock.sleep_until(rest_until(now, next, POLL)) => {}
        }
    }

    /// Leases what is due now, at most `limit`, and begins to carry it; tells how much was leased.
    pub(super) async fn begin(&mut self, limit: usize, attempts: &mut Attempts) -> Result<usize, StoreError> {
        let now = self.muster().now();
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let lease = ParcelLease {
            worker: self.depot.worker.clone(),
            channel: self.courier.channel(),
            now,
            until: now + LEASE,
            limit: count(limit),
            questions: count(self.turns.among(limit)),
        };
        let parcels = self.muster().store.lease_parcels(&lease).await?;
        let begun = parcels.len();
        self.turns.took(begun);
        let mut known = BTreeMap::new();
        for parcel in parcels {
            let contents: Contents = match known.get(&parcel.consignment) {
                Some(contents) => Contents::clone(contents),
                None => {
                    let read = self.muster().standing(&parcel.consignment).await;
                    let contents = read.map_err(|error| unread(&error, now));
                    known.insert(parcel.consignment.clone(), contents.clone());
                    contents
                }
            };
            let (depot, courier) = (Arc::clone(&self.depot), Arc::clone(&self.courier));
            attempts.spawn(async move {
                let settlement = depot.attempt(courier.as_ref(), parcel, contents).await;
                Ended { settlement, until: lease.until }
            });
        }
        Ok(begun)
    }

    /// Records how attempts ended: this one, and those that have ended beside it. Tells how many parcels were given up.
    pub(super) async fn record(
        &self,
        ended: Result<Ended<ParcelSettlement>, JoinError>,
        others: &mut Attempts,
    ) -> usize {
        let follows = "a courier panicked; it tries again when its lease runs out";
        let (settlements, until) = gather(ended, others, follows);
        self.settle(&settlements, until).await;
        let is_given_up = |one: &&ParcelSettlement| matches!(one.outcome, ParcelOutcome::Parked { .. });
        settlements.iter().filter(is_given_up).count()
    }

    /// Tries again while the leases last: what is not recorded then is carried again.
    async fn settle(&self, settlements: &[ParcelSettlement], until: Timestamp) {
        let muster = self.muster();
        loop {
            match muster.store.settle_parcels(settlements).await {
                Ok(_) => return,
                Err(StoreError::Unavailable(reason)) if muster.now() + POLL < until => {
                    tracing::warn!(%reason, "what subscribers were told cannot be recorded; trying again");
                    muster.clock.sleep_until(muster.now() + POLL).await;
                }
                Err(error) => {
                    tracing::error!(%error, "what subscribers were told cannot be recorded; it may be told again");
                    return;
                }
            }
        }
    }
}

impl Inner {
    /// Carries one parcel, if there is still something for its subscriber in it.
    async fn attempt(&self, courier: &dyn Courier, parcel: Parcel, contents: Contents) -> ParcelSettlement {
        let channel = courier.channel();
        let outcome = match contents {
            Ok(Some(bulk)) if parcel.subscriber.awaits(&bulk) => {
                let late = |_| CourierError::Again { reason: "there was no answer in time".to_owned(), after: None };
                let carried = tokio::time::timeout(ATTEMPT, courier.carry(&parcel, &bulk)).await;
                outcome(carried.map_err(late).flatten(), channel, parcel.attempt, self.muster.now())
            }
            Ok(_) => ParcelOutcome::Moot,
            Err(outcome) => outcome,
        };
        let labels = [("channel", channel.word()), ("outcome", word(&outcome))];
        metrics::counter!("muster_parcels_total", &labels).increment(1);
        ParcelSettlement {
            consignment: parcel.consignment,
            subscriber: parcel.subscriber.id,
            worker: self.worker.clone(),
            attempt: parcel.attempt,
            at: self.muster.now(),
            outcome,
        }
    }
}

impl Muster {
    /// What was handed over under a key, if it still stands: what has become private, was taken back or was put right since goes to
    /// nobody more.
    async fn standing(&self, key: &str) -> Result<Option<Arc<Bulk>>, StoreError> {
        let Some(consignment) = self.store.consignment(key).await? else { return Ok(None) };
        let Bulk::Bulletin(bulletin) = &consignment.bulk else { return Ok(Some(Arc::new(consignment.bulk))) };
        let id = bulletin.cleared.incident();
        let records = vec![Wanted::MessagesOf(id)];
        let state = self.store.load(&Needs { incident: Some(id), records, ..Needs::default() }).await?;
        let may_be_told = state.incident.as_ref().is_some_and(|incident| Cleared::of(incident).is_ok());
        let stands = may_be_told && bulletin.stands(&state.records.messages_of(id));
        Ok(stands.then(|| Arc::new(consignment.bulk)))
    }
}

impl GivenUp {
    /// Says it once a minute, however many there are.
    fn say(&mut self, now: Timestamp) {
        if self.count > 0 && self.said_at.is_none_or(|said_at| now >= said_at + SAY) {
            tracing::warn!(
                parcels = self.count,
                "what was for subscribers was given up; see `muster subscriber parked`"
            );
            *self = Self { count: 0, said_at: Some(now) };
        }
    }
}
