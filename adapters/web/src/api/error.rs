//! What went wrong, always in the same shape: `{"error": {"reason", "sentence", "instead"}}`.

use crate::act::status;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use muster_core::ports::store::StoreError;
use muster_core::refusal::{Reason, Refusal};
use serde_json::json;

/// An answer that is an error.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    reason: &'static str,
    sentence: String,
    instead: Option<String>,
    header: Option<(HeaderName, &'static str)>,
}

impl ApiError {
    fn of(status: StatusCode, reason: &'static str, sentence: impl Into<String>) -> Self {
        Self { status, reason, sentence: sentence.into(), instead: None, header: None }
    }

    pub(crate) fn no_such_path() -> Self {
        let error = Self::of(StatusCode::NOT_FOUND, "not_found", "The API has no such path");
        Self { instead: Some("GET /api/v1/openapi.json".to_owned()), ..error }
    }

    pub(super) fn no_such_method() -> Self {
        Self::of(StatusCode::METHOD_NOT_ALLOWED, "invalid", "This path does not take that method")
    }

    pub(super) fn no_token() -> Self {
        let error =
            Self::of(StatusCode::UNAUTHORIZED, "unauthorized", "Send a good token as “Authorization: Bearer mst_…”");
        Self {
            instead: Some("muster token create".to_owned()),
            header: Some((header::WWW_AUTHENTICATE, "Bearer")),
            ..error
        }
    }

    pub(crate) fn too_many_failures() -> Self {
        let sentence = "Too many tokens from your address were wrong; wait a minute";
        let error = Self::of(StatusCode::TOO_MANY_REQUESTS, "too_many", sentence);
        Self { header: Some((header::RETRY_AFTER, "60")), ..error }
    }

    pub(crate) fn no_runner() -> Self {
        let sentence = "Send the key of a runner that the config knows as “Authorization: Bearer mrk_…”";
        let error = Self::of(StatusCode::UNAUTHORIZED, "unauthorized", sentence);
        Self {
            instead: Some("muster runner key NAME".to_owned()),
            header: Some((header::WWW_AUTHENTICATE, "Bearer")),
            ..error
        }
    }

    pub(super) fn no_access() -> Self {
        Self::of(StatusCode::FORBIDDEN, "forbidden", "You have no access to Muster")
    }

    pub(super) fn no_incident() -> Self {
        let sentence = "There is no such incident, or it is not open to you";
        Self::of(StatusCode::NOT_FOUND, "not_found", sentence)
    }

    pub(super) fn no_run() -> Self {
        Self::of(StatusCode::NOT_FOUND, "not_found", "There is no such run")
    }

    /// The request itself is wrong, not what it asks for.
    pub(crate) fn bad(status: StatusCode, sentence: impl Into<String>) -> Self {
        Self::of(status, "invalid", sentence)
    }

    /// What is asked for makes no sense.
    pub(super) fn invalid(sentence: impl Into<String>) -> Self {
        Self::of(StatusCode::UNPROCESSABLE_ENTITY, "invalid", sentence)
    }

    pub(super) fn late() -> Self {
        let sentence =
            "It is not saved yet: the database is slow. Send it again with the same Idempotency-Key for the answer";
        Self { header: Some((header::RETRY_AFTER, "1")), ..Self::of(StatusCode::SERVICE_UNAVAILABLE, "late", sentence) }
    }

    pub(super) fn failed(sentence: impl Into<String>) -> Self {
        Self {
            header: Some((header::RETRY_AFTER, "1")),
            ..Self::of(StatusCode::SERVICE_UNAVAILABLE, "failed", sentence)
        }
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let reason = match refusal.reason {
            Reason::Invalid => "invalid",
            Reason::NotFound => "not_found",
            Reason::Forbidden => "forbidden",
            Reason::Conflict => "conflict",
        };
        Self { instead: refusal.instead, ..Self::of(status(refusal.reason), reason, refusal.sentence) }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        tracing::warn!(%error, "the API could not read");
        Self::failed("The database does not answer; try again in a moment")
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let error = json!({ "reason": self.reason, "sentence": self.sentence, "instead": self.instead });
        let mut response = (self.status, Json(json!({ "error": error }))).into_response();
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response
    }
}
