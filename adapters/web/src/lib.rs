//! The console, a break-glass room in a browser, and the JSON API.
//!
//! Everything done here goes through [`muster_core::app::Muster::execute`]; everything shown comes from core's views
//! or from looking, where core keeps privacy. The console works without scripts; scripts make it live.
//!
//! Serve [`router`] with `into_make_service_with_connect_info::<SocketAddr>()`, so that failed sign-ins can be
//! counted per peer and `/metrics` can tell who asks.

mod act;
mod api;
mod assets;
mod console;
mod csrf;
mod feeds;
mod guard;
mod headers;
mod live;
mod observe;
mod ops;
mod pages;
pub mod render;
mod runner;
mod session;
mod tokens;
mod web;

pub use console::ConsoleChat;
pub use observe::around as observed;
pub use session::{LOGIN_LINK_LIFE, login_link};
pub use web::{MetricsText, WebConfig};

use axum::Router;
use axum::routing::any;
use muster_core::app::Muster;
use std::sync::Arc;
use web::Web;

/// Everything this crate serves: the console, the JSON API under `/api/v1`, calendars, what runners ask under `/runner/v1`, `/healthz`,
/// `/readyz` and `/metrics`.
pub fn router(muster: Arc<Muster>, config: WebConfig) -> Router {
    let web = Arc::new(Web::new(muster, config));
    let console = headers::for_pages(pages::routes(Arc::clone(&web)));
    let api = headers::for_data(api::routes(Arc::clone(&web)));
    let feeds = headers::for_data(feeds::routes(Arc::clone(&web)));
    let runner = headers::for_data(runner::routes(Arc::clone(&web)));
    let ops = headers::for_data(ops::routes(web));
    let no_api = headers::for_data(Router::new().route("/api/{*path}", any(api::no_such_path)));
    let all = Router::new().merge(console).merge(feeds).merge(ops).merge(no_api);
    observe::around(all.nest("/api/v1", api).nest("/runner/v1", runner))
}
