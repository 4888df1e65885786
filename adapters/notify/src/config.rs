//! What an operator tells of the ways out.

use muster_core::chat::token::{Token, may_be_sent};
use std::collections::BTreeMap;
use url::Url;

/// Where Twilio is. <https://www.twilio.com/docs/usage/requests-to-twilio>
pub(crate) const TWILIO: &str = "https://api.twilio.com";
/// Where ntfy is, for those who have none of their own.
pub(crate) const NTFY: &str = "https://ntfy.sh";
/// Where Statuspage's API is. <https://developer.statuspage.io/>
pub(crate) const STATUSPAGE: &str = "https://api.statuspage.io";
/// Where PagerDuty takes events. <https://developer.pagerduty.com/docs/events-api-v2-overview>
pub(crate) const PAGERDUTY: &str = "https://events.pagerduty.com";

/// The ways out. What is not there is no way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NotifyConfig {
    /// E-mail.
    pub email: Option<EmailConfig>,
    /// SMS and calls.
    pub twilio: Option<TwilioConfig>,
    /// Push messages.
    pub ntfy: Option<NtfyConfig>,
    /// Services of PagerDuty.
    pub pagerduty: Vec<PagerDutyConfig>,
    /// Other systems.
    pub webhooks: Vec<WebhookConfig>,
    /// Pages at Statuspage.
    pub statuspage: Vec<StatuspageIoConfig>,
}

/// A mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailConfig {
    /// `smtps://user@host:465` for TLS from the first byte, `smtp://user@host:587` for STARTTLS.
    pub smtp: String,
    /// The password of that user.
    pub password: Option<Token>,
    /// From whom: `Muster <muster@example.com>`.
    pub from: String,
}

/// An account of Twilio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TwilioConfig {
    /// Its SID, `AC…`.
    pub account: String,
    /// Its auth token, which also signs what Twilio sends.
    pub token: Token,
    /// The number that sends and calls: `+46701234567`.
    pub from: String,
    /// Where Twilio is, without a slash at the end.
    pub api: String,
}

impl TwilioConfig {
    /// The usual.
    #[must_use]
    pub fn new(account: impl Into<String>, token: Token, from: impl Into<String>) -> Self {
        Self { account: account.into(), token, from: from.into(), api: TWILIO.to_owned() }
    }
}

/// A server of ntfy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NtfyConfig {
    /// Where it is, without a slash at the end.
    pub server: String,
    /// With which one may publish there.
    pub token: Option<Token>,
}

impl Default for NtfyConfig {
    fn default() -> Self {
        Self { server: NTFY.to_owned(), token: None }
    }
}

/// A service of PagerDuty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PagerDutyConfig {
    /// By which policies name it.
    pub name: String,
    /// Its integration key.
    pub key: Token,
    /// Where PagerDuty is: the accounts of the EU have a place of their own.
    pub api: String,
}

impl PagerDutyConfig {
    /// The usual.
    #[must_use]
    pub fn new(name: impl Into<String>, key: Token) -> Self {
        Self { name: name.into(), key, api: PAGERDUTY.to_owned() }
    }
}

/// Another system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookConfig {
    /// By which policies and contacts name it.
    pub name: String,
    /// Where it is. It may hold a secret.
    pub url: Token,
    /// With which we sign: `whsec_…`.
    pub secret: Token,
}

/// A page at Statuspage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatuspageIoConfig {
    /// By which audiences name it.
    pub name: String,
    /// Its id there.
    pub page: String,
    /// The key of a user who may change it.
    pub key: Token,
    /// The ids there of our components, by ours. What is not here is not touched there.
    pub components: BTreeMap<String, String>,
    /// Where Statuspage's API is, without a slash at the end.
    pub api: String,
}

impl StatuspageIoConfig {
    /// The usual.
    #[must_use]
    pub fn new(name: impl Into<String>, page: impl Into<String>, key: Token) -> Self {
        let (name, page) = (name.into(), page.into());
        Self { name, page, key, components: BTreeMap::new(), api: STATUSPAGE.to_owned() }
    }

    /// What is wrong with it, if anything is.
    ///
    /// # Errors
    /// What to write instead.
    pub fn check(&self) -> Result<(), ConfigError> {
        let is_id = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !is_id(&self.page) || !self.components.values().all(|id| is_id(id)) {
            return Err(ConfigError::StatuspageId);
        }
        may_hear_keys(&self.api)
    }
}

/// What is wrong with a config, and what to write instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// Not a mail server.
    #[error("email.smtp must be smtps://USER@HOST:465 (TLS) or smtp://USER@HOST:587 (STARTTLS), without a password")]
    Smtp,
    /// Not an address.
    #[error("email.from must be an address: muster@example.com, or Muster <muster@example.com>")]
    From,
    /// No room in it.
    #[error(
        "subscribers.bounces must be an address with a name of at most 17 characters and no + in it: bounces@example.com"
    )]
    Bounces,
    /// A user without a password.
    #[error("email.smtp names a user, so that email.password is needed")]
    Password,
    /// The machine trusts nobody.
    #[error("no certificates to trust were found on this machine: install the package ca-certificates")]
    Certificates,
    /// Another kind of id.
    #[error("twilio.account must be the Account SID of the console's first page: AC and 32 digits and letters")]
    Account,
    /// Not a number as Twilio takes them.
    #[error("twilio.from must be a number in full: +46701234567")]
    Number,
    /// Not an id of Statuspage's.
    #[error("ids of Statuspage are letters and digits, such as kctbh9vrtdwd: the API info of the page shows them")]
    StatuspageId,
    /// Not a place to send a secret to.
    #[error("this must be an https:// address, or http:// on this machine: keys are sent to nobody in the clear")]
    Address,
    /// Not a secret to sign with.
    #[error("the secret of a webhook must be whsec_ and at least 24 bytes in base64, as the other side shows it")]
    Secret,
}

impl NotifyConfig {
    /// What is wrong with it, if anything is.
    ///
    /// # Errors
    /// The first thing that is wrong, and what to write instead.
    pub fn check(&self) -> Result<(), ConfigError> {
        if let Some(email) = &self.email {
            email.check()?;
        }
        if let Some(twilio) = &self.twilio {
            twilio.check()?;
        }
        if let Some(ntfy) = &self.ntfy {
            ntfy.check()?;
        }
        self.pagerduty.iter().try_for_each(PagerDutyConfig::check)?;
        self.webhooks.iter().try_for_each(WebhookConfig::check)?;
        self.statuspage.iter().try_for_each(StatuspageIoConfig::check)
    }
}

impl EmailConfig {
    /// What is wrong with it, if anything is.
    ///
    /// # Errors
    /// What to write instead.
    pub fn check(&self) -> Result<(), ConfigError> {
        crate::email::check(self)
    }
}

impl TwilioConfig {
    /// What is wrong with it, if anything is.
    ///
    /// # Errors
    /// What to write instead.
    pub fn check(&self) -> Result<(), ConfigError> {
        let sid = self.account.strip_prefix("AC").unwrap_or_default();
        if sid.len() != 32 || !sid.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(ConfigError::Account);
        }
        if !crate::twilio::is_number(&self.from) {
            return Err(ConfigError::Number);
        }
        may_hear_keys(&self.api)
    }
}

impl NtfyConfig {
    /// What is wrong with it, if anything is.
    ///
    /// # Errors
    /// What to write instead.
    pub fn check(&self) -> Result<(), ConfigError> {
        may_hear_keys(&self.server)
    }
}

impl PagerDutyConfig {
    /// What is wrong with it, if anything is.
    ///
    /// # Errors
    /// What to write instead.
    pub fn check(&self) -> Result<(), ConfigError> {
        may_hear_keys(&self.api)
    }
}

impl WebhookConfig {
    /// What is wrong with it, if anything is.
    ///
    /// # Errors
    /// What to write instead.
    pub fn check(&self) -> Result<(), ConfigError> {
        crate::webhook::signer(&self.secret)?;
        let url = Url::parse(self.url.reveal()).map_err(|_| ConfigError::Address)?;
        if matches!(url.scheme(), "http" | "https") && url.has_host() { Ok(()) } else { Err(ConfigError::Address) }
    }
}

fn may_hear_keys(address: &str) -> Result<(), ConfigError> {
    let url = Url::parse(address).map_err(|_| ConfigError::Address)?;
    let is_bare = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if is_bare && may_be_sent(Some(url.scheme()), url.host_str()) { Ok(()) } else { Err(ConfigError::Address) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sent_to_nobody_in_the_clear() {
        for good in [TWILIO, "https://twilio.example/base", "http://127.0.0.1:9000"] {
            assert_eq!(may_hear_keys(good), Ok(()), "{good}");
        }
        for bad in ["http://api.twilio.com", "https://user@twilio.example", "https://x.example/?key=1", "ftp://x", ""] {
            assert_eq!(may_hear_keys(bad), Err(ConfigError::Address), "{bad}");
        }
    }

    #[test]
    fn an_account_and_a_number_are_known_by_their_form() {
        let account = format!("AC{}", "0".repeat(32));
        let config = |account: &str, from: &str| TwilioConfig::new(account, Token::new("token"), from).check();
        assert_eq!(config(&account, "+46701234567"), Ok(()));
        assert_eq!(config("SK123", "+46701234567"), Err(ConfigError::Account));
        assert_eq!(config(&account, "0701234567"), Err(ConfigError::Number));
    }

    #[test]
    fn nothing_secret_prints_itself() {
        let webhook = WebhookConfig {
            name: "ops".to_owned(),
            url: Token::new("https://ops.example/hunter2"),
            secret: Token::new("whsec_hunter2"),
        };
        assert!(!format!("{webhook:?}").contains("hunter2"));
    }
}
