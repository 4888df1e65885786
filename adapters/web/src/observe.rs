//! Around every request: its log line and metrics, a time limit, and a net under panics.
//!
//! What is logged is the method, the pattern of the route, the status and how long it took. Never a query, a header
//! or a body: they may hold secrets.

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use std::any::Any;
use std::time::{Duration, Instant};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

/// No answer takes longer. Commands have their own, shorter deadline in core.
const LIMIT: Duration = Duration::from_secs(15);
/// From here on a request is worth a line of its own.
const SLOW: Duration = Duration::from_secs(1);

/// Watches over a router: each request gets its log line and metrics, a time limit, and a net under panics.
pub fn around(router: Router) -> Router {
    router
        .layer(CatchPanicLayer::custom(panicked))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, LIMIT))
        .layer(from_fn(watch))
}

/// Marks a response that took long because it waited for something to tell.
#[derive(Clone)]
pub(crate) struct LongPoll;

async fn watch(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = known(request.method());
    let path = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let took = started.elapsed();
    let route = path.as_ref().map_or("(none)", MatchedPath::as_str);
    let status = response.status();
    count(method, route, status, took);
    let milliseconds = took.as_millis();
    let is_slow = took >= SLOW && response.extensions().get::<LongPoll>().is_none();
    if status.is_server_error() || is_slow {
        tracing::warn!(method, route, status = status.as_u16(), milliseconds, "request");
    } else if status.is_client_error() {
        tracing::info!(method, route, status = status.as_u16(), milliseconds, "request");
    } else {
        tracing::debug!(method, route, status = status.as_u16(), milliseconds, "request");
    }
    response
}

fn count(method: &'static str, route: &str, status: StatusCode, took: Duration) {
    let class = match status.as_u16() / 100 {
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    };
    let route = route.to_owned();
    metrics::counter!("muster_http_requests_total", "method" => method, "route" => route.clone(), "status" => class)
        .increment(1);
    metrics::histogram!("muster_http_request_seconds", "method" => method, "route" => route).record(took.as_secs_f64());
}

/// A client may invent methods; metrics must not grow with them.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        _ => "OTHER",
    }
}

fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a request handler panicked");
    let body = r#"{"error":{"reason":"failed","sentence":"Muster met an error of its own; nothing was changed","instead":null}}"#;
    (StatusCode::INTERNAL_SERVER_ERROR, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}
