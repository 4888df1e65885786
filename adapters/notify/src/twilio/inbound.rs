//! What Twilio tells: replies, digits, reports. Nothing is looked at that Twilio has not signed.

mod digits;
mod replies;
mod reports;
mod signed;

use super::twiml;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use muster_core::app::Muster;
use muster_core::app::answer::Summons;
use muster_core::chat::token::Token;
use muster_core::ports::store::StoreError;
use muster_core::secret::Secret;
use std::sync::Arc;

/// No secret of ours is longer.
const LONGEST: usize = 128;
/// The largest request that is read, in bytes. Twilio's own are a tenth of it.
const LARGEST: usize = 64 * 1024;

/// Where Twilio calls.
pub(crate) struct Door {
    muster: Arc<Muster>,
    token: Token,
}

impl Door {
    pub(crate) fn new(muster: Arc<Muster>, token: Token) -> Self {
        Self { muster, token }
    }

    /// What the notice was that a call back is about: the secret in its address is that of the notice.
    async fn summons(&self, secret: &Secret) -> Result<Option<Summons>, StoreError> {
        if secret.reveal().len() > LONGEST {
            return Ok(None);
        }
        let found = self.muster.summons(secret).await;
        found.inspect_err(|error| tracing::warn!(%error, "what Twilio calls back about cannot be looked up"))
    }

    /// `POST /notify/twilio/sms` for replies, `/notify/twilio/voice/{secret}` for digits, `/notify/twilio/status/{secret}` for reports.
    /// What Twilio has not signed is answered 403 before it is read.
    pub(crate) fn router(self: &Arc<Self>) -> Router {
        Router::new()
            .route("/notify/twilio/sms", post(replies::take))
            .route("/notify/twilio/voice/{secret}", post(digits::take))
            .route("/notify/twilio/status/{secret}", post(reports::take))
            .layer(DefaultBodyLimit::max(LARGEST))
            .with_state(Arc::clone(self))
    }
}

/// What Twilio is told in answer.
struct Twiml(String);

impl IntoResponse for Twiml {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, "text/xml; charset=utf-8"), (header::CACHE_CONTROL, "no-store")], self.0)
            .into_response()
    }
}
