//! The pages of the console. Each is whole without scripts.

mod answer;
mod apt;
mod board;
pub(crate) mod brief;
mod entries;
mod help;
mod incidents;
mod login;
mod new;
mod oncall;
mod people;
pub(crate) mod refused;
pub(crate) mod room;
pub(crate) mod room_feed;
mod room_headline;
mod room_side;
mod run;

use crate::render::{Frame, Hands, badge};
use crate::session::Viewer;
use crate::web::Web;
use crate::{act, assets, live};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use maud::{DOCTYPE, Markup, html};
use muster_core::ids::IncidentId;
use muster_core::secret::Secret;
use std::sync::Arc;

/// No form of ours is longer.
const LONGEST_FORM: usize = 128 * 1024;

pub(crate) fn routes(web: Arc<Web>) -> Router {
    Router::new()
        .route("/", get(board::show))
        .route("/new", get(new::show))
        .route("/incidents", get(incidents::show))
        .route("/incidents/{id}", get(room::show))
        .route("/incidents/{id}/entries/{number}", get(entries::history))
        .route("/incidents/{id}/export.md", get(entries::export_markdown))
        .route("/incidents/{id}/export.json", get(entries::export_json))
        .route("/incidents/{id}/runs/{number}", get(run::show))
        .route("/incidents/{id}/events", get(live::incident))
        .route("/events", get(live::board))
        .route("/oncall", get(oncall::show))
        .route("/people", get(people::show))
        .route("/help", get(help::show))
        .route("/complete", get(act::complete))
        .route("/do", post(act::act))
        .route("/login", get(login::explain))
        .route("/login/{code}", get(login::confirm).post(login::enter))
        .route("/logout", post(login::leave))
        .merge(answer::routes())
        .merge(assets::routes())
        .fallback(refused::nothing_here)
        .layer(DefaultBodyLimit::max(LONGEST_FORM))
        .with_state(web)
}

/// Which page the navigation marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nav {
    Board,
    Incidents,
    OnCall,
    People,
    Help,
    Elsewhere,
}

/// A page, without its frame.
pub(crate) struct Page {
    pub(crate) title: String,
    pub(crate) nav: Nav,
    /// A class of the body.
    pub(crate) class: &'static str,
    /// Where news of this page comes from.
    pub(crate) news: Option<String>,
    /// What fills `main`, which it brings along.
    pub(crate) main: Markup,
}

impl Page {
    /// A page of some width with nothing live on it.
    pub(crate) fn plain(title: impl Into<String>, nav: Nav, body: &Markup) -> Self {
        Self {
            title: title.into(),
            nav,
            class: "page",
            news: None,
            main: html! { main #main.wrap tabindex="-1" { (body) } },
        }
    }
}

/// A fresh id for all buttons of one page.
pub(crate) fn request_id(web: &Web) -> String {
    Secret::generate("", web.muster.entropy()).reveal().chars().take(26).collect()
}

/// How this viewer sees things now. `request` must outlive the frame.
pub(crate) fn frame<'a>(web: &Web, viewer: &'a Viewer, request: &'a str, here: Option<IncidentId>) -> Frame<'a> {
    let hands = viewer.may_act().then_some(Hands { csrf: &viewer.csrf, request, here });
    Frame { now: web.muster.now(), zone: viewer.zone, hands }
}

/// The whole page for somebody who is signed in, whose session it may renew.
pub(crate) async fn answer(web: &Web, viewer: &Viewer, page: Page) -> Response {
    let mut response = layout(web, Some(viewer), &page).into_response();
    if let Some(cookie) = web.renewed(viewer).await {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The whole page.
pub(crate) fn layout(web: &Web, viewer: Option<&Viewer>, page: &Page) -> Markup {
    let org = web.muster.org();
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content";
                meta name="color-scheme" content="light dark";
                meta name="theme-color" content="#ffffff" media="(prefers-color-scheme: light)";
                meta name="theme-color" content="#161a21" media="(prefers-color-scheme: dark)";
                title { (page.title) " · " (org.name) }
                link rel="stylesheet" href=(assets::style());
                link rel="icon" type="image/svg+xml" href=(assets::icon());
                script src=(assets::script()) defer {}
            }
            body class=(page.class) data-news=[page.news.as_deref()] {
                a.skip href="#main" { "Skip to content" }
                (top(viewer, page.nav, &org.name))
                p #connection.connection role="status" hidden { "Reconnecting…" }
                (page.main)
                dialog #dialog aria-labelledby="form-title" {
                    button.icon-button.dialog-close type="button" data-close aria-label="Close" { "×" }
                    div #dialog-body.dialog-body {}
                }
            }
        }
    }
}

fn top(viewer: Option<&Viewer>, nav: Nav, org: &str) -> Markup {
    let link = |to: &str, label: &str, this: Nav| {
        html! { a href=(to) aria-current=[(this == nav).then_some("page")] { (label) } }
    };
    html! {
        header.top {
            a.brand href="/" aria-label={ "Muster of " (org) ": the board" } { (badge::logo()) span { (org) } }
            @if let Some(viewer) = viewer {
                nav.nav aria-label="Main" {
                    (link("/", "Board", Nav::Board))
                    (link("/incidents", "Incidents", Nav::Incidents))
                    (link("/oncall", "On call", Nav::OnCall))
                    (link("/people", "People", Nav::People))
                    (link("/help", "Help", Nav::Help))
                }
                (me(viewer))
            }
        }
    }
}

fn me(viewer: &Viewer) -> Markup {
    let actor = &viewer.actor;
    html! {
        details.menu.me {
            summary aria-label={ "You are " (actor.name) } { (badge::face(&actor.name, actor.person.as_str())) }
            div.menu-items {
                p { strong { (actor.name) } br; span.quiet.small { (viewer.zone.name()) } }
                form method="post" action="/logout" {
                    input type="hidden" name="csrf" value=(viewer.csrf);
                    button.menu-item { "Sign out" }
                }
            }
        }
    }
}
