//! One connection: opened, greeted, kept alive, read.

use super::frame::{self, Frame};
use super::lost::Lost;
use futures::{SinkExt, StreamExt};
use muster_core::chat::backoff::share;
use muster_core::chat::token::may_be_sent;
use muster_core::clock::Entropy;
use serde_json::Value;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::http::Uri;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

/// How long connecting may take until the greeting, and writing something.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long saying goodbye may take.
const GOODBYE: Duration = Duration::from_secs(1);
/// The largest message that is read, in bytes: what is said of a large server once, when we begin to listen.
const LARGEST: usize = 16 * 1024 * 1024;
/// The version we speak, uncompressed. <https://docs.discord.com/developers/events/gateway#connecting>
const DIALECT: &str = "v=10&encoding=json";

/// A connection that Discord has greeted.
pub(super) struct Connection {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    every: Duration,
    beat_at: Instant,
    is_heard: bool,
}

impl Connection {
    /// Opens a connection and waits for the greeting.
    pub(super) async fn open(address: &str, entropy: &dyn Entropy) -> Result<Self, Lost> {
        let address = dialled(address).ok_or(Lost::InTheClear)?;
        let limits = WebSocketConfig::default().max_message_size(Some(LARGEST)).max_frame_size(Some(LARGEST));
        let greeted = async {
            let (mut socket, _) = connect_async_with_config(address, Some(limits), true).await.map_err(broken)?;
            loop {
                if let Frame::Hello { every } = heard(socket.next().await)? {
                    return Ok((socket, every));
                }
            }
        };
        let (socket, every) = timeout(PATIENCE, greeted).await.unwrap_or(Err(Lost::Slow))?;
        // The first heartbeat comes at a random moment, so that all who lost Discord at once do not all beat at once.
        let beat_at = Instant::now() + every.mul_f64(share(entropy));
        Ok(Self { socket, every, beat_at, is_heard: true })
    }

    /// What Discord says next. On the way there, heartbeats are sent: `number` is that of the last event. Once nobody hears them the connection is dead.
    pub(super) async fn next(&mut self, number: Option<u64>) -> Result<Frame, Lost> {
        loop {
            let said = tokio::select! {
                said = self.socket.next() => Some(said),
                () = sleep_until(self.beat_at) => None,
            };
            match said.map(heard).transpose()? {
                None if !self.is_heard => return Err(Lost::Dead),
                None => {
                    self.beat_at = Instant::now() + self.every;
                    self.is_heard = false;
                    self.say(&frame::beat(number)).await?;
                }
                Some(Frame::BeatNow) => self.say(&frame::beat(number)).await?,
                Some(Frame::Heard) => self.is_heard = true,
                Some(frame) => return Ok(frame),
            }
        }
    }

    /// Says something.
    pub(super) async fn say(&mut self, what: &Value) -> Result<(), Lost> {
        let sent = timeout(PATIENCE, self.socket.send(Message::text(what.to_string()))).await;
        sent.map_err(|_| Lost::Slow)?.map_err(broken)
    }

    /// Closes it. With the usual code the session ends too, with any other one it can be resumed.
    /// <https://docs.discord.com/developers/events/gateway#initiating-a-disconnect>
    pub(super) async fn close(mut self, code: CloseCode) {
        let goodbye = CloseFrame { code, reason: "".into() };
        let _ = timeout(GOODBYE, self.socket.close(Some(goodbye))).await;
    }
}

/// The address in full, if what we say there is encrypted or stays on this machine: the first thing we say is the token.
fn dialled(address: &str) -> Option<String> {
    let uri: Uri = address.parse().ok()?;
    let is_socket = matches!(uri.scheme_str(), Some("ws" | "wss"));
    (is_socket && may_be_sent(uri.scheme_str(), uri.host())).then(|| match (uri.query(), uri.path()) {
        (Some(_), _) => address.to_owned(),
        (None, "" | "/") => format!("{}/?{DIALECT}", address.trim_end_matches('/')),
        (None, _) => format!("{address}?{DIALECT}"),
    })
}

type Said = Option<Result<Message, tokio_tungstenite::tungstenite::Error>>;

fn heard(said: Said) -> Result<Frame, Lost> {
    match said {
        Some(Ok(Message::Text(text))) => Ok(frame::read(&text)),
        Some(Ok(Message::Close(goodbye))) => Err(Lost::Closed(goodbye.map(|goodbye| goodbye.code.into()))),
        // Pings are answered by the library; Discord sends nothing else.
        Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => Ok(Frame::Unreadable),
        Some(Err(error)) => Err(broken(error)),
        None => Err(Lost::Closed(None)),
    }
}

fn broken(error: tokio_tungstenite::tungstenite::Error) -> Lost {
    Lost::Broken(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_travels_in_the_clear_on_this_machine_only() {
        assert_eq!(
            dialled("wss://gateway.discord.gg").as_deref(),
            Some("wss://gateway.discord.gg/?v=10&encoding=json")
        );
        assert_eq!(
            dialled("wss://gateway.discord.gg/").as_deref(),
            Some("wss://gateway.discord.gg/?v=10&encoding=json")
        );
        assert!(dialled("ws://127.0.0.1:8080/gateway").is_some());
        for elsewhere in ["ws://gateway.discord.gg", "https://gateway.discord.gg", "wss:", "", "ws://127.0.0.1.example"]
        {
            assert_eq!(dialled(elsewhere), None, "{elsewhere}");
        }
    }
}
