//! One way in for every vendor: whose key, how large, what it says, and then durable.

use crate::config::{Kind, Source};
use crate::ingest::Ingest;
use crate::presented::presented;
use crate::refusal::{Refusal, Unreadable};
use crate::signature::is_signed;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRequest, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use muster_core::alert::Signal;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

/// So many signals one request may hold.
const SIGNALS: usize = 1_000;
/// A body that takes longer is not waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// What arrived from a source that may send.
pub(crate) struct Letter<'a> {
    pub(crate) source: &'a Source,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
}

/// A vendor's reader.
pub(crate) type Read = fn(&Letter<'_>) -> Result<Vec<Signal>, Unreadable>;

/// Where bodies are read into.
pub(crate) struct Room<'a> {
    pub(crate) places: &'a Semaphore,
    /// The largest body, in bytes.
    pub(crate) largest: usize,
}

/// A body, and its place among those that are in memory.
pub(crate) struct Held<'a> {
    pub(crate) bytes: Bytes,
    _place: SemaphorePermit<'a>,
}

impl<'a> Room<'a> {
    /// Reads a body, once there is a place for it.
    pub(crate) async fn read(&self, body: Body, headers: &HeaderMap) -> Result<Held<'a>, Refusal> {
        let limit = self.largest;
        let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
        if length.and_then(|length| length.parse().ok()).is_some_and(|length: usize| length > limit) {
            return Err(Refusal::TooLarge(limit));
        }
        let Ok(Ok(place)) = timeout(PATIENCE, self.places.acquire()).await else { return Err(Refusal::Late) };
        let mut request = Request::new(body);
        DefaultBodyLimit::max(limit).apply(&mut request);
        match timeout(PATIENCE, Bytes::from_request(request, &())).await {
            Ok(Ok(bytes)) => Ok(Held { bytes, _place: place }),
            Ok(Err(error)) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(Refusal::TooLarge(limit)),
            Ok(Err(_)) => Err(Unreadable::new("The request broke off").into()),
            Err(_) => Err(Refusal::Slow),
        }
    }
}

impl Ingest {
    /// Takes a request whose key is outside its body. Tells how many signals it held.
    pub(crate) async fn receive(
        &self,
        kind: Kind,
        read: Read,
        key: Option<String>,
        request: Request,
    ) -> Result<usize, Refusal> {
        let (parts, body) = request.into_parts();
        let feed = self.admit(kind, presented(key, &parts).as_deref(), peer(&parts)).await;
        let feed = feed.inspect_err(|refusal| count("-", refusal.word()))?;
        let source = &feed.source;
        let take = async {
            let room = Room { places: &self.bodies, largest: limit(kind) };
            let held = room.read(body, &parts.headers).await?;
            let letter = Letter { source, headers: &parts.headers, body: &held.bytes };
            if !is_signed(&letter) {
                return Err(Refusal::Unsigned);
            }
            self.keep(read(&letter)?).await
        };
        metered(&source.id, take.await)
    }

    /// Hands signals in; durable when it returns. Tells how many.
    pub(crate) async fn keep(&self, signals: Vec<Signal>) -> Result<usize, Refusal> {
        let count = signals.len();
        if count > SIGNALS {
            let sentence = format!("This request holds {count} alerts and may hold {SIGNALS}: send them in parts");
            return Err(Unreadable(sentence).into());
        }
        if count == 0 {
            return Ok(0);
        }
        let signals: Vec<_> = signals.into_iter().map(Signal::tidy).collect();
        let source = signals.first().map(|signal| signal.source.clone()).unwrap_or_default();
        match timeout(PATIENCE, self.desk.take_in(signals)).await {
            Ok(Ok(())) => {
                metrics::counter!("muster_ingest_signals_total", "source" => source).increment(count as u64);
                Ok(count)
            }
            Ok(Err(_)) | Err(_) => Err(Refusal::Late),
        }
    }
}

/// The largest body that is read, in bytes. PagerDuty's bound is 512 KB, that of SNS 256 KB.
pub(crate) fn limit(kind: Kind) -> usize {
    match kind {
        Kind::Email => 1024 * 1024,
        Kind::Sns => 256 * 1024 + 16 * 1024,
        Kind::Alertmanager
        | Kind::Grafana
        | Kind::Datadog
        | Kind::Sentry
        | Kind::UptimeKuma
        | Kind::CloudEvents
        | Kind::Webhook
        | Kind::PagerDuty
        | Kind::Opsgenie
        | Kind::Heartbeat => 512 * 1024,
    }
}

/// The address a request comes from, as the listener saw it. Headers that a client could write are not believed.
pub(crate) fn peer(parts: &Parts) -> Option<IpAddr> {
    parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip().to_canonical())
}

/// Counts how a request of a source ended.
pub(crate) fn metered<T>(source: &str, outcome: Result<T, Refusal>) -> Result<T, Refusal> {
    count(source, outcome.as_ref().map_or_else(Refusal::word, |_| "taken"));
    outcome
}

/// Counts a request. One whose key opened nothing has the source `-`.
pub(crate) fn count(source: &str, outcome: &'static str) {
    metrics::counter!("muster_ingest_requests_total", "source" => source.to_owned(), "outcome" => outcome).increment(1);
}
