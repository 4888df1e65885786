//! Discord as a platform: rooms, cards and commands, over the gateway or signed HTTP interactions.

pub mod commands;
mod config;

pub use config::{API_URL, ConfigError, DiscordConfig, Id, Rooms};
pub use muster_core::chat::token::Token;

use muster_core::ids::PlatformId;

/// The platform's name in rooms, handles and effects.
#[must_use]
pub fn platform() -> PlatformId {
    PlatformId::from("discord")
}
