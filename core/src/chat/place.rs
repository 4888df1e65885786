//! The incident a place on a platform belongs to, and what happens to it when the place is gone.

use crate::app::{Muster, insist};
use crate::decide::RoomNews;
use crate::ids::{IncidentId, PlatformId};

impl Muster {
    /// The incident whose room is at an address, however long the database takes to say. When it cannot it is none: who
    /// asks there is asked which incident they mean.
    pub async fn incident_in(&self, platform: &PlatformId, address: &str) -> Option<IncidentId> {
        let found = insist(|| self.incident_at(platform, address)).await;
        found.inspect_err(|error| tracing::warn!(%error, "a room could not be looked up")).ok().flatten()
    }

    /// The room at an address was deleted, `event` names how we know: the incident needs another at once, not only when
    /// there is something to say in it.
    pub async fn room_deleted(&self, platform: &PlatformId, address: &str, event: &str) {
        let Some(incident) = self.incident_in(platform, address).await else { return };
        let room = self.room_on(platform, Some(incident)).await;
        let room = room.inspect_err(|error| tracing::warn!(%error, "a room could not be looked up")).ok().flatten();
        let Some(room) = room.filter(|room| room.address == address) else { return };
        let news = RoomNews::Gone { room, reason: "the channel was deleted".to_owned() };
        if let Err(error) = self.hear_of_room(incident, event, &news).await {
            tracing::warn!(%error, %incident, "the loss of a room could not be written; it is noticed when it is used");
        }
    }
}
