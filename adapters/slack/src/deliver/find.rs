//! Finding a message that may have arrived although nobody said so, by the effect's key in its metadata.
//! <https://docs.slack.dev/messaging/message-metadata>

use super::spot::Spot;
use crate::Slack;
use crate::api::{ApiError, Me, part};
use muster_core::ports::chat::Delivery;
use serde_json::{Value, json};

/// What kind of metadata ours is.
const EVENT: &str = "muster_effect";
/// Messages of a page: as many as Slack recommends.
const PAGE: usize = 200;
/// So many pages are looked through, the latest messages first.
const PAGES: usize = 20;

/// What a message carries so that it can be found again.
pub(super) fn mark(delivery: &Delivery) -> Value {
    json!({ "event_type": EVENT, "event_payload": { "key": delivery.key.as_str() } })
}

impl Slack {
    /// The `ts` of the message that an earlier attempt left there, if it did.
    ///
    /// # Errors
    /// [`ApiError`] when that cannot be known now.
    pub(super) async fn find(&self, delivery: &Delivery, spot: &Spot) -> Result<Option<String>, ApiError> {
        let me = self.api.who_am_i().await?;
        let mut body = json!({ "channel": spot.channel, "limit": PAGE, "include_all_metadata": true });
        if let Some(since) = self.people.addresses.since(delivery.incident).await {
            body["oldest"] = json!(format!("{}.000000", since.timestamp()));
        }
        for _ in 0..PAGES {
            let page = self.call_at(spot, "conversations.history", &body).await?;
            let ours = part::list(&page, "messages")?.iter().find(|message| is_it(message, delivery.key.as_str(), &me));
            if let Some(ts) = ours.and_then(|message| message["ts"].as_str()) {
                return Ok(Some(ts.to_owned()));
            }
            match part::next(&page) {
                Some(cursor) => body["cursor"] = json!(cursor),
                None => return Ok(None),
            }
        }
        Ok(None)
    }
}

/// Whether we said that. Others may put any metadata on their messages.
fn is_it(message: &Value, key: &str, me: &Me) -> bool {
    let metadata = &message["metadata"];
    let is_marked = metadata["event_type"] == EVENT && metadata["event_payload"]["key"] == key;
    let is_ours = message["user"] == me.user || me.bot.as_ref().is_some_and(|bot| message["bot_id"] == *bot);
    is_marked && is_ours
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_ours_by_its_key_and_by_who_said_it() {
        let me = Me {
            user: "UBOT".into(),
            bot: Some("BBOT".into()),
            team: "T1".into(),
            team_name: "Shop".into(),
            enterprise: None,
            url: "https://shop.slack.com/".into(),
        };
        let said = |user: &str, bot: &str, key: &str| {
            let metadata = json!({ "event_type": EVENT, "event_payload": { "key": key } });
            json!({ "user": user, "bot_id": bot, "metadata": metadata })
        };
        assert!(is_it(&said("UBOT", "", "INC-1/2/0"), "INC-1/2/0", &me));
        assert!(is_it(&said("", "BBOT", "INC-1/2/0"), "INC-1/2/0", &me));
        assert!(!is_it(&said("UBOT", "BBOT", "INC-1/2/1"), "INC-1/2/0", &me));
        assert!(!is_it(&said("UEVE", "BEVE", "INC-1/2/0"), "INC-1/2/0", &me));
        assert!(!is_it(&json!({ "user": "UBOT" }), "INC-1/2/0", &me));
    }
}
