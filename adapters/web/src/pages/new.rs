//! Declaring an incident: the form of `new`, as a page of its own.

use super::refused::{sheet, unavailable};
use super::{Nav, Page, answer, frame, request_id};
use crate::render::{problem, render_form};
use crate::session::Viewer;
use crate::web::Web;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::html;
use muster_core::app::Answer;
use muster_core::command::Invocation;
use muster_core::ids::{PlatformId, RequestId};
use muster_core::inbound::{Ask, Inbound, Place};
use muster_core::incident::Kind;
use muster_core::reply::Body;
use serde::Deserialize;
use std::sync::Arc;

/// What the form is filled with, where a link says so.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Prefill {
    #[serde(default)]
    kind: String,
}

impl Prefill {
    fn call(&self) -> Invocation {
        let kind = Kind::ALL.into_iter().find(|kind| kind.word() == self.kind);
        kind.into_iter().fold(Invocation::of("new"), |call, kind| call.with("kind", kind.word()))
    }
}

pub(crate) async fn show(State(web): State<Arc<Web>>, viewer: Viewer, Query(prefill): Query<Prefill>) -> Response {
    let seed = request_id(&web);
    let inbound = Inbound {
        caller: viewer.caller(),
        place: Place { platform: PlatformId::console(), incident: None, address: None, forms: true },
        request: RequestId::new(seed.clone()),
        ask: Ask::Open(prefill.call()),
    };
    match web.muster.execute(inbound).await {
        Answer::Done(reply) => match reply.body {
            Body::Form(form) => {
                let form = render_form(&form, &frame(&web, &viewer, &seed, None));
                let page = Page {
                    main: html! { main #main.wrap.narrow tabindex="-1" { section.card.sheet data-sheet { (form) } } },
                    ..Page::plain("Declare an incident", Nav::Elsewhere, &html! {})
                };
                answer(&web, &viewer, page).await
            }
            Body::View(_) => unavailable(&web),
        },
        Answer::Refused(refusal) => {
            sheet(&web, Some(&viewer), StatusCode::FORBIDDEN, ("Not for you", &problem(&refusal)))
        }
        Answer::Late | Answer::Failed(_) => unavailable(&web),
    }
}
