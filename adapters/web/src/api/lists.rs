//! Looking over the API: incidents, their timelines, exports, people.

use super::auth::Reader;
use super::body::Asked;
use super::error::ApiError;
use crate::pages::room_feed::Cursor;
use crate::web::{Web, zone_of};
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Json, Response};
use muster_core::command::complete::Candidate;
use muster_core::decide::{Entries, ListQuery, Summary};
use muster_core::export;
use muster_core::ids::{IncidentId, PlatformId};
use muster_core::inbound::{Actor, Caller, Place};
use muster_core::incident::Kind;
use muster_core::org::Organisation;
use muster_core::view::entry::sentence;
use muster_core::view::text::line;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

const PAGE: i64 = 25;
const MOST: i64 = 200;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    open: Option<bool>,
    #[serde(default)]
    mine: bool,
    kind: Option<String>,
    severity: Option<String>,
    service: Option<String>,
    site: Option<String>,
    before: Option<String>,
    limit: Option<i64>,
}

impl Filter {
    fn query(&self, actor: &Actor, org: &Organisation) -> Result<ListQuery, ApiError> {
        let kind = |word: &str| Kind::ALL.into_iter().find(|kind| kind.word() == word);
        Ok(ListQuery {
            open: self.open,
            mine: self.mine,
            kind: known("kind", self.kind.as_deref(), kind)?,
            severity: known("severity", self.severity.as_deref(), |key| {
                org.find_severity(key).map(|one| one.key.clone())
            })?,
            service: known("service", self.service.as_deref(), |id| org.find_service(id).map(|one| one.id.clone()))?,
            site: known("site", self.site.as_deref(), |id| org.find_site(id).map(|one| one.id.clone()))?,
            before: known("incident", self.before.as_deref(), |id| id.parse::<IncidentId>().ok())?,
            limit: limit(self.limit)?,
            ..ListQuery::of(actor.person.clone())
        })
    }
}

/// A filter's value, if it is one; a sentence if it is not, so that a slip never shows too much.
fn known<T>(what: &str, given: Option<&str>, find: impl Fn(&str) -> Option<T>) -> Result<Option<T>, ApiError> {
    let Some(given) = given else { return Ok(None) };
    match find(given) {
        Some(found) => Ok(Some(found)),
        None => {
            let echo: String = given.chars().take(40).collect();
            Err(ApiError::invalid(format!("There is no {what} “{echo}”")))
        }
    }
}

fn limit(given: Option<i64>) -> Result<i64, ApiError> {
    match given.unwrap_or(PAGE) {
        limit if (1..=MOST).contains(&limit) => Ok(limit),
        _ => Err(ApiError::invalid(format!("The limit is between 1 and {MOST}"))),
    }
}

fn row(summary: &Summary) -> Value {
    json!({
        "id": summary.id,
        "kind": summary.kind,
        "visibility": summary.visibility,
        "title": summary.title,
        "severity": summary.severity,
        "status": summary.phase,
        "commander": summary.commander,
        "declared_at": summary.declared_at,
        "changed_at": summary.changed_at,
    })
}

/// `GET /incidents`
pub(super) async fn incidents(
    State(web): State<Arc<Web>>,
    Reader(actor): Reader,
    Asked(filter): Asked<Filter>,
) -> Result<Json<Value>, ApiError> {
    let (found, more) = web.muster.list(filter.query(&actor, &web.muster.org())?).await?;
    let next = found.last().filter(|_| more).map(|last| last.id);
    Ok(Json(json!({ "incidents": found.iter().map(row).collect::<Vec<_>>(), "more": more, "next": next })))
}

pub(super) fn id(text: &str) -> Result<IncidentId, ApiError> {
    text.parse().map_err(|_| ApiError::no_incident())
}

/// `GET /incidents/{id}`
pub(super) async fn incident(
    State(web): State<Arc<Web>>,
    Reader(actor): Reader,
    Path(path): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let seen = web.muster.incident(&actor.person, id(&path)?, None).await?;
    let seen = seen.ok_or_else(ApiError::no_incident)?;
    Ok(Json(json!({ "incident": seen.incident })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    before: Option<String>,
    limit: Option<i64>,
}

/// `GET /incidents/{id}/timeline`
pub(super) async fn timeline(
    State(web): State<Arc<Web>>,
    Reader(actor): Reader,
    Path(path): Path<String>,
    Asked(page): Asked<Page>,
) -> Result<Json<Value>, ApiError> {
    let before = known("page", page.before.as_deref(), Cursor::read)?.map(Cursor::pair);
    let entries = Entries::Latest { limit: limit(page.limit)?, before };
    let seen = web.muster.incident(&actor.person, id(&path)?, Some(entries)).await?;
    let seen = seen.ok_or_else(ApiError::no_incident)?;
    let org = web.muster.org();
    let zone = zone_of(&org, &actor.person);
    let next = Cursor::after(&seen.entries).filter(|_| seen.more).map(Cursor::write);
    let rows = seen.entries.iter().map(|entry| {
        let mut row = json!(entry);
        row["text"] = Value::String(line(&sentence(entry, &org), zone));
        row
    });
    Ok(Json(json!({ "entries": rows.collect::<Vec<_>>(), "more": seen.more, "next": next })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Format {
    #[serde(default)]
    format: String,
}

/// `GET /incidents/{id}/export`
pub(super) async fn export(
    State(web): State<Arc<Web>>,
    Reader(actor): Reader,
    Path(path): Path<String>,
    Asked(asked): Asked<Format>,
) -> Result<Response, ApiError> {
    let is_document = match asked.format.as_str() {
        "" | "json" => false,
        "md" | "markdown" => true,
        _ => return Err(ApiError::invalid("The format is json or md")),
    };
    let seen = web.muster.whole(&actor.person, id(&path)?).await?;
    let seen = seen.ok_or_else(ApiError::no_incident)?;
    let org = web.muster.org();
    if is_document {
        let kind = [(header::CONTENT_TYPE, "text/markdown; charset=utf-8")];
        return Ok((kind, export::markdown(&seen, &org)).into_response());
    }
    Ok(Json(export::json(&seen, &org)).into_response())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Typed {
    #[serde(default)]
    line: String,
    incident: Option<String>,
}

/// `GET /complete`
pub(super) async fn complete(
    State(web): State<Arc<Web>>,
    Reader(actor): Reader,
    Asked(typed): Asked<Typed>,
) -> Result<Json<Vec<Candidate>>, ApiError> {
    let incident = known("incident", typed.incident.as_deref(), |text| text.parse().ok())?;
    let place = Place { platform: PlatformId::api(), incident, address: None, forms: false };
    Ok(Json(web.muster.complete(&Caller::Person(actor.person), &place, &typed.line).await))
}

/// `GET /people`
pub(super) async fn people(State(web): State<Arc<Web>>, _: Reader) -> Json<Value> {
    let org = web.muster.org();
    let people = org.people.iter().map(|person| {
        let teams = org.teams.iter().filter(|team| team.members.contains(&person.id));
        json!({
            "id": person.id,
            "name": person.name,
            "right": person.right,
            "time_zone": person.time_zone.name(),
            "teams": teams.map(|team| team.id.as_str()).collect::<Vec<_>>(),
        })
    });
    Json(json!({ "people": people.collect::<Vec<_>>() }))
}

/// `GET /me`
pub(super) async fn me(State(web): State<Arc<Web>>, Reader(actor): Reader) -> Json<Value> {
    let zone = zone_of(&web.muster.org(), &actor.person);
    Json(json!({ "person": actor.person, "name": actor.name, "right": actor.right, "time_zone": zone.name() }))
}
