//! What an operator tells of their Discord server.

use muster_core::chat::token::{Token, may_be_sent};
use std::time::Duration;

/// A snowflake: what Discord calls a channel, a server, a user by.
/// <https://discord.com/developers/docs/reference#snowflakes>
pub type Id = u64;

/// Where rooms are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rooms {
    /// Text channels in these categories, the next one when the first is full; anywhere when there is none.
    Channels {
        /// Categories.
        categories: Vec<Id>,
    },
    /// Posts of a forum channel. Private incidents get text channels.
    Forum {
        /// The forum.
        forum: Id,
    },
    /// Threads of a text channel; private ones for private incidents.
    Threads {
        /// The channel.
        channel: Id,
    },
}

/// How Muster is connected to a Discord server (a "guild").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscordConfig {
    /// Where Discord is, without a slash at the end; a proxy has a place of its own. Requests to the real one go through
    /// the SDK's rate limiter, those to a proxy do not: limiting is the proxy's work then.
    pub api_url: String,
    /// The bot's token.
    pub token: Token,
    /// The server.
    pub guild: Id,
    /// With which Discord signs interactions over HTTP, 64 hexadecimal digits. Without it they come over the gateway.
    pub public_key: Option<String>,
    /// Whether we keep a connection to the gateway. Reactions, and that a room was deleted, are told only there.
    pub gateway: bool,
    /// Where rooms are made.
    pub rooms: Rooms,
    /// Whether every room has a voice channel beside it.
    pub voice: bool,
    /// The channel in which public incidents are announced.
    pub announce: Option<Id>,
    /// The reactions that put a message on the timeline.
    pub pin_reactions: Vec<String>,
    /// Whether commands are registered for the server only, where changes show at once: for development.
    pub commands_in_guild: bool,
    /// How long one call may take, all in all.
    pub patience: Duration,
}

/// Where Discord is.
pub const API_URL: &str = "https://discord.com";

impl DiscordConfig {
    /// The usual.
    #[must_use]
    pub fn new(token: Token, guild: Id) -> Self {
        Self {
            api_url: API_URL.to_owned(),
            token,
            guild,
            public_key: None,
            gateway: true,
            rooms: Rooms::Channels { categories: Vec::new() },
            voice: false,
            announce: None,
            pin_reactions: vec!["📌".to_owned()],
            commands_in_guild: false,
            patience: Duration::from_secs(10),
        }
    }

    /// What is wrong with it, if anything is.
    ///
    /// # Errors
    /// The first thing that is wrong, and what to write instead.
    pub fn check(&self) -> Result<(), ConfigError> {
        let token = self.token.reveal();
        if token.is_empty() || token.starts_with("Bearer ") || token.chars().any(char::is_control) {
            return Err(ConfigError::Token);
        }
        if self.public_key.as_deref().is_some_and(|key| key.len() != 64 || !key.bytes().all(|b| b.is_ascii_hexdigit()))
        {
            return Err(ConfigError::PublicKey);
        }
        if !self.gateway && self.public_key.is_none() {
            return Err(ConfigError::Deaf);
        }
        if self.guild == 0 {
            return Err(ConfigError::Guild);
        }
        if self.patience.is_zero() {
            return Err(ConfigError::Patience);
        }
        let uri: axum::http::Uri = self.api_url.parse().map_err(|_| ConfigError::ApiUrl)?;
        if may_be_sent(uri.scheme_str(), uri.host()) { Ok(()) } else { Err(ConfigError::ApiUrl) }
    }
}

/// What is wrong with a config, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// It is none.
    #[error("the Discord bot token is not one: copy it from “Bot” in the developer portal")]
    Token,
    /// It is none.
    #[error("the Discord public key must be 64 hexadecimal digits: copy it from “General Information”")]
    PublicKey,
    /// Nothing would be heard.
    #[error("without the gateway Discord can only be heard over HTTP: set the public key, or leave the gateway on")]
    Deaf,
    /// It is none.
    #[error("the Discord server must be given by its id: switch developer mode on, and use “Copy Server ID”")]
    Guild,
    /// Nothing can be done in no time.
    #[error("the time allowed for a call to Discord must be more than nothing")]
    Patience,
    /// Not a place to send a token to.
    #[error("the Discord API address must be an https:// address, or http:// on this machine")]
    ApiUrl,
    /// The machine trusts nobody.
    #[error("Discord cannot be reached securely from this machine ({0}): install the package ca-certificates")]
    Certificates(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> DiscordConfig {
        DiscordConfig::new(Token::new("abc.def"), 1)
    }

    #[test]
    fn a_config_that_cannot_work_is_refused_with_what_to_write_instead() {
        assert_eq!(good().check(), Ok(()));
        for (wrong, error) in [
            (DiscordConfig { token: Token::new(" "), ..good() }, ConfigError::Token),
            (DiscordConfig { guild: 0, ..good() }, ConfigError::Guild),
            (DiscordConfig { gateway: false, ..good() }, ConfigError::Deaf),
            (DiscordConfig { public_key: Some("abc".into()), ..good() }, ConfigError::PublicKey),
            (DiscordConfig { api_url: "http://discord.com".into(), ..good() }, ConfigError::ApiUrl),
            (DiscordConfig { patience: Duration::ZERO, ..good() }, ConfigError::Patience),
        ] {
            assert_eq!(wrong.check(), Err(error));
        }
    }
}
