//! Statuspage's API: strict about what it takes, and one page with its incidents and their updates.
//! <https://developer.statuspage.io/>

use super::server::{Book, Fault, serve};
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Response, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{get, patch};
use axum::{Json, Router};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What an incident may be said to be.
const STATUSES: [&str; 8] =
    ["investigating", "identified", "monitoring", "resolved", "scheduled", "in_progress", "verifying", "completed"];
/// What a component may be said to be.
const STATES: [&str; 5] =
    ["operational", "under_maintenance", "degraded_performance", "partial_outage", "major_outage"];
/// What may be said of an incident, of all that Statuspage knows.
const FIELDS: [&str; 10] = [
    "name",
    "status",
    "body",
    "metadata",
    "components",
    "component_ids",
    "scheduled_for",
    "scheduled_until",
    "scheduled_auto_in_progress",
    "scheduled_auto_completed",
];

#[derive(Debug, Default)]
struct Page {
    incidents: Vec<Value>,
    components: BTreeMap<String, String>,
    calls: Vec<String>,
    /// What is done before the answer is lost.
    loses: bool,
}

/// Statuspage.
pub struct FakeStatuspage {
    /// Where it is.
    pub url: String,
    book: Arc<Book<Page>>,
}

impl FakeStatuspage {
    /// The id of its page.
    pub const PAGE: &'static str = "kctbh9vrtdwd";
    /// The key of a user of it.
    pub const KEY: &'static str = "89a229ce-1a8d-4e61-b5f2-7d2c1f1c5f0a";
    /// The ids of its components.
    pub const COMPONENTS: [&'static str; 2] = ["tblsw29xd923", "tvb8cjnr022n"];

    /// Starts one.
    pub async fn start() -> Self {
        let book = Book::<Page>::new();
        let ok = || "operational".to_owned();
        book.kept().components = Self::COMPONENTS.map(|id| (id.to_owned(), ok())).into();
        let router = Router::new()
            .route("/v1/pages/{page}/incidents", get(list).post(create))
            .route("/v1/pages/{page}/incidents/{incident}", patch(update))
            .route("/v1/pages/{page}/incidents/{incident}/incident_updates/{update}", patch(mend))
            .with_state(Arc::clone(&book));
        Self { url: serve(router).await, book }
    }

    /// Puts an answer in the way of the next request.
    pub fn next(&self, fault: Fault) {
        self.book.next(fault);
    }

    /// Takes the next change, and says that it has failed.
    pub fn loses_the_next_answer(&self) {
        self.book.kept().loses = true;
    }

    /// The incidents, the latest first, as its API gives them.
    #[must_use]
    pub fn incidents(&self) -> Vec<Value> {
        self.book.kept().incidents.clone()
    }

    /// The updates of its only incident, the latest first: where things stood, and what was said.
    ///
    /// # Panics
    /// When there is not one incident.
    #[must_use]
    pub fn updates(&self) -> Vec<(String, String)> {
        let incidents = self.incidents();
        let [incident] = incidents.as_slice() else { panic!("one incident: {incidents:#?}") };
        let text = |update: &Value, name: &str| update[name].as_str().expect("text").to_owned();
        let updates = incident["incident_updates"].as_array().expect("updates");
        updates.iter().map(|update| (text(update, "status"), text(update, "body"))).collect()
    }

    /// How its components do.
    #[must_use]
    pub fn components(&self) -> BTreeMap<String, String> {
        self.book.kept().components.clone()
    }

    /// What it was asked, in order: `POST incidents`.
    #[must_use]
    pub fn calls(&self) -> Vec<String> {
        std::mem::take(&mut self.book.kept().calls)
    }
}

type Books = State<Arc<Book<Page>>>;

fn error(status: StatusCode, what: &str) -> Response<Body> {
    (status, Json(json!({ "error": [what] }))).into_response()
}

/// What is said to whoever is not known, or asks about another page.
fn door(book: &Book<Page>, headers: &HeaderMap, page: &str) -> Option<Response<Body>> {
    if let Some(fault) = book.fault() {
        return Some(fault);
    }
    let key = headers.get("authorization").and_then(|value| value.to_str().ok());
    if key != Some(&format!("OAuth {}", FakeStatuspage::KEY)) {
        return Some(error(StatusCode::UNAUTHORIZED, "Could not authenticate"));
    }
    (page != FakeStatuspage::PAGE).then(|| error(StatusCode::NOT_FOUND, "Page not found"))
}

async fn list(
    State(book): Books,
    Path(page): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
) -> Response<Body> {
    if let Some(answer) = door(&book, &headers, &page) {
        return answer;
    }
    let number = |name: &str, usual: usize| query.get(name).map_or(Some(usual), |text| text.parse().ok());
    let (Some(limit @ 1..=100), Some(at @ 1..)) = (number("limit", 100), number("page", 1)) else {
        return error(StatusCode::BAD_REQUEST, "limit or page");
    };
    let mut kept = book.kept();
    kept.calls.push("GET incidents".to_owned());
    Json(kept.incidents.iter().skip((at - 1) * limit).take(limit).collect::<Vec<_>>()).into_response()
}

/// What is asked of an incident, if Statuspage could take it.
fn asked(body: &Bytes, known: &BTreeMap<String, String>) -> Result<Map<String, Value>, String> {
    let body: Value = serde_json::from_slice(body).map_err(|_| "not JSON")?;
    let asked = body["incident"].as_object().ok_or("no incident")?;
    if let Some(odd) = asked.keys().find(|key| !FIELDS.contains(&key.as_str())) {
        return Err(format!("{odd} is not known"));
    }
    if asked.get("status").is_some_and(|status| !status.as_str().is_some_and(|status| STATUSES.contains(&status))) {
        return Err("status".to_owned());
    }
    let metadata = asked.get("metadata").and_then(Value::as_object);
    if metadata.is_none_or(|metadata| !metadata.values().all(Value::is_object)) {
        return Err("top-level values of metadata must be objects".to_owned());
    }
    let states = asked.get("components").and_then(Value::as_object).cloned().unwrap_or_default();
    for (id, state) in &states {
        if !known.contains_key(id) || !state.as_str().is_some_and(|state| STATES.contains(&state)) {
            return Err(format!("component {id}"));
        }
    }
    for moment in ["scheduled_for", "scheduled_until"] {
        let is_moment =
            |value: &Value| value.as_str().is_some_and(|text| chrono::DateTime::parse_from_rfc3339(text).is_ok());
        if asked.get(moment).is_some_and(|value| !is_moment(value)) {
            return Err(moment.to_owned());
        }
    }
    Ok(asked.clone())
}

/// Writes down what is said; a text or another status is an update.
fn apply(page: &mut Page, at: usize, asked: &Map<String, Value>) -> Value {
    let count = page.incidents.iter().filter_map(|one| one["incident_updates"].as_array()).map(Vec::len).sum::<usize>();
    let incident = &mut page.incidents[at];
    let is_moved = asked.get("status").is_some_and(|status| *status != incident["status"]);
    for (name, value) in asked.iter().filter(|(name, _)| !["body", "components"].contains(&name.as_str())) {
        incident[name] = value.clone();
    }
    if is_moved || asked.contains_key("body") {
        let body = asked.get("body").cloned().unwrap_or_else(|| json!(""));
        let update = json!({ "id": format!("u{count}"), "status": incident["status"], "body": body });
        incident["incident_updates"].as_array_mut().expect("updates").insert(0, update);
    }
    for (id, state) in asked.get("components").and_then(Value::as_object).into_iter().flatten() {
        page.components.insert(id.clone(), state.as_str().unwrap_or_default().to_owned());
    }
    page.incidents[at].clone()
}

fn answer(page: &mut Page, status: StatusCode, body: Value) -> Response<Body> {
    if std::mem::take(&mut page.loses) {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    (status, Json(body)).into_response()
}

async fn create(State(book): Books, Path(page): Path<String>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    if let Some(answer) = door(&book, &headers, &page) {
        return answer;
    }
    let mut kept = book.kept();
    kept.calls.push("POST incidents".to_owned());
    match asked(&body, &kept.components) {
        Ok(asked) if asked.contains_key("name") => {
            let id = format!("p31zjtct2jer{}", kept.incidents.len());
            kept.incidents.insert(0, json!({ "id": id, "status": "investigating", "incident_updates": [] }));
            let made = apply(&mut kept, 0, &asked);
            answer(&mut kept, StatusCode::CREATED, made)
        }
        Ok(_) => error(StatusCode::UNPROCESSABLE_ENTITY, "name"),
        Err(wrong) => error(StatusCode::UNPROCESSABLE_ENTITY, &wrong),
    }
}

async fn update(
    State(book): Books,
    Path((page, incident)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    if let Some(answer) = door(&book, &headers, &page) {
        return answer;
    }
    let mut kept = book.kept();
    kept.calls.push("PATCH incidents".to_owned());
    let Some(at) = kept.incidents.iter().position(|one| one["id"] == incident.as_str()) else {
        return error(StatusCode::NOT_FOUND, "Incident not found");
    };
    match asked(&body, &kept.components) {
        Ok(asked) => {
            let changed = apply(&mut kept, at, &asked);
            answer(&mut kept, StatusCode::OK, changed)
        }
        Err(wrong) => error(StatusCode::UNPROCESSABLE_ENTITY, &wrong),
    }
}

async fn mend(
    State(book): Books,
    Path((page, incident, update)): Path<(String, String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    if let Some(answer) = door(&book, &headers, &page) {
        return answer;
    }
    let mut kept = book.kept();
    kept.calls.push("PATCH incident_updates".to_owned());
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let Some(text) = body.pointer("/incident_update/body").and_then(Value::as_str) else {
        return error(StatusCode::UNPROCESSABLE_ENTITY, "incident_update");
    };
    let mut incidents = kept.incidents.iter_mut().filter(|one| one["id"] == incident.as_str());
    let updates = incidents.next().and_then(|one| one["incident_updates"].as_array_mut());
    let Some(found) = updates.into_iter().flatten().find(|one| one["id"] == update.as_str()) else {
        return error(StatusCode::NOT_FOUND, "Incident update not found");
    };
    // It trims what it keeps.
    found["body"] = json!(text.trim());
    let changed = found.clone();
    answer(&mut kept, StatusCode::OK, changed)
}
