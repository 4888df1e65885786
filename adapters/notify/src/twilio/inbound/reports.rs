//! What became of an SMS or a call.
//! <https://www.twilio.com/docs/messaging/guides/track-outbound-message-status>
//! <https://www.twilio.com/docs/voice/api/call-resource#call-status-values>

use super::Door;
use super::signed::Signed;
use crate::twilio::why;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use muster_core::decide::pages::AttemptNews;
use muster_core::effect::{About, Recipient};
use muster_core::secret::Secret;
use serde::Deserialize;
use std::sync::Arc;

/// Which attempt it is about.
#[derive(Debug, Deserialize)]
pub(super) struct Attempt {
    key: String,
}

pub(super) async fn take(
    State(door): State<Arc<Door>>,
    Path(secret): Path<String>,
    Query(attempt): Query<Attempt>,
    form: Signed,
) -> StatusCode {
    let Some(came) = read(&form) else { return StatusCode::NO_CONTENT };
    let summons = match door.summons(&Secret::presented(secret)).await {
        Ok(Some(summons)) => summons,
        Ok(None) => return StatusCode::NO_CONTENT,
        Err(_) => return StatusCode::SERVICE_UNAVAILABLE,
    };
    let About::Page { incident, number } = summons.about else { return StatusCode::NO_CONTENT };
    let news = AttemptNews {
        page: number,
        platform: summons.platform(),
        to: Recipient::Person { person: summons.person, contact: summons.contact },
        failed: came.err(),
    };
    match door.muster.hear_of_attempt(incident, &attempt.key, &news).await {
        Ok(()) => StatusCode::NO_CONTENT,
        Err(error) => {
            tracing::warn!(%error, "what became of a page cannot be recorded");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

/// The last word on an attempt, with the reason why it failed if it did; what is still under way has none.
fn read(form: &Signed) -> Option<Result<(), String>> {
    let status = match form.field("MessageStatus") {
        "" => form.field("CallStatus"),
        status => status,
    };
    let failed = |reason: &str| Some(Err(reason.to_owned()));
    match status {
        "delivered" | "completed" => Some(Ok(())),
        "busy" => failed("the line was busy"),
        "no-answer" => failed("nobody answered the call"),
        "canceled" => failed("the call was cancelled"),
        "undelivered" | "failed" => match why(form.field("ErrorCode").parse().unwrap_or(0)).as_str() {
            "" => failed("it could not be delivered"),
            why => failed(why),
        },
        _ => None,
    }
}
