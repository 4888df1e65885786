//! A channel in which something is done, what kind it is, and what may be done when somebody has changed it under our feet.

use super::title::Title;
use crate::Discord;
use crate::api::{ApiError, Call, channel, code};
use crate::config::Id;
use chrono::TimeDelta;
use muster_core::chat::cache::Cache;
use muster_core::clock::Timestamp;
use muster_core::incident::room::Room;
use serde_json::{Value, json};
use serenity::http::Route;
use serenity::model::Permissions;

/// What a channel is never changes.
const KIND_FOR: TimeDelta = TimeDelta::days(30);

/// What kind of channel a room is. <https://discord.com/developers/docs/resources/channel#channel-object-channel-types>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A text channel.
    Text,
    /// A thread, or a post of a forum, which is one.
    Thread,
}

impl Kind {
    /// The kind of a channel object.
    pub(super) fn of(channel: &Value) -> Self {
        match channel["type"].as_u64() {
            Some(10..=12) => Self::Thread,
            Some(_) | None => Self::Text,
        }
    }
}

/// What is known of channels.
#[derive(Debug)]
pub(crate) struct Channels {
    kinds: Cache<Id, Kind>,
    /// Categories that were full.
    pub(super) full: Cache<Id, ()>,
    /// When a channel's topic, or name, was changed.
    pub(super) titled: Cache<(Id, Title), Vec<Timestamp>>,
}

impl Channels {
    /// Nothing is known yet.
    pub(crate) fn new() -> Self {
        Self { kinds: Cache::new(), full: Cache::new(), titled: Cache::new() }
    }
}

/// A channel in which something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    /// Its id.
    pub(super) channel: Id,
    /// Whether it is to be taken out when somebody, or Discord by itself, has put it away.
    unarchives: bool,
}

impl Spot {
    /// A room of an incident.
    pub(super) fn of(room: &Room) -> Self {
        Self { channel: id_of(room), unarchives: !room.archived }
    }

    /// A channel that is somebody else's, or a conversation with one person.
    pub(super) fn of_others(channel: Id) -> Self {
        Self { channel, unarchives: false }
    }
}

/// The channel of a room. An address that is none is that of a channel that does not exist.
pub(super) fn id_of(room: &Room) -> Id {
    room.address.parse().unwrap_or_default()
}

impl Discord {
    /// Makes a call about a channel. If it is a thread that was put away, it is taken out once.
    /// <https://discord.com/developers/docs/topics/threads#active--archived-threads>
    ///
    /// # Errors
    /// [`ApiError`]; the first one where that did not help.
    pub(super) async fn call_at(&self, spot: Spot, call: Call<'_>) -> Result<Value, ApiError> {
        let first = self.api.call(call.clone()).await;
        match &first {
            Err(error) if error.is(&[code::ARCHIVED_THREAD]) && spot.unarchives => {}
            Ok(_) | Err(_) => return first,
        }
        let route = Route::Channel { channel_id: channel(spot.channel) };
        let open = json!({ "archived": false, "locked": false });
        match self.api.call(Call::patch(route, open).needing(Permissions::MANAGE_THREADS)).await {
            Ok(_) => {
                tracing::warn!(channel = spot.channel, "a thread was put away under our feet; it was taken out again");
                self.api.call(call).await
            }
            Err(ApiError::Refused(_)) => first,
            Err(error) => Err(error),
        }
    }

    /// What kind of channel a room is.
    ///
    /// # Errors
    /// [`ApiError`] when it cannot be known now.
    pub(super) async fn kind_of(&self, room: &Room) -> Result<Kind, ApiError> {
        let id = id_of(room);
        if let Some(known) = self.channels.kinds.fresh(&id, self.muster.now()) {
            return Ok(known);
        }
        let kind = Kind::of(&self.channel(id).await?);
        self.learn_kind(id, kind);
        Ok(kind)
    }

    /// A channel is of that kind.
    pub(super) fn learn_kind(&self, id: Id, kind: Kind) {
        self.channels.kinds.keep(id, kind, self.muster.now() + KIND_FOR);
    }

    /// A channel as it is now.
    ///
    /// # Errors
    /// [`ApiError`].
    pub(super) async fn channel(&self, id: Id) -> Result<Value, ApiError> {
        self.api.call(Call::get(Route::Channel { channel_id: channel(id) })).await
    }
}
