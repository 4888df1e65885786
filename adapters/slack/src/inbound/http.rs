//! Slack over HTTP: nothing is looked at that Slack has not signed.

use super::payload::{Callback, Interaction, SlashCommand};
use super::{Ack, Arrived};
use crate::Slack;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Form, FromRequest, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use muster_core::chat::signed::is_recent;
use muster_core::chat::unreadable;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use slack_morphism::SlackSigningSecret;
use slack_morphism::signature_verifier::{SlackEventSignatureVerifier, SlackEventSignatureVerifierError};
use std::sync::Arc;

/// The largest request that is read, in bytes. Slack's own are a tenth of it.
const LARGEST: usize = 1024 * 1024;

impl Slack {
    /// Where Slack sends commands, interactions and events when it does not use Socket Mode: `POST /slack/commands`,
    /// `/slack/interactivity` and `/slack/events`. What Slack has not signed within the last 300 s is answered 401
    /// before it is read; so is everything while no signing secret is configured.
    /// <https://docs.slack.dev/authentication/verifying-requests-from-slack>
    pub fn router(self: &Arc<Self>) -> Router {
        Router::new()
            .route("/slack/commands", post(commands))
            .route("/slack/interactivity", post(interactivity))
            .route("/slack/events", post(events))
            .layer(DefaultBodyLimit::max(LARGEST))
            .with_state(Arc::clone(self))
    }

    /// Whether Slack has signed it, just now. The SDK compares signatures, in constant time; when "now" is only our own
    /// clock says.
    fn has_signed(&self, headers: &HeaderMap, body: &str) -> bool {
        let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let hash = header(SlackEventSignatureVerifier::SLACK_SIGNED_HASH_HEADER);
        let at = header(SlackEventSignatureVerifier::SLACK_SIGNED_TIMESTAMP);
        let (Some(secret), Some(hash), Some(at)) = (&self.config.signing_secret, hash, at) else { return false };
        if !is_recent(at, self.muster.now()) {
            return false;
        }
        let secret = SlackSigningSecret::new(secret.reveal().to_owned());
        match SlackEventSignatureVerifier::new(&secret).verify(hash, body, at) {
            Ok(()) | Err(SlackEventSignatureVerifierError::IncorrectOrExpiredTimestampError(_)) => true,
            Err(
                SlackEventSignatureVerifierError::CryptoInitError(_)
                | SlackEventSignatureVerifierError::WrongSignatureError(_)
                | SlackEventSignatureVerifierError::AbsentSignatureError(_),
            ) => false,
        }
    }
}

/// The body of a request that Slack has signed.
struct Signed(String);

impl FromRequest<Arc<Slack>> for Signed {
    type Rejection = StatusCode;

    async fn from_request(request: Request, slack: &Arc<Slack>) -> Result<Self, StatusCode> {
        let headers = request.headers().clone();
        let body = Bytes::from_request(request, slack).await.map_err(|error| error.status())?;
        let signed = String::from_utf8(body.into()).ok().filter(|body| slack.has_signed(&headers, body));
        signed.map(Self).ok_or_else(|| {
            metrics::counter!("muster_slack_unsigned_total").increment(1);
            StatusCode::UNAUTHORIZED
        })
    }
}

async fn commands(State(slack): State<Arc<Slack>>, Signed(body): Signed) -> Ack {
    match form::<SlashCommand>(body).await {
        Some(command) => slack.take(Arrived::Command(command)).await,
        None => Ack::EMPTY,
    }
}

async fn interactivity(State(slack): State<Arc<Slack>>, Signed(body): Signed) -> Ack {
    let interaction = form::<Enclosed>(body).await.and_then(|enclosed| read::<Interaction>(&enclosed.payload));
    match interaction {
        Some(interaction) => slack.take(Arrived::Interaction(Box::new(interaction))).await,
        None => Ack::EMPTY,
    }
}

async fn events(State(slack): State<Arc<Slack>>, Signed(body): Signed) -> Ack {
    match read::<Callback>(&body) {
        Some(callback) => slack.take(Arrived::Event(Box::new(callback))).await,
        None => Ack::EMPTY,
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Enclosed {
    payload: String,
}

async fn form<T: DeserializeOwned>(body: String) -> Option<T> {
    let mut request = Request::new(Body::from(body));
    *request.method_mut() = Method::POST;
    let kind = header::HeaderValue::from_static("application/x-www-form-urlencoded");
    request.headers_mut().insert(header::CONTENT_TYPE, kind);
    match Form::from_request(request, &()).await {
        Ok(Form(read)) => Some(read),
        Err(_) => {
            unreadable(&crate::platform(), "http", "the form is none", &Value::Null);
            None
        }
    }
}

fn read<T: DeserializeOwned>(json: &str) -> Option<T> {
    let payload: Value = match serde_json::from_str(json) {
        Ok(payload) => payload,
        Err(_) => {
            unreadable(&crate::platform(), "http", "it is not JSON", &Value::Null);
            return None;
        }
    };
    let read = serde_json::from_value(payload.clone());
    read.inspect_err(|_| unreadable(&crate::platform(), "http", "it is of no known shape", &payload)).ok()
}

impl IntoResponse for Ack {
    fn into_response(self) -> Response {
        match self.0 {
            Some(body) => Json(body).into_response(),
            None => StatusCode::OK.into_response(),
        }
    }
}
