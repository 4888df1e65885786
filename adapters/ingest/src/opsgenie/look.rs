//! What can be asked: the status of a request, an alert, the alerts that are open.
//! <https://docs.opsgenie.com/docs/alert-api#get-request-status>

use super::Asked;
use super::ticket::Ticket;
use crate::draft::name;
use crate::ingest::Ingest;
use crate::refusal::Refusal;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use muster_core::alert::{Alert, AlertKey, AlertState, Level};
use serde_json::{Value, json};
use std::sync::Arc;

/// So many alerts a list has at most.
const MOST: usize = 100;

pub(super) async fn status(State(ingest): State<Arc<Ingest>>, Path(id): Path<String>, request: Request) -> Response {
    let outcome = async {
        let Asked { feed, .. } = ingest.asked(request).await?;
        let Some(ticket) = Ticket::read(&id) else { return Ok(None) };
        let key = AlertKey { source: feed.source.id.clone(), key: ticket.alias.clone() };
        let alert = ingest.desk.alert(&key).await.map_err(|_| Refusal::Late)?;
        Ok(Some((ticket, alert)))
    };
    match outcome.await {
        Ok(Some((ticket, alert))) => ingest.shown(standing(&ticket, alert.as_ref())),
        Ok(None) => ingest.not_found("Request not found. It might not be processed, yet."),
        Err(refusal) => ingest.not_shown(&refusal),
    }
}

/// What has become of a request. An alert that has only just been taken in may not be there yet; clients ask again.
fn standing(ticket: &Ticket, alert: Option<&Alert>) -> Value {
    let is_there = alert.is_some();
    let status = match (is_there, ticket.action.as_str()) {
        (true, "Create") => "Created alert",
        (true, _) => "Updated alert",
        (false, _) => "Alert does not exist",
    };
    let id = alert.map_or("", |alert| alert.id.key.as_str());
    json!({
        "success": is_there,
        "isSuccess": is_there,
        "action": ticket.action,
        "processedAt": alert.map(|alert| alert.heard_at),
        "integrationId": "muster",
        "status": status,
        "alertId": id,
        "alias": id,
    })
}

pub(super) async fn one(State(ingest): State<Arc<Ingest>>, Path(alias): Path<String>, request: Request) -> Response {
    let outcome = async {
        let Asked { feed, .. } = ingest.asked(request).await?;
        let key = AlertKey { source: feed.source.id.clone(), key: name(&alias) };
        ingest.desk.alert(&key).await.map_err(|_| Refusal::Late)
    };
    match outcome.await {
        Ok(Some(alert)) => ingest.shown(shown(&alert)),
        Ok(None) => ingest.not_found("Alert does not exist"),
        Err(refusal) => ingest.not_shown(&refusal),
    }
}

pub(super) async fn list(State(ingest): State<Arc<Ingest>>, request: Request) -> Response {
    match ingest.open_alerts(request).await {
        Ok(alerts) => ingest.shown(alerts.iter().map(shown).collect()),
        Err(refusal) => ingest.not_shown(&refusal),
    }
}

pub(super) async fn count_all(State(ingest): State<Arc<Ingest>>, request: Request) -> Response {
    match ingest.open_alerts(request).await {
        Ok(alerts) => ingest.shown(json!({ "count": alerts.len() })),
        Err(refusal) => ingest.not_shown(&refusal),
    }
}

impl Ingest {
    async fn open_alerts(&self, request: Request) -> Result<Vec<Alert>, Refusal> {
        let Asked { feed, .. } = self.asked(request).await?;
        self.desk.firing(&feed.source.id, MOST).await.map_err(|_| Refusal::Late)
    }
}

fn shown(alert: &Alert) -> Value {
    let status = match alert.state {
        AlertState::Firing => "open",
        AlertState::Resolved => "closed",
    };
    json!({
        "id": alert.id.key,
        "tinyId": alert.id.key,
        "alias": alert.id.key,
        "message": alert.title,
        "status": status,
        "acknowledged": alert.acknowledged.is_some(),
        "isSeen": true,
        "snoozed": false,
        "tags": [],
        "count": alert.count,
        "createdAt": alert.since,
        "updatedAt": alert.heard_at,
        "lastOccurredAt": alert.heard_at,
        "source": alert.id.source,
        "owner": "",
        "priority": alert.level.map_or("P3", priority),
        "responders": [],
        "description": alert.text,
        "details": alert.labels,
    })
}

fn priority(level: Level) -> &'static str {
    match level {
        Level::Critical => "P1",
        Level::Error => "P2",
        Level::Warning => "P3",
        Level::Info => "P4",
    }
}
