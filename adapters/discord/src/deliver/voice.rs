//! The voice channel beside a room: found again by the room's name and category.

use crate::Discord;
use crate::api::{ApiError, Call, channel, code, guild, part};
use crate::config::Id;
use muster_core::ids::IncidentId;
use serde_json::{Value, json};
use serenity::http::Route;
use serenity::model::Permissions;

/// <https://discord.com/developers/docs/resources/channel#channel-object-channel-types>
const VOICE: u64 = 2;

impl Discord {
    /// Every channel of the server.
    ///
    /// # Errors
    /// [`ApiError`].
    pub(crate) async fn channels_of_server(&self) -> Result<Vec<Value>, ApiError> {
        let route = Route::GuildChannels { guild_id: guild(self.config.guild) };
        part::list(&self.api.call(Call::get(route)).await?).map(<[_]>::to_vec)
    }

    /// The voice channel beside a room, if there is one.
    ///
    /// # Errors
    /// [`ApiError`].
    pub(super) async fn voice_of(&self, room: Id) -> Result<Option<Id>, ApiError> {
        Ok(self.room_and_voice(room).await?.1)
    }

    /// Sees to it that there is one, if rooms here have one. It is for those who see the room.
    ///
    /// # Errors
    /// [`ApiError`].
    pub(super) async fn open_voice(&self, incident: Option<IncidentId>, room: Id) -> Result<(), ApiError> {
        if !self.config.voice {
            return Ok(());
        }
        let (Some(room), None) = self.room_and_voice(room).await? else { return Ok(()) };
        let body = json!({
            "name": room["name"],
            "type": VOICE,
            "parent_id": room["parent_id"],
            "permission_overwrites": overwrites(&room),
        });
        let route = Route::GuildChannels { guild_id: guild(self.config.guild) };
        let call = Call::post(route, body).because(incident).needing(Permissions::MANAGE_CHANNELS);
        match self.api.call(call).await {
            Ok(_) => Ok(()),
            // An incident can be worked without.
            Err(error) if error.is(&[code::INVALID_FORM, code::TOO_MANY_CHANNELS]) => {
                tracing::warn!(%error, "there is no place for a voice channel");
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Takes it away, if rooms here have one.
    ///
    /// # Errors
    /// [`ApiError`].
    pub(super) async fn close_voice(&self, incident: Option<IncidentId>, room: Id) -> Result<(), ApiError> {
        if !self.config.voice {
            return Ok(());
        }
        let Some(voice) = self.voice_of(room).await? else { return Ok(()) };
        let needs = Permissions::MANAGE_CHANNELS | Permissions::CONNECT;
        let call = Call::delete(Route::Channel { channel_id: channel(voice) }).because(incident).needing(needs);
        match self.api.call(call).await {
            Ok(_) => Ok(()),
            Err(error) if error.is(&[code::UNKNOWN_CHANNEL]) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn room_and_voice(&self, room: Id) -> Result<(Option<Value>, Option<Id>), ApiError> {
        let all = self.channels_of_server().await?;
        let Some(room) = all.iter().find(|one| part::read_id(&one["id"]) == Some(room)) else {
            return Ok((None, None));
        };
        let is_beside =
            |one: &&Value| one["type"] == VOICE && one["name"] == room["name"] && one["parent_id"] == room["parent_id"];
        let voice = all.iter().find(is_beside).and_then(|one| part::read_id(&one["id"]));
        Ok((Some(room.clone()), voice))
    }
}

/// Those of the room, as a creation takes them.
fn overwrites(room: &Value) -> Value {
    let list = room["permission_overwrites"].as_array().into_iter().flatten();
    list.map(|one| {
        let (allow, deny) = (part::bits(&one["allow"]), part::bits(&one["deny"]));
        json!({ "id": one["id"], "type": one["type"], "allow": allow, "deny": deny })
    })
    .collect()
}
