//! The history of one entry, and the whole of an incident to take away.

use super::refused::{not_found, unavailable};
use super::{Nav, Page, answer, frame, request_id};
use crate::render::{act_form, render};
use crate::session::Viewer;
use crate::web::Web;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::html;
use muster_core::app::Answer;
use muster_core::app::look::Seen;
use muster_core::command::Invocation;
use muster_core::export;
use muster_core::ids::{IncidentId, PlatformId, RequestId};
use muster_core::inbound::{Ask, Inbound, Place};
use muster_core::reply::Body;
use std::sync::Arc;

/// Every form an entry has had, as `timeline history` tells it.
pub(crate) async fn history(
    State(web): State<Arc<Web>>,
    viewer: Viewer,
    Path((id, number)): Path<(String, i64)>,
) -> Response {
    let Ok(id) = id.parse::<IncidentId>() else { return not_found(&web, &viewer) };
    let seed = request_id(&web);
    let inbound = Inbound {
        caller: viewer.caller(),
        place: Place { platform: PlatformId::console(), incident: Some(id), address: None, forms: true },
        request: RequestId::new(seed.clone()),
        ask: Ask::Call(Invocation::of("timeline history").on(id).with("number", number.to_string())),
    };
    match web.muster.execute(inbound).await {
        Answer::Done(reply) => match reply.body {
            Body::View(view) => {
                let frame = frame(&web, &viewer, &seed, Some(id));
                let body = html! {
                    (act_form(&frame))
                    section.card.sheet data-sheet {
                        div.form {
                            h2 #form-title { "Entry " (number) " of " (id) }
                            (render(&view, &frame))
                            div.form-buttons { a.button href={ "/incidents/" (id) } data-close { "Back to the room" } }
                        }
                    }
                };
                answer(&web, &viewer, Page::plain(format!("Entry {number} of {id}"), Nav::Elsewhere, &body)).await
            }
            Body::Form(_) => not_found(&web, &viewer),
        },
        Answer::Refused(_) => not_found(&web, &viewer),
        Answer::Late | Answer::Failed(_) => unavailable(&web),
    }
}

pub(crate) async fn export_markdown(State(web): State<Arc<Web>>, viewer: Viewer, Path(id): Path<String>) -> Response {
    match whole(&web, &viewer, &id).await {
        Ok(seen) => download(&seen, ("md", "text/markdown; charset=utf-8"), export::markdown(&seen, &web.muster.org())),
        Err(response) => response,
    }
}

pub(crate) async fn export_json(State(web): State<Arc<Web>>, viewer: Viewer, Path(id): Path<String>) -> Response {
    match whole(&web, &viewer, &id).await {
        Ok(seen) => download(&seen, ("json", "application/json"), export::json(&seen, &web.muster.org()).to_string()),
        Err(response) => response,
    }
}

async fn whole(web: &Web, viewer: &Viewer, id: &str) -> Result<Seen, Response> {
    let Ok(id) = id.parse::<IncidentId>() else { return Err(not_found(web, viewer)) };
    match web.muster.whole(&viewer.actor.person, id).await {
        Ok(Some(seen)) => Ok(seen),
        Ok(None) => Err(not_found(web, viewer)),
        Err(error) => {
            tracing::warn!(%error, "an incident could not be exported");
            Err(unavailable(web))
        }
    }
}

fn download(seen: &Seen, (ending, kind): (&str, &'static str), body: String) -> Response {
    let name = format!("attachment; filename=\"{}.{ending}\"", seen.incident.id);
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], body).into_response()
}
