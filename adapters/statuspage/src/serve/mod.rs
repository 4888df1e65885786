//! Serving: the files from memory, made anew when something changes; and subscribing, which files cannot do.

mod answer;
mod subscribing;
mod upkeep;

use crate::export::Export;
use crate::shelf::Shelf;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use muster_core::app::Muster;
use muster_core::comms::{LinkKey, LinkUse};
use muster_core::ports::outside::Outside;
use std::sync::Arc;
use subscribing::Askers;
use tokio::sync::watch;

/// The largest form, in bytes: an address, and every component there is.
const LARGEST_FORM: usize = 32 * 1024;

/// What it takes.
#[derive(Clone)]
pub struct StatuspageConfig {
    /// The key of subscribers' links. It is there where an audience of the rules has subscribers.
    pub key: Option<LinkKey>,
    /// Where the files go besides.
    pub export: Export,
    /// The way to an object store.
    pub outside: Arc<dyn Outside>,
}

/// The status page.
pub struct Statuspage {
    muster: Arc<Muster>,
    config: StatuspageConfig,
    /// What is served. It stays there whatever becomes of the database.
    shelf: watch::Sender<Arc<Shelf>>,
    askers: Askers,
}

impl Statuspage {
    /// A page over Muster's public records.
    #[must_use]
    pub fn new(muster: Arc<Muster>, config: StatuspageConfig) -> Arc<Self> {
        Arc::new(Self { muster, config, shelf: watch::Sender::default(), askers: Askers::default() })
    }

    /// What is served from now on: it tells whenever that is something else.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Arc<Shelf>> {
        self.shelf.subscribe()
    }

    /// What is served: the files, and `subscribe/`, `confirm/…` and `leave/…`. It works under any path.
    pub fn router(self: &Arc<Self>) -> Router {
        // The form is a file like any other, and what it sends is taken where it is.
        let subscribe = || post(subscribing::ask).fallback(answer::file);
        let link = |what: LinkUse| format!("/{}/{{id}}/{{proof}}", what.word());
        let router = Router::new()
            .route("/subscribe/", subscribe())
            .route("/subscribe/index.html", subscribe())
            .route("/{locale}/subscribe/", subscribe())
            .route("/{locale}/subscribe/index.html", subscribe())
            .route(&link(LinkUse::Confirm), get(subscribing::may_confirm).post(subscribing::confirm))
            .route(&link(LinkUse::Leave), get(subscribing::may_leave).post(subscribing::leave))
            .fallback(answer::file)
            .layer(DefaultBodyLimit::max(LARGEST_FORM));
        answer::with_headers(router.with_state(Arc::clone(self)))
    }
}
