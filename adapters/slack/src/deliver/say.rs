//! Saying things: in a room, to one person, and in the card that is edited ever after.

use super::failed::{failed, failed_in};
use super::spot::Spot;
use crate::Slack;
use crate::api::{ApiError, part};
use muster_core::ids::PersonId;
use muster_core::incident::room::Room;
use muster_core::ports::chat::{Delivery, DeliveryError, Receipt};
use muster_core::view::View;
use serde_json::{Value, json};

/// Codes of a message that is not there to be edited any more.
/// <https://docs.slack.dev/reference/methods/chat.update#errors>
const NOT_THERE: &[&str] = &["message_not_found", "cant_update_message", "edit_window_closed", "invalid_ts"];

/// Codes of somebody who cannot be told anything here.
/// <https://docs.slack.dev/reference/methods/conversations.open#errors>
const NOBODY: &[&str] = &[
    "user_not_found",
    "users_not_found",
    "user_disabled",
    "user_not_visible",
    "cannot_dm_bot",
    "cant_dm_bot",
    "messages_tab_disabled",
    "channel_not_found",
    "is_inactive",
];

/// A card that stands where it was said.
pub(super) struct Standing {
    /// Which message it is.
    pub(super) ts: String,
    /// Whether it is a new one.
    pub(super) is_new: bool,
}

impl Slack {
    pub(super) async fn post(&self, delivery: &Delivery, room: &Room, view: &View) -> Result<Receipt, DeliveryError> {
        let said = self.say(delivery, &Spot::of(room), view).await;
        said.map(Receipt::of).map_err(|error| failed_in(room, &error))
    }

    pub(super) async fn tell_alone(
        &self,
        delivery: &Delivery,
        person: &PersonId,
        view: &View,
    ) -> Result<Receipt, DeliveryError> {
        let Some(user) = self.people.user_of(&self.api, person).await? else { return Ok(Receipt::nobody()) };
        match self.say_to(delivery, &user, view).await {
            Ok(ts) => Ok(Receipt::of(ts)),
            Err(error) if error.is(NOBODY) => {
                tracing::warn!(%person, %error, "this person cannot be told anything in Slack");
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
        let shown = self.stand(delivery, &spot, view).await.map_err(|error| failed_in(room, &error))?;
        if shown.is_new {
            self.pin(&spot, &shown.ts).await.map_err(|error| failed_in(room, &error))?;
        }
        Ok(Receipt::of(shown.ts))
    }

    pub(super) async fn card(&self, delivery: &Delivery, room: &Room, view: &View) -> Result<Receipt, DeliveryError> {
        let shown = self.stand(delivery, &Spot::of(room), view).await;
        shown.map(|shown| Receipt::of(shown.ts)).map_err(|error| failed_in(room, &error))
    }

    /// Edits what was said before, or says it.
    ///
    /// # Errors
    /// [`ApiError`].
    pub(super) async fn stand(&self, delivery: &Delivery, spot: &Spot, view: &View) -> Result<Standing, ApiError> {
        if let Some(ts) = delivery.made.as_deref().filter(|made| is_ts(made)) {
            let content = self.content(delivery, view, spot).await;
            match self.say_somehow(delivery, spot, "chat.update", &edit(&content, ts)).await {
                Ok(_) => return Ok(Standing { ts: ts.to_owned(), is_new: false }),
                Err(error) if error.is(NOT_THERE) => {}
                Err(error) => return Err(error),
            }
        }
        let ts = self.say(delivery, spot, view).await?;
        Ok(Standing { ts, is_new: true })
    }

    async fn say_to(&self, delivery: &Delivery, user: &str, view: &View) -> Result<String, ApiError> {
        let conversation = self.people.conversation(&self.api, user).await?;
        self.say(delivery, &Spot::alone(conversation), view).await
    }

    /// Says it once: what an earlier attempt may have said is looked for first.
    pub(super) async fn say(&self, delivery: &Delivery, spot: &Spot, view: &View) -> Result<String, ApiError> {
        if delivery.attempt > 1
            && let Some(ts) = self.find(delivery, spot).await?
        {
            return Ok(ts);
        }
        let content = self.content(delivery, view, spot).await;
        let answer = self.say_somehow(delivery, spot, "chat.postMessage", &content).await?;
        part::text(&answer, "ts").map(str::to_owned)
    }

    /// A card that Slack does not let us pin is still a card.
    ///
    /// # Errors
    /// [`ApiError`] when it may be pinned later.
    async fn pin(&self, spot: &Spot, ts: &str) -> Result<(), ApiError> {
        match self.call_at(spot, "pins.add", &json!({ "channel": spot.channel, "timestamp": ts })).await {
            Ok(_) => Ok(()),
            Err(error) if error.is(&["already_pinned"]) => Ok(()),
            Err(error @ ApiError::Slack(_)) => {
                tracing::warn!(channel = spot.channel, %error, "the headline could not be pinned");
                Ok(())
            }
            Err(error) => Err(error),
        }
    }
}

/// The arguments of `chat.update`, from those of `chat.postMessage`.
fn edit(content: &Value, ts: &str) -> Value {
    json!({
        "channel": content["channel"],
        "ts": ts,
        "text": content["text"],
        "blocks": content["blocks"],
        "metadata": content["metadata"],
    })
}

/// Whether it names a message: what was recorded may say that there is none.
fn is_ts(made: &str) -> bool {
    made.contains('.') && made.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_names_a_message_is_edited() {
        assert!(is_ts("1700000000.000100"));
        for made in ["nobody", super::super::announce::NOT_ANNOUNCED, "", "C0123", "1700000000"] {
            assert!(!is_ts(made), "{made}");
        }
    }
}
