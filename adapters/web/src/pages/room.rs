//! The room of an incident: where it stands, what happened, and a line to type the next thing on.

use super::brief::brief;
use super::refused::{not_found, unavailable};
use super::room_feed::{Cursor, Feed, feed};
use super::room_headline::headline;
use super::room_side::side;
use super::{Nav, Page, answer, frame, request_id};
use crate::render::{Frame, act_form, hidden, render};
use crate::session::Viewer;
use crate::web::Web;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use muster_core::app::look::Seen;
use muster_core::decide::Entries;
use muster_core::ids::{IncidentId, RequestId};
use muster_core::ports::store::{Message, StoreError};
use muster_core::reply::Body;
use muster_core::runbook::Run;
use serde::Deserialize;
use std::sync::Arc;

/// How many entries are shown at first, and at most.
const ENTRIES: i64 = 60;
const MOST_ENTRIES: i64 = 600;
/// How many messages of the room are shown among them.
const SAID: i64 = 40;

/// Which part of the timeline, and which reply, is asked for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Look {
    /// Only what came before: the page above.
    before: Option<String>,
    /// How many entries: scripts ask for as many as they show.
    entries: Option<i64>,
    /// The request whose reply is to be shown, after a form was sent without scripts.
    reply: Option<String>,
}

pub(crate) async fn show(
    State(web): State<Arc<Web>>,
    viewer: Viewer,
    Path(id): Path<String>,
    Query(look): Query<Look>,
) -> Response {
    let Ok(id) = id.parse::<IncidentId>() else { return not_found(&web, &viewer) };
    let reply = match &look.reply {
        Some(request) => kept(&web, &viewer, request, id).await,
        None => None,
    };
    page(&web, &viewer, (id, &look), reply).await
}

/// The page of a room, with something to say to the viewer alone.
pub(crate) async fn page(
    web: &Web,
    viewer: &Viewer,
    (id, look): (IncidentId, &Look),
    reply: Option<Markup>,
) -> Response {
    match read(web, viewer, id, look).await {
        Ok(Some(room)) => {
            let request = request_id(web);
            let page = Page {
                title: format!("{id} {}", room.seen.incident.title),
                nav: Nav::Elsewhere,
                class: "page page-room",
                news: look.before.is_none().then(|| format!("/incidents/{id}/events")),
                main: main(web, &room, reply, &frame(web, viewer, &request, Some(id))),
            };
            answer(web, viewer, page).await
        }
        Ok(None) => not_found(web, viewer),
        Err(error) => {
            tracing::warn!(%error, "a room could not be read");
            unavailable(web)
        }
    }
}

/// The page of a room after something was not done there.
pub(crate) async fn page_with(
    web: &Web,
    viewer: &Viewer,
    id: IncidentId,
    (status, reply): (StatusCode, Markup),
) -> Response {
    let mut response = page(web, viewer, (id, &Look::default()), Some(reply)).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    response
}

/// A reply that was kept, if it is about this room.
async fn kept(web: &Web, viewer: &Viewer, request: &str, id: IncidentId) -> Option<Markup> {
    let request = RequestId::new(format!("{}:{request}", viewer.caller()));
    let reply = web.muster.store().kept(&request).await.ok().flatten()?;
    if reply.incident != Some(id) {
        return None;
    }
    let seed = request_id(web);
    match reply.body {
        Body::View(view) => {
            let view = brief(web, viewer, Some(id), *view).await;
            Some(render(&view, &frame(web, viewer, &seed, Some(id))))
        }
        Body::Form(_) => None,
    }
}

struct Room {
    seen: Seen,
    said: Vec<Message>,
    runs: Vec<Run>,
    before: Option<Cursor>,
    me: muster_core::ids::PersonId,
}

async fn read(web: &Web, viewer: &Viewer, id: IncidentId, look: &Look) -> Result<Option<Room>, StoreError> {
    let before = look.before.as_deref().and_then(Cursor::read);
    let limit = look.entries.unwrap_or(ENTRIES).clamp(ENTRIES, MOST_ENTRIES);
    let entries = Entries::Latest { limit, before: before.map(Cursor::pair) };
    let me = viewer.actor.person.clone();
    let Some(seen) = web.muster.incident(&me, id, Some(entries)).await? else { return Ok(None) };
    let said = web.muster.store().said(id, SAID).await?;
    // Most incidents have none: then there is nothing to read.
    let runs = match seen.incident.runs.is_empty() {
        true => Vec::new(),
        false => web.muster.runs(&me, id, None).await?.map(|ran| ran.runs).unwrap_or_default(),
    };
    Ok(Some(Room { seen, said, runs, before, me }))
}

fn main(web: &Web, room: &Room, reply: Option<Markup>, frame: &Frame<'_>) -> Markup {
    let org = web.muster.org();
    let incident = &room.seen.incident;
    let feed_of = Feed { seen: &room.seen, said: &room.said, before: room.before, org: &org, me: &room.me };
    html! {
        main #main.room tabindex="-1" data-incident=(incident.id) {
            (act_form(frame))
            (headline(incident, &org, frame))
            fieldset.tabs {
                legend.unseen { "Show" }
                label { input type="radio" name="tab" id="tab-feed" checked; "Timeline" }
                label { input type="radio" name="tab" id="tab-state"; "Roles and tasks" }
            }
            (feed(&feed_of, frame))
            (side(incident, &room.runs, &room.me, &org, frame))
            (dock(reply, frame))
        }
    }
}

/// The command line, and what it answered.
fn dock(reply: Option<Markup>, frame: &Frame<'_>) -> Markup {
    html! {
        section.dock aria-label="Command line" {
            div #reply.reply role="region" aria-live="polite" aria-label="Answer, only you see it" tabindex="-1" {
                @if let Some(reply) = reply { (only_you(&reply)) }
            }
            @if let Some(hands) = &frame.hands {
                form #command-form.command-form method="post" action="/do" data-send data-command autocomplete="off" {
                    (hidden(hands))
                    input type="hidden" name="ask" value="line";
                    label.unseen for="command-line" { "Command" }
                    span.command-prompt aria-hidden="true" { "›" }
                    input #command-line.command-input type="text" name="line" maxlength="8000" enterkeyhint="send"
                        placeholder="Type a command: note, update, task, role …" autocapitalize="off" spellcheck="true"
                        role="combobox" aria-autocomplete="list" aria-expanded="false" aria-controls="completions" dir="auto";
                    button.button.primary type="submit" { "Send" }
                    ul #completions.completions role="listbox" aria-label="Completions" hidden {}
                }
                p.dock-hint {
                    code { "note the bank sees it too" } " · " code { "task call the bank @bob" } " · " code { "sev sev1" }
                    " · " kbd { "Tab" } " completes · " kbd { "/" } " comes here · " kbd { "?" } " helps"
                }
            } @else {
                p.quiet { "You may look at this room. To act in it, ask an operator for the right to respond." }
            }
        }
    }
}

/// A reply, as it stands above the command line.
pub(crate) fn only_you(reply: &Markup) -> Markup {
    html! {
        (reply)
        p.reply-note { "Only you see this" }
        button.icon-button.reply-close type="button" data-dismiss aria-label="Dismiss" { "×" }
    }
}
