//! Discord as a platform: rooms, cards and commands, over the gateway or signed HTTP interactions.
#![allow(dead_code, unused_imports)] // Until everything that calls is here.

mod api;
pub mod commands;
mod config;
pub mod permissions;
pub mod render;

pub use config::{API_URL, ConfigError, DiscordConfig, Id, Rooms};
pub use muster_core::chat::token::Token;

use api::Api;
use muster_core::app::Muster;
use muster_core::chat::Inbox;
use muster_core::ids::PlatformId;
use std::sync::Arc;

/// The platform's name in rooms, handles and effects.
#[must_use]
pub fn platform() -> PlatformId {
    PlatformId::from("discord")
}

/// A server of Discord (a "guild").
pub struct Discord {
    pub(crate) muster: Arc<Muster>,
    pub(crate) config: DiscordConfig,
    pub(crate) api: Api,
    pub(crate) inbox: Inbox,
}

impl Discord {
    /// A server, as configured. Nothing is sent yet.
    ///
    /// # Errors
    /// When the config cannot work.
    pub fn new(muster: Arc<Muster>, config: DiscordConfig) -> Result<Arc<Self>, ConfigError> {
        config.check()?;
        Ok(Arc::new(Self { api: Api::new(Arc::clone(&muster), &config)?, inbox: Inbox::default(), muster, config }))
    }

    /// What keeps Discord from doing what we ask until an operator does something, in sentences.
    #[must_use]
    pub fn troubles(&self) -> Vec<String> {
        self.api.health().troubles()
    }
}
