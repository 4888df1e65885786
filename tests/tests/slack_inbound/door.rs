//! Muster behind its two doors for Slack, with no more of a Slack behind it than says yes to everything.

use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::routing::{any, get};
use axum::{Json, Router};
use hmac::{Hmac, KeyInit, Mac};
use muster_core::clock::Clock;
use muster_slack::{Slack, SlackConfig, Token};
use muster_tests::world::World;
use reqwest::StatusCode;
use serde_json::{Value, json};
use sha2::Sha256;
use std::fmt::Write;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc};

/// What this Slack signs with.
pub(crate) const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";

/// Muster, as Slack sees it.
pub(crate) struct Door {
    /// Muster itself.
    pub(crate) world: World,
    /// The adapter.
    pub(crate) slack: Arc<Slack>,
    url: String,
    http: reqwest::Client,
    sockets: Mutex<mpsc::UnboundedReceiver<WebSocket>>,
}

/// A request before it is sent: its path, its headers, its body.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) path: &'static str,
    pub(crate) at: String,
    pub(crate) signature: String,
    pub(crate) body: Vec<u8>,
}

impl Door {
    pub(crate) async fn open() -> Self {
        let (arriving, sockets) = mpsc::unbounded_channel();
        let yes = Router::new().route("/socket", get(connects)).route("/api/{method}", any(yes)).with_state(arriving);
        let address = serve(yes).await;
        let world = World::memory();
        let config = SlackConfig {
            api_url: format!("{address}/api"),
            app_token: Some(Token::new("xapp-1")),
            signing_secret: Some(Token::new(SECRET)),
            ..SlackConfig::new(Token::new("xoxb-1"))
        };
        let slack = Slack::new(Arc::clone(&world.muster), config).expect("a config that works");
        let url = serve(slack.router()).await;
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        Self { world, slack, url, http, sockets: Mutex::new(sockets) }
    }

    /// A request as Slack makes it, signed now.
    pub(crate) fn signed(&self, path: &'static str, body: &str) -> Request {
        self.signed_at(self.world.clock.now().timestamp(), path, body)
    }

    /// A request as Slack makes it, signed at some other time.
    pub(crate) fn signed_at(&self, seconds: i64, path: &'static str, body: &str) -> Request {
        let at = seconds.to_string();
        Request { path, signature: signature(SECRET, &at, body), at, body: body.as_bytes().to_vec() }
    }

    /// Sends a request. Gives what is answered, as text.
    pub(crate) async fn send(&self, request: Request) -> (StatusCode, String) {
        let kind = if request.path == "events" { "application/json" } else { "application/x-www-form-urlencoded" };
        let sending = self.http.post(format!("{}/slack/{}", self.url, request.path)).header("content-type", kind);
        let sending = sending.header("x-slack-request-timestamp", &request.at);
        let answer = sending.header("x-slack-signature", &request.signature).body(request.body).send().await;
        let answer = answer.expect("the door answers");
        (answer.status(), answer.text().await.expect("an answer"))
    }

    /// The next WebSocket that Muster opens, greeted.
    pub(crate) async fn greets(&self) -> WebSocket {
        let mut socket = self.sockets.lock().await.recv().await.expect("a socket");
        socket.send(Message::text(json!({ "type": "hello", "num_connections": 1 }).to_string())).await.expect("sent");
        socket
    }
}

/// A payload as a form holds it.
pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    let pairs = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").expect("a string takes it");
        }
        out
    })
}

/// <https://docs.slack.dev/authentication/verifying-requests-from-slack>
fn signature(secret: &str, at: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key will do");
    mac.update(format!("v0:{at}:{body}").as_bytes());
    mac.finalize().into_bytes().iter().fold("v0=".to_owned(), |mut out, byte| {
        write!(out, "{byte:02x}").expect("a string takes it");
        out
    })
}

async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
    format!("http://{address}")
}

async fn connects(
    State(arriving): State<mpsc::UnboundedSender<WebSocket>>,
    upgrade: WebSocketUpgrade,
) -> axum::response::Response {
    upgrade.on_upgrade(async move |socket| {
        let _ = arriving.send(socket);
    })
}

async fn yes(Path(method): Path<String>, headers: axum::http::HeaderMap) -> Json<Value> {
    let host = headers["host"].to_str().expect("a host");
    let user = json!({ "id": "U111", "team_id": "T111", "name": "alice", "profile": {
        "real_name": "Alice Ek", "email": "alice@example.com" } });
    Json(match method.as_str() {
        "auth.test" => json!({ "ok": true, "user_id": "UBOT", "bot_id": "BBOT", "team_id": "T111", "team": "Acme",
            "url": "https://acme.slack.com/" }),
        "users.info" => json!({ "ok": true, "user": user }),
        "apps.connections.open" => json!({ "ok": true, "url": format!("ws://{host}/socket") }),
        _ => json!({ "ok": true, "channel": { "id": "D111" }, "messages": [] }),
    })
}
