//! Pages for when there is nothing to show: not signed in, no access, not there, not now.

use super::{Nav, Page, layout};
use crate::session::{Viewer, is_fragment};
use crate::web::Web;
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use std::sync::Arc;

/// Somebody must sign in first.
pub(crate) fn sign_in(web: &Web, parts: &Parts) -> Response {
    if is_fragment(&parts.headers) || parts.method != Method::GET {
        let body = html! { p { "Your session has ended. Sign in again with a new link." } p { a.button href="/login" { "How to sign in" } } };
        return sheet(web, None, StatusCode::UNAUTHORIZED, ("Signed out", &body));
    }
    Redirect::to("/login").into_response()
}

/// Somebody is known, and may not even look.
pub(crate) fn no_access(web: &Web, viewer: &Viewer) -> Response {
    let body = html! {
        p { "You are signed in as " strong { (viewer.actor.name) } ", who has no access to Muster." }
        p.quiet { "An operator gives it in the config, by the person's " code { "right" } "." }
        form method="post" action="/logout" {
            input type="hidden" name="csrf" value=(viewer.csrf);
            button.button { "Sign out" }
        }
    };
    sheet(web, None, StatusCode::FORBIDDEN, ("No access", &body))
}

/// What was asked for does not exist, or not for this person: the same words for both.
pub(crate) fn not_found(web: &Web, viewer: &Viewer) -> Response {
    let body = html! {
        p { "There is no such incident, or it is not open to you." }
        p { a.button href="/" { "To the board" } }
    };
    sheet(web, Some(viewer), StatusCode::NOT_FOUND, ("Not here", &body))
}

/// No page has that address.
pub(crate) async fn nothing_here(State(web): State<Arc<Web>>) -> Response {
    let body = html! { p { "No page has this address." } p { a.button href="/" { "To the board" } } };
    sheet(&web, None, StatusCode::NOT_FOUND, ("Not here", &body))
}

/// The database does not answer.
pub(crate) fn unavailable(web: &Web) -> Response {
    let body = html! {
        p { "The database does not answer, so this page cannot be shown just now." }
        p.quiet { "Muster keeps trying. Load the page again in a moment." }
    };
    sheet(web, None, StatusCode::SERVICE_UNAVAILABLE, ("Just a moment", &body))
}

/// A form that is not ours, or too old.
pub(crate) fn foreign(web: &Web, viewer: &Viewer) -> Response {
    let body = html! {
        p { "This form is out of date, or was not made by this console. Nothing was changed." }
        p { a.button href="/" { "To the board" } }
    };
    sheet(web, Some(viewer), StatusCode::FORBIDDEN, ("Not done", &body))
}

/// A small page with a heading and a few lines.
pub(crate) fn sheet(
    web: &Web,
    viewer: Option<&Viewer>,
    status: StatusCode,
    (title, body): (&str, &Markup),
) -> Response {
    let page = Page {
        title: title.to_owned(),
        nav: Nav::Elsewhere,
        class: "page",
        news: None,
        main: html! { main #main.wrap.narrow tabindex="-1" { section.card.sheet { h1 { (title) } (body) } } },
    };
    (status, layout(web, viewer, &page)).into_response()
}
