//! Somebody at the JSON API of a running Muster.

use super::{SOON, eventually, http};
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// The pause of a client that has to ask again.
const PAUSE: Duration = Duration::from_millis(100);

/// Somebody at the JSON API.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    url: String,
    token: String,
}

/// What the API said to a command.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    /// Done, and durable.
    Done(Value),
    /// Refused; nothing has changed.
    Refused(StatusCode, Value),
    /// Not durable yet, or not possible now: nothing is promised.
    Later(Value),
    /// No answer arrived.
    Nothing(String),
}

impl Said {
    /// The reply of a command that must have been done.
    ///
    /// # Panics
    /// When it was not.
    #[must_use]
    pub fn done(self) -> Value {
        match self {
            Self::Done(reply) => reply,
            other @ (Self::Refused(..) | Self::Later(_) | Self::Nothing(_)) => panic!("it was not done: {other:?}"),
        }
    }
}

impl Client {
    /// Somebody with that token.
    #[must_use]
    pub fn new(url: &str, token: &str) -> Self {
        let _ = http();
        let builder = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        let http = builder.timeout(SOON).build().expect("a client");
        Self { http, url: url.to_owned(), token: token.to_owned() }
    }

    /// The same person at another address.
    #[must_use]
    pub fn at(&self, url: &str) -> Self {
        Self { url: url.to_owned(), ..self.clone() }
    }

    /// The token.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// A request below `/api/v1/`, with the token.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method, format!("{}/api/v1/{path}", self.url)).bearer_auth(&self.token)
    }

    /// Gives a command, under an idempotency key, from the room of an incident if there is one.
    pub async fn say(&self, key: &str, line: &str, incident: Option<&str>) -> Said {
        let body = match incident {
            Some(incident) => json!({ "line": line, "incident": incident }),
            None => json!({ "line": line }),
        };
        self.send(key, &body).await
    }

    /// Gives a command with its body as it is.
    pub async fn send(&self, key: &str, body: &Value) -> Said {
        let request = self.request(Method::POST, "commands").header("Idempotency-Key", key).json(body);
        let answered = match request.send().await {
            Ok(response) => {
                let status = response.status();
                response.bytes().await.map(|body| (status, body))
            }
            Err(error) => Err(error),
        };
        let (status, body) = match answered {
            Ok(answered) => answered,
            Err(error) => return Said::Nothing(error.to_string()),
        };
        let body = serde_json::from_slice(&body)
            .unwrap_or_else(|_| panic!("{status} without JSON: {}", String::from_utf8_lossy(&body)));
        match status.as_u16() {
            200..=299 => Said::Done(body),
            429 | 503 => Said::Later(body),
            _ => Said::Refused(status, body),
        }
    }

    /// Gives a command until it is answered for good.
    ///
    /// # Panics
    /// When that takes too long.
    pub async fn insist(&self, key: &str, line: &str, incident: Option<&str>) -> Said {
        eventually(line, SOON, async || match self.say(key, line, incident).await {
            said @ (Said::Done(_) | Said::Refused(..)) => Some(said),
            Said::Later(_) | Said::Nothing(_) => {
                tokio::time::sleep(PAUSE).await;
                None
            }
        })
        .await
    }

    /// Gives a command that must be done.
    ///
    /// # Panics
    /// When it is not.
    pub async fn does(&self, line: &str, incident: Option<&str>) -> Value {
        static KEYS: AtomicU32 = AtomicU32::new(0);
        let key = format!("does-{}-{}", std::process::id(), KEYS.fetch_add(1, Ordering::Relaxed));
        match self.say(&key, line, incident).await {
            Said::Done(reply) => reply,
            other @ (Said::Refused(..) | Said::Later(_) | Said::Nothing(_)) => panic!("{line}: {other:?}"),
        }
    }

    /// What is at a path below `/api/v1/`.
    ///
    /// # Panics
    /// When it is not there, or is no JSON.
    pub async fn get(&self, path: &str) -> Value {
        let response = self.request(Method::GET, path).header(header::ACCEPT, "application/json").send().await;
        let response = response.expect("an answer");
        let status = response.status();
        let body = response.text().await.expect("a body");
        assert!(status.is_success(), "{path}: {status} {body}");
        serde_json::from_str(&body).unwrap_or_else(|_| panic!("{path}: {body}"))
    }

    /// An incident as it is exported.
    pub async fn export(&self, incident: &str) -> Value {
        self.get(&format!("incidents/{incident}/export?format=json")).await
    }
}

/// The number that a command was about, as in the answer of `new`.
///
/// # Panics
/// When the answer names no incident.
#[must_use]
pub fn incident_of(reply: &Value) -> String {
    let incident = reply.get("incident").and_then(Value::as_str);
    incident.unwrap_or_else(|| panic!("the answer names no incident: {reply}")).to_owned()
}
