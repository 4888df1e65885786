//! A run of a runbook: every step, and all that each has said. It changes as the run goes on, and is whole without scripts.

use super::refused::{not_found, unavailable};
use super::{Nav, Page, answer, frame, request_id};
use crate::render::{Frame, act_form, render};
use crate::session::Viewer;
use crate::web::Web;
use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use muster_core::app::look::Ran;
use muster_core::ids::IncidentId;
use muster_core::org::Organisation;
use muster_core::plain::trimmed;
use muster_core::runbook::{Run, StepRun};
use muster_core::view::run as shown;
use std::sync::Arc;

pub(crate) async fn show(
    State(web): State<Arc<Web>>,
    viewer: Viewer,
    Path((id, number)): Path<(String, String)>,
) -> Response {
    let (Ok(id), Ok(number)) = (id.parse::<IncidentId>(), number.parse::<i64>()) else {
        return not_found(&web, &viewer);
    };
    let ran = match web.muster.runs(&viewer.actor.person, id, Some(number)).await {
        Ok(Some(ran)) => ran,
        Ok(None) => return not_found(&web, &viewer),
        Err(error) => {
            tracing::warn!(%error, "a run could not be read");
            return unavailable(&web);
        }
    };
    let Some(run) = ran.runs.iter().find(|run| run.number == number) else { return not_found(&web, &viewer) };
    let seed = request_id(&web);
    let page = Page {
        title: format!("Run {number} of {id}: {}", run.book.name),
        nav: Nav::Elsewhere,
        class: "page",
        news: Some(format!("/incidents/{id}/events")),
        main: main(run, &ran, &web.muster.org(), &frame(&web, &viewer, &seed, Some(id))),
    };
    answer(&web, &viewer, page).await
}

fn main(run: &Run, ran: &Ran, org: &Organisation, frame: &Frame<'_>) -> Markup {
    html! {
        main #main.wrap tabindex="-1" {
            (act_form(frame))
            div.head {
                div {
                    h1 dir="auto" { "Run " (run.number) ": " (run.book.name) }
                    p.quiet { a href={ "/incidents/" (run.incident) } { "Back to the room of " (run.incident) } }
                }
            }
            div #reply.reply role="region" aria-live="polite" aria-label="Answer, only you see it" tabindex="-1" {}
            section #run.block data-live { (render(&shown::whole(run, &ran.incident, org), frame)) }
            section #output.block data-live aria-labelledby="output-title" {
                h2 #output-title { "What each step has said" }
                @for (step, at) in run.book.flat().into_iter().zip(&run.steps) { (said(&step.name, at, run, ran)) }
            }
        }
    }
}

/// All that a step has said.
fn said(name: &str, step: &StepRun, run: &Run, ran: &Ran) -> Markup {
    let transcript = ran.transcript(run, &step.id);
    let text = transcript.map_or_else(|| trimmed(&step.tail.join("\n")), |transcript| trimmed(&transcript.text));
    html! {
        @if !text.is_empty() {
            details id={ "step-" (step.id) } {
                summary dir="auto" { (name) }
                pre dir="auto" { (text) }
                @if transcript.is_some_and(|transcript| transcript.cut) { p.quiet.small { "It said more than is kept." } }
            }
        }
    }
}
