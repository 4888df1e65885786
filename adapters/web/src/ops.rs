//! For whoever runs Muster: does it live, can it work, what does it measure.

use crate::api::presented;
use crate::guard;
use crate::tokens::Bearer;
use crate::web::Web;
use axum::Router;
use axum::extract::State;
use axum::http::{Extensions, HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use muster_core::inbound::Caller;
use muster_core::org::Right;
use muster_core::peer::Peer;
use std::sync::Arc;
use std::time::Duration;

/// A store that takes longer is not ready.
const READY_WITHIN: Duration = Duration::from_secs(1);

pub(crate) fn routes(web: Arc<Web>) -> Router {
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(web)
}

async fn ready(State(web): State<Arc<Web>>) -> Response {
    match tokio::time::timeout(READY_WITHIN, web.muster.store().ping()).await {
        Ok(Ok(())) => "ready\n".into_response(),
        Ok(Err(_)) | Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response(),
    }
}

/// Only for this machine, and for tokens of operators.
async fn metrics(State(web): State<Arc<Web>>, headers: HeaderMap, extensions: Extensions) -> Response {
    if !may_measure(&web, &headers, guard::peer(&extensions)).await {
        return (
            StatusCode::UNAUTHORIZED,
            [(header::WWW_AUTHENTICATE, "Bearer")],
            "metrics are for this machine, or for a token of an operator\n",
        )
            .into_response();
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], (web.config.metrics)()).into_response()
}

async fn may_measure(web: &Web, headers: &HeaderMap, peer: Peer) -> bool {
    if peer.is_loopback() && !came_through_proxy(headers) {
        return true;
    }
    let Some(token) = presented(headers) else { return false };
    let Ok(Bearer::Person(person)) = web.bearer(token, peer).await else { return false };
    let actor = web.muster.identify(&Caller::Person(person)).await;
    actor.is_ok_and(|actor| actor.right >= Right::Admin)
}

/// Behind a proxy on the same machine, everybody comes from this machine.
fn came_through_proxy(headers: &HeaderMap) -> bool {
    ["forwarded", "x-forwarded-for", "x-real-ip", "via"].iter().any(|name| headers.contains_key(*name))
}
