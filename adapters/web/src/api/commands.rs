//! Commands over the API: a line, a command with its arguments, or one path for each command.

use super::auth::Owner;
use super::body::{JsonBody, Value, typed};
use super::error::ApiError;
use crate::web::{Web, zone_of};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Json, Response};
use muster_core::app::Answer;
use muster_core::command::Invocation;
use muster_core::ids::{IncidentId, PlatformId, RequestId};
use muster_core::inbound::{Ask, Caller, Inbound, Place};
use muster_core::reply::Body;
use muster_core::secret::Secret;
use muster_core::view::View;
use muster_core::view::text::plain;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const VIA: HeaderName = HeaderName::from_static("muster-via");
const LONGEST_KEY: usize = 200;

/// A line, or a command with its arguments.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Given {
    line: Option<String>,
    command: Option<String>,
    #[serde(default)]
    verb: String,
    incident: Option<String>,
    #[serde(default)]
    args: BTreeMap<String, Value>,
}

/// What a command answers.
#[derive(Debug, Serialize)]
struct Done<'a> {
    incident: Option<IncidentId>,
    view: &'a View,
    text: String,
}

/// `POST /commands`
pub(super) async fn any(
    State(web): State<Arc<Web>>,
    owner: Owner,
    headers: HeaderMap,
    JsonBody(given): JsonBody<Given>,
) -> Result<Response, ApiError> {
    let incident = incident(given.incident)?;
    let ask = match (given.line, given.command) {
        (Some(line), None) if given.args.is_empty() && given.verb.is_empty() => Ask::Line(line),
        (None, Some(command)) => Ask::Call(Invocation { command, verb: given.verb, incident, args: typed(given.args) }),
        (Some(_), _) | (None, None) => {
            return Err(ApiError::invalid("Send either a “line”, or a “command” with its “args”"));
        }
    };
    run(&web, owner, &headers, (incident, ask)).await
}

/// `POST /commands/{command}`
pub(super) async fn one(
    State(web): State<Arc<Web>>,
    owner: Owner,
    Path(command): Path<String>,
    headers: HeaderMap,
    JsonBody(args): JsonBody<BTreeMap<String, Value>>,
) -> Result<Response, ApiError> {
    named(&web, owner, &headers, ((command, String::new()), args)).await
}

/// `POST /commands/{command}/{verb}`
pub(super) async fn one_verb(
    State(web): State<Arc<Web>>,
    owner: Owner,
    Path(name): Path<(String, String)>,
    headers: HeaderMap,
    JsonBody(args): JsonBody<BTreeMap<String, Value>>,
) -> Result<Response, ApiError> {
    named(&web, owner, &headers, (name, args)).await
}

type Named = ((String, String), BTreeMap<String, Value>);

async fn named(web: &Web, owner: Owner, headers: &HeaderMap, (name, args): Named) -> Result<Response, ApiError> {
    let (command, verb) = name;
    if muster_core::command::find(&command).is_none_or(|spec| spec.verb(&verb).is_none()) {
        return Err(ApiError::no_such_path());
    }
    let mut args = typed(args);
    let incident = incident(args.remove("incident").filter(|text| !text.is_empty()))?;
    run(web, owner, headers, (incident, Ask::Call(Invocation { command, verb, incident, args }))).await
}

fn incident(text: Option<String>) -> Result<Option<IncidentId>, ApiError> {
    text.map(|text| text.parse().map_err(|error: muster_core::ids::NotAnIncident| ApiError::invalid(error.to_string())))
        .transpose()
}

async fn run(
    web: &Web,
    Owner(person): Owner,
    headers: &HeaderMap,
    (incident, ask): (Option<IncidentId>, Ask),
) -> Result<Response, ApiError> {
    let key = key(web, headers)?;
    let place = Place { platform: platform(headers), incident, address: None, forms: false };
    let zone = zone_of(&web.muster.org(), &person);
    let inbound = Inbound { caller: Caller::Person(person), place, request: RequestId::new(key.clone()), ask };
    let answer = web.muster.execute(inbound).await;
    let mut response = match answer {
        Answer::Done(reply) => match &reply.body {
            Body::View(view) => Json(Done { incident: reply.incident, view, text: plain(view, zone) }).into_response(),
            Body::Form(_) => ApiError::invalid("This command needs its arguments").into_response(),
        },
        Answer::Refused(refusal) => ApiError::from(refusal).into_response(),
        Answer::Late => ApiError::late().into_response(),
        Answer::Failed(why) => ApiError::failed(why).into_response(),
    };
    if let Ok(value) = HeaderValue::from_str(&key) {
        response.headers_mut().insert(KEY, value);
    }
    Ok(response)
}

/// The key of this request: the same key again has no second effect, and gets the same answer.
fn key(web: &Web, headers: &HeaderMap) -> Result<String, ApiError> {
    let Some(given) = headers.get(KEY) else {
        return Ok(Secret::generate("", web.muster.entropy()).reveal().chars().take(26).collect());
    };
    let text = given.to_str().unwrap_or_default();
    if text.is_empty() || text.len() > LONGEST_KEY || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        let sentence = "The Idempotency-Key must be 1 to 200 visible ASCII characters";
        return Err(ApiError::bad(StatusCode::BAD_REQUEST, sentence));
    }
    Ok(text.to_owned())
}

/// What the timeline says the command came from.
fn platform(headers: &HeaderMap) -> PlatformId {
    let is_shell = headers.get(VIA).is_some_and(|via| via.as_bytes().eq_ignore_ascii_case(b"shell"));
    if is_shell { PlatformId::shell() } else { PlatformId::api() }
}
