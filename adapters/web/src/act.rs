//! Everything the console does: a line, a button or a form becomes one call of core, and its answer a page, or a part
//! of one when a script asks.

mod sent;

use crate::csrf::{is_same_origin, is_token};
use crate::pages::brief::brief;
use crate::pages::refused::{foreign, sheet};
use crate::pages::{self, room};
use crate::render::{Frame, act_form, badge, hidden, problem, render, render_form};
use crate::session::{Viewer, is_fragment};
use crate::web::Web;
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Json, Redirect, Response};
use maud::{Markup, html};
use muster_core::app::Answer;
use muster_core::command::Invocation;
use muster_core::command::complete::Candidate;
use muster_core::ids::{IncidentId, PlatformId, RequestId};
use muster_core::inbound::{Ask, Caller, Inbound, Place};
use muster_core::refusal::{Reason, Refusal};
use muster_core::reply::{Body, Reply};
use sent::{Sent, Wish};
use serde::Deserialize;
use std::sync::Arc;

/// What a script is told about the part of a page it gets.
const SHOWS: HeaderName = HeaderName::from_static("muster-shows");
/// Where a script is to go instead.
const GO: HeaderName = HeaderName::from_static("muster-go");

/// `POST /do`
pub(crate) async fn act(
    State(web): State<Arc<Web>>,
    viewer: Viewer,
    headers: HeaderMap,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Response {
    let sent = Sent::read(pairs);
    if !is_token(&viewer.csrf, Some(&sent.csrf)) || !is_same_origin(&headers, &web.config.public_url) {
        return foreign(&web, &viewer);
    }
    let outcome = outcome(&web, &viewer, &sent).await;
    if is_fragment(&headers) {
        fragment(&web, &viewer, &sent, outcome)
    } else {
        whole(&web, &viewer, &sent, outcome).await
    }
}

/// What came of it.
enum Outcome {
    Answer(Answer),
    /// It is hard to take back: ask first.
    Confirm(Invocation),
}

async fn outcome(web: &Web, viewer: &Viewer, sent: &Sent) -> Outcome {
    let ask = match &sent.wish {
        Wish::Confirm(call) => return Outcome::Confirm(call.clone()),
        Wish::Nothing => return Outcome::Answer(Answer::Refused(Refusal::invalid("This form could not be read"))),
        Wish::Ask(ask) => ask.clone(),
    };
    let place = Place { platform: PlatformId::console(), incident: sent.here, address: None, forms: true };
    let request = RequestId::new(sent.request_id());
    let mut answer = web.muster.execute(Inbound { caller: viewer.caller(), place, request, ask }).await;
    if let Answer::Done(reply) = &mut answer
        && reply.incident == sent.here
        && let Body::View(view) = &mut reply.body
    {
        **view = brief(web, viewer, sent.here, (**view).clone()).await;
    }
    Outcome::Answer(answer)
}

/// Where somebody who acted on no room's page goes to see what they did.
fn elsewhere(sent: &Sent, reply: &Reply) -> Option<IncidentId> {
    if sent.here.is_some() || !matches!(reply.body, Body::View(_)) {
        return None;
    }
    reply.incident
}

fn room_path(id: IncidentId, sent: &Sent) -> String {
    format!("/incidents/{id}?reply={}", sent.request_id())
}

/// The part of a page that a script shows.
fn fragment(web: &Web, viewer: &Viewer, sent: &Sent, outcome: Outcome) -> Response {
    if let Outcome::Answer(Answer::Done(reply)) = &outcome
        && let Some(id) = elsewhere(sent, reply)
    {
        let go = HeaderValue::from_str(&room_path(id, sent)).unwrap_or(HeaderValue::from_static("/"));
        return ([(SHOWS, HeaderValue::from_static("go")), (GO, go)], "").into_response();
    }
    let seed = pages::request_id(web);
    let shown = shown(outcome, &pages::frame(web, viewer, &seed, sent.here));
    let body = match shown.kind {
        "form" => shown.markup,
        _ => room::only_you(&shown.markup),
    };
    let retry = (shown.kind == "late").then_some((header::RETRY_AFTER, "2"));
    // To a script a refusal is an answer like any other; browsers would complain of the status.
    let status = if shown.kind == "refusal" { StatusCode::OK } else { shown.status };
    let mut response = (status, [(SHOWS, shown.kind)], body).into_response();
    response.headers_mut().extend(retry.map(|(name, value)| (name, HeaderValue::from_static(value))));
    response
}

/// The whole page, for browsers without scripts.
async fn whole(web: &Web, viewer: &Viewer, sent: &Sent, outcome: Outcome) -> Response {
    let mut refused_form = None;
    if let Outcome::Answer(Answer::Done(reply)) = &outcome {
        if let Some(id) = elsewhere(sent, reply) {
            return Redirect::to(&room_path(id, sent)).into_response();
        }
        if let (Some(here), true) = (sent.here, was_written(web, viewer, sent).await) {
            return Redirect::to(&format!("{}#reply", room_path(here, sent))).into_response();
        }
    }
    if let (Outcome::Answer(Answer::Refused(_)), Some(call)) = (&outcome, &sent.form) {
        refused_form = filled(web, viewer, sent, call).await;
    }
    let seed = pages::request_id(web);
    let frame = pages::frame(web, viewer, &seed, sent.here);
    let shown = shown(outcome, &frame);
    let body = html! { (act_form(&frame)) (shown.markup) @if let Some(form) = &refused_form { (form) } };
    match sent.here {
        Some(here) if shown.kind != "form" && refused_form.is_none() => {
            room::page_with(web, viewer, here, (shown.status, room::only_you(&shown.markup))).await
        }
        Some(_) | None => sheet(web, Some(viewer), shown.status, (heading(shown.kind), &body)),
    }
}

/// What stands over an answer that has a page of its own.
fn heading(kind: &str) -> &'static str {
    match kind {
        "form" => "One more step",
        "view" => "Answer",
        _ => "Not done",
    }
}

/// Whether the reply was kept, so that the page behind it can be loaded again and again.
async fn was_written(web: &Web, viewer: &Viewer, sent: &Sent) -> bool {
    let request = RequestId::new(format!("{}:{}", viewer.caller(), sent.request_id()));
    matches!(web.muster.store().kept(&request).await, Ok(Some(_)))
}

/// The form that was refused, as it was filled in.
async fn filled(web: &Web, viewer: &Viewer, sent: &Sent, call: &Invocation) -> Option<Markup> {
    let seed = pages::request_id(web);
    let place = Place { platform: PlatformId::console(), incident: sent.here, address: None, forms: true };
    let ask = Ask::Open(call.clone());
    let request = RequestId::new(seed.clone());
    match web.muster.execute(Inbound { caller: viewer.caller(), place, request, ask }).await {
        Answer::Done(Reply { body: Body::Form(form), .. }) => {
            Some(render_form(&form, &pages::frame(web, viewer, &seed, sent.here)))
        }
        Answer::Done(_) | Answer::Refused(_) | Answer::Late | Answer::Failed(_) => None,
    }
}

/// An outcome as something to look at.
struct Shown {
    kind: &'static str,
    status: StatusCode,
    markup: Markup,
}

fn shown(outcome: Outcome, frame: &Frame<'_>) -> Shown {
    let is = |kind, status, markup| Shown { kind, status, markup };
    match outcome {
        Outcome::Confirm(call) => is("form", StatusCode::OK, confirmation(&call, frame)),
        Outcome::Answer(Answer::Done(reply)) => match &reply.body {
            Body::View(view) => is("view", StatusCode::OK, render(view, frame)),
            Body::Form(form) => is("form", StatusCode::OK, render_form(form, frame)),
        },
        Outcome::Answer(Answer::Refused(refusal)) => is("refusal", status(refusal.reason), problem(&refusal)),
        Outcome::Answer(Answer::Late) => is("late", StatusCode::SERVICE_UNAVAILABLE, late()),
        Outcome::Answer(Answer::Failed(why)) => is("failed", StatusCode::SERVICE_UNAVAILABLE, failed(&why)),
    }
}

/// The status that says the same as a reason.
pub(crate) fn status(reason: Reason) -> StatusCode {
    match reason {
        Reason::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Reason::NotFound => StatusCode::NOT_FOUND,
        Reason::Forbidden => StatusCode::FORBIDDEN,
        Reason::Conflict => StatusCode::CONFLICT,
    }
}

fn late() -> Markup {
    html! {
        div.refusal role="status" { (badge::caution())
            div { p { strong { "Not saved yet: the database is slow." } } p { "Muster keeps trying; this page will show it." } } }
    }
}

fn failed(why: &str) -> Markup {
    html! { div.refusal.refusal-failed role="alert" { (badge::caution()) div { p { strong { (why) "." } } p { "You can send it again." } } } }
}

/// Asks before something that is hard to take back.
fn confirmation(call: &Invocation, frame: &Frame<'_>) -> Markup {
    let Some(hands) = &frame.hands else { return html! {} };
    let back = hands.here.map_or_else(|| "/".to_owned(), |here| format!("/incidents/{here}"));
    html! {
        form.form method="post" action="/do" data-send data-form aria-labelledby="form-title" {
            h2 #form-title { "Are you sure?" }
            (hidden(hands))
            p { "This runs " code { (call.to_line()) } ", and everybody in the room will see it." }
            div.form-problem aria-live="assertive" {}
            div.form-buttons {
                a.button href=(back) data-close { "Never mind" }
                button.button.danger name="call" value=(serde_json::to_string(call).unwrap_or_default()) { "Yes, do it" }
            }
        }
    }
}

/// What is being typed, and where.
#[derive(Debug, Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    line: String,
    #[serde(default)]
    here: String,
}

/// `GET /complete`
pub(crate) async fn complete(
    State(web): State<Arc<Web>>,
    viewer: Viewer,
    Query(typed): Query<Typed>,
) -> Json<Vec<Candidate>> {
    if typed.line.len() > 8_000 {
        return Json(Vec::new());
    }
    let place =
        Place { platform: PlatformId::console(), incident: typed.here.parse().ok(), address: None, forms: true };
    Json(web.muster.complete(&Caller::Person(viewer.actor.person), &place, &typed.line).await)
}
