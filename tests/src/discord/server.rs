//! The front of the fake: what the app's requests meet before a route does anything.

use super::api::{self, Route};
use super::ask::{Ask, query};
use super::buckets::{self, Told};
use super::call::Call;
use super::gateway::{self, Entry};
use super::refused::{NOT_FOUND, Refused, TOO_LARGE, UNAUTHORIZED, Wrong};
use super::{FakeDiscord, Inner, check, openapi, read};
use crate::fault::{Failure, Met, Scope};
use crate::wire::Knife;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use muster_core::clock::Timestamp;
use serde_json::{Value, json};
use std::future::Future;
use std::sync::Weak;
use std::time::{Duration, Instant};

/// The largest request. <https://docs.discord.com/developers/resources/message#create-message-limitations>
const LARGEST: usize = 25 * 1024 * 1024;

/// How long after a 429 a request may still come that was under way before it was told.
const UNDER_WAY: Duration = Duration::from_millis(500);

/// Everything the fake serves.
pub(super) fn router(discord: Weak<Inner>) -> Router {
    let gate = |entry: Entry| {
        let discord = discord.clone();
        any(move |upgrade: WebSocketUpgrade| {
            let discord = discord.clone();
            let link = move |discord: FakeDiscord| async move {
                upgrade.on_upgrade(move |stream| gateway::serve(discord, stream, entry))
            };
            async move { answer(discord, link).await }
        })
    };
    let rest = discord.clone();
    let call = move |ConnectInfo(knife): ConnectInfo<Knife>, request: Request| {
        let discord = rest.clone();
        async move { answer(discord, |discord| async move { discord.call(knife, request).await }).await }
    };
    let mut router = Router::new().fallback(call);
    for (path, entry) in [("/first", Entry::First), ("/resume", Entry::Resume)] {
        router = router.route(path, gate(entry)).route(&format!("{path}/"), gate(entry));
    }
    router
}

/// An answer while there is a fake to give it.
async fn answer<F: Future<Output = Response>>(discord: Weak<Inner>, ask: impl FnOnce(FakeDiscord) -> F) -> Response {
    match discord.upgrade() {
        Some(inner) => ask(FakeDiscord(inner)).await,
        None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// A request whose route is known.
struct Doing {
    route: Route,
    short: String,
    ask: Ask,
    /// What stands in the way before anything is looked at.
    wrong: Option<Refused>,
    headers: HeaderMap,
    call: Call,
    knife: Knife,
}

impl FakeDiscord {
    async fn call(&self, knife: Knife, request: Request) -> Response {
        let at = self.age();
        let (parts, body) = request.into_parts();
        let path = parts.uri.path().to_owned();
        let found =
            path.strip_prefix("/api/v10").and_then(|path| Some((path, api::find(parts.method.as_str(), path)?)));
        let Some((path, (route, places))) = found else { return self.lost(&parts.method, &path) };
        let (body, wrong) = match read(&parts.headers, body).await {
            Ok(body) => (body, None),
            Err(refused) => (Value::Null, Some(refused)),
        };
        let ask = Ask { places, query: query(parts.uri.query()), body };
        let call = Call {
            route: route.short(),
            path: path.to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            body: ask.body.clone(),
            at,
            status: 200,
            code: None,
            early: false,
            is_invalid: false,
        };
        self.run(Doing { short: route.short(), route, ask, wrong, headers: parts.headers, call, knife }).await
    }

    /// No route that the fake knows; the old ways to pins among them.
    fn lost(&self, method: &Method, path: &str) -> Response {
        self.with(|state| state.violation(format!("{method} {path} is no route that the fake knows")));
        refused(&NOT_FOUND.into())
    }

    async fn run(&self, mut doing: Doing) -> Response {
        let channel = doing.ask.places.get("channel_id").cloned();
        let (delay, met, now) =
            self.with(|state| (state.delay, state.faults.meet(state.now, &doing.short, channel.as_deref()), state.now));
        wait(delay / 2).await;
        let failure = match met {
            Some(Met::Wait { left, told, scope }) => {
                let told = told.map(|told| told.elapsed());
                return self.limited(doing, (left, scope), told, None).await;
            }
            Some(Met::Fails(failure)) => Some(failure),
            None => None,
        };
        let major = ["channel_id", "guild_id", "webhook_token"].iter().find_map(|name| doing.ask.places.get(*name));
        let major = major.cloned().unwrap_or_default();
        let told = self.with(|state| state.buckets.take(now, &doing.short, &major));
        if told.is_over {
            let since = told.told.map(|told: Instant| told.elapsed());
            return self.limited(doing, (told.after, Scope::User), since, Some(told)).await;
        }
        if let Some(Failure::Status(status)) = failure {
            doing.call.status = status;
            self.note(doing.call);
            wait(delay / 2).await;
            return StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response();
        }
        let silent = matches!(failure, Some(Failure::ResetAfterEffect | Failure::Hang));
        let faults = self.faults(&doing);
        let answer = self.with(|state| {
            let is_stranger = !doing.route.is_by_token() && !is_ours(&doing.headers, &state.token, state.is_revoked);
            let answer = match (is_stranger, faults) {
                (true, _) => Err(UNAUTHORIZED.into()),
                (false, Some((what, refused))) => {
                    state.violation(format!("{}: {what}", doing.short));
                    Err(refused)
                }
                (false, None) => (doing.route.does)(state, &doing.ask),
            };
            let mut call = doing.call;
            call.code = answer.as_ref().err().map(|refused| refused.code);
            let status = answer.as_ref().map_or_else(|refused| refused.status, |reply| reply.status);
            call.is_invalid = status == 401 || status == 403;
            call.status = if silent { 0 } else { status };
            state.calls.push(call);
            answer
        });
        wait(delay / 2).await;
        let mut response = match (failure, answer) {
            (Some(Failure::ResetAfterEffect), _) => {
                doing.knife.cut();
                StatusCode::OK.into_response()
            }
            (Some(Failure::Hang), _) => std::future::pending().await,
            (Some(Failure::Unparseable), Ok(reply)) if !reply.body.is_null() => axum::Json(json!({})).into_response(),
            (_, Ok(reply)) => {
                let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::OK);
                if reply.body.is_null() {
                    status.into_response()
                } else {
                    (status, axum::Json(reply.body)).into_response()
                }
            }
            (_, Err(refusal)) => refused(&refusal),
        };
        tell(response.headers_mut(), &doing.short, told);
        response
    }

    /// What is wrong with a request whatever the guild holds: its body, its limits, who sends it.
    fn faults(&self, doing: &Doing) -> Option<(String, Refused)> {
        let agent = doing.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
        // https://docs.discord.com/developers/reference#user-agent
        if !agent.starts_with("DiscordBot (") {
            let refused = (403, 40333, "internal network error").into();
            return Some((format!("“{agent}” is not the user agent of a bot"), refused));
        }
        if let Some(refused) = &doing.wrong {
            return Some((refused.message.clone(), refused.clone()));
        }
        let mut wrong = openapi::faults(doing.route.method, doing.route.path, &doing.ask);
        wrong.extend(check::faults(&doing.short, &doing.ask.body));
        if wrong.is_empty() {
            return None;
        }
        let what = wrong.iter().map(Wrong::to_string).collect::<Vec<_>>().join("; ");
        Some((what, Refused::form(&wrong)))
    }

    /// 429. <https://docs.discord.com/developers/topics/rate-limits#exceeding-a-rate-limit>
    async fn limited(
        &self,
        mut doing: Doing,
        (left, scope): (Duration, Scope),
        told: Option<Duration>,
        bucket: Option<Told>,
    ) -> Response {
        doing.call.status = 429;
        doing.call.early = told.is_some();
        doing.call.is_invalid = scope != Scope::Shared;
        let delay = self.with(|state| {
            if told.is_some_and(|told| told > UNDER_WAY) {
                state.violation(format!("{} came although the app had been told to wait", doing.short));
            }
            state.delay
        });
        self.note(doing.call);
        wait(delay / 2).await;
        let is_global = scope == Scope::Global;
        let message = match scope {
            Scope::User | Scope::Global => "You are being rate limited.",
            Scope::Shared => "The resource is being rate limited.",
        };
        let seconds = left.as_secs_f64();
        let body = json!({ "message": message, "retry_after": seconds, "global": is_global });
        let mut response = (StatusCode::TOO_MANY_REQUESTS, axum::Json(body)).into_response();
        let headers = response.headers_mut();
        let reset = self.0.clock.now() + left;
        if !is_global {
            let full = Told { limit: 5, remaining: 0, reset, after: left, is_over: true, told: None };
            tell(headers, &doing.short, bucket.unwrap_or(full));
        }
        let name = match scope {
            Scope::User => "user",
            Scope::Global => "global",
            Scope::Shared => "shared",
        };
        put(headers, "x-ratelimit-scope", name.to_owned());
        put(headers, "retry-after", format!("{}", seconds.ceil()));
        if is_global {
            put(headers, "x-ratelimit-global", "true".to_owned());
        }
        response
    }

    fn note(&self, call: Call) {
        self.with(|state| state.calls.push(call));
    }
}

/// Whether a request comes from the bot. <https://docs.discord.com/developers/reference#authentication>
fn is_ours(headers: &HeaderMap, token: &str, is_revoked: bool) -> bool {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    !is_revoked && given.and_then(|given| given.strip_prefix("Bot ")) == Some(token)
}

/// The headers of a bucket.
/// <https://docs.discord.com/developers/topics/rate-limits#header-format-rate-limit-header-examples>
fn tell(headers: &mut HeaderMap, route: &str, told: Told) {
    put(headers, "x-ratelimit-bucket", buckets::name(route));
    put(headers, "x-ratelimit-limit", told.limit.to_string());
    put(headers, "x-ratelimit-remaining", told.remaining.to_string());
    put(headers, "x-ratelimit-reset", seconds(told.reset));
    put(headers, "x-ratelimit-reset-after", format!("{:.3}", told.after.as_secs_f64()));
}

fn seconds(moment: Timestamp) -> String {
    let millis = moment.timestamp_millis();
    format!("{}.{:03}", millis / 1000, millis % 1000)
}

fn put(headers: &mut HeaderMap, name: &'static str, value: String) {
    headers.insert(name, HeaderValue::try_from(value).expect("a header of digits and letters"));
}

fn refused(refused: &Refused) -> Response {
    let status = StatusCode::from_u16(refused.status).unwrap_or(StatusCode::BAD_REQUEST);
    (status, axum::Json(refused.json())).into_response()
}

async fn wait(time: Duration) {
    if !time.is_zero() {
        tokio::time::sleep(time).await;
    }
}

/// The bytes of a body that is not too large.
pub(super) async fn bytes(body: Body) -> Result<axum::body::Bytes, Refused> {
    to_bytes(body, LARGEST).await.map_err(|_| TOO_LARGE.into())
}
