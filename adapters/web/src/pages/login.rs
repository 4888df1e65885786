//! Signing in and out. The link is used by a button, not by opening it: previews and prefetchers open links too.

use super::refused::{foreign, sheet, unavailable};
use crate::csrf::{is_same_origin, is_token};
use crate::guard;
use crate::session::Viewer;
use crate::web::Web;
use axum::Form;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use muster_core::ports::credentials::CredentialKind;
use muster_core::secret::Secret;
use std::collections::HashMap;
use std::sync::Arc;

/// How one gets a link.
pub(crate) async fn explain(State(web): State<Arc<Web>>, viewer: Option<Viewer>) -> Response {
    if viewer.is_some() {
        return Redirect::to("/").into_response();
    }
    let body = html! {
        p { "Muster has no passwords. You sign in with a one-time link that works for ten minutes." }
        ul.block {
            li { strong { "You have a shell on the server: " } "run " code { "muster login-link YOUR-ID" } " and open what it prints." }
            li { strong { "You do not: " } "ask the operator of Muster for a link. They run the same command for you." }
        }
        p.quiet { "You stay signed in on this device for twelve hours after you last used it." }
    };
    sheet(&web, None, StatusCode::OK, ("Sign in", &body))
}

/// The page behind a link: one button. Nothing is looked up yet, so opening it tells nobody anything.
pub(crate) async fn confirm(State(web): State<Arc<Web>>, Path(code): Path<String>) -> Response {
    let body = html! {
        p { "This link signs you in on this device. It works once." }
        form method="post" action={ "/login/" (code) } {
            button.button.primary type="submit" autofocus { "Sign in" }
        }
        p.quiet.small { "Not your link? Then close this page: nothing has happened." }
    };
    let mut response = sheet(&web, None, StatusCode::OK, ("Welcome to Muster", &body));
    // The code is in the address of this page: nothing it leads to may learn it. Its form still says where it is from.
    response.headers_mut().insert(header::REFERRER_POLICY, header::HeaderValue::from_static("same-origin"));
    response
}

/// Uses the link.
pub(crate) async fn enter(State(web): State<Arc<Web>>, Path(code): Path<String>, request: Request) -> Response {
    let peer = guard::peer(request.extensions());
    if !is_same_origin(request.headers(), &web.config.public_url) {
        return spent(&web, StatusCode::FORBIDDEN);
    }
    if !web.guard.admits(peer) {
        let body = html! { p { "Too many attempts have failed. Wait a minute and try again." } };
        return sheet(&web, None, StatusCode::TOO_MANY_REQUESTS, ("Just a moment", &body));
    }
    if code.len() > 128 {
        return spent(&web, StatusCode::NOT_FOUND);
    }
    let hash = Secret::presented(code).hash();
    let taken = web.muster.store().take(CredentialKind::LoginLink, &hash, web.muster.now()).await;
    let opened = match taken {
        Ok(Some(credential)) => web.sign_in(&credential.person).await,
        Ok(None) => {
            web.guard.failed(peer);
            return spent(&web, StatusCode::NOT_FOUND);
        }
        Err(error) => Err(error),
    };
    match opened {
        Ok(cookie) => {
            metrics::counter!("muster_sign_ins_total").increment(1);
            ([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response()
        }
        Err(error) => {
            tracing::warn!(%error, "nobody can sign in");
            unavailable(&web)
        }
    }
}

fn spent(web: &Web, status: StatusCode) -> Response {
    let body = html! {
        p { "This link was used already, or is older than ten minutes." }
        p { a.button href="/login" { "How to get a new one" } }
    };
    sheet(web, None, status, ("This link does not work", &body))
}

/// Signs out: the session is forgotten, not only the cookie.
pub(crate) async fn leave(
    State(web): State<Arc<Web>>,
    headers: HeaderMap,
    viewer: Option<Viewer>,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    let Some(viewer) = viewer else { return Redirect::to("/login").into_response() };
    let ours = is_token(&viewer.csrf, form.get("csrf").map(String::as_str));
    if !ours || !is_same_origin(&headers, &web.config.public_url) {
        return foreign(&web, &viewer);
    }
    if let Err(error) = web.muster.store().revoke(CredentialKind::Session, viewer.session.hash.as_str()).await {
        tracing::warn!(%error, "a session could not be ended");
        return unavailable(&web);
    }
    ([(header::SET_COOKIE, web.farewell())], Redirect::to("/login")).into_response()
}
