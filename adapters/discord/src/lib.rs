//! Discord as a platform: rooms, cards and commands, over the gateway or signed HTTP interactions.

mod api;
pub mod commands;
mod config;
mod deliver;
mod doctor;
mod inbound;
mod people;
pub mod permissions;
mod register;
pub mod render;

pub use config::{API_URL, ConfigError, DiscordConfig, Id, Rooms};
pub use doctor::NotKnown;
pub use muster_core::chat::token::Token;
pub use register::{NotRegistered, Registered};
/// The HTTP client that [`Discord::over`] takes.
pub use reqwest;

use api::Api;
use deliver::Channels;
use inbound::Hearing;
use muster_core::app::Muster;
use muster_core::chat::Inbox;
use muster_core::ids::PlatformId;
use people::People;
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
    pub(crate) people: People,
    pub(crate) channels: Channels,
    pub(crate) inbox: Inbox,
    pub(crate) hearing: Hearing,
}

impl Discord {
    /// A server, as configured. Nothing is sent yet.
    ///
    /// # Errors
    /// When the config cannot work.
    pub fn new(muster: Arc<Muster>, config: DiscordConfig) -> Result<Arc<Self>, ConfigError> {
        config.check()?;
        let api = Api::new(Arc::clone(&muster), &config)?;
        Self::of(muster, config, api)
    }

    /// The same over a client that is given: one that trusts certificates of a network's own, for instance.
    ///
    /// # Errors
    /// When the config cannot work.
    pub fn over(muster: Arc<Muster>, config: DiscordConfig, client: reqwest::Client) -> Result<Arc<Self>, ConfigError> {
        config.check()?;
        let api = Api::over(Arc::clone(&muster), &config, client);
        Self::of(muster, config, api)
    }

    fn of(muster: Arc<Muster>, config: DiscordConfig, api: Api) -> Result<Arc<Self>, ConfigError> {
        Ok(Arc::new(Self {
            people: People::new(Arc::clone(&muster)),
            channels: Channels::new(),
            inbox: Inbox::default(),
            hearing: Hearing::new(&config)?,
            muster,
            config,
            api,
        }))
    }

    /// What keeps Discord from doing what we ask until an operator does something, in sentences.
    #[must_use]
    pub fn troubles(&self) -> Vec<String> {
        self.api.health().troubles()
    }
}
