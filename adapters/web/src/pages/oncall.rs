//! Who is on call, what comes next, and how you yourself are reached: the answers of the commands, on one page.

use super::{Nav, Page, answer, frame, request_id};
use crate::render::{Frame, act_form, action, problem, render};
use crate::session::Viewer;
use crate::web::Web;
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use muster_core::app::Answer;
use muster_core::command::Invocation;
use muster_core::ids::{PlatformId, RequestId};
use muster_core::inbound::{Ask, Inbound, Place};
use muster_core::reply::Body;
use muster_core::view::Action;
use std::sync::Arc;

/// What is shown, each by its command, and whether it only concerns those who may be called.
const LOOKS: [(&str, bool); 5] =
    [("oncall", false), ("oncall next", true), ("contact", true), ("oncall gaps", false), ("stats", false)];

pub(crate) async fn show(State(web): State<Arc<Web>>, viewer: Viewer) -> Response {
    let request = request_id(&web);
    let frame = frame(&web, &viewer, &request, None);
    let mut shown = Vec::new();
    for (n, (words, own)) in LOOKS.into_iter().enumerate() {
        if viewer.may_act() || !own {
            shown.push(look(&web, &viewer, (words, &format!("{request}-{n}")), &frame).await);
        }
    }
    let body = html! {
        (act_form(&frame))
        div.head {
            div { h1 { "On call" } p.quiet { "Who carries the phone, by the schedules of the config and what people have changed since." } }
            div.actions { @for one in actions() { (action(&one, "", &frame)) } }
        }
        @for one in &shown { section.block { (one) } }
    };
    answer(&web, &viewer, Page::plain("On call", Nav::OnCall, &body)).await
}

/// What one does about it. Those who may only look are shown none of these.
fn actions() -> [Action; 4] {
    [
        Action::open("Stand in", Invocation::of("oncall override")).primary(),
        Action::open("Ask to be covered", Invocation::of("oncall swap")),
        Action::open("Another time", Invocation::of("oncall")),
        Action::open("Get a calendar", Invocation::of("oncall feed")),
    ]
}

async fn look(web: &Web, viewer: &Viewer, (words, request): (&str, &str), frame: &Frame<'_>) -> Markup {
    let inbound = Inbound {
        caller: viewer.caller(),
        place: Place { platform: PlatformId::console(), incident: None, address: None, forms: true },
        request: RequestId::new(request.to_owned()),
        ask: Ask::Call(Invocation::of(words)),
    };
    match web.muster.execute(inbound).await {
        Answer::Done(reply) => match &reply.body {
            Body::View(view) => render(view, frame),
            Body::Form(_) => html! {},
        },
        Answer::Refused(refusal) => problem(&refusal),
        Answer::Late => html! { p.quiet { "The database is slow: load this page again in a moment." } },
        Answer::Failed(why) => html! { p.quiet { (why) } },
    }
}
