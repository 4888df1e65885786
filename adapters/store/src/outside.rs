//! The port of those outside, over its three tables.

use crate::engine::Engine;
use crate::store::SqlStore;
use crate::{consignments, parcels, subscribers};
use async_trait::async_trait;
use muster_core::clock::Timestamp;
use muster_core::comms::{Channel, Consignment, Parcel, Subscriber, SubscriberId, SubscriberState, Tally};
use muster_core::ids::IncidentId;
use muster_core::ports::store::StoreError;
use muster_core::ports::subscribers::{
    ParcelLease, ParcelSettlement, ParkedParcel, Stays, SubscriberQuery, Subscribers,
};
use std::collections::BTreeSet;

#[async_trait]
impl<E: Engine> Subscribers for SqlStore<E> {
    async fn subscribe(&self, subscribers: &[Subscriber], stays: Stays) -> Result<Vec<Subscriber>, StoreError> {
        if subscribers.is_empty() {
            return Ok(Vec::new());
        }
        self.engine().change(subscribers::Subscribe { subscribers: subscribers.to_vec(), stays }).await
    }

    async fn subscriber(&self, id: SubscriberId) -> Result<Option<Subscriber>, StoreError> {
        let mut link = self.engine().look().await?;
        Ok(subscribers::of(&mut *link, &BTreeSet::from([id])).await?.remove(&id))
    }

    async fn subscribers(&self, query: &SubscriberQuery) -> Result<Vec<Subscriber>, StoreError> {
        subscribers::find(&mut *self.engine().look().await?, query).await
    }

    async fn first_asked(&self, mailbox: &str) -> Result<Option<Subscriber>, StoreError> {
        subscribers::first_asked(&mut *self.engine().look().await?, mailbox).await
    }

    async fn count_subscribers(&self) -> Result<Vec<((String, Channel, SubscriberState), i64)>, StoreError> {
        subscribers::count(&mut *self.engine().look().await?).await
    }

    async fn move_subscriber(
        &self,
        id: SubscriberId,
        from: &[SubscriberState],
        (to, at): (SubscriberState, Timestamp),
    ) -> Result<bool, StoreError> {
        if from.is_empty() {
            return Ok(false);
        }
        self.engine().change(subscribers::Move { id, from: from.to_vec(), to, at }).await
    }

    async fn count_fault(&self, id: SubscriberId, at: Timestamp) -> Result<(), StoreError> {
        self.engine().change(subscribers::CountFault { id, at }).await
    }

    async fn forget_subscriber(&self, id: SubscriberId) -> Result<bool, StoreError> {
        self.engine().change(subscribers::Forget(id)).await
    }

    async fn hand_over(&self, consignment: &Consignment) -> Result<bool, StoreError> {
        self.engine().change(consignments::HandOver(consignment.clone())).await
    }

    async fn spreading(&self, limit: i64) -> Result<Vec<String>, StoreError> {
        consignments::spreading(&mut *self.engine().look().await?, limit).await
    }

    async fn spread(&self, key: &str, limit: i64) -> Result<bool, StoreError> {
        self.engine().change(consignments::Spread { key: key.to_owned(), limit }).await
    }

    async fn consignment(&self, key: &str) -> Result<Option<Consignment>, StoreError> {
        consignments::consignment(&mut *self.engine().look().await?, key).await
    }

    async fn lease_parcels(&self, lease: &ParcelLease) -> Result<Vec<Parcel>, StoreError> {
        self.engine().change(lease.clone()).await
    }

    async fn settle_parcels(&self, settlements: &[ParcelSettlement]) -> Result<u64, StoreError> {
        if settlements.is_empty() {
            return Ok(0);
        }
        self.engine().change(parcels::Settle(settlements.to_vec())).await
    }

    async fn next_parcel(&self, channel: Channel) -> Result<Option<Timestamp>, StoreError> {
        parcels::next(&mut *self.engine().look().await?, channel).await
    }

    async fn tally(&self, incident: IncidentId, number: i64) -> Result<Tally, StoreError> {
        parcels::tally(&mut *self.engine().look().await?, incident, number).await
    }

    async fn parked(&self, limit: i64) -> Result<Vec<ParkedParcel>, StoreError> {
        parcels::parked(&mut *self.engine().look().await?, limit).await
    }

    async fn revive_parcels(&self, key: &str, now: Timestamp) -> Result<u64, StoreError> {
        self.engine().change(parcels::Revive { key: key.to_owned(), now }).await
    }

    async fn count_parcels(&self) -> Result<(i64, i64), StoreError> {
        parcels::count(&mut *self.engine().look().await?).await
    }

    async fn sweep_subscribers(&self, now: Timestamp, limit: i64) -> Result<u64, StoreError> {
        self.engine().change(parcels::Sweep { now, limit }).await
    }
}
