//! Why a request was not taken, in one clear sentence; and how a plain answer looks.

use crate::config::Kind;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// A body that says nothing we can act upon.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Unreadable(pub(crate) String);

impl Unreadable {
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

/// Why a request was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// There is no key, or it opens nothing.
    #[error("There is no integration key in this request, or it is not good")]
    NoKey,
    /// The key is good for something else.
    #[error("This key belongs to a source of kind {}: send to its path", .0.word())]
    OtherKind(Kind),
    /// The signature is missing or wrong.
    #[error("This request is not signed as the source's secret asks")]
    Unsigned,
    /// It cannot be understood.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// It is too large.
    #[error("This request is larger than {} KB", .0 / 1024)]
    TooLarge(usize),
    /// It came too soon after others; so many seconds are to be waited.
    #[error("This source sends too much: wait {0} s")]
    TooFast(u64),
    /// The body did not come in time.
    #[error("The request did not arrive in time")]
    Slow,
    /// It could not be made durable.
    #[error("Muster cannot keep this just now: send it again")]
    Late,
}

impl Refusal {
    /// The HTTP status that says so.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::NoKey | Self::Unsigned => StatusCode::UNAUTHORIZED,
            Self::OtherKind(_) => StatusCode::FORBIDDEN,
            Self::Unreadable(_) => StatusCode::BAD_REQUEST,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooFast(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Slow => StatusCode::REQUEST_TIMEOUT,
            Self::Late => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// One word for it, in answers and metrics.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::NoKey => "no_key",
            Self::OtherKind(_) => "other_kind",
            Self::Unsigned => "unsigned",
            Self::Unreadable(_) => "unreadable",
            Self::TooLarge(_) => "too_large",
            Self::TooFast(_) => "too_fast",
            Self::Slow => "slow",
            Self::Late => "late",
        }
    }

    /// How long to wait before trying again, where that helps.
    fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooFast(seconds) => Some(*seconds),
            Self::Late => Some(5),
            Self::NoKey
            | Self::OtherKind(_)
            | Self::Unsigned
            | Self::Unreadable(_)
            | Self::TooLarge(_)
            | Self::Slow => None,
        }
    }

    /// The answer with a body in the vendor's own shape.
    pub(crate) fn answer(&self, status: StatusCode, body: Value) -> Response {
        let mut response = (status, Json(body)).into_response();
        if let Some(seconds) = self.retry_after() {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// The shape of Muster's own API.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = json!({ "error": { "reason": self.word(), "sentence": self.to_string(), "instead": null } });
        self.answer(self.status(), body)
    }
}
