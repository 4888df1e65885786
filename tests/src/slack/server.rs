//! The front of the fake: what the app's HTTP requests meet before a method does anything.

use super::api;
use super::args::{Args, Sent};
use super::blocks;
use super::refused::{Answer, Refused};
use super::respond;
use super::schema;
use super::state::{Call, State};
use super::{FakeSlack, Inner};
use crate::fault::{Failure, Met};
use crate::wire::{Door, Knife};
use axum::Router;
use axum::body::Bytes;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Path, RawQuery};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, post};
use serde_json::{Map, Value, json};
use std::future::Future;
use std::sync::Weak;
use std::time::Duration;

/// Serves until the fake is dropped.
pub(super) async fn serve(door: Door, slack: Weak<Inner>) {
    let at = |slack: &Weak<Inner>| slack.clone();
    let (calls, answers, links) = (at(&slack), at(&slack), at(&slack));
    let call = move |Path(method): Path<String>, knife, query, headers, body| {
        let slack = calls.clone();
        async move { answer(slack, call(method, knife, query, headers, body)).await }
    };
    let respond = move |Path(key): Path<String>, knife, body: Bytes| {
        let slack = answers.clone();
        async move { answer(slack, |slack| respond_to(slack, key, knife, body)).await }
    };
    let link = move |RawQuery(query): RawQuery, upgrade: WebSocketUpgrade| {
        let slack = links.clone();
        async move { answer(slack, |slack| link(slack, query, upgrade)).await }
    };
    let router = Router::new()
        .route("/api/{method}", any(call))
        .route("/response/{*key}", post(respond))
        .route("/link/", any(link))
        .route("/upload/{file}", post(|| async { "OK" }))
        .layer(DefaultBodyLimit::max(16 * 1024 * 1024));
    let served = axum::serve(door, router.into_make_service_with_connect_info::<Knife>()).await;
    served.expect("a server on loopback does not fail");
}

/// An answer while there is a fake to give it.
async fn answer<F: Future<Output = Response>>(slack: Weak<Inner>, ask: impl FnOnce(FakeSlack) -> F) -> Response {
    match slack.upgrade() {
        Some(inner) => ask(FakeSlack(inner)).await,
        None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

fn call(
    method: String,
    ConnectInfo(knife): ConnectInfo<Knife>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> impl FnOnce(FakeSlack) -> std::pin::Pin<Box<dyn Future<Output = Response> + Send>> {
    move |slack| {
        Box::pin(async move {
            let args = Args::read(query.as_deref(), &headers, &body);
            let token = token(&headers, args.as_ref().ok());
            let shown = args.clone().unwrap_or_else(|_| Args { map: Map::new(), sent: Sent::Json });
            let doing = Doing { method: &method, unread: args.is_err(), args: shown, knife };
            slack.run(doing, |state| api::call(state, &token, &method, &args?)).await
        })
    }
}

async fn respond_to(slack: FakeSlack, key: String, ConnectInfo(knife): ConnectInfo<Knife>, body: Bytes) -> Response {
    let args: Map<String, Value> = serde_json::from_slice(&body).unwrap_or_default();
    let shown = Args { map: args.clone(), sent: Sent::Json };
    let doing = Doing { method: "response_url", unread: false, args: shown, knife };
    slack.run(doing, |state| respond::to(state, &key, args)).await
}

async fn link(slack: FakeSlack, query: Option<String>, upgrade: WebSocketUpgrade) -> Response {
    let pairs = query.as_deref().map(super::args::pairs).unwrap_or_default();
    let ticket = pairs.into_iter().find(|(name, _)| name == "ticket").map(|(_, ticket)| ticket).unwrap_or_default();
    if !slack.with(|state| state.sockets.tickets.remove(&ticket)) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    upgrade.on_upgrade(move |stream| slack.serve_socket(stream))
}

fn token(headers: &HeaderMap, args: Option<&Args>) -> String {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let bearer = bearer.and_then(|value| value.strip_prefix("Bearer "));
    bearer.or_else(|| args?.text("token")).unwrap_or_default().to_owned()
}

/// A call under way.
struct Doing<'d> {
    method: &'d str,
    args: Args,
    /// Whether the arguments could not be read at all.
    unread: bool,
    knife: Knife,
}

impl Doing<'_> {
    fn channel(&self) -> Option<&str> {
        self.args.text("channel").or_else(|| self.args.text("channel_id"))
    }

    /// What is wrong with the call whatever the workspace holds: schema, blocks, views.
    fn check(&self) -> Result<(), Refused> {
        let answers = self.method == "response_url";
        if self.unread {
            return Ok(());
        }
        if !answers && !api::METHODS.iter().any(|(method, _)| *method == self.method) {
            return Err("unknown_method".into());
        }
        let faults = if answers { Vec::new() } else { schema::faults(self.method, &self.args) };
        if !faults.is_empty() {
            return Err(Refused::because("invalid_arguments", &faults));
        }
        if let Some(view) = self.args.json("view", "invalid_arguments")? {
            let faults = blocks::check_view(&view);
            return if faults.is_empty() { Ok(()) } else { Err(Refused::because("invalid_arguments", &faults)) };
        }
        let writes = ["chat.postMessage", "chat.update", "chat.postEphemeral", "response_url"];
        if writes.contains(&self.method) && !self.args.flag("delete_original") {
            return api::checked_content(&self.args);
        }
        Ok(())
    }
}

impl FakeSlack {
    /// Makes a call, with all that may go wrong on purpose, and notes it.
    async fn run(&self, doing: Doing<'_>, effect: impl FnOnce(&mut State) -> Answer) -> Response {
        let arrived = self.0.started.elapsed();
        let (delay, met) =
            self.with(|state| (state.delay, state.faults.meet(state.now, doing.method, doing.channel())));
        wait(delay / 2).await;
        let checked = doing.check();
        let mut call = Call {
            method: doing.method.to_owned(),
            args: doing.args.map,
            at: arrived,
            status: 200,
            error: None,
            early: false,
        };
        if let Some(Met::Wait { left, told, .. }) = met {
            let retry_after = left.as_millis().div_ceil(1000);
            call.status = 429;
            call.error = Some("ratelimited".to_owned());
            call.early = told.is_some();
            self.with(|state| state.calls.push(call));
            wait(delay / 2).await;
            let wait = [(header::RETRY_AFTER, retry_after.to_string())];
            let body = json!({ "ok": false, "error": "ratelimited" });
            return (StatusCode::TOO_MANY_REQUESTS, wait, axum::Json(body)).into_response();
        }
        let failure = match met {
            Some(Met::Fails(failure)) => Some(failure),
            Some(Met::Wait { .. }) | None => None,
        };
        if let Some(Failure::Status(status)) = failure {
            call.status = status;
            self.with(|state| state.calls.push(call));
            wait(delay / 2).await;
            return StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response();
        }
        let silent = matches!(failure, Some(Failure::ResetAfterEffect | Failure::Hang));
        let answer = self.with(|state| {
            let answer = match checked {
                Ok(()) => effect(state),
                Err(refused) => {
                    state.violation(format!("{}: {}", call.method, refused.json()));
                    Err(refused)
                }
            };
            call.error = answer.as_ref().err().map(|refused| refused.code.clone());
            call.status = if silent { 0 } else { 200 };
            state.calls.push(call);
            answer
        });
        wait(delay / 2).await;
        match failure {
            Some(Failure::ResetAfterEffect) => {
                doing.knife.cut();
                StatusCode::OK.into_response()
            }
            Some(Failure::Hang) => std::future::pending().await,
            Some(Failure::Unparseable) if answer.is_ok() => axum::Json(json!({ "ok": true })).into_response(),
            Some(Failure::Unparseable | Failure::Status(_) | Failure::RateLimited(..)) | None => whole(answer),
        }
    }
}

async fn wait(time: Duration) {
    if !time.is_zero() {
        tokio::time::sleep(time).await;
    }
}

fn whole(answer: Answer) -> Response {
    let body = match answer {
        Ok(mut body) => {
            body["ok"] = Value::Bool(true);
            body
        }
        Err(refused) => refused.json(),
    };
    axum::Json(body).into_response()
}
