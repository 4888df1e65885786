//! Slack as a platform: rooms, cards and commands, over Socket Mode or HTTP.

mod api;
mod config;
mod deliver;
pub mod doctor;
mod inbound;
pub mod manifest;
mod people;
pub mod render;

pub use config::{API_URL, ConfigError, SlackConfig};
pub use muster_core::chat::token::Token;

use api::Api;
use deliver::Channels;
use muster_core::app::Muster;
use muster_core::chat::Inbox;
use muster_core::ids::PlatformId;
use people::People;
use std::sync::Arc;

/// The platform's name in rooms, handles and effects.
#[must_use]
pub fn platform() -> PlatformId {
    PlatformId::from("slack")
}

/// A workspace of Slack.
pub struct Slack {
    pub(crate) muster: Arc<Muster>,
    pub(crate) config: SlackConfig,
    pub(crate) api: Api,
    pub(crate) people: People,
    pub(crate) channels: Channels,
    pub(crate) inbox: Inbox,
}

impl Slack {
    /// A workspace, as configured. Nothing is sent yet.
    ///
    /// # Errors
    /// When the config cannot work.
    pub fn new(muster: Arc<Muster>, config: SlackConfig) -> Result<Arc<Self>, ConfigError> {
        config.check()?;
        Ok(Arc::new(Self {
            api: Api::new(Arc::clone(&muster), &config)?,
            people: People::new(Arc::clone(&muster)),
            channels: Channels::default(),
            inbox: Inbox::default(),
            muster,
            config,
        }))
    }

    /// Asks who we are, so that the first incident need not. What does not work yet is tried again when it is needed.
    pub async fn greet(&self) {
        match self.api.ask_who_i_am().await {
            Ok(me) => tracing::info!(workspace = me.team_name, "Slack knows us"),
            Err(error) => tracing::warn!(%error, "Slack does not say who we are yet"),
        }
        let Some(wanted) = self.config.announce.as_deref() else { return };
        match self.announce_channel(wanted).await {
            Ok(Some(_)) => {}
            Ok(None) => tracing::warn!(channel = wanted, "there is no such channel to announce incidents in"),
            Err(error) => tracing::warn!(%error, channel = wanted, "the channel for announcements cannot be looked up"),
        }
    }

    /// What keeps Slack from doing what we ask until an operator does something, in sentences.
    #[must_use]
    pub fn troubles(&self) -> Vec<String> {
        self.api.health().troubles()
    }
}
