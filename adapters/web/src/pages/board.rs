//! The board: what is open, what I was told, what ended lately.

use super::apt::{is_settled, still_apt};
use super::incidents::{Filter, filters, rows};
use super::refused::unavailable;
use super::{Nav, Page, answer, frame, request_id};
use crate::render::{Frame, act_form, render};
use crate::session::Viewer;
use crate::web::Web;
use axum::extract::{Query, State};
use axum::response::Response;
use chrono::TimeDelta;
use maud::{Markup, html};
use muster_core::decide::{ListQuery, Summary};
use muster_core::ids::PersonId;
use muster_core::incident::Kind;
use muster_core::org::Organisation;
use muster_core::ports::store::{Message, StoreError};
use muster_core::view::{TimeStyle, View};
use std::sync::Arc;

/// How many open incidents are shown: more than anybody can work.
const OPEN: i64 = 100;
const ENDED: i64 = 8;
/// How long the board repeats what somebody was told.
const TOLD_FOR: TimeDelta = TimeDelta::hours(24);
const TOLD: usize = 5;

pub(crate) async fn show(State(web): State<Arc<Web>>, viewer: Viewer, Query(filter): Query<Filter>) -> Response {
    let request = request_id(&web);
    match board(&web, &viewer, &filter, &frame(&web, &viewer, &request, None)).await {
        Ok(main) => {
            let page =
                Page { title: "Board".into(), nav: Nav::Board, class: "page", news: Some("/events".into()), main };
            answer(&web, &viewer, page).await
        }
        Err(error) => {
            tracing::warn!(%error, "the board could not be read");
            unavailable(&web)
        }
    }
}

async fn board(web: &Web, viewer: &Viewer, filter: &Filter, frame: &Frame<'_>) -> Result<Markup, StoreError> {
    let org = web.muster.org();
    let query = ListQuery { limit: OPEN, open: Some(true), before: None, ..filter.query(viewer, &org) };
    let (mut open, more) = web.muster.list(query.clone()).await?;
    open.sort_by_key(|one| weight(one, &org));
    let (ended, _) = web.muster.list(ListQuery { limit: ENDED, open: Some(false), ..query }).await?;
    let told = told(web, &viewer.actor.person).await?;
    Ok(html! {
        main #main.wrap tabindex="-1" {
            (act_form(frame))
            div.head {
                div { h1 { (heading(open.len(), more)) } p.quiet { (subheading(&open)) } }
                (declare(frame))
            }
            section #for-you.block aria-label="For you" data-live { (for_you(&told, frame)) }
            @if filter.is_set() || open.len() > 5 { (filters("/", filter, &org)) }
            section #open.block aria-label="Open incidents" data-live {
                @if open.is_empty() { (nothing_open(filter, frame)) } @else { (rows(&open, &org, frame)) }
            }
            section #ended.block.incidents-ended aria-label="Recently ended" data-live {
                @if !ended.is_empty() {
                    h2 { "Recently ended" }
                    (rows(&ended, &org, frame))
                    p { a href="/incidents?open=false" { "All that have ended" } }
                }
            }
        }
    })
}

/// What needs somebody most comes first: the real before the practised, the worst before the rest. One that nobody
/// has judged yet may be bad, and stands after the second level. Among equals the newest comes first.
fn weight(one: &Summary, org: &Organisation) -> (bool, usize) {
    let rank = one.severity.as_ref().map_or(5, |key| 2 * org.severity_rank(key));
    (one.kind != Kind::Incident, rank)
}

fn heading(open: usize, more: bool) -> String {
    match open {
        0 => "Nothing is open".to_owned(),
        1 => "1 open incident".to_owned(),
        _ if more => format!("More than {open} open incidents"),
        _ => format!("{open} open incidents"),
    }
}

fn subheading(open: &[Summary]) -> String {
    match open.iter().filter(|one| one.commander.is_none()).count() {
        _ if open.is_empty() => "All quiet. Incidents appear here as soon as somebody declares one.".to_owned(),
        0 => "Each has a commander.".to_owned(),
        1 if open.len() == 1 => "It has no commander yet.".to_owned(),
        1 => "One has no commander yet.".to_owned(),
        several => format!("{several} have no commander yet."),
    }
}

/// The door to everything: declare.
pub(super) fn declare(frame: &Frame<'_>) -> Markup {
    html! {
        @if frame.hands.is_some() {
            a #declare.button.primary href="/new" data-show { "Declare an incident" kbd { "n" } }
        }
    }
}

fn nothing_open(filter: &Filter, frame: &Frame<'_>) -> Markup {
    html! {
        div.empty {
            @if filter.is_set() {
                h2 { "Nothing open fits this filter" }
                p { a href="/" { "Show everything that is open" } }
            } @else {
                h2 { "Is something broken?" }
                p {
                    "Declare an incident, also when you are not sure: it costs nothing to cancel it. "
                    "You get a room, a timeline, and a place for everybody who helps."
                }
                @if frame.hands.is_some() {
                    p.quiet.small { "To try it without alarming anybody, " a href="/new?kind=drill" data-show { "declare a drill" } "." }
                }
            }
        }
    }
}

/// What a person was told, as far as they may still know of it, and something of it is still to be done or was only said.
async fn told(web: &Web, person: &PersonId) -> Result<Vec<Message>, StoreError> {
    let since = web.muster.now() - TOLD_FOR;
    let mut shown = Vec::new();
    for mut message in web.muster.store().told(person, 20).await? {
        if message.at < since || shown.len() >= TOLD {
            break;
        }
        if let Some(incident) = message.incident {
            let Some(seen) = web.muster.incident(person, incident, None).await? else { continue };
            let view = still_apt(&message.view, &seen.incident, person, web.muster.now());
            if is_settled(&message.view, &view) {
                continue;
            }
            message.view = view;
        }
        shown.push(message);
    }
    Ok(shown)
}

fn for_you(told: &[Message], frame: &Frame<'_>) -> Markup {
    html! {
        @if !told.is_empty() {
            h2 { "For you" }
            ul.told {
                @for message in told {
                    li id={ "told-" (message.key.as_str().replace('/', "-")) } data-at=(message.at.timestamp()) {
                        (render(&with_time(message), frame))
                    }
                }
            }
        }
    }
}

fn with_time(message: &Message) -> View {
    let mut view = message.view.clone();
    if !view.footer.is_empty() {
        view.footer.push(muster_core::view::text(" · "));
    }
    view.footer.push(muster_core::view::time(message.at, TimeStyle::Relative));
    view
}
