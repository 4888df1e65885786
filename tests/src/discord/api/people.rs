//! The bot, the app, the guild, and who is in it.

use super::super::ask::Ask;
use super::super::gateway::GUILD_MEMBERS;
use super::super::refused::{Answer, MISSING_ACCESS, UNKNOWN_MEMBER, UNKNOWN_USER, ok};
use super::super::state::{Id, Role, State};
use serde_json::{Value, json};

pub(super) fn me(state: &mut State, _: &Ask) -> Answer {
    ok(state.users[&state.bot].json())
}

pub(super) fn user(state: &mut State, ask: &Ask) -> Answer {
    let user = state.users.get(&ask.id("user_id")?).ok_or(UNKNOWN_USER)?;
    ok(user.json())
}

/// <https://docs.discord.com/developers/resources/user#create-dm>
pub(super) fn open_direct(state: &mut State, ask: &Ask) -> Answer {
    let user = ask.snowflake("recipient_id")?.filter(|id| state.users.contains_key(id) && *id != state.bot);
    let user = user.ok_or(UNKNOWN_USER)?;
    let id = state.direct(user);
    ok(state.channel_json(&state.channels[&id]))
}

pub(super) fn guilds(state: &mut State, _: &Ask) -> Answer {
    let permissions = state.permissions(state.bot).to_string();
    let one = json!({ "id": state.guild.to_string(), "name": "Acme", "icon": null, "banner": null, "owner": false,
        "permissions": permissions, "features": [] });
    ok(if state.is_member { json!([one]) } else { json!([]) })
}

/// <https://docs.discord.com/developers/resources/application#get-current-application>
pub(super) fn application(state: &mut State, _: &Ask) -> Answer {
    // https://docs.discord.com/developers/resources/application#application-object-application-flags
    let limited = [(1 << 1, 1 << 15), (1 << 8, 1 << 13), (1 << 15, 1 << 19)];
    let flags =
        limited.iter().filter(|(intent, _)| state.privileged & intent != 0).fold(0, |all, (_, flag)| all | flag);
    ok(json!({
        "id": state.application.to_string(), "name": "muster", "icon": null, "description": "",
        "bot_public": false, "bot_require_code_grant": false, "verify_key": state.public_key(), "flags": flags,
        "team": null, "bot": state.users[&state.bot].json(), "redirect_uris": [],
        "interactions_endpoint_url": null, "integration_types_config": { "0": {} },
        "owner": state.users[&state.owner].json(), "approximate_guild_count": 1,
    }))
}

pub(super) fn gateway(state: &mut State, _: &Ask) -> Answer {
    ok(json!({ "url": format!("{}/first", state.gateway_address) }))
}

pub(super) fn gateway_bot(state: &mut State, _: &Ask) -> Answer {
    Ok(state.gateway_bot())
}

pub(super) fn guild(state: &mut State, ask: &Ask) -> Answer {
    state.guild(ask.id("guild_id")?)?;
    ok(state.guild_json())
}

pub(super) fn roles(state: &mut State, ask: &Ask) -> Answer {
    state.guild(ask.id("guild_id")?)?;
    ok(state.roles.values().map(Role::json).collect())
}

pub(super) fn member(state: &mut State, ask: &Ask) -> Answer {
    state.guild(ask.id("guild_id")?)?;
    let id = ask.id("user_id")?;
    if !state.users.contains_key(&id) {
        return Err(UNKNOWN_USER.into());
    }
    if !state.members.contains_key(&id) {
        return Err(UNKNOWN_MEMBER.into());
    }
    ok(state.member(id))
}

/// Needs the privileged intent. <https://docs.discord.com/developers/resources/guild#list-guild-members>
pub(super) fn members(state: &mut State, ask: &Ask) -> Answer {
    state.guild(ask.id("guild_id")?)?;
    if state.privileged & GUILD_MEMBERS == 0 {
        return Err(MISSING_ACCESS.into());
    }
    let after = ask.number("after").unwrap_or_default();
    let limit = ask.number("limit").unwrap_or(1) as usize;
    let ids: Vec<Id> = state.members.keys().copied().filter(|id| *id > after).take(limit).collect();
    ok(ids.into_iter().map(|id| state.member(id)).collect())
}

/// By the beginning of a name. <https://docs.discord.com/developers/resources/guild#search-guild-members>
pub(super) fn search(state: &mut State, ask: &Ask) -> Answer {
    state.guild(ask.id("guild_id")?)?;
    let wanted = ask.query.get("query").map(|query| query.to_lowercase()).unwrap_or_default();
    let limit = ask.number("limit").unwrap_or(1) as usize;
    let begins = |name: &str| name.to_lowercase().starts_with(&wanted);
    let fits =
        |id: &&Id| begins(&state.users[*id].name) || begins(&state.called(**id)) || begins(&state.users[*id].shown);
    let found: Vec<Value> = state.members.keys().filter(fits).take(limit).map(|id| state.member(*id)).collect();
    ok(json!(found))
}
