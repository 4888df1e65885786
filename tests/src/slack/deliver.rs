//! From Slack to the app: signed requests, or envelopes down a socket, each to be acknowledged in three seconds.

use super::args::form;
use super::{FakeSlack, Way};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use std::fmt::Write;
use std::sync::PoisonError;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// How long the app has. <https://docs.slack.dev/interactivity/handling-user-interaction#acknowledgment_response>
pub(super) const ACK_LIMIT: Duration = Duration::from_secs(3);

/// What kind of thing is delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Post {
    Command,
    Interactive,
    Event,
}

/// A second attempt, and why.
#[derive(Debug, Clone, Copy)]
pub(super) struct Retry {
    pub(super) number: u32,
    pub(super) reason: &'static str,
}

/// The app's acknowledgement.
#[derive(Debug, Clone)]
pub(super) struct Ack {
    pub(super) took: Duration,
    /// What came with it; null if nothing did.
    pub(super) body: Value,
}

/// The signature of a body. <https://docs.slack.dev/authentication/verifying-requests-from-slack>
pub(super) fn signature(secret: &str, timestamp: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key will do");
    mac.update(format!("v0:{timestamp}:{body}").as_bytes());
    let mut text = "v0=".to_owned();
    for byte in mac.finalize().into_bytes() {
        write!(text, "{byte:02x}").expect("a string takes it");
    }
    text
}

impl FakeSlack {
    /// Delivers once. `None` when the app did not acknowledge in time.
    pub(super) async fn deliver(&self, post: Post, payload: &Value, retry: Option<Retry>) -> Option<Ack> {
        let way = self.0.way.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if post == Post::Interactive {
            *self.0.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(payload.clone());
        }
        let sent = Instant::now();
        let answer = async {
            match way {
                Way::Socket => self.by_socket(post, payload, retry).await,
                Way::Http { url } => self.by_http(&url, (post, payload), retry).await,
            }
        };
        let body = tokio::time::timeout(ACK_LIMIT, answer).await.ok().flatten()?;
        Some(Ack { took: sent.elapsed(), body })
    }

    /// What somebody clicked last arrives once more, as it was.
    ///
    /// # Panics
    /// When nobody has clicked on anything, or it is not acknowledged.
    pub async fn clicks_again(&self) {
        let last = self.0.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let payload = last.expect("somebody has clicked on something");
        let ack = self.deliver(Post::Interactive, &payload, None).await;
        assert!(ack.is_some(), "it is not acknowledged");
    }

    async fn by_socket(&self, post: Post, payload: &Value, retry: Option<Retry>) -> Option<Value> {
        let (send, mut wait) = oneshot::channel();
        let id = self.with(|state| {
            let id = format!("00000000-0000-4000-8000-{:012}", state.number());
            state.sockets.waiting.insert(id.clone(), send);
            id
        });
        let (kind, answers) = match post {
            Post::Command => ("slash_commands", true),
            Post::Interactive => ("interactive", payload["type"] == "view_submission"),
            Post::Event => ("events_api", false),
        };
        let mut envelope =
            json!({ "envelope_id": id, "type": kind, "accepts_response_payload": answers, "payload": payload });
        if post == Post::Event {
            envelope["retry_attempt"] = json!(retry.map_or(0, |retry| retry.number));
            envelope["retry_reason"] = json!(retry.map_or("", |retry| retry.reason));
        }
        let text = envelope.to_string();
        // What a connection took with it unacknowledged goes down another, the same again.
        let body = loop {
            let taker = self.until("an open socket", |state| state.sockets.send(&text)).await;
            tokio::select! {
                biased;
                body = &mut wait => break body.ok()?,
                () = self.until("the end of a socket", |state| state.sockets.has_lost(taker)) => {}
            }
        };
        if !answers && !body.is_null() {
            self.with(|state| state.violation(format!("{kind} takes no answer, and this came: {body}")));
        }
        Some(body)
    }

    async fn by_http(&self, base: &str, (post, payload): (Post, &Value), retry: Option<Retry>) -> Option<Value> {
        let (path, kind, body) = match post {
            Post::Command => {
                let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                let pairs: Vec<_> = payload.as_object()?.iter().map(|(name, value)| (name, text(value))).collect();
                let pairs: Vec<_> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                ("commands", "application/x-www-form-urlencoded", form(&pairs))
            }
            Post::Interactive => {
                let body = form(&[("payload", &payload.to_string())]);
                ("interactivity", "application/x-www-form-urlencoded", body)
            }
            Post::Event => ("events", "application/json", payload.to_string()),
        };
        let timestamp = self.0.clock.now().timestamp().to_string();
        let signature = signature(&self.signing_secret(), &timestamp, &body);
        let mut request = self.0.http.post(format!("{base}/slack/{path}")).header("content-type", kind);
        request = request.header("user-agent", "Slackbot 1.0 (+https://api.slack.com/robots)");
        request = request.header("x-slack-request-timestamp", timestamp).header("x-slack-signature", signature);
        if let Some(retry) = retry {
            request = request.header("x-slack-retry-num", retry.number).header("x-slack-retry-reason", retry.reason);
        }
        let answer = request.body(body).send().await.ok()?;
        if answer.status() != 200 {
            return None;
        }
        let text = answer.text().await.ok()?;
        if text.is_empty() {
            return Some(Value::Null);
        }
        Some(serde_json::from_str(&text).unwrap_or_else(|_| json!({ "text": text })))
    }

    /// Asks the app's address for events whether it is the app's, as Slack does at set-up. False when it is not.
    /// <https://docs.slack.dev/reference/events/url_verification>
    pub async fn verifies_url(&self) -> bool {
        let payload = json!({ "token": "verification-token", "challenge": "3eZbrw1aB10FEMAGAZd4", "type":
            "url_verification" });
        let ack = self.deliver(Post::Event, &payload, None).await;
        ack.is_some_and(|ack| {
            [&ack.body["challenge"], &ack.body["text"]].iter().any(|said| **said == payload["challenge"])
        })
    }
}
