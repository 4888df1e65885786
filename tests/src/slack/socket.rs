//! Socket Mode: tickets, connections, envelopes and their acknowledgements.
//! <https://docs.slack.dev/apis/events-api/using-socket-mode>

use super::FakeSlack;
use super::state::APP;
use axum::extract::ws::{Message, WebSocket};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// How often a live connection is pinged.
const PING: Duration = Duration::from_secs(5);
/// How long a connection whose pings are not answered is still trusted with envelopes.
const TRUST: Duration = Duration::from_secs(15);

/// What is sent down a socket.
pub(super) enum Frame {
    Text(String),
    /// The connection ends without a word.
    Cut,
    /// The connection stays open; nothing more is sent or read, not even pings.
    Hush,
}

/// One open connection.
pub(super) struct Socket {
    number: u64,
    /// A silent one takes envelopes and never delivers them.
    silent: bool,
    send: mpsc::UnboundedSender<Frame>,
}

/// All connections of the app.
#[derive(Default)]
pub(super) struct Sockets {
    /// Each good for one connection.
    pub(super) tickets: HashSet<String>,
    pub(super) open: Vec<Socket>,
    /// Who waits for the acknowledgement of an envelope.
    pub(super) waiting: HashMap<String, oneshot::Sender<Value>>,
    next: usize,
    /// How many connections there have been.
    pub(super) total: u64,
}

impl Sockets {
    /// Sends a frame down the next socket in turn, and says which that is; `None` when there is none.
    pub(super) fn send(&mut self, text: &str) -> Option<u64> {
        for _ in 0..self.open.len() {
            self.next = (self.next + 1) % self.open.len();
            let socket = &self.open[self.next];
            if socket.silent || socket.send.send(Frame::Text(text.to_owned())).is_ok() {
                return Some(socket.number);
            }
        }
        None
    }

    /// Whether that socket is gone. Then so is what it was given and nobody acknowledged.
    pub(super) fn has_lost(&self, number: u64) -> Option<()> {
        self.open.iter().all(|socket| socket.number != number).then_some(())
    }

    /// Tells every socket that it will be closed, and why.
    pub(super) fn disconnect(&mut self, reason: &str) {
        let host = json!({ "host": "fake-1" });
        let frame = json!({ "type": "disconnect", "reason": reason, "debug_info": host }).to_string();
        for socket in &self.open {
            let _ = socket.send.send(Frame::Text(frame.clone()));
        }
    }

    /// Ends every connection without a word.
    pub(super) fn cut(&mut self) {
        for socket in self.open.drain(..) {
            let _ = socket.send.send(Frame::Cut);
        }
    }

    /// Every socket that is open now stays open and delivers nothing more.
    pub(super) fn silence(&mut self) {
        for socket in &mut self.open {
            socket.silent = true;
            let _ = socket.send.send(Frame::Hush);
        }
    }
}

impl FakeSlack {
    /// Serves one connection of the app to its end.
    pub(super) async fn serve_socket(self, mut stream: WebSocket) {
        let (send, mut frames) = mpsc::unbounded_channel();
        let (number, count) = self.with(|state| {
            let number = state.number();
            state.sockets.total += 1;
            state.sockets.open.push(Socket { number, silent: false, send });
            (number, state.sockets.open.len())
        });
        let hello = json!({ "type": "hello", "num_connections": count, "connection_info": { "app_id": APP },
            "debug_info": { "host": "fake-1", "build_number": 1, "approximate_connection_time": 18060 } });
        let mut alive = stream.send(Message::text(hello.to_string())).await.is_ok();
        let mut pings = tokio::time::interval(PING);
        while alive {
            tokio::select! {
                frame = frames.recv() => match frame {
                    Some(Frame::Text(text)) => alive = stream.send(Message::text(text)).await.is_ok(),
                    Some(Frame::Hush) => {
                        tokio::time::sleep(TRUST).await;
                        self.forget_socket(number);
                        // The line is dead: the app hears of nothing, not even the end.
                        std::future::pending::<()>().await;
                    }
                    Some(Frame::Cut) | None => alive = false,
                },
                _ = pings.tick() => {
                    alive = stream.send(Message::Ping("Ping from fake-1".into())).await.is_ok();
                }
                heard = stream.recv() => match heard {
                    Some(Ok(Message::Text(text))) => self.hears_on_socket(text.as_str()),
                    Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_))) => {}
                    Some(Ok(Message::Close(_)) | Err(_)) | None => alive = false,
                },
            }
        }
        self.forget_socket(number);
    }

    fn forget_socket(&self, number: u64) {
        self.with(|state| state.sockets.open.retain(|socket| socket.number != number));
    }

    fn hears_on_socket(&self, text: &str) {
        let Ok(ack) = serde_json::from_str::<Value>(text) else {
            return self.with(|state| state.violation(format!("what came on a socket is not JSON: {text}")));
        };
        let Some(id) = ack["envelope_id"].as_str().map(str::to_owned) else {
            return self.with(|state| state.violation(format!("what came on a socket acknowledges nothing: {text}")));
        };
        let waiting = self.with(|state| state.sockets.waiting.remove(&id));
        if let Some(waiting) = waiting {
            let _ = waiting.send(ack["payload"].clone());
        }
    }
}
