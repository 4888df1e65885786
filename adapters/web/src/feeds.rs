//! `GET /feeds/{secret}.ics`: shifts, for calendars, which cannot sign in. The secret is in the address.

use crate::guard;
use crate::web::Web;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{Extensions, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use muster_core::secret::Secret;
use std::sync::Arc;

/// No address of ours is longer.
const LONGEST: usize = 128;

pub(crate) fn routes(web: Arc<Web>) -> Router {
    Router::new().route("/feeds/{file}", get(show)).with_state(web)
}

async fn show(State(web): State<Arc<Web>>, Path(file): Path<String>, extensions: Extensions) -> Response {
    let secret = file.strip_suffix(".ics").filter(|secret| secret.len() <= LONGEST);
    let peer = guard::peer(&extensions);
    let Some(secret) = secret.filter(|_| web.guard.admits(peer)) else { return nothing() };
    match web.muster.feed(&Secret::presented(secret)).await {
        Ok(Some(calendar)) => ([(header::CONTENT_TYPE, "text/calendar; charset=utf-8")], calendar).into_response(),
        Ok(None) => {
            web.guard.failed(peer);
            nothing()
        }
        Err(error) => {
            tracing::warn!(%error, "a calendar could not be read");
            (StatusCode::SERVICE_UNAVAILABLE, "The database does not answer.\n").into_response()
        }
    }
}

fn nothing() -> Response {
    (StatusCode::NOT_FOUND, "There is no calendar here: ask for a new address with `oncall feed`.\n").into_response()
}
