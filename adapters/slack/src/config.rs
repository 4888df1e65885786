//! What an operator tells of their workspace.

use muster_core::chat::token::{Token, may_be_sent};
use std::time::Duration;

/// How Muster is connected to a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlackConfig {
    /// Where Slack's methods are, without a slash at the end: GovSlack and proxies have places of their own.
    pub api_url: String,
    /// The bot user's token, `xoxb-…`.
    pub bot_token: Token,
    /// The app-level token of Socket Mode, `xapp-…`, with the scope `connections:write`.
    pub app_token: Option<Token>,
    /// With which Slack signs its requests over HTTP.
    pub signing_secret: Option<Token>,
    /// The channel in which public incidents are announced, by name or id.
    pub announce: Option<String>,
    /// The slash command, as hints name it.
    pub command: String,
    /// The reactions that put a message on the timeline, without colons.
    pub pin_reactions: Vec<String>,
    /// How long one call may take, all in all.
    pub patience: Duration,
}

/// Where Slack is.
pub const API_URL: &str = "https://slack.com/api";

impl SlackConfig {
    /// The usual, with only a bot token: able to tell, not to listen.
    #[must_use]
    pub fn new(bot_token: Token) -> Self {
        Self {
            api_url: API_URL.to_owned(),
            bot_token,
            app_token: None,
            signing_secret: None,
            announce: None,
            command: "/inc".to_owned(),
            pin_reactions: vec!["pushpin".to_owned()],
            patience: Duration::from_secs(10),
        }
    }

    /// What is wrong with it, if anything is.
    ///
    /// # Errors
    /// The first thing that is wrong, and what to write instead.
    pub fn check(&self) -> Result<(), ConfigError> {
        if !self.bot_token.reveal().starts_with("xoxb-") {
            return Err(ConfigError::BotToken);
        }
        if self.app_token.as_ref().is_some_and(|token| !token.reveal().starts_with("xapp-")) {
            return Err(ConfigError::AppToken);
        }
        if self.signing_secret.as_ref().is_some_and(|secret| secret.reveal().is_empty()) {
            return Err(ConfigError::SigningSecret);
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
    /// Another kind of token.
    #[error("the Slack bot token must start with xoxb-: copy “Bot User OAuth Token” from “OAuth & Permissions”")]
    BotToken,
    /// Another kind of token.
    #[error(
        "the Slack app token must start with xapp-: make one with the scope connections:write in “Basic Information”"
    )]
    AppToken,
    /// It is empty.
    #[error("the Slack signing secret is empty: copy it from “Basic Information”")]
    SigningSecret,
    /// Nothing can be done in no time.
    #[error("the time allowed for a call to Slack must be more than nothing")]
    Patience,
    /// Not a place to send a token to.
    #[error("the Slack API address must be an https:// address, or http:// on this machine")]
    ApiUrl,
    /// The machine trusts nobody.
    #[error("no certificates to trust were found on this machine ({0}): install the package ca-certificates")]
    Certificates(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(api_url: &str) -> SlackConfig {
        SlackConfig { api_url: api_url.to_owned(), ..SlackConfig::new(Token::new("xoxb-1")) }
    }

    #[test]
    fn a_token_never_prints_itself() {
        assert!(!format!("{:?}", at(API_URL)).contains("xoxb"));
    }

    #[test]
    fn a_token_is_sent_to_nobody_in_the_clear() {
        for good in [API_URL, "https://slack-gov.com/api", "http://127.0.0.1:9000/api", "http://[::1]:9000/api"] {
            assert_eq!(at(good).check(), Ok(()), "{good}");
        }
        for bad in ["http://slack.com/api", "http://127.0.0.1.example.com/api", "ftp://slack.com", "slack.com/api", ""]
        {
            assert_eq!(at(bad).check(), Err(ConfigError::ApiUrl), "{bad}");
        }
    }

    #[test]
    fn tokens_of_another_kind_are_told_apart_at_the_start() {
        assert_eq!(SlackConfig::new(Token::new("xoxp-1")).check(), Err(ConfigError::BotToken));
        let swapped = SlackConfig { app_token: Some(Token::new("xoxb-1")), ..at(API_URL) };
        assert_eq!(swapped.check(), Err(ConfigError::AppToken));
    }
}
