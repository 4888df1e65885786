//! Where subscribers are durable, and what is on its way to them: an outbox of its own, since there may be very many.

use super::store::StoreError;
use crate::clock::Timestamp;
use crate::comms::{Channel, Consignment, Parcel, ParcelOutcome, Subscriber, SubscriberId, SubscriberState, Tally};
use crate::ids::IncidentId;
use async_trait::async_trait;
use chrono::TimeDelta;

/// How long it is waited for somebody to say that it was them who asked. After that they are forgotten.
pub const UNCONFIRMED_KEPT: TimeDelta = TimeDelta::days(3);

/// How long it is kept what became of a parcel.
pub const PARCELS_KEPT: TimeDelta = TimeDelta::days(30);

/// For so long after it was handed over, what waits to be tried again is tried anew when there is news. Later it is left to its schedule,
/// so that it ends.
pub const NEWS: TimeDelta = TimeDelta::days(3);

/// How long a letter may take to come back. One that was taken proves nothing about the one before until then: a mail server tries
/// for 4 to 5 days before it gives up. <https://www.rfc-editor.org/rfc/rfc5321#section-4.5.4.1>
pub const COMES_BACK: TimeDelta = TimeDelta::days(7);

/// Which subscribers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SubscriberQuery {
    /// Of which audience.
    pub audience: Option<String>,
    /// Reached by what.
    pub channel: Option<Channel>,
    /// In which state.
    pub state: Option<SubscriberState>,
    /// At that address, as it is [`folded`](crate::comms::folded).
    pub address: Option<String>,
    /// Those with a higher number: the next page.
    pub after: Option<SubscriberId>,
    /// At most how many, in the order of their numbers.
    pub limit: i64,
}

/// Which of those who are known already stay as they are, whatever is wished for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stays {
    /// Those who are told; and whoever has left, bounced or gone is still that, and asked whether it was them: anybody can ask in the
    /// name of anybody.
    Told,
    /// All, but for what a list says of those who are told.
    All(Says),
    /// Nobody.
    Nobody,
}

/// What a list says of those who are on it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Says {
    /// Their language.
    pub locale: bool,
    /// Which components they want to hear of.
    pub components: bool,
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
    /// At most how many of them are questions, unless there is too little else.
    pub questions: i64,
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
    /// Keeps subscribers, each under a number that was never given before, see [`SubscriberId::before`], and tells them as they are kept
    /// now, in the same order. One who is known already, by audience, channel and [`folded`](crate::comms::folded) address, becomes as
    /// they are given here and keeps the number, unless they stay.
    ///
    /// # Errors
    /// When the store fails.
    async fn subscribe(&self, subscribers: &[Subscriber], stays: Stays) -> Result<Vec<Subscriber>, StoreError>;

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

    /// Who has been asked for the longest of those whose letters arrive in that [`mailbox`](crate::comms::mailbox).
    ///
    /// # Errors
    /// When the store fails.
    async fn first_asked(&self, mailbox: &str) -> Result<Option<Subscriber>, StoreError>;

    /// How many there are of each audience, channel and state.
    ///
    /// # Errors
    /// When the store fails.
    async fn count_subscribers(&self) -> Result<Vec<((String, Channel, SubscriberState), i64)>, StoreError>;

    /// Moves a subscriber to a state, if they are in one of `from`; `false` if not. They are asked nothing any more, and of those who are
    /// told nothing more it is forgotten which components they wanted to hear of.
    ///
    /// # Errors
    /// When the store fails.
    async fn move_subscriber(
        &self,
        id: SubscriberId,
        from: &[SubscriberState],
        (to, at): (SubscriberState, Timestamp),
    ) -> Result<bool, StoreError>;

    /// Counts a fault of a subscriber who is told. After [`FAULTS`](crate::comms::FAULTS) in a row they are told nothing more; what a
    /// webhook takes ends the row, what a mail server takes does once [`COMES_BACK`] has passed.
    ///
    /// # Errors
    /// When the store fails.
    async fn count_fault(&self, id: SubscriberId, at: Timestamp) -> Result<(), StoreError>;

    /// Forgets a subscriber with everything on its way to them; `false` if there is none.
    ///
    /// # Errors
    /// When the store fails.
    async fn forget_subscriber(&self, id: SubscriberId) -> Result<bool, StoreError>;

    /// Takes something for many. Durable when it returns; the same key again changes nothing, and is `false`.
    ///
    /// # Errors
    /// When the store fails.
    async fn hand_over(&self, consignment: &Consignment) -> Result<bool, StoreError>;

    /// What was handed over and is not laid out for everybody yet, oldest first, by key.
    ///
    /// # Errors
    /// When the store fails.
    async fn spreading(&self, limit: i64) -> Result<Vec<String>, StoreError>;

    /// Lays out a parcel for each whom it concerns among the next `limit` subscribers, in a transaction of its own, so that nobody waits
    /// long for the database. Tells whether everybody has one now. Whoever is told only since it was handed over gets none. What waits to
    /// be tried again for one of them, and is younger than [`NEWS`], is due now, and its attempts begin anew.
    ///
    /// # Errors
    /// When the store fails.
    async fn spread(&self, key: &str, limit: i64) -> Result<bool, StoreError>;

    /// What was handed over under a key.
    ///
    /// # Errors
    /// When the store fails.
    async fn consignment(&self, key: &str) -> Result<Option<Consignment>, StoreError>;

    /// Leases parcels that are due, the oldest first, never one that another holds. One subscriber's bulletins go out one after another,
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

    /// How the parcels of a message of an incident have fared, by its number.
    ///
    /// # Errors
    /// When the store fails.
    async fn tally(&self, incident: IncidentId, number: i64) -> Result<Tally, StoreError>;

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

    /// How many parcels wait, and how many were given up.
    ///
    /// # Errors
    /// When the store fails.
    async fn count_parcels(&self) -> Result<(i64, i64), StoreError>;

    /// Forgets that those were asked who have not said for [`UNCONFIRMED_KEPT`] that it was them, with the question, and with them unless
    /// they had left, bounced or gone; and what became of parcels [`PARCELS_KEPT`] ago. About `limit` of each at most; tells how many.
    ///
    /// # Errors
    /// When the store fails.
    async fn sweep_subscribers(&self, now: Timestamp, limit: i64) -> Result<u64, StoreError>;
}
