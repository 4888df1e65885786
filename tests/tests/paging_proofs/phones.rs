//! Phones: a server of ours that takes pages as signed webhooks and remembers when each came.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;

/// A page that came in.
#[derive(Debug, Clone)]
pub(crate) struct Rung {
    /// The key of the attempt.
    pub(crate) key: String,
    /// In which life of the one who sends.
    pub(crate) life: u64,
    /// About what: `INC-7`.
    pub(crate) incident: String,
    /// Whose phone.
    pub(crate) person: String,
}

#[derive(Default)]
struct Book {
    life: u64,
    rung: Vec<Rung>,
}

/// Everybody's phone.
#[derive(Clone)]
pub(crate) struct Phones {
    url: String,
    book: Arc<Mutex<Book>>,
}

impl Phones {
    /// Phones that take so long to ring.
    pub(crate) async fn on_a_desk(slowness: Duration) -> Self {
        let book = Arc::<Mutex<Book>>::default();
        let ring = move |State(book): State<Arc<Mutex<Book>>>, headers: HeaderMap, Json(body): Json<Value>| async move {
            let text = |value: &Value| value.as_str().map(str::to_owned).unwrap_or_default();
            let key = headers.get("webhook-id").and_then(|key| key.to_str().ok()).unwrap_or_default().to_owned();
            if body["type"] == "page.raised" {
                let mut book = book.lock().expect("a lock");
                let (incident, person) = (incident(&body["data"]["incident"]), text(&body["data"]["person"]));
                let life = book.life;
                book.rung.push(Rung { key, life, incident, person });
            }
            // What has rung is acknowledged later: a process may die in between.
            tokio::time::sleep(slowness).await;
            StatusCode::NO_CONTENT
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/ring", listener.local_addr().expect("an address"));
        let router = Router::new().route("/ring", post(ring)).with_state(Arc::clone(&book));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, book }
    }

    /// Where they are reached.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Another life begins.
    pub(crate) fn next_life(&self) {
        self.book.lock().expect("a lock").life += 1;
    }

    /// Everything that came in since the first `known`.
    pub(crate) fn since(&self, known: usize) -> Vec<Rung> {
        self.book.lock().expect("a lock").rung[known..].to_vec()
    }

    /// How often each attempt arrived beyond the first time. In one life it arrives once.
    pub(crate) fn twice(&self) -> usize {
        let mut arrived: BTreeMap<(String, u64), usize> = BTreeMap::new();
        let mut keys: BTreeMap<String, usize> = BTreeMap::new();
        for rung in self.since(0) {
            *arrived.entry((rung.key.clone(), rung.life)).or_default() += 1;
            *keys.entry(rung.key).or_default() += 1;
        }
        let again: Vec<_> = arrived.iter().filter(|(_, times)| **times > 1).collect();
        assert!(again.is_empty(), "sent twice though nothing was lost: {again:?}");
        keys.values().map(|times| times - 1).sum()
    }
}

fn incident(value: &Value) -> String {
    value.as_str().map_or_else(|| format!("INC-{value}"), str::to_owned)
}
