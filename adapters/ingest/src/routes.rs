//! Where each vendor sends.

use crate::config::Kind;
use crate::ingest::Ingest;
use crate::receive::Read;
use crate::refusal::Refusal;
use crate::{alertmanager, cloudevents, datadog, email, grafana, heartbeat, opsgenie, pagerduty, sentry, sns};
use crate::{uptime_kuma, webhook};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{MethodRouter, get, post};
use axum::{Json, Router};
use serde_json::json;
use std::sync::Arc;

impl Ingest {
    /// Everything this crate serves: `/in/…`, with the key of a source behind it or in a header, and the paths of PagerDuty's and
    /// Opsgenie's own APIs under `/v2`.
    pub fn router(self: &Arc<Self>) -> Router {
        Router::new()
            .merge(at("/in/alertmanager", vendor(Kind::Alertmanager, alertmanager::read)))
            .merge(at("/in/grafana", vendor(Kind::Grafana, grafana::read)))
            .merge(at("/in/datadog", vendor(Kind::Datadog, datadog::read)))
            .merge(at("/in/sentry", vendor(Kind::Sentry, sentry::read)))
            .merge(at("/in/uptime-kuma", vendor(Kind::UptimeKuma, uptime_kuma::read)))
            .merge(at("/in/cloudevents", vendor(Kind::CloudEvents, cloudevents::read).options(may_send)))
            .merge(at("/in/email", vendor(Kind::Email, email::read)))
            .merge(at("/in/webhook", vendor(Kind::Webhook, webhook::read)))
            .merge(at("/in/sns", post(sns::take)))
            .merge(at("/in/heartbeat", get(heartbeat::take).post(heartbeat::take)))
            .merge(pagerduty_api(""))
            .merge(pagerduty_api("/in/pagerduty"))
            .route("/in/pagerduty/{key}/v2/enqueue", post(pagerduty::enqueue))
            .merge(opsgenie::routes(""))
            .merge(opsgenie::routes("/in/opsgenie"))
            .with_state(Arc::clone(self))
    }
}

/// A route whose path may end with the key.
fn at(path: &str, methods: MethodRouter<Arc<Ingest>>) -> Router<Arc<Ingest>> {
    Router::new().route(path, methods.clone()).route(&format!("{path}/{{key}}"), methods)
}

fn pagerduty_api(under: &str) -> Router<Arc<Ingest>> {
    Router::new()
        .route(&format!("{under}/v2/enqueue"), post(pagerduty::enqueue))
        .route(&format!("{under}/v2/change/enqueue"), post(pagerduty::change))
}

/// A vendor who sends alerts and wants nothing else.
fn vendor(kind: Kind, read: Read) -> MethodRouter<Arc<Ingest>> {
    post(async move |State(ingest): State<Arc<Ingest>>, key: Option<Path<String>>, request: Request| {
        match ingest.receive(kind, read, key.map(|Path(key)| key), request).await {
            Ok(accepted) => (StatusCode::ACCEPTED, Json(json!({ "accepted": accepted }))).into_response(),
            Err(refusal) => refusal.into_response(),
        }
    })
}

/// Some senders of CloudEvents ask first whether they may. Whoever has the key may.
/// <https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md#4-abuse-protection>
async fn may_send(
    State(ingest): State<Arc<Ingest>>,
    key: Option<Path<String>>,
    request: Request,
) -> Result<(StatusCode, HeaderMap), Refusal> {
    let (parts, _) = request.into_parts();
    let key = crate::presented::presented(key.map(|Path(key)| key), &parts);
    ingest.admit(Kind::CloudEvents, key.as_deref(), crate::receive::peer(&parts)).await?;
    let origin = parts.headers.get("webhook-request-origin").cloned();
    let allowed = origin.map(|origin| (axum::http::HeaderName::from_static("webhook-allowed-origin"), origin));
    Ok((StatusCode::OK, HeaderMap::from_iter(allowed)))
}
