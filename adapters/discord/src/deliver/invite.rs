//! Bringing people into a room. A public channel needs nothing: who may see its category comes in by themselves.

use super::failed::is_about_what_was_asked;
use super::overwrites::Overwrite;
use super::spot::{Kind, id_of};
use crate::Discord;
use crate::api::{ApiError, Call, channel, code, user};
use crate::config::Id;
use muster_core::chat::found;
use muster_core::incident::event::Subject;
use muster_core::incident::room::Room;
use muster_core::ports::chat::{Delivery, DeliveryError, Receipt};
use serenity::http::Route;
use serenity::model::Permissions;

/// Where somebody is to be let in.
#[derive(Debug, Clone, Copy)]
enum Door {
    /// A thread has members. <https://discord.com/developers/docs/resources/channel#add-thread-member>
    Thread(Id),
    /// A private channel has permissions; so has its voice channel, if there is one.
    Private(Id, Option<Id>),
}

impl Discord {
    /// Those who can be found are brought in even if others cannot be looked up now; these are tried again.
    pub(super) async fn invite(
        &self,
        delivery: &Delivery,
        room: &Room,
        people: &[Subject],
    ) -> Result<Receipt, DeliveryError> {
        let door = match self.door_of(room).await {
            Ok(Some(door)) => door,
            Ok(None) => return Ok(Receipt::of(&room.address)),
            Err(error) => return Err(self.failed_in(room, &error).await),
        };
        let lookups: Vec<_> = people.iter().map(|one| self.people.user_of(&one.person)).collect();
        let (users, failure) = found(lookups).await;
        for user in users {
            match self.let_in(delivery, door, user).await {
                Ok(()) => {}
                // One who cannot be invited keeps nobody else out.
                Err(error) if is_about_what_was_asked(&error) || self.is_about_them(door, &error).await => {
                    tracing::warn!(user, %error, "somebody could not be invited");
                }
                Err(error) => return Err(self.failed_in(room, &error).await),
            }
        }
        match failure {
            Some(error) => Err(error.into()),
            None => Ok(Receipt::of(&room.address)),
        }
    }

    async fn door_of(&self, room: &Room) -> Result<Option<Door>, ApiError> {
        let id = id_of(room);
        Ok(match self.kind_of(room).await? {
            Kind::Thread => Some(Door::Thread(id)),
            Kind::Text if !room.private => None,
            Kind::Text if self.config.voice => Some(Door::Private(id, self.voice_of(id).await?)),
            Kind::Text => Some(Door::Private(id, None)),
        })
    }

    /// A thread takes in only those who see the channel that it is of; Discord says so in the words for one that we do not
    /// see ourselves. <https://discord.com/developers/docs/topics/permissions#inherited-permissions-threads>
    async fn is_about_them(&self, door: Door, error: &ApiError) -> bool {
        match door {
            Door::Thread(thread) if error.is(&[code::MISSING_ACCESS]) => self.channel(thread).await.is_ok(),
            Door::Thread(_) | Door::Private(..) => false,
        }
    }

    async fn let_in(&self, delivery: &Delivery, door: Door, id: Id) -> Result<(), ApiError> {
        match door {
            Door::Thread(thread) => {
                let route = Route::ChannelThreadMember { channel_id: channel(thread), user_id: user(id) };
                let needs = Permissions::SEND_MESSAGES_IN_THREADS;
                self.api.call(Call::put(route, None).needing(needs)).await.map(drop)
            }
            Door::Private(room, voice) => {
                for channel in [Some(room), voice].into_iter().flatten() {
                    self.permit(delivery.incident, channel, &Overwrite::letting_in(id)).await?;
                }
                Ok(())
            }
        }
    }
}
