//! What became of an SMS or a call.
//! <https://www.twilio.com/docs/messaging/guides/track-outbound-message-status>
//! <https://www.twilio.com/docs/voice/api/call-resource#call-status-values>

use super::Door;
use super::signed::Signed;
use crate::twilio::why;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use muster_core::ids::EffectKey;
use serde::Deserialize;
use std::sync::Arc;

/// Which attempt it is about.
#[derive(Debug, Deserialize)]
pub(super) struct About {
    key: String,
}

pub(super) async fn take(State(door): State<Arc<Door>>, Query(about): Query<About>, form: Signed) -> StatusCode {
    if let Some(came) = read(&form) {
        door.hear(&EffectKey::new(about.key), &came).await;
    }
    StatusCode::NO_CONTENT
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Came {
    /// It has arrived, as far as the carrier says.
    Arrived,
    /// It has not.
    Failed {
        /// Why, in a few words.
        reason: String,
    },
}

impl Door {
    /// Tells what became of an attempt.
    async fn hear(&self, key: &EffectKey, came: &Came) {
        match came {
            Came::Arrived => tracing::debug!(effect = %key, "a page has arrived"),
            Came::Failed { reason } => tracing::warn!(effect = %key, reason, "a page has not arrived"),
        }
    }
}

/// The last word on an attempt; what is still under way is none.
fn read(form: &Signed) -> Option<Came> {
    let status = match form.field("MessageStatus") {
        "" => form.field("CallStatus"),
        status => status,
    };
    let failed = |reason: &str| Some(Came::Failed { reason: reason.to_owned() });
    match status {
        "delivered" | "completed" => Some(Came::Arrived),
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
