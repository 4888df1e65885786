//! Who may do what in a channel. <https://docs.discord.com/developers/resources/channel#edit-channel-permissions>

use super::super::ask::{Ask, snowflake};
use super::super::permissions::{self, MANAGE_ROLES, Overwrite};
use super::super::refused::{Answer, UNKNOWN_OVERWRITE, WRONG_KIND, done};
use super::super::state::{Id, State};
use serde_json::Value;
use std::collections::BTreeMap;

/// The overwrites of a body.
pub(super) fn read(list: &Value) -> BTreeMap<Id, Overwrite> {
    let one = |value: &Value| {
        let id = snowflake(&value["id"])?;
        let (allow, deny) = (permissions::read(&value["allow"]), permissions::read(&value["deny"]));
        Some((id, Overwrite { id, is_member: value["type"] == 1, allow, deny }))
    };
    list.as_array().into_iter().flatten().filter_map(one).collect()
}

pub(super) fn put(state: &mut State, ask: &Ask) -> Answer {
    let (channel, id) = (ask.id("channel_id")?, ask.id("overwrite_id")?);
    let room = state.channel_for(channel, MANAGE_ROLES)?;
    if room.thread.is_some() || room.recipient.is_some() {
        return Err(WRONG_KIND.into());
    }
    let own = state.permissions_in(state.bot, room);
    let (allow, deny) = (permissions::read(&ask.body["allow"]), permissions::read(&ask.body["deny"]));
    let overwrite = Overwrite { id, is_member: ask.body["type"] == 1, allow, deny };
    let is_known = if overwrite.is_member { state.users.contains_key(&id) } else { state.roles.contains_key(&id) };
    if !is_known {
        return Err(UNKNOWN_OVERWRITE.into());
    }
    state.may_set(own, [&overwrite])?;
    state.room(channel).overwrites.insert(id, overwrite);
    state.tell_of_channel("CHANNEL_UPDATE", channel);
    done()
}

pub(super) fn delete(state: &mut State, ask: &Ask) -> Answer {
    let (channel, id) = (ask.id("channel_id")?, ask.id("overwrite_id")?);
    state.channel_for(channel, MANAGE_ROLES)?;
    if state.room(channel).overwrites.remove(&id).is_none() {
        return Err(UNKNOWN_OVERWRITE.into());
    }
    state.tell_of_channel("CHANNEL_UPDATE", channel);
    done()
}
