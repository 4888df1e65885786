//! Answers in Opsgenie's shape.

use super::ticket::Ticket;
use crate::ingest::Ingest;
use crate::refusal::Refusal;
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

impl Ingest {
    /// What was asked for is durable.
    pub(super) fn will_be_processed(&self, ticket: &Ticket) -> Response {
        let id = ticket.id(&self.fresh_name());
        let body = json!({ "result": "Request will be processed", "took": 0.001, "requestId": id });
        (StatusCode::ACCEPTED, Json(body)).into_response()
    }

    /// What was asked about.
    pub(super) fn shown(&self, data: Value) -> Response {
        Json(json!({ "data": data, "took": 0.001, "requestId": self.fresh_name() })).into_response()
    }

    /// It was refused; what cannot be read is 422 there.
    pub(super) fn not_shown(&self, refusal: &Refusal) -> Response {
        let status = match refusal {
            Refusal::Unreadable(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Refusal::NoKey
            | Refusal::OtherKind(_)
            | Refusal::Unsigned
            | Refusal::TooLarge(_)
            | Refusal::TooFast(_)
            | Refusal::Slow
            | Refusal::Late => refusal.status(),
        };
        let body = json!({ "message": refusal.to_string(), "took": 0.001, "requestId": self.fresh_name() });
        refusal.answer(status, body)
    }

    pub(super) fn not_found(&self, sentence: &str) -> Response {
        let body = json!({ "message": sentence, "took": 0.001, "requestId": self.fresh_name() });
        (StatusCode::NOT_FOUND, Json(body)).into_response()
    }
}
