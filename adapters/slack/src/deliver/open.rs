//! Opening a room: exactly one, even when the answer to an earlier attempt was lost.

use super::failed::failed;
use crate::Slack;
use crate::api::{ApiError, Me, part};
use muster_core::chat::SKEW;
use muster_core::incident::room::RoomPlan;
use muster_core::ports::chat::{Delivery, DeliveryError, Opened, Receipt};
use serde_json::{Value, json};

/// So many names are tried.
const NAMES: usize = 20;
/// Channels of a page. <https://docs.slack.dev/reference/methods/users.conversations>
const PAGE: usize = 999;
/// So many pages are looked through.
const PAGES: usize = 20;

/// The names of a room, best first.
pub(super) fn names(name: &str) -> impl Iterator<Item = String> {
    let numbered = (2..=NAMES).map(move |n| format!("{name}-{n}"));
    std::iter::once(name.to_owned()).chain(numbered)
}

impl Slack {
    pub(super) async fn open_room(&self, delivery: &Delivery, plan: &RoomPlan) -> Result<Receipt, DeliveryError> {
        let me = self.api.who_am_i().await.map_err(|error| failed(&error))?;
        let mut found = match delivery.attempt {
            0 | 1 => None,
            _ => self.lost_room(delivery, plan, &me).await?,
        };
        for name in names(&plan.name) {
            if found.is_some() {
                break;
            }
            found = match self.create(&name, plan.private).await {
                Ok(channel) => Some(channel),
                Err(error) if !error.is(&["name_taken"]) => return Err(failed(&error)),
                Err(_) if delivery.attempt > 1 => self.lost_room(delivery, plan, &me).await?,
                Err(_) => None,
            };
        }
        let channel = found.ok_or_else(|| {
            let reason = format!("Slack has {NAMES} channels named like {}", plan.name);
            DeliveryError::Permanent { reason }
        })?;
        self.opened(delivery, plan, &channel, &me)
    }

    async fn create(&self, name: &str, private: bool) -> Result<Value, ApiError> {
        let mut answer = self.api.call("conversations.create", &json!({ "name": name, "is_private": private })).await?;
        Ok(answer["channel"].take())
    }

    fn opened(&self, delivery: &Delivery, plan: &RoomPlan, channel: &Value, me: &Me) -> Result<Receipt, DeliveryError> {
        let (Some(id), Some(name)) = (channel["id"].as_str(), channel["name"].as_str()) else {
            let reason = "Slack does not say which channel it has made".to_owned();
            return Err(DeliveryError::Transient { reason, after: None });
        };
        if !plan.private {
            self.people.addresses.found_room(delivery.incident, id);
        }
        let url = Some(format!("{}archives/{id}", me.url));
        let room = Opened { address: id.to_owned(), name: name.to_owned(), url };
        Ok(Receipt { external: id.to_owned(), room: Some(room) })
    }

    /// The room that an earlier attempt has made, if it has: one of these names that we made since, are in, and that
    /// is no other incident's. A bot is in every channel it has made.
    async fn lost_room(&self, delivery: &Delivery, plan: &RoomPlan, me: &Me) -> Result<Option<Value>, DeliveryError> {
        let types = if plan.private { "private_channel" } else { "public_channel" };
        let mut body = json!({ "types": types, "exclude_archived": true, "limit": PAGE });
        for _ in 0..PAGES {
            let page = self.api.call("users.conversations", &body).await.map_err(|error| failed(&error))?;
            let channels = part::list(&page, "channels").map_err(|error| failed(&error))?;
            for channel in channels.iter().filter(|one| is_it(one, plan, me)) {
                let address = channel["id"].as_str().unwrap_or_default();
                if self.people.addresses.is_free_for(delivery.incident, address).await? {
                    return Ok(Some(channel.clone()));
                }
            }
            match part::next(&page) {
                Some(cursor) => body["cursor"] = json!(cursor),
                None => break,
            }
        }
        Ok(None)
    }
}

fn is_it(channel: &Value, plan: &RoomPlan, me: &Me) -> bool {
    let created = channel["created"].as_i64().unwrap_or_default();
    let is_since = created >= (plan.since - SKEW).timestamp();
    let is_named = names(&plan.name).any(|name| channel["name"] == name);
    channel["creator"] == me.user && is_since && is_named && channel["is_archived"] != true
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use muster_core::clock::Timestamp;

    #[test]
    fn names_are_numbered_from_two_and_fit_into_slacks_80_characters() {
        let names: Vec<_> = names(&"x".repeat(72)).collect();
        assert_eq!(&names[1][72..], "-2");
        assert!(names.len() == NAMES && names.iter().all(|name| name.len() <= 80));
    }

    #[test]
    fn a_lost_room_is_ours_young_and_named_as_planned() {
        let since = Timestamp::UNIX_EPOCH + TimeDelta::days(1);
        let plan = RoomPlan { name: "inc-1-till".into(), private: false, since };
        let room = json!({ "name": "inc-1-till", "creator": "UBOT", "created": since.timestamp() });
        assert!(is_it(&room, &plan, &Me::of_the_shop()));
        let numbered = json!({ "name": "inc-1-till-2", "creator": "UBOT", "created": since.timestamp() });
        assert!(is_it(&numbered, &plan, &Me::of_the_shop()));
        for (field, value) in [
            ("name", json!("inc-1-tills")),
            ("creator", json!("UEVE")),
            ("created", json!(0)),
            ("is_archived", json!(true)),
        ] {
            let mut other = room.clone();
            other[field] = value;
            assert!(!is_it(&other, &plan, &Me::of_the_shop()), "{field}");
        }
    }
}
