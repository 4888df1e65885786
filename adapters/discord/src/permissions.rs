//! What Muster may do in a server, and why; and the address with which it is invited to do so.

use crate::config::{API_URL, Id};
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

/// All of them.
pub(crate) fn all() -> Permissions {
    PERMISSIONS.iter().fold(Permissions::empty(), |all, one| all | one.bits)
}

/// Their names, for an operator: `Manage Channels and Send Messages`.
pub(crate) fn names(bits: Permissions) -> String {
    let names: Vec<_> = PERMISSIONS.iter().filter(|one| bits.contains(one.bits)).map(|one| one.name).collect();
    if names.is_empty() { "a permission we lack".to_owned() } else { format!("“{}”", names.join("”, “")) }
}

/// The address at which somebody who manages a server brings Muster in, with these permissions and its commands.
/// <https://discord.com/developers/docs/topics/oauth2#bot-authorization-flow>
pub(crate) fn invite_url(application: Id, guild: Id) -> String {
    let permissions = all().bits();
    format!(
        "{API_URL}/oauth2/authorize?client_id={application}&permissions={permissions}&scope=bot+applications.commands\
         &guild_id={guild}&disable_guild_select=true"
    )
}
