//! The least that a server for Slack must do: check who sent it.

use crate::bare::{hex, unhex};
use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use hmac::{Hmac, KeyInit, Mac};
use muster_core::clock::{Clock, SystemClock};
use sha2::Sha256;

/// What opens the bare handler.
pub(crate) const SECRET: &str = "8f742231b10e8888abcd99bare85a500";

/// A handler that checks the signature over the raw bytes and answers with as much as Muster would; and one that takes
/// every event. <https://docs.slack.dev/authentication/verifying-requests-from-slack>
pub(crate) fn router() -> Router {
    Router::new().route("/slack/commands", post(command)).route("/slack/events", post(async || StatusCode::OK))
}

async fn command(headers: HeaderMap, body: String) -> (StatusCode, String) {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let at = header("x-slack-request-timestamp");
    let is_recent = at.parse::<i64>().is_ok_and(|at| SystemClock.now().timestamp().abs_diff(at) <= 300);
    let signature = header("x-slack-signature").strip_prefix("v0=").and_then(unhex).unwrap_or_default();
    if !is_recent || mac(SECRET, at, &body).verify_slice(&signature).is_err() {
        return (StatusCode::UNAUTHORIZED, String::new());
    }
    (StatusCode::OK, "x".repeat(2_000))
}

fn mac(secret: &str, at: &str, body: &str) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key will do");
    for part in ["v0:", at, ":", body] {
        mac.update(part.as_bytes());
    }
    mac
}

/// A slash command as Slack sends it, signed now.
pub(crate) fn sign(secret: &str, form: &str) -> Vec<u8> {
    let at = SystemClock.now().timestamp().to_string();
    let signature = hex(&mac(secret, &at, form).finalize().into_bytes());
    format!(
        "POST /slack/commands HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         x-slack-request-timestamp: {at}\r\nx-slack-signature: v0={signature}\r\ncontent-length: {}\r\n\r\n{form}",
        form.len()
    )
    .into_bytes()
}
