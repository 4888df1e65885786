//! An ntfy that takes what the real one takes: no field it does not know, and each sequence once.

use super::server::{Book, Fault, serve, wrong};
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Response, StatusCode, header};
use axum::routing::post;
use axum::{Json, Router, response::IntoResponse};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// What is published. <https://docs.ntfy.sh/publish/#publish-as-json>
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// To whoever listens to this.
    pub topic: String,
    /// What it is about.
    pub title: String,
    /// What it says.
    pub message: String,
    /// From 1 to 5.
    pub priority: u8,
    /// Signs in front.
    pub tags: Vec<String>,
    /// Where a tap leads.
    pub click: String,
    /// Its buttons.
    pub actions: Vec<Value>,
    /// What a later one with the same takes the place of.
    pub sequence_id: String,
}

/// ntfy.
pub struct FakeNtfy {
    /// Where it is.
    pub url: String,
    book: Arc<Book<Vec<Published>>>,
}

impl FakeNtfy {
    /// The token with which one may publish.
    pub const TOKEN: &'static str = "tk_0123456789abcdefghijklmnopqrs";

    /// Starts one.
    pub async fn start() -> Self {
        let book = Book::new();
        Self { url: serve(Router::new().route("/", post(publish)).with_state(Arc::clone(&book))).await, book }
    }

    /// Puts an answer in the way of the next request.
    pub fn next(&self, fault: Fault) {
        self.book.next(fault);
    }

    /// What a phone shows now.
    #[must_use]
    pub fn shown(&self) -> Vec<Published> {
        self.book.kept().clone()
    }
}

async fn publish(State(book): State<Arc<Book<Vec<Published>>>>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    if let Some(fault) = book.fault() {
        return fault;
    }
    if headers.get(header::AUTHORIZATION).is_none_or(|given| given != format!("Bearer {}", FakeNtfy::TOKEN).as_str()) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let published: Published = match serde_json::from_slice(&body) {
        Ok(published) => published,
        Err(error) => return wrong(error.to_string()),
    };
    let is_word = |text: &str| {
        (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
    };
    if !is_word(&published.topic) || !is_word(&published.sequence_id) {
        return wrong("a topic or sequence that is none");
    }
    if !(1..=5).contains(&published.priority) || published.actions.len() > 3 || published.message.len() > 4_096 {
        return wrong("a priority, actions or a message out of bounds");
    }
    let mut shown = book.kept();
    shown.retain(|known| known.sequence_id != published.sequence_id);
    shown.push(published);
    Json(json!({ "id": format!("n{}", shown.len()), "event": "message" })).into_response()
}
