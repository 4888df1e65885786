//! Laying out: what was handed over for many becomes a parcel for each, a batch at a time.

use super::{Inner, POLL};
use crate::app::Muster;
use crate::comms::{Bulk, Consignment};
use crate::effect::Effect;
use crate::ids::PlatformId;
use crate::ports::chat::{Chat, Delivery, DeliveryError, Receipt};
use crate::ports::store::StoreError;
use async_trait::async_trait;
use chrono::TimeDelta;
use std::sync::Arc;

/// So many subscribers at a time, so that whoever else wants to write waits for milliseconds.
const BATCH: i64 = 2_000;
/// So many consignments beside one another.
const BESIDE: i64 = 16;
/// How often what is old is swept away.
const SWEEP: TimeDelta = TimeDelta::hours(1);
/// How much of it at once.
const SWEPT: i64 = 2_000;

/// The platform of those who have subscribed: what it is given for them is durable, and leaves from the depot.
pub struct Threshold(Arc<Muster>);

impl Threshold {
    /// The one of that Muster.
    #[must_use]
    pub fn new(muster: Arc<Muster>) -> Self {
        Self(muster)
    }
}

#[async_trait]
impl Chat for Threshold {
    fn platform(&self) -> PlatformId {
        PlatformId::subscribers()
    }

    async fn deliver(&self, delivery: &Delivery) -> Result<Receipt, DeliveryError> {
        let Effect::Spread { bulletin, .. } = &delivery.effect else {
            return Err(DeliveryError::Permanent {
                reason: "subscribers are told what is published, and nothing else".into(),
            });
        };
        let key = delivery.key.to_string();
        self.0.hand_over(key.clone(), Bulk::Bulletin(bulletin.clone())).await?;
        Ok(Receipt::of(key))
    }
}

impl Muster {
    /// Hands something over for many; the same key again changes nothing, and is `false`.
    pub(in crate::app) async fn hand_over(&self, key: String, bulk: Bulk) -> Result<bool, StoreError> {
        let is_new = self.store.hand_over(&Consignment { key, bulk, at: self.now() }).await?;
        self.signals.consignments.notify_one();
        Ok(is_new)
    }
}

impl Inner {
    /// Lays out until `stop`.
    pub(super) async fn keep_laying_out(&self, stop: impl Future<Output = ()> + Send) {
        let mut stop = std::pin::pin!(stop);
        let muster = &self.muster;
        loop {
            let laid_out = tokio::select! {
                biased;
                () = &mut stop => return,
                laid_out = self.lay_some_out() => laid_out,
            };
            match laid_out {
                Ok(0) => {}
                Ok(_) => continue,
                Err(error) => {
                    tracing::warn!(%error, "what was published cannot be laid out for subscribers; trying again")
                }
            }
            tokio::select! {
                biased;
                () = &mut stop => return,
                () = muster.signals.consignments.notified() => {}
                () = muster.clock.sleep_until(muster.now() + POLL) => {}
            }
        }
    }

    /// Lays out one batch of each of the oldest; tells of how many. One that cannot be laid out holds up none behind it.
    pub(super) async fn lay_some_out(&self) -> Result<usize, StoreError> {
        let keys = self.muster.store.spreading(BESIDE).await?;
        let mut failed = None;
        for key in &keys {
            match self.muster.store.spread(key, BATCH).await {
                Ok(_) => self.muster.wake_couriers(),
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(keys.len()), Err)
    }

    /// Sweeps away what is old, until `stop`.
    pub(super) async fn keep_clean(&self, stop: impl Future<Output = ()> + Send) {
        let mut stop = std::pin::pin!(stop);
        let muster = &self.muster;
        loop {
            tokio::select! {
                biased;
                () = &mut stop => return,
                () = muster.clock.sleep_until(muster.now() + SWEEP) => {}
            }
            loop {
                match muster.store.sweep_subscribers(muster.now(), SWEPT).await {
                    Ok(swept) if i64::try_from(swept).is_ok_and(|swept| swept >= SWEPT) => {}
                    Ok(_) => break,
                    Err(error) => {
                        tracing::warn!(%error, "old parcels could not be swept away; trying again later");
                        break;
                    }
                }
            }
        }
    }
}
