//! PagerDuty's Events API v2: strict about what it takes, and one alert for each key.

use super::server::{Book, Fault, serve, wrong};
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{Response, StatusCode};
use axum::routing::post;
use axum::{Json, Router, response::IntoResponse};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Debug, Default)]
struct Alerts {
    states: BTreeMap<String, String>,
    events: Vec<Value>,
}

/// PagerDuty.
pub struct FakePagerDuty {
    /// Where it is.
    pub url: String,
    book: Arc<Book<Alerts>>,
}

impl FakePagerDuty {
    /// The integration key of its service.
    pub const KEY: &'static str = "0123456789abcdef0123456789abcdef";

    /// Starts one.
    pub async fn start() -> Self {
        let book = Book::new();
        Self { url: serve(Router::new().route("/v2/enqueue", post(enqueue)).with_state(Arc::clone(&book))).await, book }
    }

    /// Puts an answer in the way of the next request.
    pub fn next(&self, fault: Fault) {
        self.book.next(fault);
    }

    /// Each alert by its key, and where it stands.
    #[must_use]
    pub fn alerts(&self) -> BTreeMap<String, String> {
        self.book.kept().states.clone()
    }

    /// Every event, as it came.
    #[must_use]
    pub fn events(&self) -> Vec<Value> {
        self.book.kept().events.clone()
    }
}

/// <https://developer.pagerduty.com/docs/send-alert-event>
async fn enqueue(State(book): State<Arc<Book<Alerts>>>, body: Bytes) -> Response<Body> {
    if let Some(fault) = book.fault() {
        return fault;
    }
    let Ok(event) = serde_json::from_slice::<Value>(&body) else { return wrong("Event object is invalid") };
    let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let key = text("/dedup_key");
    if text("/routing_key") != FakePagerDuty::KEY {
        return wrong("Invalid routing key");
    }
    if key.is_empty() || key.len() > 255 {
        return wrong("dedup_key");
    }
    let summary = text("/payload/summary");
    let is_whole = !summary.is_empty()
        && summary.chars().count() <= 1_024
        && !text("/payload/source").is_empty()
        && ["critical", "error", "warning", "info"].contains(&text("/payload/severity"));
    let state = match text("/event_action") {
        "trigger" if is_whole => "triggered",
        "acknowledge" => "acknowledged",
        "resolve" => "resolved",
        _ => return wrong("event_action or payload"),
    };
    let mut alerts = book.kept();
    alerts.states.insert(key.to_owned(), state.to_owned());
    alerts.events.push(event.clone());
    (StatusCode::ACCEPTED, Json(json!({ "status": "success", "message": "Event processed", "dedup_key": key })))
        .into_response()
}
