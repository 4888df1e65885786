//! The announcement: one card in the channel where everybody looks.

use super::failed::{FOR_OPERATOR, failed, is_shut};
use super::spot::Spot;
use crate::Slack;
use crate::api::{ApiError, part};
use muster_core::ports::chat::{Delivery, DeliveryError, Receipt};
use muster_core::view::View;
use serde_json::json;
use std::sync::{Mutex, PoisonError};

/// What is recorded where nothing is announced.
pub(super) const NOT_ANNOUNCED: &str = "not announced";
/// The setting, as sentences for operators name it.
const SETTING: &str = "announce";
/// Channels of a page. <https://docs.slack.dev/reference/methods/conversations.list>
const PAGE: usize = 999;
/// So many pages are looked through.
const PAGES: usize = 50;

/// Channels that are named in the config, as found.
#[derive(Debug, Default)]
pub(crate) struct Channels {
    announce: Mutex<Option<String>>,
}

impl Channels {
    fn known(&self) -> Option<String> {
        self.announce.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn learn(&self, channel: Option<String>) {
        *self.announce.lock().unwrap_or_else(PoisonError::into_inner) = channel;
    }
}

impl Slack {
    pub(super) async fn announce(&self, delivery: &Delivery, view: &View) -> Result<Receipt, DeliveryError> {
        let Some(wanted) = self.config.announce.as_deref() else { return Ok(Receipt::of(NOT_ANNOUNCED)) };
        let Some(channel) = self.announce_channel(wanted).await.map_err(|error| failed(&error))? else {
            return Err(self.cannot_announce(wanted, "there is no such public channel, and we are in no private one"));
        };
        match self.stand(delivery, &Spot::of_others(channel), view).await {
            Ok(shown) => {
                self.api.health().configured(SETTING);
                Ok(Receipt::of(shown.ts))
            }
            Err(error) if is_shut(&error) => {
                self.channels.learn(None);
                Err(self.cannot_announce(wanted, &error.to_string()))
            }
            Err(error) => Err(failed(&error)),
        }
    }

    /// The id of the channel in which we announce, by name or id; `None` if it is not to be found.
    ///
    /// # Errors
    /// [`ApiError`].
    pub(crate) async fn announce_channel(&self, wanted: &str) -> Result<Option<String>, ApiError> {
        if is_id(wanted) {
            return Ok(Some(wanted.to_owned()));
        }
        if let Some(known) = self.channels.known() {
            return Ok(Some(known));
        }
        let name = wanted.trim_start_matches('#');
        let found = match self.channel_named("users.conversations", name).await? {
            Some(found) => Some(found),
            None => self.channel_named("conversations.list", name).await?,
        };
        self.channels.learn(found.clone());
        Ok(found)
    }

    async fn channel_named(&self, method: &'static str, name: &str) -> Result<Option<String>, ApiError> {
        let types = "public_channel,private_channel";
        let mut body = json!({ "types": types, "exclude_archived": true, "limit": PAGE });
        for _ in 0..PAGES {
            let page = self.api.call(method, &body).await?;
            let found = part::list(&page, "channels")?.iter().find(|channel| channel["name"] == name);
            if let Some(id) = found.and_then(|channel| channel["id"].as_str()) {
                return Ok(Some(id.to_owned()));
            }
            match part::next(&page) {
                Some(cursor) => body["cursor"] = json!(cursor),
                None => return Ok(None),
            }
        }
        Ok(None)
    }

    fn cannot_announce(&self, wanted: &str, why: &str) -> DeliveryError {
        let todo = "create or unarchive it, or invite the app, or change `announce` in the config";
        let reason = format!("Slack incidents cannot be announced in {wanted}: {why}: {todo}");
        self.api.health().misconfigured(SETTING, reason.clone());
        DeliveryError::Transient { reason, after: Some(FOR_OPERATOR) }
    }
}

/// Whether it is an id: names are in lower case.
fn is_id(wanted: &str) -> bool {
    wanted.len() >= 9
        && wanted.starts_with(['C', 'G'])
        && wanted.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_is_named_or_given_by_its_id() {
        assert!(is_id("C0123ABCD"));
        for name in ["incidents", "#incidents", "C0123", "c0123abcd", "CHANNEL-1"] {
            assert!(!is_id(name), "{name}");
        }
    }
}
