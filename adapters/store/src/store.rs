//! The store over any engine: what is read to decide upon, and the way to the disk.

use crate::engine::{Change, Engine, Hold};
use crate::link::Link;
use crate::prepare::Prepared;
use crate::{alerts, commit, credentials, entries, facts, incidents, parcels, people, records};
use async_trait::async_trait;
use muster_core::clock::Timestamp;
use muster_core::decide::{Entries, Needs, State};
use muster_core::ids::{IncidentId, PersonId, PlatformId, RequestId};
use muster_core::incident::entry::Entry;
use muster_core::ports::store::{ALERTS_KEPT, CALLING, Committed, FACTS_KEPT, Incidents, StoreError, Unit, Write};
use muster_core::reply::Reply;
use std::sync::Arc;

/// Everything durable, over the engine `E`.
pub struct SqlStore<E> {
    engine: Arc<E>,
}

impl<E> Clone for SqlStore<E> {
    fn clone(&self) -> Self {
        Self { engine: Arc::clone(&self.engine) }
    }
}

impl<E: Engine> SqlStore<E> {
    /// The store over an engine that is open.
    #[must_use]
    pub fn over(engine: E) -> Self {
        Self { engine: Arc::new(engine) }
    }

    /// Finishes what was begun and lets go of the database.
    pub async fn close(&self) {
        self.engine.close().await;
    }

    pub(crate) fn engine(&self) -> &E {
        &self.engine
    }
}

/// A code to give out is no concern of a database: that is left to the one who has the randomness.
async fn read(link: &mut dyn Link, needs: &Needs, hold: bool) -> Result<State, StoreError> {
    let mut state = State::default();
    [state.incident, state.other] = incidents::read(link, [needs.incident, needs.other], hold).await?;
    let pinned = needs.pinned.as_ref().and_then(|message| state.incident.as_ref()?.pins.get(message));
    if let (Some(incident), Some(which)) = (needs.incident, pinned.copied().map(Entries::One).or(needs.entries)) {
        (state.entries, state.more) = entries::read(link, incident, which).await?;
    }
    if let Some(query) = &needs.list {
        (state.list, state.more) = incidents::list(link, query).await?;
    }
    if let Some(hash) = &needs.code {
        state.code = people::code(link, hash).await?;
    }
    state.records = records::read(link, &needs.records).await?;
    if let Some(person) = &needs.calling {
        state.calling = Some(incidents::calling(link, person, CALLING).await?);
    }
    if let Some(query) = &needs.alerts {
        state.alerts = alerts::read(link, query).await?;
    }
    if let Some((from, until)) = needs.history {
        state.history = facts::between(link, from, until).await?;
    }
    if let (Some(incident), Some(number)) = (needs.incident, needs.tally) {
        state.tally = Some(parcels::tally(link, incident, number).await?);
    }
    Ok(state)
}

/// Whether the database has to be asked for anything but a number.
fn looks(needs: &Needs) -> bool {
    needs.incident.is_some()
        || needs.other.is_some()
        || needs.entries.is_some()
        || needs.list.is_some()
        || needs.code.is_some()
        || !needs.records.is_empty()
        || needs.calling.is_some()
        || needs.alerts.is_some()
        || needs.history.is_some()
}

#[async_trait]
impl<E: Engine> Incidents for SqlStore<E> {
    async fn load(&self, needs: &Needs) -> Result<State, StoreError> {
        let mut state = if looks(needs) {
            let mut link = self.engine.look().await?;
            read(&mut *link, needs, false).await?
        } else {
            State::default()
        };
        if needs.number {
            state.number = Some(self.engine.number().await?);
        }
        Ok(state)
    }

    async fn begin(&self, needs: &Needs) -> Result<Box<dyn Unit>, StoreError> {
        if needs.incident.is_none() && needs.other.is_none() {
            let state = self.load(needs).await?;
            return Ok(Box::new(SqlUnit { state, engine: Arc::clone(&self.engine), held: None }));
        }
        // Before a connection is held: to wait for a second one while holding the first could wait for ever.
        let number = if needs.number { Some(self.engine.number().await?) } else { None };
        let mut held = self.engine.hold().await?;
        let state = match &mut held {
            Some(held) => read(&mut **held, needs, true).await?,
            None => read(&mut *self.engine.look().await?, needs, false).await?,
        };
        let state = State { number, ..state };
        Ok(Box::new(SqlUnit { state, engine: Arc::clone(&self.engine), held }))
    }

    async fn kept(&self, request: &RequestId) -> Result<Option<Reply>, StoreError> {
        let mut link = self.engine.look().await?;
        commit::kept(&mut *link, request.as_str()).await
    }

    async fn log(&self, incident: IncidentId, after: i64, limit: i64) -> Result<Vec<Entry>, StoreError> {
        let mut link = self.engine.look().await?;
        entries::log(&mut *link, incident, after, limit).await
    }

    async fn linked(&self, platform: &PlatformId, id: &str) -> Result<Option<PersonId>, StoreError> {
        let mut link = self.engine.look().await?;
        people::linked(&mut *link, platform, id).await
    }

    async fn identities(&self, person: &PersonId) -> Result<Vec<(PlatformId, String)>, StoreError> {
        let mut link = self.engine.look().await?;
        people::identities(&mut *link, person).await
    }

    async fn incident_at(&self, platform: &PlatformId, address: &str) -> Result<Option<IncidentId>, StoreError> {
        let mut link = self.engine.look().await?;
        incidents::with_room(&mut *link, platform, address).await
    }

    async fn sweep(&self, before: Timestamp, limit: i64) -> Result<u64, StoreError> {
        self.engine.change(Sweep { before, limit }).await
    }

    fn is_alone(&self) -> bool {
        self.engine.is_alone()
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.engine.ping().await
    }
}

/// What was read to decide upon, and what holds it.
struct SqlUnit<E> {
    state: State,
    engine: Arc<E>,
    held: Option<Box<dyn Hold>>,
}

#[async_trait]
impl<E: Engine> Unit for SqlUnit<E> {
    fn state(&self) -> &State {
        &self.state
    }

    async fn commit(self: Box<Self>, write: Write) -> Result<Committed, StoreError> {
        if write.decision.writes() || write.fired.is_some() {
            return self.engine.write(Prepared::of(&write)?, self.held).await;
        }
        let kept = match self.held {
            Some(mut held) => commit::kept(&mut *held, write.request.as_str()).await?,
            None => commit::kept(&mut *self.engine.look().await?, write.request.as_str()).await?,
        };
        Ok(kept.map_or(Committed::Fresh, |reply| Committed::Repeated(Box::new(reply))))
    }
}

/// Forgets what is old, one table after another.
struct Sweep {
    before: Timestamp,
    limit: i64,
}

#[async_trait]
impl Change for Sweep {
    type Outcome = u64;

    async fn make(&self, link: &mut dyn Link) -> Result<u64, StoreError> {
        let Self { before, limit } = *self;
        let mut swept = 0;
        let left = |swept: u64| limit.saturating_sub(i64::try_from(swept).unwrap_or(i64::MAX)).max(0);
        swept += commit::sweep(link, before, left(swept)).await?;
        swept += people::sweep(link, before, left(swept)).await?;
        swept += credentials::sweep(link, before, left(swept)).await?;
        swept += records::sweep(link, before, left(swept)).await?;
        swept += alerts::sweep(link, before - ALERTS_KEPT, left(swept)).await?;
        swept += facts::sweep(link, before - FACTS_KEPT, left(swept)).await?;
        Ok(swept)
    }
}
