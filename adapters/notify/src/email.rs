//! E-mail, through a mail server of the operator's.

mod letter;

use crate::config::{ConfigError, EmailConfig};
use crate::errand::{Carrier, Errand, refused};
use async_trait::async_trait;
use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use muster_core::chat::token::may_be_sent;
use muster_core::ports::chat::{DeliveryError, Receipt};
use std::time::Duration;
use url::Url;

/// How long one step of a conversation with the mail server may take.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) struct Email {
    mailer: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Email {
    pub(crate) fn new(config: EmailConfig) -> Result<Self, ConfigError> {
        let server = server(&config)?;
        let from = from(&config)?;
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host)
            .port(server.port)
            .tls(server.tls)
            .timeout(Some(PATIENCE));
        if let (Some(user), Some(password)) = (server.user, config.password) {
            builder = builder.credentials(Credentials::new(user, password.reveal().to_owned()));
        }
        Ok(Self { mailer: builder.build(), from })
    }
}

#[async_trait]
impl Carrier for Email {
    fn platform(&self) -> &'static str {
        "email"
    }

    async fn carry(&self, errand: &Errand<'_>) -> Result<Receipt, DeliveryError> {
        let (person, address) = errand.person("e-mail")?;
        let none = || refused(format!("the e-mail address of {} in the config is none", person.id));
        let address: Address = address.parse().map_err(|_| none())?;
        let id = letter::message_id(errand.key, self.from.email.domain());
        let letter = letter::write(errand, self.from.clone(), Mailbox::new(Some(letter::name(person)), address));
        let letter = letter.map_err(|_| refused("the letter could not be written".to_owned()))?;
        self.mailer.send(letter).await.map_err(|error| failed(&error))?;
        Ok(Receipt::of(id))
    }
}

/// What becomes of a letter that was not taken. What the server says may hold the address: only its code is told.
/// <https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1>
fn failed(error: &lettre::transport::smtp::Error) -> DeliveryError {
    let code = error.status().map(|code| code.to_string());
    match code {
        Some(code) if error.is_permanent() => refused(format!("the mail server refused the letter: {code}")),
        Some(code) => DeliveryError::Transient { reason: format!("the mail server answered {code}"), after: None },
        None if error.is_client() => refused("the mail server cannot do what the config asks of it".to_owned()),
        None => DeliveryError::Transient { reason: "the mail server cannot be reached".to_owned(), after: None },
    }
}

/// Where the mail server is, and how it is spoken to.
struct Server {
    host: String,
    port: u16,
    tls: Tls,
    user: Option<String>,
}

/// What is wrong with a config, if anything is.
pub(crate) fn check(config: &EmailConfig) -> Result<(), ConfigError> {
    from(config)?;
    server(config).map(|_| ())
}

fn from(config: &EmailConfig) -> Result<Mailbox, ConfigError> {
    config.from.parse().map_err(|_| ConfigError::From)
}

/// Letters and passwords go in the clear only to this machine.
fn server(config: &EmailConfig) -> Result<Server, ConfigError> {
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
    let user = Some(url.username()).filter(|user| !user.is_empty()).map(decoded);
    if user.is_some() && config.password.is_none() {
        return Err(ConfigError::Password);
    }
    let host = host.trim_matches(['[', ']']).to_owned();
    Ok(Server { port: url.port().unwrap_or(usual), host, tls, user })
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
            let server = server(&config(smtp)).expect("a mail server");
            let tls = match server.tls {
                Tls::None => "none",
                Tls::Opportunistic(_) => "perhaps",
                Tls::Required(_) => "starttls",
                Tls::Wrapper(_) => "tls",
            };
            (server.host, server.port, tls, server.user)
        };
        let user = Some("me@example.com".to_owned());
        assert_eq!(read("smtps://me%40example.com@mx.example"), ("mx.example".into(), 465, "tls", user));
        assert_eq!(read("smtp://mx.example"), ("mx.example".into(), 587, "starttls", None));
        assert_eq!(read("smtp://a+b@mx.example:2525").3, Some("a+b".into()));
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
