//! `POST /runner/v1/{take,keep,end}`: runners elsewhere ask for work, say that they live, and report. A key opens this for one
//! runner, and the config says which labels it has: nobody gets work of a label by asking for it.

use crate::api::{ApiError, JsonBody, presented};
use crate::guard;
use crate::observe::LongPoll;
use crate::web::Web;
use axum::extract::{DefaultBodyLimit, FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Json, Response};
use axum::routing::post;
use axum::{Extension, Router};
use muster_core::app::runners::is_life;
use muster_core::org::Runner;
use muster_core::ports::signer::Signer;
use muster_core::runbook::{End, Keep, Kept, Signed, Take, Taken};
use muster_core::secret::{Secret, SecretHash};
use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, sleep, timeout_at};

/// No key is longer.
const LONGEST_KEY: usize = 128;
/// What a runner asks and says is short.
const LONGEST_ASK: usize = 64 * 1024;
/// A report holds what a step has said.
const LONGEST_REPORT: usize = 2 * 1024 * 1024;
/// How long it is waited for work before the answer is that there is none: less than any request may take, and than
/// requests under way have once Muster is to stop.
const PATIENCE: Duration = Duration::from_secs(8);
/// How often it is looked for work that another process may have made, and at least how long between two looks.
const LOOK: (Duration, Duration) = (Duration::from_secs(2), Duration::from_millis(100));

pub(crate) fn routes(web: Arc<Web>) -> Router {
    let Some(signer) = web.config.signer.clone() else { return Router::new() };
    Router::new()
        .route("/take", post(take))
        .route("/keep", post(keep))
        .layer(DefaultBodyLimit::max(LONGEST_ASK))
        .route("/end", post(end).layer(DefaultBodyLimit::max(LONGEST_REPORT)))
        .fallback(async || ApiError::no_such_path())
        .layer(Extension(signer))
        .with_state(web)
}

/// The keys of runners that were good lately.
#[derive(Default)]
pub(crate) struct Runners(Mutex<HashSet<SecretHash>>);

impl Runners {
    fn keys(&self) -> MutexGuard<'_, HashSet<SecretHash>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has(&self, key: &SecretHash) -> bool {
        self.keys().contains(key)
    }

    /// Only keys that somebody has made come here, so there are not many.
    fn add(&self, key: SecretHash) {
        self.keys().insert(key);
    }

    fn remove(&self, key: &SecretHash) {
        self.keys().remove(key);
    }
}

/// The runner whose key a request presents.
struct Known(Runner);

impl FromRequestParts<Arc<Web>> for Known {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, ApiError> {
        let peer = guard::peer(&parts.extensions);
        let key = presented(&parts.headers).filter(|key| !key.is_empty() && key.len() <= LONGEST_KEY);
        let key = key.map(|key| Secret::presented(key).hash());
        // A key that was good lately is looked up whatever others at the same address do.
        if !web.guard.admits(peer) && !key.as_ref().is_some_and(|key| web.runners.has(key)) {
            return Err(ApiError::too_many_failures());
        }
        if let Some(key) = key {
            if let Some(runner) = web.muster.runner_of(&key).await? {
                web.runners.add(key);
                return Ok(Self(runner));
            }
            web.runners.remove(&key);
        }
        web.guard.failed(peer);
        Err(ApiError::no_runner())
    }
}

async fn take(
    State(web): State<Arc<Web>>,
    Known(runner): Known,
    Extension(signer): Extension<Arc<dyn Signer>>,
    JsonBody(ask): JsonBody<Take>,
) -> Result<Response, ApiError> {
    check(&ask.life)?;
    let order = wait(&web, &runner, &ask, &*signer).await?;
    if let Some(signed) = &order {
        tracing::debug!(runner = runner.name, bytes = signed.order.len(), "work was given to a runner");
    }
    Ok((Extension(LongPoll), Json(Taken { order })).into_response())
}

/// The first order there is within [`PATIENCE`].
async fn wait(web: &Web, runner: &Runner, ask: &Take, signer: &dyn Signer) -> Result<Option<Signed>, ApiError> {
    let until = Instant::now() + PATIENCE;
    let mut signals = web.muster.watch();
    loop {
        if let Some(order) = web.muster.order(runner, ask, signer).await? {
            return Ok(Some(order));
        }
        if Instant::now() >= until {
            return Ok(None);
        }
        // However much happens, it is not looked all the time; and missed signals are signals too.
        sleep(LOOK.1).await;
        let next = until.min(Instant::now() + LOOK.0);
        if let Ok(Err(RecvError::Closed)) = timeout_at(next, signals.recv()).await {
            return Ok(None);
        }
    }
}

async fn keep(
    State(web): State<Arc<Web>>,
    Known(runner): Known,
    JsonBody(keep): JsonBody<Keep>,
) -> Result<Json<Kept>, ApiError> {
    check(&keep.life)?;
    Ok(Json(Kept { go_on: web.muster.keep_for(&runner, &keep).await? }))
}

async fn end(
    State(web): State<Arc<Web>>,
    Known(runner): Known,
    JsonBody(end): JsonBody<End>,
) -> Result<StatusCode, ApiError> {
    check(&end.life)?;
    web.muster.end_for(&runner, end).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn check(life: &str) -> Result<(), ApiError> {
    if is_life(life) {
        return Ok(());
    }
    Err(ApiError::bad(StatusCode::BAD_REQUEST, "“life” must be 8 to 64 small letters and digits"))
}
