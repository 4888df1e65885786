//! Putting a room away, and taking it out again: a thread is archived and locked, a channel can only be read.

use super::overwrites::{Overwrite, silencing, unsilencing};
use super::spot::{Kind, id_of};
use crate::Discord;
use crate::api::{ApiError, Call, channel, code, part};
use crate::config::Id;
use muster_core::ids::IncidentId;
use muster_core::incident::room::Room;
use muster_core::ports::chat::{Delivery, DeliveryError, Receipt};
use serde_json::json;
use serenity::http::Route;
use serenity::model::Permissions;
use serenity::model::id::TargetId;

impl Discord {
    pub(super) async fn archive(&self, delivery: &Delivery, room: &Room) -> Result<Receipt, DeliveryError> {
        match self.put_away(delivery.incident, room).await {
            Ok(()) => Ok(Receipt::of(&room.address)),
            // Nothing is there to be put away.
            Err(error) if room.archived && error.is(&[code::UNKNOWN_CHANNEL]) => Ok(Receipt::of(&room.address)),
            Err(error) => Err(self.failed_in(room, &error).await),
        }
    }

    async fn put_away(&self, incident: Option<IncidentId>, room: &Room) -> Result<(), ApiError> {
        match self.kind_of(room).await? {
            Kind::Thread => self.lock(incident, id_of(room), room.archived).await,
            Kind::Text if room.archived => {
                self.silence(incident, id_of(room)).await?;
                self.close_voice(incident, id_of(room)).await
            }
            Kind::Text => {
                self.unsilence(incident, room).await?;
                self.open_voice(incident, id_of(room)).await.map(drop)
            }
        }
    }

    /// Discord puts quiet threads away by itself, and one that was put away can only be taken out.
    async fn lock(&self, incident: Option<IncidentId>, thread: Id, is_locked: bool) -> Result<(), ApiError> {
        let set = |is_locked: bool| {
            let body = json!({ "archived": is_locked, "locked": is_locked });
            let call = Call::patch(Route::Channel { channel_id: channel(thread) }, body);
            self.api.call(call.because(incident).needing(Permissions::MANAGE_THREADS))
        };
        match set(is_locked).await {
            Err(error) if error.is(&[code::ARCHIVED_THREAD]) && is_locked => {
                set(false).await?;
                set(true).await.map(drop)
            }
            answer => answer.map(drop),
        }
    }

    async fn silence(&self, incident: Option<IncidentId>, room: Id) -> Result<(), ApiError> {
        let me = self.api.who_am_i().await?;
        let now = Overwrite::of(&self.channel(room).await?);
        for overwrite in silencing(&now, self.config.guild, me.user) {
            self.permit(incident, room, &overwrite).await?;
        }
        Ok(())
    }

    async fn unsilence(&self, incident: Option<IncidentId>, room: &Room) -> Result<(), ApiError> {
        let now = self.channel(id_of(room)).await?;
        let category = match part::read_id(&now["parent_id"]).filter(|_| !room.private) {
            Some(category) => Overwrite::of(&self.channel(category).await?),
            None => Vec::new(),
        };
        for overwrite in unsilencing(&Overwrite::of(&now), &category) {
            self.permit(incident, id_of(room), &overwrite).await?;
        }
        Ok(())
    }

    /// Says who may do what in a channel. The same again changes nothing.
    ///
    /// # Errors
    /// [`ApiError`].
    pub(super) async fn permit(&self, incident: Option<IncidentId>, room: Id, to: &Overwrite) -> Result<(), ApiError> {
        let route = Route::ChannelPermission { channel_id: channel(room), target_id: TargetId::new(to.id.max(1)) };
        let call = Call::put(route, Some(to.body())).because(incident).needing(Permissions::MANAGE_ROLES);
        self.api.call(call).await.map(drop)
    }
}
