//! Somebody who receives signed webhooks, believes none that is not, and takes each once.

use super::server::{Book, Fault, serve};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Response, StatusCode};
use axum::response::IntoResponse;
use axum::routing::post;
use serde_json::Value;
use standardwebhooks::Webhook;
use std::sync::Arc;

/// What was received.
#[derive(Debug, Clone)]
pub struct Received {
    /// Its id, by which a second one is known.
    pub id: String,
    /// What it says.
    pub body: Value,
}

#[derive(Debug, Default)]
struct Kept {
    secret: String,
    received: Vec<Received>,
}

/// The receiver.
pub struct Receiver {
    /// Where it is.
    pub url: String,
    book: Arc<Book<Kept>>,
}

impl Receiver {
    /// With which it is signed.
    pub const SECRET: &'static str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /// Starts one.
    pub async fn start() -> Self {
        Self::trusting(Self::SECRET).await
    }

    /// Starts one that believes what is signed with that secret.
    pub async fn trusting(secret: &str) -> Self {
        let book = Book::<Kept>::new();
        book.kept().secret = secret.to_owned();
        let url = serve(Router::new().route("/hook", post(receive)).with_state(Arc::clone(&book))).await;
        Self { url: format!("{url}/hook"), book }
    }

    /// Puts an answer in the way of the next request.
    pub fn next(&self, fault: Fault) {
        self.book.next(fault);
    }

    /// What was received and believed.
    #[must_use]
    pub fn received(&self) -> Vec<Received> {
        self.book.kept().received.clone()
    }
}

async fn receive(State(book): State<Arc<Book<Kept>>>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    if let Some(fault) = book.fault() {
        return fault;
    }
    let mut kept = book.kept();
    let signer = Webhook::new(&kept.secret).expect("a secret");
    if signer.verify(&body, &headers).is_err() {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let id = headers["webhook-id"].to_str().expect("an id").to_owned();
    assert_eq!(headers["idempotency-key"], id.as_str());
    if !kept.received.iter().any(|known| known.id == id) {
        kept.received.push(Received { id, body: serde_json::from_slice(&body).expect("JSON") });
    }
    StatusCode::NO_CONTENT.into_response()
}
