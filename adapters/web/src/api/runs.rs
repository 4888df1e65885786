//! The runs of runbooks over the API: where each stands, and all that its steps have said.

use super::auth::Reader;
use super::error::ApiError;
use super::lists::id;
use crate::web::{Web, zone_of};
use axum::extract::{Path, State};
use axum::response::Json;
use muster_core::view::run::card;
use muster_core::view::text::plain;
use serde_json::{Value, json};
use std::sync::Arc;

/// `GET /incidents/{id}/runs`
pub(super) async fn list(
    State(web): State<Arc<Web>>,
    Reader(actor): Reader,
    Path(path): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let ran = web.muster.runs(&actor.person, id(&path)?, None).await?.ok_or_else(ApiError::no_incident)?;
    Ok(Json(json!({ "runs": ran.runs })))
}

/// `GET /incidents/{id}/runs/{number}`
pub(super) async fn one(
    State(web): State<Arc<Web>>,
    Reader(actor): Reader,
    Path((path, number)): Path<(String, String)>,
) -> Result<Json<Value>, ApiError> {
    let number = number.parse().unwrap_or_default();
    let ran = web.muster.runs(&actor.person, id(&path)?, Some(number)).await?.ok_or_else(ApiError::no_incident)?;
    let run = ran.runs.iter().find(|run| run.number == number).ok_or_else(ApiError::no_run)?;
    let org = web.muster.org();
    let text = plain(&card(run, &org), zone_of(&org, &actor.person));
    Ok(Json(json!({ "run": run, "text": text, "said": ran.transcripts })))
}
