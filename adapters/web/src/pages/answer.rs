//! Answering a page by the link in it, without signing in. Looking changes nothing: mail scanners and previews follow links.

use super::refused::{sheet, unavailable};
use crate::act::status;
use crate::render::{Frame, problem, render};
use crate::web::{Web, zone_of};
use axum::extract::{Form, Path, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response as Page};
use axum::routing::{get, post};
use axum::{Router, extract::Request};
use maud::{Markup, html};
use muster_core::app::Answer;
use muster_core::app::answer::{Response, Summons, answer_of, sentence};
use muster_core::effect::About;
use muster_core::ports::store::StoreError;
use muster_core::reply::{Body, Reply};
use muster_core::secret::Secret;
use serde::Deserialize;
use std::sync::Arc;

/// No link of ours is longer.
const LONGEST: usize = 128;

/// `GET` and `POST /p/{secret}` for people, `POST /p/{secret}/ack` and `/decline` for buttons of other apps.
pub(crate) fn routes() -> Router<Arc<Web>> {
    Router::new()
        .route("/p/{secret}", get(show).post(press))
        .route("/p/{secret}/{word}", post(push))
        .layer(from_fn(secretive))
}

/// The secret is in the address of these pages: nobody they lead to may learn it, and nobody may list them.
async fn secretive(request: Request, next: Next) -> Page {
    let mut page = next.run(request).await;
    let headers = page.headers_mut();
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow"));
    page
}

async fn summons(web: &Web, secret: &Secret) -> Result<Option<Summons>, StoreError> {
    if secret.reveal().len() > LONGEST {
        return Ok(None);
    }
    web.muster.summons(secret).await.inspect_err(|error| tracing::warn!(%error, "a link cannot be looked up"))
}

async fn show(State(web): State<Arc<Web>>, Path(secret): Path<String>) -> Page {
    let summons = match summons(&web, &Secret::presented(secret)).await {
        Ok(Some(summons)) => summons,
        Ok(None) => return spent(&web),
        Err(_) => return unavailable(&web),
    };
    let body = html! {
        @for line in about(&web, &summons).await { p { (line) } }
        (you_are(&web, &summons))
        form.form method="post" {
            div.form-buttons {
                @for response in summons.responses() {
                    button.button.primary[*response == Response::Acknowledge] name="answer" value=(response.word()) {
                        (response.label())
                    }
                }
            }
        }
        (more(&summons))
    };
    sheet(&web, None, StatusCode::OK, (heading(&summons), &body))
}

/// What a form says.
#[derive(Debug, Deserialize)]
struct Pressed {
    #[serde(default)]
    answer: String,
}

async fn press(State(web): State<Arc<Web>>, Path(secret): Path<String>, Form(pressed): Form<Pressed>) -> Page {
    let secret = Secret::presented(secret);
    let summons = match summons(&web, &secret).await {
        Ok(Some(summons)) => summons,
        Ok(None) => return spent(&web),
        Err(_) => return unavailable(&web),
    };
    let Some(response) = meant(&summons, &pressed.answer) else { return spent(&web) };
    let answer = web.muster.execute(summons.answered(response, answer_of(&secret, response))).await;
    let zone = zone_of(&web.muster.org(), &summons.person);
    let frame = Frame { now: web.muster.now(), zone, hands: None };
    let (title, body) = match &answer {
        Answer::Done(Reply { body: Body::View(view), .. }) => ("Done", render(view, &frame)),
        Answer::Refused(refusal) => ("Not done", problem(refusal)),
        Answer::Done(_) | Answer::Late | Answer::Failed(_) => {
            ("Not done", html! { p { (sentence(&answer, zone)) "." } })
        }
    };
    let body = html! { (body) (you_are(&web, &summons)) (more(&summons)) };
    sheet(&web, None, code(&answer), (title, &body))
}

/// The same for whoever reads a line of text rather than a page.
async fn push(State(web): State<Arc<Web>>, Path((secret, word)): Path<(String, String)>) -> Page {
    let secret = Secret::presented(secret);
    let summons = match summons(&web, &secret).await {
        Ok(Some(summons)) => summons,
        Ok(None) => return plain(StatusCode::NOT_FOUND, SPENT.to_owned()),
        Err(_) => return plain(StatusCode::SERVICE_UNAVAILABLE, LATE.to_owned()),
    };
    let Some(response) = meant(&summons, &word) else { return plain(StatusCode::NOT_FOUND, SPENT.to_owned()) };
    let zone = zone_of(&web.muster.org(), &summons.person);
    let answer = web.muster.execute(summons.answered(response, answer_of(&secret, response))).await;
    plain(code(&answer), sentence(&answer, zone))
}

/// The status that says the same as an answer.
fn code(answer: &Answer) -> StatusCode {
    match answer {
        Answer::Done(_) => StatusCode::OK,
        Answer::Refused(refusal) => status(refusal.reason),
        Answer::Late | Answer::Failed(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

const SPENT: &str = "This link answers nothing: it is older than a day, or was not copied whole.";
const LATE: &str = "The database is slow, and this is not saved yet. Press the button again in a moment.";

fn meant(summons: &Summons, word: &str) -> Option<Response> {
    summons.responses().iter().copied().find(|response| response.word() == word)
}

fn spent(web: &Web) -> Page {
    sheet(web, None, StatusCode::NOT_FOUND, ("This link does not work", &html! { p { (SPENT) } }))
}

fn plain(status: StatusCode, line: String) -> Page {
    (status, format!("{line}\n")).into_response()
}

fn heading(summons: &Summons) -> &'static str {
    match &summons.about {
        About::Page { .. } => "You are being paged",
        About::Test => "A test",
    }
}

/// What it is about, as far as whoever was called may know it.
async fn about(web: &Web, summons: &Summons) -> Vec<String> {
    let About::Page { incident, number } = &summons.about else {
        return vec![format!("Muster tries whether “{}” reaches you. If you can read this, it does.", summons.contact)];
    };
    let seen = web.muster.incident(&summons.person, *incident, None).await.ok().flatten();
    let Some(seen) = seen else { return vec![incident.to_string()] };
    let page = seen.incident.pages.into_iter().find(|page| page.number == *number);
    let severity = seen.incident.severity.map(|severity| format!(" {severity}")).unwrap_or_default();
    let line = format!("{incident}{severity} {}", seen.incident.title);
    std::iter::once(line).chain(page.map(|page| page.message)).collect()
}

fn you_are(web: &Web, summons: &Summons) -> Markup {
    let org = web.muster.org();
    let name = org.person(&summons.person).map_or(summons.person.as_str(), |person| person.name.as_str());
    html! { p.quiet { "This link is for " strong { (name) } " alone; whoever has it answers as you." } }
}

fn more(summons: &Summons) -> Markup {
    html! {
        @if let Some(incident) = summons.incident() {
            p { a href={ "/incidents/" (incident) } rel="noreferrer" { "Open " (incident) " in the console" } }
        }
    }
}
