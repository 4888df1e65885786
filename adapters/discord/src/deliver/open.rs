//! Opening a room: exactly one, even when the answer to an earlier attempt was lost.

use super::failed::FOR_OPERATOR;
use super::find::born;
use super::overwrites::private;
use super::spot::{Kind, id_of};
use crate::api::{ApiError, Call, Me, code, guild, part};
use crate::config::Id;
use crate::{API_URL, Discord, Rooms};
use chrono::TimeDelta;
use muster_core::chat::SKEW;
use muster_core::incident::room::RoomPlan;
use muster_core::ports::chat::{Delivery, DeliveryError, Opened, Receipt};
use serde_json::{Value, json};
use serenity::http::Route;
use serenity::model::Permissions;

/// How long a category that was full is not tried again.
const FULL_FOR: TimeDelta = TimeDelta::minutes(10);
/// The setting, as sentences for operators name it.
const SETTING: &str = "categories";
/// <https://discord.com/developers/docs/resources/channel#channel-object-channel-types>
const TEXT: u64 = 0;

impl Discord {
    pub(super) async fn open_room(&self, delivery: &Delivery, plan: &RoomPlan) -> Result<Receipt, DeliveryError> {
        let me = self.api.who_am_i().await.map_err(|error| self.failed_in_server(&error))?;
        let told_of = if delivery.attempt > 1 { self.told_of(delivery).await? } else { None };
        let found = match (told_of, &self.config.rooms) {
            (Some(room), _) => room,
            (None, Rooms::Channels { categories }) => self.open_channel(delivery, plan, &me, categories).await?,
            (None, Rooms::Forum { .. }) if plan.private => self.open_channel(delivery, plan, &me, &[]).await?,
            (None, Rooms::Forum { forum }) => self.open_thread(delivery, plan, &me, *forum).await?,
            (None, Rooms::Threads { channel }) => self.open_thread(delivery, plan, &me, *channel).await?,
        };
        let room = part::id(&found, "id").map_err(|error| self.failed_in_server(&error))?;
        let kind = Kind::of(&found);
        self.learn_kind(room, kind);
        if kind == Kind::Text {
            self.open_voice(delivery.incident, room).await.map_err(|error| self.failed_in_server(&error))?;
        }
        if !plan.private {
            self.people.addresses.found_room(delivery.incident, &room.to_string());
        }
        let name = found["name"].as_str().unwrap_or(&plan.name).to_owned();
        let url = Some(format!("{API_URL}/channels/{}/{room}", self.config.guild));
        let opened = Opened { address: room.to_string(), name, url };
        Ok(Receipt { external: room.to_string(), room: Some(opened) })
    }

    /// The room that an earlier attempt opened and the incident already knows, although the effect was not recorded as
    /// made: it may have another topic, and another name, by now.
    async fn told_of(&self, delivery: &Delivery) -> Result<Option<Value>, DeliveryError> {
        let Some(room) = self.muster.room_on(&crate::platform(), delivery.incident).await? else { return Ok(None) };
        match self.channel(id_of(&room)).await {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.is(&[code::UNKNOWN_CHANNEL, code::MISSING_ACCESS]) => Ok(None),
            Err(error) => Err(self.failed_in_server(&error)),
        }
    }

    async fn open_channel(
        &self,
        delivery: &Delivery,
        plan: &RoomPlan,
        me: &Me,
        categories: &[Id],
    ) -> Result<Value, DeliveryError> {
        if delivery.attempt > 1 {
            let all = self.channels_of_server().await.map_err(|error| self.failed_in_server(&error))?;
            let is_lost = |one: &Value| one["type"] == TEXT && one["name"] == plan.name && is_made_for(one, delivery);
            if let Some(lost) = self.free_one(delivery, all, is_lost).await? {
                return Ok(lost);
            }
        }
        let now = self.muster.now();
        for category in categories.iter().filter(|one| self.channels.full.fresh(*one, now).is_none()) {
            match self.create(delivery, plan, me, Some(*category)).await {
                Ok(channel) => {
                    self.api.health().configured(SETTING);
                    return Ok(channel);
                }
                Err(error) if is_about_category(&error) => {
                    tracing::warn!(category, %error, "a category takes no more rooms");
                    self.channels.full.keep(*category, (), now + FULL_FOR);
                }
                Err(error) => return Err(self.cannot_open(&error)),
            }
        }
        if !categories.is_empty() {
            let todo = "name one more in `categories`, or delete channels that nobody needs any more";
            let sentence =
                format!("No category for rooms in Discord has a place left; rooms are outside of them: {todo}");
            self.api.health().misconfigured(SETTING, sentence);
        }
        self.create(delivery, plan, me, None).await.map_err(|error| self.cannot_open(&error))
    }

    /// A channel tells in its topic which effect made it, until the topic of the incident takes its place.
    async fn create(
        &self,
        delivery: &Delivery,
        plan: &RoomPlan,
        me: &Me,
        category: Option<Id>,
    ) -> Result<Value, ApiError> {
        let topic = format!("{} · {}", delivery.subject(), delivery.key);
        let mut body = json!({ "name": plan.name, "type": TEXT, "topic": topic });
        if let Some(category) = category {
            body["parent_id"] = json!(category.to_string());
        }
        if plan.private {
            body["permission_overwrites"] = private(self.config.guild, me.user);
        }
        let route = Route::GuildChannels { guild_id: guild(self.config.guild) };
        self.api.call(Call::post(route, body).because(delivery.incident).needing(Permissions::MANAGE_CHANNELS)).await
    }

    /// The first of these that is no other incident's room.
    ///
    /// # Errors
    /// When the store could not say.
    pub(super) async fn free_one(
        &self,
        delivery: &Delivery,
        all: Vec<Value>,
        is_it: impl Fn(&Value) -> bool,
    ) -> Result<Option<Value>, DeliveryError> {
        for one in all.into_iter().filter(is_it) {
            let address = one["id"].as_str().unwrap_or_default();
            if self.people.addresses.is_free_for(delivery.incident, address).await? {
                return Ok(Some(one));
            }
        }
        Ok(None)
    }

    fn cannot_open(&self, error: &ApiError) -> DeliveryError {
        if !error.is(&[code::TOO_MANY_CHANNELS]) {
            return self.failed_in_server(error);
        }
        let todo = "delete channels that nobody needs any more";
        let reason = format!("The Discord server has as many channels as it may have; no room can be opened: {todo}");
        self.api.health().misconfigured(SETTING, reason.clone());
        DeliveryError::Transient { reason, after: Some(FOR_OPERATOR) }
    }
}

/// Whether it is this category that does not take the channel: it is full, or it is none.
/// <https://discord.com/developers/docs/resources/guild#create-guild-channel>
fn is_about_category(error: &ApiError) -> bool {
    let refused = error.refusal();
    let is_about_parent = |part: &str| part.starts_with("parent_id") || part.contains("CHANNEL_PARENT");
    refused.is_some_and(|one| one.code == code::INVALID_FORM && one.part.as_deref().is_some_and(is_about_parent))
}

fn is_made_for(channel: &Value, delivery: &Delivery) -> bool {
    let key = delivery.key.as_str();
    channel["topic"].as_str().is_some_and(|topic| topic.split(' ').next_back() == Some(key))
}

/// Whether a channel was made since the incident was declared.
pub(super) fn is_since(channel: &Value, plan: &RoomPlan) -> bool {
    part::read_id(&channel["id"]).is_some_and(|id| born(id) >= (plan.since - SKEW).timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_category_that_is_full_or_none_is_no_reason_to_open_no_room() {
        let refused = |code: u64, field: &str, kind: &str| {
            let errors = json!({ field: { "_errors": [{ "code": kind, "message": "" }] } });
            ApiError::refused(400, &json!({ "code": code, "errors": errors }))
        };
        assert!(is_about_category(&refused(50_035, "parent_id", "CHANNEL_PARENT_MAX_CHANNELS")));
        assert!(is_about_category(&refused(50_035, "parent_id", "CHANNEL_PARENT_INVALID")));
        assert!(!is_about_category(&refused(50_035, "name", "BASE_TYPE_BAD_LENGTH")));
        assert!(!is_about_category(&ApiError::refused(400, &json!({ "code": 30_013 }))));
    }
}
