//! The JSON API under `/api/v1`: bearer tokens, no cookies, every error in one shape.

mod auth;
mod body;
mod commands;
mod error;
mod lists;
mod openapi;
mod runs;
mod schema;

pub(crate) use auth::presented;
pub(crate) use body::JsonBody;
pub(crate) use error::ApiError;

use crate::web::Web;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use std::sync::Arc;

/// No body is longer.
const LONGEST_BODY: usize = 64 * 1024;

pub(crate) fn routes(web: Arc<Web>) -> Router {
    Router::new()
        .route("/openapi.json", get(openapi::document))
        .route("/commands", post(commands::any))
        .route("/commands/{command}", post(commands::one))
        .route("/commands/{command}/{verb}", post(commands::one_verb))
        .route("/incidents", get(lists::incidents))
        .route("/incidents/{id}", get(lists::incident))
        .route("/incidents/{id}/timeline", get(lists::timeline))
        .route("/incidents/{id}/export", get(lists::export))
        .route("/incidents/{id}/runs", get(runs::list))
        .route("/incidents/{id}/runs/{number}", get(runs::one))
        .route("/complete", get(lists::complete))
        .route("/people", get(lists::people))
        .route("/me", get(lists::me))
        .fallback(no_such_path)
        .method_not_allowed_fallback(async || ApiError::no_such_method())
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .with_state(web)
}

/// Whoever calls an API that is not there is a program, too.
pub(crate) async fn no_such_path() -> Response {
    ApiError::no_such_path().into_response()
}
