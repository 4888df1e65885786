//! Where incidents, their log, effects, timers and kept replies are durable.

use super::audit::AuditLog;
use super::credentials::Credentials;
use super::subscribers::Subscribers;
use crate::alert::Waiting;
use crate::clock::Timestamp;
use crate::decide::{Decision, Needs, State};
use crate::effect::{Outgoing, Urgency};
use crate::ids::{EffectKey, IncidentId, PersonId, PlatformId, RequestId};
use crate::incident::entry::Entry;
use crate::reply::Reply;
use crate::timer::Timer;
use crate::view::View;
use async_trait::async_trait;
use chrono::TimeDelta;

/// At most so many incidents by whose pages a person is being called are read.
pub const CALLING: i64 = 20;

/// For how much longer than a kept reply an alert is kept that was resolved and not heard of again.
pub const ALERTS_KEPT: TimeDelta = TimeDelta::days(30);

/// For how much longer than a kept reply it is kept what became of a page.
pub const FACTS_KEPT: TimeDelta = TimeDelta::days(400);

/// Why the store could not.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else changed the incident since it was read: read again, decide again.
    #[error("the incident was changed by somebody else at the same time")]
    Conflict,
    /// It may work if tried again: locked, disconnected, out of connections.
    #[error("the database did not answer as it should: {0}")]
    Unavailable(String),
    /// It will not work if tried again: corrupt data, a broken statement, a full disk.
    #[error("the database refused: {0}")]
    Broken(String),
}

/// A decision on its way to the disk.
#[derive(Debug, Clone)]
pub struct Write {
    /// Under which request the reply is kept.
    pub request: RequestId,
    /// When it was decided.
    pub at: Timestamp,
    /// The decision.
    pub decision: Decision,
    /// The timer that led to it. If it is no longer set for that moment, nothing is written.
    pub fired: Option<Timer>,
}

/// How a write ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Committed {
    /// It is durable.
    Fresh,
    /// The request was answered before; nothing was written. This was the reply.
    Repeated(Box<Reply>),
    /// The timer that led to it has been fired, moved or cleared by somebody else; nothing was written.
    Stale,
}

/// What was read to decide upon, and the way to write what was decided.
#[async_trait]
pub trait Unit: Send {
    /// What was read.
    fn state(&self) -> &State;

    /// Writes all of the decision or nothing. Durable when it returns `Fresh`.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when an incident is no longer at the version that was read.
    async fn commit(self: Box<Self>, write: Write) -> Result<Committed, StoreError>;
}

/// Incidents and their log.
#[async_trait]
pub trait Incidents: Send + Sync {
    /// Reads what is needed, for looking only.
    ///
    /// # Errors
    /// When the store fails.
    async fn load(&self, needs: &Needs) -> Result<State, StoreError>;

    /// Reads what is needed, to decide upon. Where several processes share the store, the incidents read may be
    /// held until the unit is committed or dropped, so that conflicts are rare.
    ///
    /// # Errors
    /// When the store fails.
    async fn begin(&self, needs: &Needs) -> Result<Box<dyn Unit>, StoreError>;

    /// The reply kept under a request, if there is one.
    ///
    /// # Errors
    /// When the store fails.
    async fn kept(&self, request: &RequestId) -> Result<Option<Reply>, StoreError>;

    /// Every row of an incident's log from `after` on, in order, at most `limit`.
    ///
    /// # Errors
    /// When the store fails.
    async fn log(&self, incident: IncidentId, after: i64, limit: i64) -> Result<Vec<Entry>, StoreError>;

    /// The person whom a chat identity is linked to.
    ///
    /// # Errors
    /// When the store fails.
    async fn linked(&self, platform: &PlatformId, id: &str) -> Result<Option<PersonId>, StoreError>;

    /// The chat identities that are linked to a person.
    ///
    /// # Errors
    /// When the store fails.
    async fn identities(&self, person: &PersonId) -> Result<Vec<(PlatformId, String)>, StoreError>;

    /// The incident whose room is at that address.
    ///
    /// # Errors
    /// When the store fails.
    async fn incident_at(&self, platform: &PlatformId, address: &str) -> Result<Option<IncidentId>, StoreError>;

    /// Forgets replies kept, codes and credentials expired and records gone before `before`; alerts resolved
    /// [`ALERTS_KEPT`] before that, and what became of pages [`FACTS_KEPT`] before that. About `limit` of them at most;
    /// tells how many.
    ///
    /// # Errors
    /// When the store fails.
    async fn sweep(&self, before: Timestamp, limit: i64) -> Result<u64, StoreError>;

    /// Whether no other process serves from the store as long as this one does.
    fn is_alone(&self) -> bool;

    /// Answers when the store can read and write.
    ///
    /// # Errors
    /// When it cannot.
    async fn ping(&self) -> Result<(), StoreError>;
}

/// Effects of which platforms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Of {
    /// Of all.
    All,
    /// Of one.
    Only(PlatformId),
    /// Of none of these.
    NoneOf(Vec<PlatformId>),
}

impl Of {
    /// Whether a platform is among them.
    #[must_use]
    pub fn has(&self, platform: &PlatformId) -> bool {
        match self {
            Self::All => true,
            Self::Only(one) => one == platform,
            Self::NoneOf(others) => !others.contains(platform),
        }
    }
}

/// A lease on effects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// Who leases.
    pub worker: String,
    /// Effects of which platforms.
    pub of: Of,
    /// Those that are at least as urgent as this.
    pub least: Urgency,
    /// The present moment.
    pub now: Timestamp,
    /// Until when. After that, somebody else may lease them.
    pub until: Timestamp,
    /// At most how many.
    pub limit: i64,
}

/// A leased effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leased {
    /// The effect.
    pub outgoing: Outgoing,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// What the last effect with the same mark made.
    pub made: Option<String>,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was made.
    Done {
        /// The platform's name for what was made.
        external: String,
    },
    /// It is to be tried again.
    Retry {
        /// Not before.
        at: Timestamp,
        /// What went wrong.
        error: String,
    },
    /// It makes no sense any more.
    Moot {
        /// Why.
        error: String,
    },
    /// It waits for an operator. Its lane goes on without it.
    Dead {
        /// What went wrong.
        error: String,
    },
}

/// The result of a leased effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// Which effect.
    pub key: EffectKey,
    /// Its mark, if it has one: what was made is remembered under it.
    pub mark: Option<String>,
    /// Who leased it.
    pub worker: String,
    /// In which attempt. A settlement of a lease that has passed to somebody else changes nothing.
    pub attempt: u32,
    /// When it ended.
    pub at: Timestamp,
    /// How.
    pub outcome: Outcome,
}

/// Where an effect stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OutboxState {
    /// Waiting for its turn, or leased.
    Waiting,
    /// Made.
    Done,
    /// A later one took its place, or the world has moved on.
    Superseded,
    /// It waits for an operator.
    Dead,
}

/// An effect as an operator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// The effect.
    pub outgoing: Outgoing,
    /// Where it stands.
    pub state: OutboxState,
    /// How often it was tried.
    pub attempts: u32,
    /// What went wrong last.
    pub error: Option<String>,
    /// The platform's name for what was made.
    pub external: Option<String>,
}

/// The outbox.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Leases effects that are due and first in their lane: urgent ones first, never one that another holds.
    ///
    /// # Errors
    /// When the store fails.
    async fn lease(&self, lease: &Lease) -> Result<Vec<Leased>, StoreError>;

    /// Records how attempts ended; tells how many of the settlements still held their lease.
    ///
    /// # Errors
    /// When the store fails.
    async fn settle(&self, settlements: &[Settlement]) -> Result<u64, StoreError>;

    /// The earliest moment at which something waiting, of these platforms, may be leased.
    ///
    /// # Errors
    /// When the store fails.
    async fn next_lease(&self, of: &Of) -> Result<Option<Timestamp>, StoreError>;

    /// Effects in that state, oldest first, at most `limit`.
    ///
    /// # Errors
    /// When the store fails.
    async fn effects(&self, state: OutboxState, limit: i64) -> Result<Vec<OutboxRow>, StoreError>;

    /// How many effects are in that state.
    ///
    /// # Errors
    /// When the store fails.
    async fn count(&self, state: OutboxState) -> Result<i64, StoreError>;

    /// Lets a dead effect be tried again from `now`; `false` if there is no such dead effect.
    ///
    /// # Errors
    /// When the store fails.
    async fn revive(&self, key: &EffectKey, now: Timestamp) -> Result<bool, StoreError>;
}

/// Timers.
#[async_trait]
pub trait Timers: Send + Sync {
    /// Timers due at `now`, earliest first, at most `limit`. They stay set until a decision clears them.
    ///
    /// # Errors
    /// When the store fails.
    async fn due(&self, now: Timestamp, limit: i64) -> Result<Vec<Timer>, StoreError>;

    /// When the next timer is due.
    ///
    /// # Errors
    /// When the store fails.
    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError>;

    /// How many timers are pending.
    ///
    /// # Errors
    /// When the store fails.
    async fn pending(&self) -> Result<i64, StoreError>;
}

/// Signals that have been taken in and wait to be sorted.
#[async_trait]
pub trait Signals: Send + Sync {
    /// Takes signals in. Durable when it returns.
    ///
    /// # Errors
    /// When the store fails.
    async fn take_in(&self, signals: &[Waiting]) -> Result<(), StoreError>;

    /// Those that wait, oldest first, at most `limit`.
    ///
    /// # Errors
    /// When the store fails.
    async fn waiting(&self, limit: i64) -> Result<Vec<Waiting>, StoreError>;

    /// How many wait.
    ///
    /// # Errors
    /// When the store fails.
    async fn count_waiting(&self) -> Result<i64, StoreError>;
}

/// What was said in the console: in an incident's room, or to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The effect that said it.
    pub key: EffectKey,
    /// About which incident, if it is about one.
    pub incident: Option<IncidentId>,
    /// To whom alone; to the whole room if `None`.
    pub to: Option<PersonId>,
    /// When.
    pub at: Timestamp,
    /// What.
    pub view: View,
}

/// The console's own messages, so that the console is a platform like any other.
#[async_trait]
pub trait Messages: Send + Sync {
    /// Keeps a message; the same key again changes nothing.
    ///
    /// # Errors
    /// When the store fails.
    async fn keep(&self, message: &Message) -> Result<(), StoreError>;

    /// What was said in an incident's room, newest first, at most `limit`.
    ///
    /// # Errors
    /// When the store fails.
    async fn said(&self, incident: IncidentId, limit: i64) -> Result<Vec<Message>, StoreError>;

    /// What one person was told, newest first, at most `limit`.
    ///
    /// # Errors
    /// When the store fails.
    async fn told(&self, person: &PersonId, limit: i64) -> Result<Vec<Message>, StoreError>;
}

/// Everything durable.
pub trait Store: Incidents + Outbox + Timers + Messages + Credentials + Signals + AuditLog + Subscribers {}

impl<T: Incidents + Outbox + Timers + Messages + Credentials + Signals + AuditLog + Subscribers> Store for T {}
