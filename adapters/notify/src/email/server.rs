//! The mail server of the operator's: where it is, how it is spoken to, and what its answers mean.

use crate::config::{ConfigError, EmailConfig};
use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use muster_core::chat::token::may_be_sent;
use std::error::Error;
use std::time::Duration;
use url::Url;

/// How long it may take until the mail server is there.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why a letter was not taken. What a server says may hold the address: only its codes are told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum MailError {
    /// It said so for good. <https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1>
    #[error("the mail server refused the letter: {code}")]
    Refused {
        /// Its code: `550`.
        code: String,
        /// What that is about, where it says so: `5.1.1`. <https://www.rfc-editor.org/rfc/rfc3463>
        about: Option<String>,
    },
    /// It said: not now.
    #[error("the mail server answered {code}")]
    Later {
        /// Its code: `451`.
        code: String,
    },
    /// What the config asks for is not to be had there.
    #[error("the mail server cannot do what the config asks of it")]
    Wrong,
    /// It did not answer, or not to the end.
    #[error("the mail server cannot be reached")]
    Away,
}

impl From<lettre::transport::smtp::Error> for MailError {
    fn from(error: lettre::transport::smtp::Error) -> Self {
        match error.status().map(|code| code.to_string()) {
            Some(code) if error.is_permanent() => Self::Refused { code, about: about(&error) },
            Some(code) => Self::Later { code },
            None if error.is_client() => Self::Wrong,
            None => Self::Away,
        }
    }
}

/// The enhanced status code at the beginning of what the server said.
fn about(error: &lettre::transport::smtp::Error) -> Option<String> {
    let said = error.source()?.to_string();
    let word = said.split_whitespace().next()?;
    let numbers: Vec<&str> = word.split('.').collect();
    let is_number = |part: &&str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    (numbers.len() == 3 && numbers.iter().all(is_number)).then(|| word.to_owned())
}

/// Where the mail server is, and how it is spoken to.
pub(super) struct Server {
    host: String,
    port: u16,
    tls: Tls,
    credentials: Option<Credentials>,
}

/// What is wrong with a config, if anything is.
pub(crate) fn check(config: &EmailConfig) -> Result<(), ConfigError> {
    from(config)?;
    Server::of(config).map(drop)
}

/// Whom letters are from.
pub(super) fn from(config: &EmailConfig) -> Result<Mailbox, ConfigError> {
    config.from.parse().map_err(|_| ConfigError::From)
}

impl Server {
    /// That of a config. Letters and passwords go in the clear only to this machine.
    pub(super) fn of(config: &EmailConfig) -> Result<Self, ConfigError> {
        let url = Url::parse(&config.smtp).map_err(|_| ConfigError::Smtp)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(ConfigError::Smtp)?.to_owned();
        let is_bare = url.password().is_none() && matches!(url.path(), "" | "/") && url.query().is_none();
        if !is_bare {
            return Err(ConfigError::Smtp);
        }
        let encrypted = || TlsParameters::new(host.clone()).map_err(|_| ConfigError::Certificates);
        let (tls, usual) = match url.scheme() {
            "smtps" => (Tls::Wrapper(encrypted()?), 465),
            "smtp" if may_be_sent(Some("http"), Some(&host)) => (Tls::None, 25),
            "smtp" => (Tls::Required(encrypted()?), 587),
            _ => return Err(ConfigError::Smtp),
        };
        let credentials = match (Some(url.username()).filter(|user| !user.is_empty()).map(decoded), &config.password) {
            (Some(user), Some(password)) => Some(Credentials::new(user, password.reveal().to_owned())),
            (Some(_), None) => return Err(ConfigError::Password),
            (None, _) => None,
        };
        let host = host.trim_matches(['[', ']']).to_owned();
        Ok(Self { port: url.port().unwrap_or(usual), host, tls, credentials })
    }

    /// A new connection, encrypted and signed in as the config wants it.
    pub(super) async fn connect(&self) -> Result<AsyncSmtpConnection, MailError> {
        let (at, name) = ((self.host.as_str(), self.port), ClientId::default());
        let wrapper = if let Tls::Wrapper(parameters) = &self.tls { Some(parameters.clone()) } else { None };
        let mut connection = AsyncSmtpConnection::connect_tokio1(at, Some(PATIENCE), &name, wrapper, None).await?;
        if let Tls::Required(parameters) = &self.tls {
            connection.starttls(parameters.clone(), &name).await?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }
}

/// A user is often an address, whose `@` is written `%40` in a URL.
fn decoded(user: &str) -> String {
    let pair = format!("u={}", user.replace('+', "%2B"));
    url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, user)| user.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_core::chat::token::Token;

    fn config(smtp: &str) -> EmailConfig {
        let password = Some(Token::new("hunter2"));
        EmailConfig { smtp: smtp.to_owned(), password, from: "Muster <muster@example.com>".to_owned() }
    }

    #[test]
    fn a_mail_server_is_spoken_to_in_the_clear_only_on_this_machine() {
        let read = |smtp: &str| {
            let server = Server::of(&config(smtp)).expect("a mail server");
            let tls = match server.tls {
                Tls::None => "none",
                Tls::Opportunistic(_) => "perhaps",
                Tls::Required(_) => "starttls",
                Tls::Wrapper(_) => "tls",
            };
            (server.host, server.port, tls, server.credentials)
        };
        let user = |name: &str| Some(Credentials::new(name.to_owned(), "hunter2".to_owned()));
        assert_eq!(
            read("smtps://me%40example.com@mx.example"),
            ("mx.example".into(), 465, "tls", user("me@example.com"))
        );
        assert_eq!(read("smtp://mx.example"), ("mx.example".into(), 587, "starttls", None));
        assert_eq!(read("smtp://a+b@mx.example:2525").3, user("a+b"));
        assert_eq!(read("smtp://127.0.0.1:1025"), ("127.0.0.1".into(), 1025, "none", None));
        assert_eq!(read("smtp://[::1]:1025").0, "::1");
    }

    #[test]
    fn what_is_no_mail_server_or_no_address_is_told_at_the_start() {
        for smtp in
            ["mx.example", "https://mx.example", "smtp://", "smtps://u:p@mx.example", "smtp://mx.example?tls=no"]
        {
            assert_eq!(check(&config(smtp)), Err(ConfigError::Smtp), "{smtp}");
        }
        assert_eq!(
            check(&EmailConfig { from: "nobody".into(), ..config("smtps://x.example") }),
            Err(ConfigError::From)
        );
        let without = EmailConfig { password: None, ..config("smtps://me@x.example") };
        assert_eq!(check(&without), Err(ConfigError::Password));
    }
}
