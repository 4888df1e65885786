//! Heartbeats: whoever calls is alive. Any of GET, HEAD and POST, so that a line of cron is enough.

use crate::config::Kind;
use crate::ingest::Ingest;
use crate::presented::presented;
use crate::receive::{count, peer};
use crate::refusal::Refusal;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

pub(crate) async fn take(State(ingest): State<Arc<Ingest>>, key: Option<Path<String>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let key = presented(key.map(|Path(key)| key), &parts);
    let outcome = match ingest.admit(Kind::Heartbeat, key.as_deref(), peer(&parts)).await {
        Ok(feed) => {
            let beat = ingest.desk.beat(&feed.source.id).await.map_err(|_| Refusal::Late);
            count(&feed.source.id, beat.as_ref().map_or_else(Refusal::word, |()| "taken"));
            beat
        }
        Err(refusal) => {
            count("-", refusal.word());
            Err(refusal)
        }
    };
    outcome.map_or_else(IntoResponse::into_response, |()| "ok\n".into_response())
}
