//! Where subscribers are durable, and what is on its way to them: an outbox of its own, since there may be very many.

use super::store::StoreError;
use crate::clock::Timestamp;
use crate::comms::{Channel, Consignment, Parcel, ParcelOutcome, Subscriber, SubscriberId, SubscriberState, Tally};
use async_trait::async_trait;

/// Which subscribers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SubscriberQuery {
    /// Of which audience.
    pub audience: Option<String>,
    /// Reached by what.
    pub channel: Option<Channel>,
    /// In which state.
    pub state: Option<SubscriberState>,
    /// Those with a higher number: the next page.
    pub after: Option<SubscriberId>,
    /// At most how many, in the order of their numbers.
    pub limit: i64,
}

/// A lease on parcels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParcelLease {
    /// Who leases.
    pub worker: String,
    /// To be carried by what.
    pub channel: Channel,
    /// The present moment.
    pub now: Timestamp,
    /// Until when. After that, somebody else may lease them.
    pub until: Timestamp,
    /// At most how many.
    pub limit: i64,
}

/// The result of a leased parcel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParcelSettlement {
    /// Of which consignment, by key.
    pub consignment: String,
    /// To whom.
    pub subscriber: SubscriberId,
    /// Who leased it.
    pub worker: String,
    /// In which attempt. A settlement of a lease that has passed to somebody else changes nothing.
    pub attempt: u32,
    /// When it ended.
    pub at: Timestamp,
    /// How.
    pub outcome: ParcelOutcome,
}

/// A parcel as an operator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParkedParcel {
    /// Of which consignment, by key.
    pub consignment: String,
    /// To whom.
    pub subscriber: SubscriberId,
    /// How often it was tried.
    pub attempts: u32,
    /// What went wrong last.
    pub error: String,
    /// When it was given up.
    pub at: Timestamp,
}

/// Subscribers and their parcels.
#[async_trait]
pub trait Subscribers: Send + Sync {
    /// Keeps subscribers. Where the audience, channel and address are known already, the language and the components become the new ones;
    /// the state does too, unless that would take an active one back to unconfirmed. Tells them as they are kept now, in the same order.
    ///
    /// # Errors
    /// When the store fails.
    async fn subscribe(&self, subscribers: &[Subscriber]) -> Result<Vec<Subscriber>, StoreError>;

    /// The subscriber of that number.
    ///
    /// # Errors
    /// When the store fails.
    async fn subscriber(&self, id: SubscriberId) -> Result<Option<Subscriber>, StoreError>;

    /// The subscribers asked for.
    ///
    /// # Errors
    /// When the store fails.
    async fn subscribers(&self, query: &SubscriberQuery) -> Result<Vec<Subscriber>, StoreError>;

    /// How many there are of each audience, channel and state.
    ///
    /// # Errors
    /// When the store fails.
    async fn count_subscribers(&self) -> Result<Vec<((String, Channel, SubscriberState), i64)>, StoreError>;

    /// Moves a subscriber to a state, if they are in one of `from`; `false` if not.
    ///
    /// # Errors
    /// When the store fails.
    async fn move_subscriber(
        &self,
        id: SubscriberId,
        from: &[SubscriberState],
        (to, at): (SubscriberState, Timestamp),
    ) -> Result<bool, StoreError>;

    /// Forgets a subscriber with everything on its way to them; `false` if there is none.
    ///
    /// # Errors
    /// When the store fails.
    async fn forget_subscriber(&self, id: SubscriberId) -> Result<bool, StoreError>;

    /// Takes something for many. Durable when it returns; the same key again changes nothing.
    ///
    /// # Errors
    /// When the store fails.
    async fn hand_over(&self, consignment: &Consignment) -> Result<(), StoreError>;

    /// What was handed over and is not laid out for everybody yet, oldest first, by key.
    ///
    /// # Errors
    /// When the store fails.
    async fn spreading(&self, limit: i64) -> Result<Vec<String>, StoreError>;

    /// Lays out a parcel for each of the next `limit` subscribers whom it concerns, in a transaction of its own, so that nobody waits
    /// long for the database. Tells whether everybody has one now. Whoever subscribes later gets none.
    ///
    /// # Errors
    /// When the store fails.
    async fn spread(&self, key: &str, limit: i64) -> Result<bool, StoreError>;

    /// What was handed over under a key.
    ///
    /// # Errors
    /// When the store fails.
    async fn consignment(&self, key: &str) -> Result<Option<Consignment>, StoreError>;

    /// Leases parcels that are due, the oldest first, never one that another holds. One subscriber's parcels go out one after another,
    /// in the order of their consignments.
    ///
    /// # Errors
    /// When the store fails.
    async fn lease_parcels(&self, lease: &ParcelLease) -> Result<Vec<Parcel>, StoreError>;

    /// Records how attempts ended, and what becomes of the subscribers; tells how many settlements still held their lease.
    ///
    /// # Errors
    /// When the store fails.
    async fn settle_parcels(&self, settlements: &[ParcelSettlement]) -> Result<u64, StoreError>;

    /// The earliest moment at which a waiting parcel of that channel may be leased.
    ///
    /// # Errors
    /// When the store fails.
    async fn next_parcel(&self, channel: Channel) -> Result<Option<Timestamp>, StoreError>;

    /// How the parcels of all consignments whose keys begin with `prefix` have fared.
    ///
    /// # Errors
    /// When the store fails.
    async fn tally(&self, prefix: &str) -> Result<Tally, StoreError>;

    /// Parcels that were given up, the latest first.
    ///
    /// # Errors
    /// When the store fails.
    async fn parked(&self, limit: i64) -> Result<Vec<ParkedParcel>, StoreError>;

    /// Lets the parcels of a consignment that were given up be tried again from `now`; tells how many.
    ///
    /// # Errors
    /// When the store fails.
    async fn revive_parcels(&self, key: &str, now: Timestamp) -> Result<u64, StoreError>;
}
