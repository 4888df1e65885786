//! Opsgenie's alert API, as a server: clients of Opsgenie need only another address.
//! <https://docs.opsgenie.com/docs/alert-api>
//!
//! An alert's id is its alias, and a request's id holds what was asked for, so that nothing has to be remembered and any
//! process can answer for any other.

mod act;
mod answer;
mod create;
mod look;
mod ticket;

use crate::config::Kind;
use crate::ingest::{Feed, Ingest};
use crate::presented::presented;
use crate::receive::{Room, count, limit, peer};
use crate::refusal::Refusal;
use axum::Router;
use axum::extract::Request;
use axum::routing::{get, post};
use serde_json::Value;
use std::sync::Arc;

/// The paths of the API, under a path of ours.
pub(crate) fn routes(under: &str) -> Router<Arc<Ingest>> {
    let at = |path: &str| format!("{under}/v2/alerts{path}");
    Router::new()
        .route(&at(""), post(create::create).get(look::list))
        .route(&at("/"), post(create::create).get(look::list))
        .route(&at("/count"), get(look::count_all))
        .route(&at("/requests/{request}"), get(look::status))
        .route(&at("/{alert}"), get(look::one).delete(act::delete))
        .route(&at("/{alert}/{what}"), post(act::act).put(act::act))
}

/// A request of somebody who may send.
struct Asked {
    feed: Arc<Feed>,
    /// Null if there was none.
    body: Value,
}

impl Ingest {
    async fn asked(&self, request: Request) -> Result<Asked, Refusal> {
        let (parts, body) = request.into_parts();
        let feed = self.admit(Kind::Opsgenie, presented(None, &parts).as_deref(), peer(&parts)).await;
        let feed = feed.inspect_err(|refusal| count("-", refusal.word()))?;
        let room = Room { places: &self.bodies, largest: limit(Kind::Opsgenie) };
        let read = async {
            let held = room.read(body, &parts.headers).await?;
            if held.bytes.is_empty() { Ok(Value::Null) } else { Ok(crate::field::parse(&held.bytes)?) }
        };
        let body = read.await.inspect_err(|refusal: &Refusal| count(&feed.source.id, refusal.word()))?;
        Ok(Asked { feed, body })
    }
}
