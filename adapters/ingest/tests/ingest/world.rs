//! The world around the crate: a desk that remembers, a way out that is a table, a clock that stands still.

use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, Response, StatusCode, header};
use chrono::{DateTime, TimeDelta};
use muster_core::alert::{Action, Alert, AlertKey, AlertState, Signal};
use muster_core::clock::{Clock, Entropy, Timestamp};
use muster_core::ports::outside::{Outside, OutsideError};
use muster_core::ports::store::StoreError;
use muster_core::secret::{Secret, SecretHash};
use muster_ingest::{Desk, Ingest, IngestConfig, Kind, Mapping, Pick, Source};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tower::ServiceExt;

/// The key of the source of a kind: 32 characters that name it.
pub(crate) fn key_of(kind: Kind) -> String {
    format!("{:0<32}", kind.word().replace('-', ""))
}

/// Everything that was asked of Muster.
#[derive(Default)]
pub(crate) struct Book {
    pub(crate) signals: Vec<Signal>,
    pub(crate) commits: usize,
    pub(crate) beats: Vec<String>,
    pub(crate) look_ups: usize,
    pub(crate) keys: HashMap<SecretHash, String>,
    pub(crate) is_down: bool,
}

impl Book {
    fn up(&self) -> Result<(), StoreError> {
        if self.is_down { Err(StoreError::Unavailable("it is down".to_owned())) } else { Ok(()) }
    }

    /// What an alert comes to when its signals are taken one after another.
    fn alert(&self, key: &AlertKey) -> Option<Alert> {
        let of_it = |signal: &&Signal| signal.source == key.source && signal.key == key.key;
        let last = self.signals.iter().rfind(of_it)?.clone();
        let first = self.signals.iter().find(of_it)?.clone();
        let state = if last.action == Action::Resolve { AlertState::Resolved } else { AlertState::Firing };
        let title = if last.action == Action::Trigger { last.title } else { first.title };
        Some(Alert {
            id: key.clone(),
            version: 1,
            state,
            title,
            text: last.text.or(first.text),
            level: last.level.or(first.level),
            labels: first.labels,
            links: first.links,
            incident: None,
            group: String::new(),
            since: start(),
            heard_at: start(),
            count: 1,
            turns: Vec::new(),
            silenced_by: None,
            acknowledged: (last.action == Action::Acknowledge).then(start),
            service: None,
            site: None,
        })
    }
}

pub(crate) struct FakeDesk(pub(crate) Mutex<Book>);

#[async_trait]
impl Desk for FakeDesk {
    async fn take_in(&self, signals: Vec<Signal>) -> Result<(), StoreError> {
        let mut book = self.0.lock().expect("a lock");
        book.up()?;
        book.commits += 1;
        book.signals.extend(signals);
        Ok(())
    }

    async fn source_of(&self, key: &SecretHash) -> Result<Option<String>, StoreError> {
        let mut book = self.0.lock().expect("a lock");
        book.look_ups += 1;
        book.up()?;
        Ok(book.keys.get(key).cloned())
    }

    async fn beat(&self, source: &str) -> Result<(), StoreError> {
        let mut book = self.0.lock().expect("a lock");
        book.up()?;
        book.beats.push(source.to_owned());
        Ok(())
    }

    async fn alert(&self, key: &AlertKey) -> Result<Option<Alert>, StoreError> {
        Ok(self.0.lock().expect("a lock").alert(key))
    }

    async fn firing(&self, source: &str, limit: usize) -> Result<Vec<Alert>, StoreError> {
        let book = self.0.lock().expect("a lock");
        let keys = book.signals.iter().filter(|signal| signal.source == source);
        let keys = keys.map(|signal| AlertKey { source: source.to_owned(), key: signal.key.clone() });
        let mut alerts: BTreeMap<AlertKey, Alert> =
            keys.filter_map(|key| Some((key.clone(), book.alert(&key)?))).collect();
        alerts.retain(|_, alert| alert.state == AlertState::Firing);
        Ok(alerts.into_values().take(limit).collect())
    }
}

/// A way out that leads to what is written down, and remembers what was asked for.
#[derive(Default)]
pub(crate) struct FakeOutside {
    pub(crate) pages: Mutex<HashMap<String, Result<Vec<u8>, OutsideError>>>,
    pub(crate) asked: Mutex<Vec<String>>,
}

#[async_trait]
impl Outside for FakeOutside {
    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, OutsideError> {
        let url = request.uri().to_string();
        self.asked.lock().expect("a lock").push(url.clone());
        match self.pages.lock().expect("a lock").get(&url).cloned() {
            Some(page) => page.map(Response::new),
            None => Ok(Response::builder().status(StatusCode::NOT_FOUND).body(Vec::new()).expect("it is there")),
        }
    }
}

pub(crate) fn start() -> Timestamp {
    DateTime::from_timestamp(1_795_776_120, 0).expect("it is there")
}

pub(crate) struct HandClock(pub(crate) Mutex<Timestamp>);

#[async_trait]
impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().expect("a lock")
    }

    async fn sleep_until(&self, _: Timestamp) {}
}

#[derive(Default)]
struct Counted(AtomicU64);

impl Entropy for Counted {
    fn fill(&self, bytes: &mut [u8]) {
        let n = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        bytes.fill(0);
        let end = bytes.len() - 8;
        bytes[end..].copy_from_slice(&n.to_be_bytes());
    }
}

pub(crate) struct World {
    pub(crate) desk: Arc<FakeDesk>,
    pub(crate) outside: Arc<FakeOutside>,
    pub(crate) clock: Arc<HandClock>,
    pub(crate) ingest: Arc<Ingest>,
    router: Router,
}

/// A source of every kind, each with its key.
pub(crate) fn every_kind() -> IngestConfig {
    IngestConfig { sources: Kind::ALL.into_iter().map(source).collect() }
}

pub(crate) fn source(kind: Kind) -> Source {
    let pick = |text: &str| Some(Pick::parse(text).expect("a pick"));
    let mapping = Mapping {
        key: pick("/build/url"),
        title: pick("{{build.name}} {{#if build.failed}}failed{{else}}passed{{/if}}"),
        level: pick("/build/severity"),
        action: pick("/build/status"),
        at: pick("/build/at"),
        link: pick("/build/url"),
        labels: [("job".to_owned(), Pick::parse("/build/name").expect("a pick"))].into(),
        ..Mapping::default()
    };
    let mut source = Source::new(format!("the-{}", kind.word()), kind);
    source.mapping = (kind == Kind::Webhook).then_some(mapping);
    source
}

impl World {
    pub(crate) fn new() -> Self {
        Self::of(every_kind())
    }

    pub(crate) fn of(config: IngestConfig) -> Self {
        let keys =
            config.sources.iter().map(|source| (Secret::presented(key_of(source.kind)).hash(), source.id.clone()));
        let desk = Arc::new(FakeDesk(Mutex::new(Book { keys: keys.collect(), ..Book::default() })));
        let (outside, clock) = (Arc::new(FakeOutside::default()), Arc::new(HandClock(Mutex::new(start()))));
        let entropy = Arc::new(Counted::default());
        let ingest = Ingest::new(desk.clone(), outside.clone(), clock.clone(), entropy, config);
        let ingest = Arc::new(ingest);
        let router = ingest.router();
        Self { desk, outside, clock, ingest, router }
    }

    pub(crate) fn book(&self) -> std::sync::MutexGuard<'_, Book> {
        self.desk.0.lock().expect("a lock")
    }

    pub(crate) fn later(&self, seconds: i64) {
        *self.clock.0.lock().expect("a lock") += TimeDelta::seconds(seconds);
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("a body");
        let retry_after =
            parts.headers.get(header::RETRY_AFTER).map(|value| value.to_str().expect("it is there").to_owned());
        Answer { status: parts.status, retry_after, body: String::from_utf8(bytes.to_vec()).expect("text") }
    }

    pub(crate) async fn post(&self, path: &str, body: impl Into<Body>) -> Answer {
        self.send(request(Method::POST, path, body)).await
    }

    /// What is taken in of a body of that kind.
    pub(crate) async fn takes(&self, kind: Kind, body: impl Into<Body>) -> Vec<Signal> {
        let answer = self.post(&format!("/in/{}/{}", kind.word(), key_of(kind)), body).await;
        assert!(answer.status.is_success(), "{answer:?}");
        std::mem::take(&mut self.book().signals)
    }
}

pub(crate) fn request(method: Method, path: &str, body: impl Into<Body>) -> Request<Body> {
    Request::builder().method(method).uri(path).body(body.into()).expect("a request")
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) retry_after: Option<String>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }
}
