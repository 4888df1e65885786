//! What Muster may do in a server, and why; and the address with which it is invited to do so.

use crate::api::part;
use crate::config::{API_URL, DiscordConfig, Id, Rooms};
use serde_json::Value;
use serenity::model::Permissions;

/// A permission, and what Muster does with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permission {
    /// Discord's own bit. <https://discord.com/developers/docs/topics/permissions#permissions-bitwise-permission-flags>
    pub bits: Permissions,
    /// As Discord's settings name it.
    pub name: &'static str,
    /// What Muster does with it, and what does not work without.
    pub why: &'static str,
}

const fn permission(bits: Permissions, name: &'static str, why: &'static str) -> Permission {
    Permission { bits, name, why }
}

/// Everything that Muster may do. The documentation is made from this table.
pub const PERMISSIONS: &[Permission] = &[
    permission(
        Permissions::VIEW_CHANNEL,
        "View Channels",
        "to see the rooms it has made, and the one for announcements",
    ),
    permission(Permissions::MANAGE_CHANNELS, "Manage Channels", "to open rooms, and to set their names and topics"),
    permission(
        Permissions::MANAGE_ROLES,
        "Manage Permissions",
        "to let people into private rooms, and to lock rooms of incidents that are over (in the server's settings: “Manage Roles”)",
    ),
    permission(Permissions::SEND_MESSAGES, "Send Messages", "to say things"),
    permission(
        Permissions::SEND_MESSAGES_IN_THREADS,
        "Send Messages in Threads",
        "to say things in rooms that are threads",
    ),
    permission(Permissions::CREATE_PUBLIC_THREADS, "Create Public Threads", "to open rooms as threads or forum posts"),
    permission(Permissions::CREATE_PRIVATE_THREADS, "Create Private Threads", "to open private rooms as threads"),
    permission(
        Permissions::MANAGE_THREADS,
        "Manage Threads",
        "to lock rooms that are threads when their incident is over",
    ),
    permission(Permissions::EMBED_LINKS, "Embed Links", "to show cards"),
    permission(
        Permissions::READ_MESSAGE_HISTORY,
        "Read Message History",
        "to look whether a message arrived whose answer was lost, and to read what is pinned to the timeline",
    ),
    permission(PIN_MESSAGES, "Pin Messages", "to pin the headline of an incident in its room"),
    permission(
        Permissions::CONNECT,
        "Connect",
        "to take away the voice channels beside rooms, where the config wants such",
    ),
];

/// Newer than the SDK. <https://discord.com/developers/docs/topics/permissions#permissions-bitwise-permission-flags>
pub(crate) const PIN_MESSAGES: Permissions = Permissions::from_bits_retain(1 << 51);

/// What it takes for rooms like these: those that are threads take no channels of their own, but private posts of a forum,
/// which Discord does not have, are channels.
pub(crate) fn needed(config: &DiscordConfig) -> Vec<Permission> {
    let of_channels = Permissions::MANAGE_CHANNELS | Permissions::MANAGE_ROLES;
    let is_needed = |one: &&Permission| match &config.rooms {
        Rooms::Threads { .. } => !(of_channels | Permissions::CONNECT).contains(one.bits),
        Rooms::Channels { .. } | Rooms::Forum { .. } => config.voice || one.bits != Permissions::CONNECT,
    };
    PERMISSIONS.iter().filter(is_needed).copied().collect()
}

/// Their names, for an operator: `Manage Channels and Send Messages`.
pub(crate) fn names(bits: Permissions) -> String {
    let names: Vec<_> = PERMISSIONS.iter().filter(|one| bits.contains(one.bits)).map(|one| one.name).collect();
    if names.is_empty() { "a permission we lack".to_owned() } else { format!("“{}”", names.join("”, “")) }
}

/// The address at which somebody who manages a server brings Muster in, with what it needs and its commands.
/// <https://discord.com/developers/docs/topics/oauth2#bot-authorization-flow>
pub(crate) fn invite_url(application: Id, config: &DiscordConfig) -> String {
    let permissions = needed(config).iter().fold(Permissions::empty(), |all, one| all | one.bits).bits();
    let guild = config.guild;
    format!(
        "{API_URL}/oauth2/authorize?client_id={application}&permissions={permissions}&scope=bot+applications.commands\
         &guild_id={guild}&disable_guild_select=true"
    )
}

/// What our roles allow us in the server.
/// <https://discord.com/developers/docs/topics/permissions#permission-overwrites>
pub(crate) fn in_server(roles: &[Value], ours: &[Id], guild: Id) -> Permissions {
    let is_ours = |role: &&Value| part::read_id(&role["id"]).is_some_and(|id| id == guild || ours.contains(&id));
    let all = roles.iter().filter(is_ours).fold(0, |all, role| all | part::bits(&role["permissions"]));
    let all = Permissions::from_bits_retain(all);
    if all.contains(Permissions::ADMINISTRATOR) { Permissions::from_bits_retain(u64::MAX) } else { all }
}

/// What that comes to in a channel or category: what it says of everybody, then of our roles together, then of us.
pub(crate) fn in_channel(server: Permissions, channel: &Value, ours: &[Id], (guild, me): (Id, Id)) -> Permissions {
    if server.contains(Permissions::ADMINISTRATOR) {
        return server;
    }
    let of = |is_meant: &dyn Fn(Id) -> bool| {
        let all = channel["permission_overwrites"].as_array().into_iter().flatten();
        let meant = all.filter(|one| part::read_id(&one["id"]).is_some_and(is_meant));
        meant.fold((0, 0), |(allow, deny), one| (allow | part::bits(&one["allow"]), deny | part::bits(&one["deny"])))
    };
    let steps = [of(&|id| id == guild), of(&|id| ours.contains(&id)), of(&|id| id == me)];
    let here = steps.into_iter().fold(server.bits(), |here, (allow, deny)| (here & !deny) | allow);
    Permissions::from_bits_retain(here)
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_core::chat::token::Token;
    use serde_json::json;

    #[test]
    fn we_ask_for_what_our_rooms_take_and_nothing_else() {
        let channels = DiscordConfig::new(Token::new("abc"), 9);
        let url = invite_url(7, &channels);
        let bits = url.split("permissions=").nth(1).and_then(|rest| rest.split('&').next()).expect("permissions");
        let asked = Permissions::from_bits_retain(bits.parse().expect("a number"));
        assert!(asked.contains(Permissions::MANAGE_CHANNELS | PIN_MESSAGES), "{asked:?}");
        assert!(!asked.intersects(Permissions::ADMINISTRATOR | Permissions::CONNECT | Permissions::MENTION_EVERYONE));
        let threads = DiscordConfig { rooms: Rooms::Threads { channel: 5 }, ..channels };
        assert!(needed(&threads).iter().all(|one| one.bits != Permissions::MANAGE_CHANNELS));
        assert!(url.contains("client_id=7") && url.contains("guild_id=9"), "{url}");
    }

    #[test]
    fn what_a_channel_says_of_us_comes_after_what_it_says_of_our_roles_and_of_everybody() {
        let send = Permissions::SEND_MESSAGES;
        let roles = json!([{ "id": "1", "permissions": "1024" }, { "id": "20", "permissions": send.bits().to_string() },
                           { "id": "30", "permissions": "8" }]);
        let roles = roles.as_array().expect("roles");
        let server = in_server(roles, &[20], 1);
        assert_eq!(server, send | Permissions::VIEW_CHANNEL);
        let overwrite =
            |id: &str, allow: u64, deny: u64| json!({ "id": id, "allow": allow.to_string(), "deny": deny.to_string() });
        let channel = |list: Value| in_channel(server, &json!({ "permission_overwrites": list }), &[20], (1, 7));
        assert_eq!(channel(json!([])), server);
        assert!(!channel(json!([overwrite("1", 0, send.bits())])).contains(send));
        assert!(channel(json!([overwrite("1", 0, send.bits()), overwrite("20", send.bits(), 0)])).contains(send));
        let denied_to_us = [overwrite("7", 0, send.bits()), overwrite("20", send.bits(), 0)];
        assert!(!channel(json!(denied_to_us)).contains(send));
        let all = in_server(roles, &[30], 1);
        assert!(all.contains(PIN_MESSAGES), "an administrator may do everything");
    }
}
