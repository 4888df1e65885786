//! A message as Slack takes it; and a plain one instead, should it not take it.

use super::find::mark;
use super::spot::Spot;
use crate::Slack;
use crate::api::ApiError;
use crate::render;
use chrono_tz::Tz;
use muster_core::effect::{Effect, Recipient};
use muster_core::ports::chat::Delivery;
use muster_core::view::View;
use serde_json::{Value, json};

/// Codes that say that we have made a message wrongly.
/// <https://docs.slack.dev/reference/methods/chat.postMessage#errors>
const WRONG: &[&str] = &[
    "invalid_blocks",
    "invalid_blocks_format",
    "msg_blocks_too_long",
    "msg_too_long",
    "no_text",
    "invalid_metadata_format",
    "invalid_metadata_schema",
    "metadata_too_large",
    "too_many_attachments",
];
/// So much of the text is kept in a plain message, in characters: Slack recommends 4,000 at most.
const PLAIN: usize = 3_000;

impl Slack {
    /// A view as the arguments of `chat.postMessage`.
    pub(super) async fn content(&self, delivery: &Delivery, view: &View, spot: &Spot) -> Value {
        let page = delivery.public_page(&self.muster.org());
        let known = self.people.names(self, view).await.in_zone(self.zone_of(delivery)).leading_to(page);
        let message = render::message(view, &known.names());
        let mut content = json!({
            "channel": spot.channel,
            "text": message.text,
            "metadata": mark(delivery),
            "unfurl_links": false,
            "unfurl_media": false,
        });
        // Moved, where the macro would copy them.
        content["blocks"] = message.blocks;
        content
    }

    /// The time zone of the one reader, where there is only one; of customers, where they read along.
    fn zone_of(&self, delivery: &Delivery) -> Tz {
        match &delivery.effect {
            Effect::Tell { person, .. } | Effect::Page { to: Recipient::Person { person, .. }, .. } => {
                self.muster.org().person(person).map_or(Tz::UTC, |one| one.time_zone)
            }
            Effect::Publish { .. } => self.muster.org().comms.zone(),
            Effect::Post { .. }
            | Effect::Open { .. }
            | Effect::Headline { .. }
            | Effect::Card { .. }
            | Effect::Page { .. }
            | Effect::Announce { .. }
            | Effect::Spread { .. }
            | Effect::Topic { .. }
            | Effect::Rename { .. }
            | Effect::Links { .. }
            | Effect::Invite { .. }
            | Effect::Archive { .. } => Tz::UTC,
        }
    }

    /// Says it, and should Slack not take it, says it plainly with a link to the whole.
    ///
    /// # Errors
    /// [`ApiError`].
    pub(super) async fn say_somehow(
        &self,
        delivery: &Delivery,
        spot: &Spot,
        method: &'static str,
        body: &Value,
    ) -> Result<Value, ApiError> {
        match self.call_at(spot, method, body).await {
            Err(error) if error.is(WRONG) => {
                tracing::error!(%error, effect = %delivery.key, "Slack did not take a message; it is said plainly");
                let page = delivery.page(&self.muster.org());
                self.call_at(spot, method, &plainly(body, &page)).await
            }
            answer => answer,
        }
    }
}

fn plainly(body: &Value, page: &str) -> Value {
    let text: String = body["text"].as_str().unwrap_or_default().chars().take(PLAIN).collect();
    let mut plain = body.clone();
    plain["text"] = json!(format!("{text}\n{page}"));
    plain["blocks"] = json!([]);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_message_is_short_keeps_its_mark_and_leads_to_the_whole() {
        let body = json!({ "channel": "C1", "text": "å".repeat(9_000), "blocks": [{}], "metadata": { "x": 1 } });
        let plain = plainly(&body, "https://muster.example/incidents/INC-1");
        let text = plain["text"].as_str().expect("text");
        assert!(text.ends_with("\nhttps://muster.example/incidents/INC-1") && text.chars().count() < 3_100);
        assert_eq!((&plain["blocks"], &plain["metadata"]), (&json!([]), &json!({ "x": 1 })));
    }
}
