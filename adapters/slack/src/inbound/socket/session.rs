//! One connection: opened, read, answered, watched.

use super::envelope::{Received, acknowledgement, received};
use crate::Slack;
use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt, StreamExt};
use muster_core::chat::LAST_ORDERS;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Bytes, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};
use tokio_util::sync::CancellationToken;

/// How long connecting may take, and how long the greeting may take to come.
const PATIENCE: Duration = Duration::from_secs(10);
/// A connection that is quiet for so long is asked whether it still lives.
const QUIET: Duration = Duration::from_secs(10);
/// One that does not answer that for so long is dead. Until it is, what people do in Slack is not heard.
const ANSWER: Duration = Duration::from_secs(3);
/// So long a connection is still read after Slack has said that it will close it.
const LINGER: Duration = Duration::from_secs(30);
/// The largest message that is read, in bytes.
const LARGEST: usize = 4 * 1024 * 1024;
/// So many answers may wait to be written.
const WAITING: usize = 1_024;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A connection that Slack has greeted.
pub(super) struct Session {
    writing: SplitSink<Socket, Message>,
    reading: SplitStream<Socket>,
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoSession {
    /// Slack gave no address for one.
    #[error("{0}")]
    NoAddress(String),
    /// The address is not one to which envelopes may travel in the clear.
    #[error("Slack gave an address that is not encrypted")]
    InTheClear,
    /// It broke before it was greeted.
    #[error("the connection could not be opened: {0}")]
    Broken(String),
    /// It took too long.
    #[error("the connection took too long to open")]
    Slow,
}

impl Session {
    /// Opens a connection and waits for the greeting.
    pub(super) async fn open(slack: &Slack) -> Result<Self, NoSession> {
        let address = slack.api.open_socket().await.map_err(|error| NoSession::NoAddress(error.to_string()))?;
        // In the clear only to where the API itself may be called in the clear: this machine.
        if !address.starts_with("wss://") && !slack.config.api_url.starts_with("http://") {
            return Err(NoSession::InTheClear);
        }
        timeout(PATIENCE, Self::greeted(&address)).await.map_err(|_| NoSession::Slow)?
    }

    async fn greeted(address: &str) -> Result<Self, NoSession> {
        let limits = WebSocketConfig::default().max_message_size(Some(LARGEST)).max_frame_size(Some(LARGEST));
        let broken = |why: &dyn std::fmt::Display| NoSession::Broken(why.to_string());
        let (socket, _) =
            connect_async_with_config(address, Some(limits), true).await.map_err(|error| broken(&error))?;
        let (writing, mut reading) = socket.split();
        loop {
            match reading.next().await {
                Some(Ok(Message::Text(text))) if matches!(received(&text), Received::Hello) => {
                    return Ok(Self { writing, reading });
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(broken(&error)),
                None => return Err(broken(&"it was closed")),
            }
        }
    }

    /// Reads until the connection ends, or `ended`. Each envelope is a task of its own; what they answer is written in
    /// the order it comes. `wanted` is used, or dropped, when the next connection should be opened.
    pub(super) async fn serve(self, slack: Arc<Slack>, ended: CancellationToken, wanted: oneshot::Sender<()>) {
        metrics::gauge!("muster_slack_sockets").increment(1.0);
        let Self { writing, mut reading } = self;
        let (answers, queue) = mpsc::channel(WAITING);
        let writer = tokio::spawn(write(writing, queue));
        let mut reader = Reader { slack, answers, wanted: Some(wanted), until: None, asked: false };
        tokio::select! {
            () = ended.cancelled() => {}
            () = reader.read(&mut reading) => {}
        }
        // The writer goes on until the last envelope that was read has its answer.
        drop(reader);
        let _ = timeout(LAST_ORDERS, writer).await;
        metrics::gauge!("muster_slack_sockets").decrement(1.0);
    }
}

async fn write(mut writing: SplitSink<Socket, Message>, mut queue: mpsc::Receiver<Message>) {
    while let Some(message) = queue.recv().await {
        if writing.send(message).await.is_err() {
            // What is not acknowledged Slack sends again, over another connection.
            return;
        }
    }
    let _ = writing.close().await;
}

struct Reader {
    slack: Arc<Slack>,
    answers: mpsc::Sender<Message>,
    wanted: Option<oneshot::Sender<()>>,
    /// When to stop reading, once Slack has said that it will close the connection.
    until: Option<Instant>,
    /// Whether the other side has been asked if it still lives, and has not answered.
    asked: bool,
}

impl Reader {
    async fn read(&mut self, reading: &mut SplitStream<Socket>) {
        loop {
            let now = Instant::now();
            if self.until.is_some_and(|until| until <= now) {
                return;
            }
            let quiet = if self.asked { ANSWER } else { QUIET };
            let quiet = self.until.map_or(quiet, |until| quiet.min(until - now));
            match timeout(quiet, reading.next()).await {
                Ok(Some(Ok(message))) => {
                    self.asked = false;
                    self.heard(&message).await;
                }
                Ok(Some(Err(_)) | None) => return,
                Err(_) if self.until.is_some() => {}
                Err(_) if self.asked => {
                    tracing::warn!("the connection to Slack is dead");
                    return;
                }
                Err(_) => {
                    self.asked = true;
                    let _ = self.answers.send(Message::Ping(Bytes::new())).await;
                }
            }
        }
    }

    async fn heard(&mut self, message: &Message) {
        let Message::Text(text) = message else { return };
        match received(text) {
            Received::Hello => {}
            Received::Leaving { disabled } => {
                if disabled {
                    tracing::error!("Socket Mode is switched off for the app: switch it on under “Socket Mode”");
                }
                self.until = self.until.or_else(|| Some(Instant::now() + LINGER));
                if let Some(wanted) = self.wanted.take() {
                    let _ = wanted.send(());
                }
            }
            Received::Envelope { id, arrived } => {
                let (slack, answers) = (Arc::clone(&self.slack), self.answers.clone());
                let handled = async move {
                    let ack = slack.take(*arrived).await;
                    let _ = answers.send(Message::Text(acknowledgement(&id, ack))).await;
                };
                self.slack.inbox.go_on(handled);
            }
            Received::Unreadable { id } => {
                if let Some(id) = id {
                    let _ = self.answers.send(Message::Text(acknowledgement(&id, super::super::Ack::EMPTY))).await;
                }
            }
        }
    }
}
