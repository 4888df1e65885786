//! Conversations with the mail server: connections are kept between letters, and no conversation goes on for ever.

use super::server::{MailError, Server};
use crate::config::{ConfigError, EmailConfig};
use lettre::Message;
use lettre::address::Envelope;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// How long a conversation about one letter may take. Whoever carries letters waits for longer, so that it ends here.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a connection is kept that has nothing to carry: less than the five minutes after which servers may hang up.
/// <https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.2.7>
const IDLE: Duration = Duration::from_secs(60);

/// What carries letters to a mail server.
///
/// The pool of lettre keeps connections on which nobody waits for the answer any more; the next letter takes it for its own, and a
/// refused one counts as sent. Here a connection is kept only after a conversation that came to its end.
pub(super) struct Mailer {
    server: Server,
    most: usize,
    kept: Mutex<Vec<(AsyncSmtpConnection, Instant)>>,
}

impl Mailer {
    /// One to the server of a config, which keeps at most so many connections.
    pub(super) fn new(config: &EmailConfig, most: u32) -> Result<Self, ConfigError> {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        Ok(Self { server: Server::of(config)?, most, kept: Mutex::default() })
    }

    /// Makes a connection as for a letter.
    pub(super) async fn look(&self) -> Result<(), MailError> {
        let connection = tokio::time::timeout(PATIENCE, self.server.connect()).await;
        connection.unwrap_or(Err(MailError::Away)).map(|connection| self.keep(connection))
    }

    /// Sends a letter to whom its headers name.
    pub(super) async fn send(&self, letter: &Message) -> Result<(), MailError> {
        self.send_raw(letter.envelope(), &letter.formatted()).await
    }

    /// Sends a letter. Whoever stops waiting for it, hangs up.
    pub(super) async fn send_raw(&self, envelope: &Envelope, letter: &[u8]) -> Result<(), MailError> {
        let conversation = async {
            let mut connection = match self.kept().await {
                Some(connection) => connection,
                None => self.server.connect().await?,
            };
            connection.send(envelope, letter).await?;
            self.keep(connection);
            Ok(())
        };
        tokio::time::timeout(PATIENCE, conversation).await.unwrap_or(Err(MailError::Away))
    }

    /// A connection that was kept, and on which the server still answers.
    async fn kept(&self) -> Option<AsyncSmtpConnection> {
        loop {
            let (mut connection, since) = self.kept.lock().unwrap_or_else(PoisonError::into_inner).pop()?;
            if since.elapsed() < IDLE && connection.test_connected().await {
                return Some(connection);
            }
        }
    }

    fn keep(&self, connection: AsyncSmtpConnection) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(_, since)| since.elapsed() < IDLE);
        if kept.len() < self.most {
            kept.push((connection, Instant::now()));
        }
    }
}
