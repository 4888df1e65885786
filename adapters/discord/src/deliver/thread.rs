//! Rooms that are threads of a channel, or posts of a forum.
//! <https://discord.com/developers/docs/topics/threads>

use super::failed::FOR_OPERATOR;
use super::open::is_since;
use crate::api::{ApiError, Call, Me, channel, code, guild, part};
use crate::config::Id;
use crate::{Discord, Rooms};
use muster_core::incident::room::RoomPlan;
use muster_core::ports::chat::{Delivery, DeliveryError};
use serde_json::{Value, json};
use serenity::http::Route;
use serenity::model::Permissions;

/// The setting, as sentences for operators name it.
const SETTING: &str = "rooms";
/// Quiet threads are put away by Discord after so many minutes: a week, the longest it takes.
/// <https://discord.com/developers/docs/resources/channel#thread-metadata-object>
const QUIET: u64 = 10_080;
/// <https://discord.com/developers/docs/resources/channel#channel-object-channel-types>
const PUBLIC: u64 = 11;
/// The same, for those who were let in.
const PRIVATE: u64 = 12;

impl Discord {
    pub(super) async fn open_thread(
        &self,
        delivery: &Delivery,
        plan: &RoomPlan,
        me: &Me,
        parent: Id,
    ) -> Result<Value, DeliveryError> {
        if delivery.attempt > 1 {
            let route = Route::GuildThreadsActive { guild_id: guild(self.config.guild) };
            let active = self.api.call(Call::get(route)).await;
            let active = active.and_then(|answer| part::list_in(&answer, "threads").map(<[_]>::to_vec));
            let active = active.map_err(|error| self.failed_in_server(&error))?;
            let is_lost = |one: &Value| is_it(one, plan, me, parent);
            if let Some(lost) = self.free_one(delivery, active, is_lost).await? {
                return Ok(lost);
            }
        }
        let needs = match plan.private {
            true => Permissions::CREATE_PRIVATE_THREADS,
            false => Permissions::CREATE_PUBLIC_THREADS | Permissions::SEND_MESSAGES,
        };
        let route = Route::ChannelThreads { channel_id: channel(parent) };
        let call = Call::post(route, self.thread(delivery, plan)).because(delivery.incident).needing(needs);
        match self.api.call(call).await {
            Ok(thread) => {
                self.api.health().configured(SETTING);
                Ok(thread)
            }
            Err(error) => Err(self.cannot_open_thread(parent, &error)),
        }
    }

    fn thread(&self, delivery: &Delivery, plan: &RoomPlan) -> Value {
        let mut body = json!({ "name": plan.name, "auto_archive_duration": QUIET });
        match (&self.config.rooms, plan.private) {
            (Rooms::Forum { .. }, _) => {
                // What a post begins with stays above it; the headline says the rest.
                let content = format!("{}: <{}>", delivery.subject(), self.link(delivery));
                body["message"] = json!({ "content": content, "allowed_mentions": { "parse": [] } });
            }
            (Rooms::Channels { .. } | Rooms::Threads { .. }, true) => {
                body["type"] = json!(PRIVATE);
                body["invitable"] = json!(false);
            }
            (Rooms::Channels { .. } | Rooms::Threads { .. }, false) => body["type"] = json!(PUBLIC),
        }
        body
    }

    fn cannot_open_thread(&self, parent: Id, error: &ApiError) -> DeliveryError {
        let todo = match error.refusal() {
            Some(refused) if refused.code == code::TOO_MANY_THREADS => "archive threads that nobody needs any more",
            Some(refused) if [code::UNKNOWN_CHANNEL, code::MISSING_ACCESS].contains(&refused.code) => {
                "let Muster's role see it, or name another one in the config"
            }
            Some(refused) if refused.status == 400 => {
                "see that it is of the kind that the config says, and that its posts need no tags"
            }
            Some(_) | None => return self.failed_in_server(error),
        };
        let reason = format!("Discord makes no room in the channel {parent} ({error}): {todo}");
        self.api.health().misconfigured(SETTING, reason.clone());
        DeliveryError::Transient { reason, after: Some(FOR_OPERATOR) }
    }
}

/// Whether an earlier attempt made this thread: it is there, ours, young and named as planned.
fn is_it(thread: &Value, plan: &RoomPlan, me: &Me, parent: Id) -> bool {
    part::read_id(&thread["parent_id"]) == Some(parent)
        && part::read_id(&thread["owner_id"]) == Some(me.user)
        && thread["name"] == plan.name
        && is_since(thread, plan)
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_core::clock::Timestamp;

    #[test]
    fn a_lost_thread_is_there_ours_young_and_named_as_planned() {
        let me = Me { user: 7, name: "muster".into(), application: 7, flags: 0, verify_key: None };
        let since = Timestamp::from_timestamp(1_800_000_000, 0).expect("a moment");
        let plan = RoomPlan { name: "inc-1-till".into(), private: false, since };
        let id =
            |seconds: i64| (u64::try_from(seconds * 1_000 - 1_420_070_400_000).expect("after 2015") << 22).to_string();
        let thread = json!({ "id": id(1_800_000_001), "parent_id": "5", "owner_id": "7", "name": "inc-1-till" });
        assert!(is_it(&thread, &plan, &me, 5));
        for (field, value) in [
            ("id", json!(id(1_799_990_000))),
            ("parent_id", json!("6")),
            ("owner_id", json!("8")),
            ("name", json!("inc-1-tills")),
        ] {
            let mut other = thread.clone();
            other[field] = value;
            assert!(!is_it(&other, &plan, &me, 5), "{field}");
        }
    }
}
