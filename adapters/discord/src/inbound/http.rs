//! Discord over HTTP: nothing is looked at that Discord has not signed.

use super::payload::Interaction;
use crate::Discord;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use muster_core::chat::signed::is_recent;
use muster_core::chat::unreadable;
use serde::Deserialize;
use serde_json::Value;
use serenity::interactions_endpoint::Verifier;
use std::sync::Arc;

/// The largest request that is read, in bytes. Discord's own are a tenth of it.
const LARGEST: usize = 1024 * 1024;

impl Discord {
    /// Where Discord sends interactions when it does not send them over the gateway: `POST /discord/interactions`. What
    /// Discord has not signed within the last 300 s is answered 401 before it is read; so is everything while no public key
    /// is configured.
    /// <https://docs.discord.com/developers/interactions/overview#setting-up-an-endpoint-validating-security-request-headers>
    pub fn router(self: &Arc<Self>) -> Router {
        Router::new()
            .route("/discord/interactions", post(interactions))
            .layer(DefaultBodyLimit::max(LARGEST))
            .with_state(Arc::clone(self))
    }

    /// Whether Discord has signed it, just now.
    fn has_signed(&self, headers: &HeaderMap, body: &[u8]) -> bool {
        let (signature, at) = (only(headers, "x-signature-ed25519"), only(headers, "x-signature-timestamp"));
        let (Some(verifier), Some(signature), Some(at)) = (&self.hearing.verifier, signature, at) else { return false };
        // A signature can be written in one way only.
        let is_plain = signature.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        is_plain && is_recent(at, self.muster.now()) && verifier.verify(signature, at, body).is_ok()
    }
}

/// A header that is there once.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    values.next().filter(|_| values.next().is_none())?.to_str().ok()
}

/// What checks signatures of this key: 64 hexadecimal digits. `None` if it is no key.
pub(super) fn verifier(public_key: &str) -> Option<Verifier> {
    let mut key = [0; 32];
    for (n, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(public_key.get(2 * n..2 * n + 2)?, 16).ok()?;
    }
    Verifier::try_new(key).ok()
}

/// The body of a request that Discord has signed.
struct Signed(Bytes);

impl FromRequest<Arc<Discord>> for Signed {
    type Rejection = StatusCode;

    async fn from_request(request: Request, discord: &Arc<Discord>) -> Result<Self, StatusCode> {
        let headers = request.headers().clone();
        let body = Bytes::from_request(request, discord).await.map_err(|error| error.status())?;
        if discord.has_signed(&headers, &body) {
            return Ok(Self(body));
        }
        metrics::counter!("muster_discord_unsigned_total").increment(1);
        Err(StatusCode::UNAUTHORIZED)
    }
}

/// The answer to the request is the answer to the interaction.
async fn interactions(State(discord): State<Arc<Discord>>, Signed(body): Signed) -> Response {
    let Some(interaction) = read(&body) else { return StatusCode::BAD_REQUEST.into_response() };
    let ack = discord.take(interaction).await;
    let answer = Json(ack.body()).into_response();
    if let Some(rest) = ack.rest() {
        discord.inbox.go_on(rest);
    }
    answer
}

fn read(body: &[u8]) -> Option<Interaction> {
    let Ok(payload) = serde_json::from_slice::<Value>(body) else {
        unreadable(&crate::platform(), "http", "it is not JSON", &Value::Null);
        return None;
    };
    let read = Interaction::deserialize(&payload).ok().filter(|_| payload.is_object());
    if read.is_none() {
        unreadable(&crate::platform(), "http", "it is no interaction", &payload);
    }
    read
}
