//! Saying things: in a room, to one person, and in the card that is edited ever after.

use super::content::once;
use super::failed::failed;
use super::spot::Spot;
use crate::Discord;
use crate::api::{ApiError, Call, channel, code, message, part};
use crate::config::Id;
use crate::permissions::PIN_MESSAGES;
use muster_core::ids::PersonId;
use muster_core::incident::room::Room;
use muster_core::ports::chat::{Delivery, DeliveryError, Receipt};
use muster_core::view::View;
use serde_json::Value;
use serenity::http::Route;
use serenity::model::Permissions;

/// Codes of somebody who cannot be told anything here.
const NOBODY: &[u64] = &[code::CLOSED_TO_US, code::NO_COMMON_SERVER, code::UNKNOWN_USER, code::UNKNOWN_CHANNEL];

/// A card that stands where it was said.
pub(super) struct Standing {
    /// Which message it is.
    pub(super) message: Id,
    /// Whether it is a new one.
    pub(super) is_new: bool,
}

impl Discord {
    pub(super) async fn post(&self, delivery: &Delivery, room: &Room, view: &View) -> Result<Receipt, DeliveryError> {
        match self.say_once(delivery, Spot::of(room), view).await {
            Ok(message) => Ok(Receipt::of(message.to_string())),
            Err(error) => Err(self.failed_in(room, &error).await),
        }
    }

    pub(super) async fn tell_alone(
        &self,
        delivery: &Delivery,
        person: &PersonId,
        view: &View,
    ) -> Result<Receipt, DeliveryError> {
        let Some(user) = self.people.user_of(person).await? else { return Ok(Receipt::nobody()) };
        if self.people.is_closed(user) {
            return Ok(Receipt::nobody());
        }
        match self.say_to(delivery, user, view).await {
            Ok(message) => Ok(Receipt::of(message.to_string())),
            Err(error) if error.is(NOBODY) => {
                self.people.learn_closed(user);
                tracing::warn!(%person, %error, "this person takes no messages from Muster in Discord");
                Ok(Receipt::nobody())
            }
            Err(error) => Err(failed(&error)),
        }
    }

    pub(super) async fn headline(
        &self,
        delivery: &Delivery,
        room: &Room,
        view: &View,
    ) -> Result<Receipt, DeliveryError> {
        let spot = Spot::of(room);
        let shown = async {
            let shown = self.stand(delivery, spot, view).await?;
            if shown.is_new {
                self.pin(spot, shown.message).await?;
            }
            Ok(shown)
        };
        match shown.await {
            Ok(shown) => Ok(Receipt::of(shown.message.to_string())),
            Err(error) => Err(self.failed_in(room, &error).await),
        }
    }

    pub(super) async fn card(&self, delivery: &Delivery, room: &Room, view: &View) -> Result<Receipt, DeliveryError> {
        match self.stand(delivery, Spot::of(room), view).await {
            Ok(shown) => Ok(Receipt::of(shown.message.to_string())),
            Err(error) => Err(self.failed_in(room, &error).await),
        }
    }

    /// Edits what was said before, or says it.
    ///
    /// # Errors
    /// [`ApiError`].
    pub(super) async fn stand(&self, delivery: &Delivery, spot: Spot, view: &View) -> Result<Standing, ApiError> {
        // What was recorded may say that there is none.
        if let Some(made) = delivery.made.as_deref().and_then(|made| made.parse().ok()) {
            let content = self.content(delivery, view).await;
            let route = Route::ChannelMessage { channel_id: channel(spot.channel), message_id: message(made) };
            match self.say_somehow(delivery, spot, |body| Call::patch(route, body), content).await {
                Ok(_) => return Ok(Standing { message: made, is_new: false }),
                Err(error) if error.is(&[code::UNKNOWN_MESSAGE]) => {}
                Err(error) => return Err(error),
            }
        }
        let message = self.say_once(delivery, spot, view).await?;
        Ok(Standing { message, is_new: true })
    }

    async fn say_to(&self, delivery: &Delivery, user: Id, view: &View) -> Result<Id, ApiError> {
        let conversation = self.people.conversation(&self.api, user).await?;
        self.say_once(delivery, Spot::of_others(conversation), view).await
    }

    /// Says it once: what an earlier attempt may have said is looked for first.
    pub(super) async fn say_once(&self, delivery: &Delivery, spot: Spot, view: &View) -> Result<Id, ApiError> {
        if delivery.attempt > 1
            && let Some(message) = self.find(delivery, spot).await?
        {
            return Ok(message);
        }
        let content = self.content(delivery, view).await;
        let route = Route::ChannelMessages { channel_id: channel(spot.channel) };
        let needs = Permissions::SEND_MESSAGES | Permissions::SEND_MESSAGES_IN_THREADS | Permissions::EMBED_LINKS;
        let call = |body: Value| Call::post(route, once(body, &delivery.key)).needing(needs);
        let answer = self.say_somehow(delivery, spot, call, content).await?;
        part::id(&answer, "id")
    }

    /// A card that Discord does not let us pin is still a card.
    /// <https://discord.com/developers/docs/resources/message#pin-message>
    ///
    /// # Errors
    /// [`ApiError`] when it may be pinned later.
    async fn pin(&self, spot: Spot, id: Id) -> Result<(), ApiError> {
        let route = Route::ChannelPin { channel_id: channel(spot.channel), message_id: message(id) };
        let path = format!("/channels/{}/messages/pins/{id}", spot.channel);
        match self.call_at(spot, Call::put(route, None).at(path).needing(PIN_MESSAGES)).await {
            Ok(_) => Ok(()),
            Err(error @ ApiError::Refused(_)) => {
                tracing::warn!(channel = spot.channel, %error, "the headline could not be pinned");
                Ok(())
            }
            Err(error) => Err(error),
        }
    }
}
