//! E-mail, through a mail server of the operator's.

mod bounce;
mod bulletin;
mod courier;
mod header;
mod layout;
mod letter;
mod mailer;
mod server;
mod words;

pub use bounce::{Bounce, read_bounce};
pub(crate) use courier::no_page;
pub use courier::{EmailCourier, EmailCourierConfig};
pub(crate) use server::check;

use crate::config::{ConfigError, EmailConfig};
use crate::errand::{Carrier, Errand, Publication, To, refused};
use async_trait::async_trait;
use lettre::message::Mailbox;
use lettre::{Address, Message};
use mailer::Mailer;
use muster_core::ids::PlatformId;
use muster_core::plain::one_line;
use muster_core::ports::chat::{DeliveryError, Receipt};
use server::MailError;

/// So many connections to the mail server at most. Those of subscribers' letters are beside them.
const CONNECTIONS: u32 = 10;

pub(crate) struct Email {
    mailer: Mailer,
    from: Mailbox,
}

impl Email {
    pub(crate) fn new(config: &EmailConfig) -> Result<Self, ConfigError> {
        Ok(Self { mailer: Mailer::new(config, CONNECTIONS)?, from: server::from(config)? })
    }

    /// Whether the mail server is there, and lets us in: a connection is made, encrypted and signed in to as for a letter.
    pub(crate) async fn look(&self) -> Result<(), String> {
        self.mailer.look().await.map_err(|error| error.to_string())
    }

    /// To whom a letter goes. An address with anything odd in it is none.
    fn receiver(&self, to: &To<'_>) -> Result<Mailbox, DeliveryError> {
        let (person, address) = to.person("e-mail")?;
        let none = || refused(format!("the e-mail address of {} in the config is none", person.id));
        let address: Address = address.parse().map_err(|_| none())?;
        Ok(Mailbox::new(Some(one_line(&person.name)), address))
    }

    async fn send(&self, letter: Result<Message, lettre::error::Error>) -> Result<Receipt, DeliveryError> {
        let letter = letter.map_err(|_| refused("the letter could not be written".to_owned()))?;
        let id = letter.headers().get_raw("Message-ID").unwrap_or_default().to_owned();
        self.mailer.send(&letter).await?;
        Ok(Receipt::of(id))
    }
}

#[async_trait]
impl Carrier for Email {
    fn platform(&self) -> PlatformId {
        PlatformId::email()
    }

    async fn carry(&self, errand: &Errand<'_>) -> Result<Receipt, DeliveryError> {
        let to = self.receiver(&errand.to)?;
        self.send(letter::write(errand, self.from.clone(), to)).await
    }

    async fn publish(&self, publication: &Publication<'_>) -> Result<Receipt, DeliveryError> {
        let to = self.receiver(&publication.to)?;
        self.send(bulletin::to_person(publication, self.from.clone(), to)).await
    }
}

impl From<MailError> for DeliveryError {
    fn from(error: MailError) -> Self {
        let reason = error.to_string();
        match error {
            MailError::Refused { .. } | MailError::Wrong => Self::Permanent { reason },
            MailError::Later { .. } | MailError::Away => Self::Transient { reason, after: None },
        }
    }
}
