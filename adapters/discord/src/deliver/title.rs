//! What stands above a room: its topic and its name. Discord lets each be changed twice in 10 minutes.

use super::spot::{Kind, Spot, id_of};
use crate::Discord;
use crate::api::{ApiError, Call, channel};
use crate::render;
use chrono::TimeDelta;
use muster_core::incident::room::Room;
use muster_core::ports::chat::{Delivery, DeliveryError, Receipt};
use muster_core::view::Line;
use serde_json::json;
use serenity::http::Route;
use serenity::model::Permissions;

/// So many changes of its name, and as many of its topic, Discord allows for a channel,
const CHANGES: usize = 2;
/// within this. What it refuses counts as an invalid request, so we keep to it by ourselves.
/// <https://github.com/discord/discord-api-docs/issues/2190>
const WITHIN: TimeDelta = TimeDelta::minutes(10);

/// What stands above a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Title {
    /// What it is about.
    Topic,
    /// What it is called.
    Name,
}

impl Title {
    fn word(self) -> &'static str {
        match self {
            Self::Topic => "topic",
            Self::Name => "name",
        }
    }
}

impl Discord {
    pub(super) async fn topic(&self, delivery: &Delivery, room: &Room, line: &Line) -> Result<Receipt, DeliveryError> {
        let set = async {
            match self.kind_of(room).await? {
                // A thread has none.
                Kind::Thread => Ok(()),
                Kind::Text => self.entitle(delivery, Spot::of(room), Title::Topic, render::topic(line)).await,
            }
        };
        self.settled(room, set.await, &room.address).await
    }

    pub(super) async fn rename(&self, delivery: &Delivery, room: &Room, name: &str) -> Result<Receipt, DeliveryError> {
        let set = async {
            let is_text = self.config.voice && self.kind_of(room).await? == Kind::Text;
            let voice = if is_text { self.voice_of(id_of(room)).await? } else { None };
            self.entitle(delivery, Spot::of(room), Title::Name, name.to_owned()).await?;
            match voice {
                Some(voice) => self.entitle(delivery, Spot::of_others(voice), Title::Name, name.to_owned()).await,
                None => Ok(()),
            }
        };
        self.settled(room, set.await, name).await
    }

    async fn settled(&self, room: &Room, set: Result<(), ApiError>, made: &str) -> Result<Receipt, DeliveryError> {
        match set {
            Ok(()) => Ok(Receipt::of(made)),
            Err(error) => Err(self.failed_in(room, &error).await),
        }
    }

    async fn entitle(&self, delivery: &Delivery, spot: Spot, title: Title, text: String) -> Result<(), ApiError> {
        let (now, key) = (self.muster.now(), (spot.channel, title));
        let mut recent = self.channels.titled.fresh(&key, now).unwrap_or_default();
        recent.retain(|at| now - *at < WITHIN);
        if let Some(first) = recent.len().checked_sub(CHANGES).and_then(|first| recent.get(first)) {
            return Err(ApiError::RateLimited { after: (*first + WITHIN - now).to_std().unwrap_or_default() });
        }
        let body = json!({ title.word(): text });
        let call = Call::patch(Route::Channel { channel_id: channel(spot.channel) }, body);
        let call = call.because(delivery.incident).limited_as(title.word()).needing(Permissions::MANAGE_CHANNELS);
        self.call_at(spot, call).await?;
        recent.push(now);
        self.channels.titled.keep(key, recent, now + WITHIN);
        Ok(())
    }
}
