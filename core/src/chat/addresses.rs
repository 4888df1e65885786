//! Where incidents and people are on one platform.

use super::cache::Cache;
use crate::app::Muster;
use crate::clock::Timestamp;
use crate::decide::Needs;
use crate::ids::{IncidentId, PersonId, PlatformId};
use crate::ports::store::StoreError;
use chrono::TimeDelta;
use std::sync::Arc;

/// How long it is remembered which room an incident has.
const ROOM_FOR: TimeDelta = TimeDelta::minutes(1);
/// A platform's clock and ours differ by no more than this.
pub const SKEW: TimeDelta = TimeDelta::minutes(5);

/// Where incidents and people are on one platform.
pub struct Addresses {
    muster: Arc<Muster>,
    platform: PlatformId,
    rooms: Cache<IncidentId, String>,
}

impl Addresses {
    /// Nothing is known yet.
    #[must_use]
    pub fn on(platform: PlatformId, muster: Arc<Muster>) -> Self {
        Self { muster, platform, rooms: Cache::new() }
    }

    /// An incident has a room that everybody may find.
    pub fn found_room(&self, incident: Option<IncidentId>, address: &str) {
        let Some(incident) = incident else { return };
        self.rooms.keep(incident, address.to_owned(), self.muster.now() + ROOM_FOR);
    }

    /// The room of an incident, if everybody may find it: who reads a message is not known when it is written.
    pub async fn room_of(&self, incident: IncidentId) -> Option<String> {
        if let Some(known) = self.rooms.fresh(&incident, self.muster.now()) {
            return Some(known);
        }
        let room = self.muster.room_on(&self.platform, Some(incident)).await.ok().flatten()?;
        let address = Some(room.address).filter(|_| !room.private)?;
        self.found_room(Some(incident), &address);
        Some(address)
    }

    /// The handle a person has there: they are known only from there, or have linked it.
    ///
    /// # Errors
    /// When the store could not say.
    pub async fn handle_of(&self, person: &PersonId) -> Result<Option<String>, StoreError> {
        if let Some(handle) = self.platform.handle_of_guest(person) {
            return Ok(Some(handle.to_owned()));
        }
        let identities = self.muster.store().identities(person).await?;
        Ok(identities.into_iter().find(|(platform, _)| *platform == self.platform).map(|(_, handle)| handle))
    }

    /// Whether what is at an address may be that incident's room: it is no other's.
    ///
    /// # Errors
    /// When the store could not say.
    pub async fn is_free_for(&self, incident: Option<IncidentId>, address: &str) -> Result<bool, StoreError> {
        let of = self.muster.incident_at(&self.platform, address).await?;
        Ok(of.is_none() || of == incident)
    }

    /// Since when things may have been said of an incident there: nothing was before it was declared.
    pub async fn since(&self, incident: Option<IncidentId>) -> Option<Timestamp> {
        let needs = Needs { incident, ..Needs::default() };
        let state = self.muster.store().load(&needs).await.ok()?;
        Some(state.incident?.declared_at - SKEW)
    }
}
