//! Slack as a platform: rooms, cards and commands, over Socket Mode or HTTP.
#![allow(dead_code, unused_imports)] // until both halves are in

mod api;
mod config;
mod deliver;
mod inbound;
mod people;
pub mod render;

pub use config::{API_URL, ConfigError, SlackConfig, Token};

use api::Api;
use deliver::Channels;
use muster_core::app::Muster;
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
    pub(crate) inbox: inbound::Inbox,
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
            inbox: inbound::Inbox::default(),
            muster,
            config,
        }))
    }
}
