//! PagerDuty's Events API v2, as a server: clients of PagerDuty need only another address.
//! <https://developer.pagerduty.com/docs/events-api-v2-overview>

use crate::config::{Kind, Source};
use crate::draft::{links, signal};
use crate::field;
use crate::ingest::Ingest;
use crate::presented::presented;
use crate::receive::{Room, count, limit, metered, peer};
use crate::refusal::{Refusal, Unreadable};
use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use muster_core::alert::{Action, Level, Link, Signal};
use serde_json::{Value, json};
use std::sync::Arc;

/// The longest `dedup_key`, in characters.
const LONGEST_KEY: usize = 255;
/// The length of a routing key, in characters.
const ROUTING_KEY: usize = 32;

/// `POST /v2/enqueue`: an alert event.
pub(crate) async fn enqueue(
    State(ingest): State<Arc<Ingest>>,
    key: Option<Path<String>>,
    request: Request,
) -> Response {
    match ingest.event(key.map(|Path(key)| key), request, read).await {
        Ok(key) => accepted(json!({ "status": "success", "message": "Event processed", "dedup_key": key })),
        Err(refusal) => refused(&refusal),
    }
}

/// `POST /v2/change/enqueue`: a change event. It is no alert, so that nothing is kept of it.
pub(crate) async fn change(State(ingest): State<Arc<Ingest>>, key: Option<Path<String>>, request: Request) -> Response {
    match ingest.event(key.map(|Path(key)| key), request, |_, _, _| Ok(Vec::new())).await {
        Ok(_) => accepted(json!({ "status": "success", "message": "Change event processed" })),
        Err(refusal) => refused(&refusal),
    }
}

fn accepted(body: Value) -> Response {
    (StatusCode::ACCEPTED, Json(body)).into_response()
}

/// PagerDuty's own shape, and its status: a key that opens nothing is a mistake in the event.
fn refused(refusal: &Refusal) -> Response {
    let (status, title, message) = match refusal {
        Refusal::NoKey | Refusal::OtherKind(_) | Refusal::Unsigned | Refusal::Unreadable(_) => {
            (StatusCode::BAD_REQUEST, "invalid event", "Event object is invalid")
        }
        Refusal::TooFast(_) => {
            (refusal.status(), "throttle exceeded", "Too many events are sent with this routing key")
        }
        Refusal::TooLarge(_) => (refusal.status(), "invalid event", "The event is larger than 512 KB"),
        Refusal::Slow | Refusal::Late => (refusal.status(), "internal error", "The event was not kept: send it again"),
    };
    refusal.answer(status, json!({ "status": title, "message": message, "errors": [refusal.to_string()] }))
}

/// Reads an event whose key is the last argument.
type ReadEvent = fn(&Source, &Value, &str) -> Result<Vec<Signal>, Unreadable>;

impl Ingest {
    /// Takes an event; durable when it returns its key.
    async fn event(&self, path: Option<String>, request: Request, read: ReadEvent) -> Result<String, Refusal> {
        let (parts, body) = request.into_parts();
        let room = Room { places: &self.keyless_bodies, largest: limit(Kind::PagerDuty) };
        let event = async {
            let held = room.read(body, &parts.headers).await?;
            let event: Value = field::parse(&held.bytes)?;
            let header = parts.headers.get("x-routing-key").and_then(|key| key.to_str().ok()).map(str::to_owned);
            let key = field::text(&event, "/routing_key").or(header).or_else(|| presented(path, &parts));
            if key.as_ref().is_some_and(|key| key.chars().count() != ROUTING_KEY) {
                let sentence = format!("Length of 'routing_key' is incorrect (should be {ROUTING_KEY} characters)");
                return Err(Unreadable(sentence).into());
            }
            Ok((self.admit(Kind::PagerDuty, key.as_deref(), peer(&parts)).await?, event))
        };
        let (feed, event) = event.await.inspect_err(|refusal: &Refusal| count("-", refusal.word()))?;
        let take = async {
            let key = field::text(&event, "/dedup_key").unwrap_or_else(|| self.fresh_name());
            self.keep(read(&feed.source, &event, &key)?).await?;
            Ok(key)
        };
        metered(&feed.source.id, take.await)
    }
}

/// An alert event. A trigger that has no key of its own gets a fresh one.
fn read(source: &Source, event: &Value, key: &str) -> Result<Vec<Signal>, Unreadable> {
    if key.chars().count() > LONGEST_KEY {
        let sentence = format!("Length of 'dedup_key' is incorrect (should be at most {LONGEST_KEY} characters)");
        return Err(Unreadable(sentence));
    }
    let action = match event["event_action"].as_str() {
        Some("trigger") => Action::Trigger,
        Some("acknowledge") => Action::Acknowledge,
        Some("resolve") => Action::Resolve,
        Some(_) => {
            return Err(Unreadable::new("'event_action' is invalid (must be one of trigger, acknowledge, resolve)"));
        }
        None => return Err(Unreadable::new("'event_action' is missing or blank")),
    };
    if action == Action::Trigger {
        return Ok(vec![trigger(source, event, key)?]);
    }
    if field::text(event, "/dedup_key").is_none() {
        return Err(Unreadable::new("'dedup_key' is missing or blank"));
    }
    let title = field::text(event, "/payload/summary").unwrap_or_else(|| key.to_owned());
    Ok(vec![Signal { action, ..signal(source, key, title) }])
}

fn trigger(source: &Source, event: &Value, key: &str) -> Result<Signal, Unreadable> {
    let payload = &event["payload"];
    let needed = |name: &str| {
        field::text(payload, &format!("/{name}"))
            .ok_or_else(|| Unreadable(format!("'payload.{name}' is missing or blank")))
    };
    let (summary, origin, severity) = (needed("summary")?, needed("source")?, needed("severity")?);
    let Some(level) = Level::ALL.into_iter().find(|level| level.word() == severity) else {
        let sentence = "'payload.severity' is invalid (must be one of critical, error, warning, info)";
        return Err(Unreadable::new(sentence));
    };
    let details = &payload["custom_details"];
    let mut labels = field::labels(Some(details));
    let names = [("component", "/component"), ("group", "/group"), ("class", "/class")];
    labels.extend(field::named(payload, &names));
    labels.extend(field::named(event, &[("client", "/client")]));
    labels.insert("source".to_owned(), origin);
    let said = field::first(details, &["/description", "/firing", "/message"]).or_else(|| field::plain(details));
    let is_cut = summary.chars().count() > Signal::TITLE;
    Ok(Signal {
        text: if is_cut { Some(summary.clone()) } else { said },
        level: Some(level),
        labels,
        links: all_links(event),
        at: field::moment(&payload["timestamp"]),
        ..signal(source, key, summary)
    })
}

fn all_links(event: &Value) -> Vec<Link> {
    let client = field::text(event, "/client").unwrap_or_else(|| "Client".to_owned());
    let mut all = links([(client.as_str(), field::text(event, "/client_url"))]);
    let lists = [("/links", "/href", "/text"), ("/images", "/src", "/alt")];
    for (list, url, label) in lists {
        let items = event.pointer(list).and_then(Value::as_array).into_iter().flatten();
        all.extend(items.filter_map(|item| {
            let url = field::text(item, url)?;
            Some(Link { label: field::text(item, label).unwrap_or_else(|| url.clone()), url })
        }));
    }
    all
}
