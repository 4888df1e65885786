//! The least that a server for Discord must do: check who sent it.

use crate::bare::{hex, unhex};
use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use ed25519_dalek::{Signature, Signer, SigningKey, Verifier};
use muster_core::chat::signed::is_recent;
use muster_core::clock::{Clock, SystemClock};
use std::sync::LazyLock;

/// What interactions for the bare handler are signed with.
static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::from_bytes(&[7; 32]));

/// A handler that checks the signature over the raw bytes and answers with as much as Muster would.
/// <https://docs.discord.com/developers/interactions/overview#setting-up-an-endpoint-validating-security-request-headers>
pub(crate) fn router() -> Router {
    Router::new().route("/discord/interactions", post(interaction))
}

async fn interaction(headers: HeaderMap, body: Bytes) -> (StatusCode, String) {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let at = header("x-signature-timestamp");
    let signature = unhex(header("x-signature-ed25519")).and_then(|bytes| Signature::from_slice(&bytes).ok());
    let signed = [at.as_bytes(), &body].concat();
    let is_genuine = signature.is_some_and(|signature| KEY.verifying_key().verify(&signed, &signature).is_ok());
    if !is_genuine || !is_recent(at, SystemClock.now()) {
        return (StatusCode::UNAUTHORIZED, String::new());
    }
    (StatusCode::OK, "x".repeat(2_000))
}

/// The signature of a body for the bare handler.
pub(crate) fn sign(at: &str, body: &str) -> String {
    hex(&KEY.sign(format!("{at}{body}").as_bytes()).to_bytes())
}

/// An interaction as Discord sends it.
pub(crate) fn request(at: &str, signature: &str, body: &str) -> Vec<u8> {
    format!(
        "POST /discord/interactions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
         x-signature-timestamp: {at}\r\nx-signature-ed25519: {signature}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
