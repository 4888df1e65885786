//! Serving: the files from memory, made anew when something changes; and subscribing, which files cannot do.

use crate::export::Export;
use axum::Router;
use muster_core::app::Muster;
use muster_core::comms::LinkKey;
use muster_core::ports::outside::Outside;
use std::sync::Arc;

/// What it takes.
#[derive(Clone)]
pub struct StatuspageConfig {
    /// The key of subscribers' links; without one nobody can subscribe.
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
}

impl Statuspage {
    /// A page over Muster's public records.
    #[must_use]
    pub fn new(muster: Arc<Muster>, config: StatuspageConfig) -> Arc<Self> {
        Arc::new(Self { muster, config })
    }

    /// What is served: the files, and `subscribe/`, `confirm/…`, `leave/…`. It works under any path.
    #[must_use]
    pub fn router(self: &Arc<Self>) -> Router {
        let _ = (&self.muster, &self.config);
        Router::new()
    }

    /// Makes the files anew when something changes, and at least every minute, and exports what is new. It ends never.
    pub async fn keep_up(self: Arc<Self>) {
        std::future::pending().await
    }
}
