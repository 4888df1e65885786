//! Finding a message that may have arrived although nobody said so, by the effect's key in the link of its title.

use super::spot::Spot;
use crate::Discord;
use crate::api::{ApiError, Call, channel, message, part};
use crate::config::Id;
use muster_core::ids::EffectKey;
use muster_core::ports::chat::Delivery;
use serde_json::Value;
use serenity::http::Route;
use serenity::model::Permissions;

/// Messages of a page: as many as Discord gives. <https://discord.com/developers/docs/resources/message#get-channel-messages>
const PAGE: usize = 100;
/// So many pages are looked through, the latest messages first.
const PAGES: usize = 20;

/// An effect's key as the end of an address.
pub(super) fn fragment(key: &EffectKey) -> String {
    key.as_str().replace('/', "-")
}

/// When a snowflake was given, in seconds. <https://discord.com/developers/docs/reference#snowflakes>
pub(super) fn born(id: Id) -> i64 {
    message(id).created_at().unix_timestamp()
}

impl Discord {
    /// The message that an earlier attempt left there, if it did.
    ///
    /// # Errors
    /// [`ApiError`] when that cannot be known now.
    pub(super) async fn find(&self, delivery: &Delivery, spot: Spot) -> Result<Option<Id>, ApiError> {
        let me = self.api.who_am_i().await?;
        let since = self.people.addresses.since(delivery.incident).await.map_or(0, |since| since.timestamp());
        let end = format!("#{}", fragment(&delivery.key));
        let mut before = None;
        for _ in 0..PAGES {
            let route = Route::ChannelMessages { channel_id: channel(spot.channel) };
            let mut call = Call::get(route).with("limit", PAGE).needing(Permissions::READ_MESSAGE_HISTORY);
            if let Some(before) = before {
                call = call.with("before", before);
            }
            let page = self.call_at(spot, call).await?;
            let page = part::list(&page)?;
            if let Some(ours) = page.iter().find(|message| is_it(message, &end, me.user)) {
                return part::id(ours, "id").map(Some);
            }
            let oldest = page.iter().filter_map(|message| part::read_id(&message["id"])).min();
            match oldest {
                Some(oldest) if page.len() == PAGE && born(oldest) >= since => before = Some(oldest),
                Some(_) | None => return Ok(None),
            }
        }
        Ok(None)
    }
}

/// Whether we said that. Others may write any link.
fn is_it(message: &Value, end: &str, me: Id) -> bool {
    let is_marked = |text: &Value| text.as_str().is_some_and(|text| text.trim_end().ends_with(end));
    let mut embeds = message["embeds"].as_array().into_iter().flatten();
    let is_ours = part::read_id(&message["author"]["id"]) == Some(me);
    is_ours && (is_marked(&message["content"]) || embeds.any(|embed| is_marked(&embed["url"])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_message_is_ours_by_its_key_and_by_who_said_it() {
        let said = |author: &str, key: &str| {
            let url = format!("https://muster.example/incidents/INC-1#{key}");
            json!({ "author": { "id": author }, "content": "", "embeds": [{ "title": "x", "url": url }] })
        };
        assert!(is_it(&said("7", "INC-1-2-0"), "#INC-1-2-0", 7));
        assert!(!is_it(&said("7", "INC-1-2-01"), "#INC-1-2-0", 7));
        assert!(!is_it(&said("7", "INC-1-2-1"), "#INC-1-2-0", 7));
        assert!(!is_it(&said("8", "INC-1-2-0"), "#INC-1-2-0", 7));
        let plain = json!({ "author": { "id": "7" }, "content": "INC-1\nhttps://x.example#INC-1-2-0", "embeds": [] });
        assert!(is_it(&plain, "#INC-1-2-0", 7));
        assert!(!is_it(&json!({}), "#INC-1-2-0", 7));
    }
}
