//! What customers see and are sent: the status page, at an address of its own too if the config says so.

use super::http::{self, Listening};
use super::loops::Loops;
use crate::config::Config;
use axum::Router;
use axum::response::Redirect;
use axum::routing::get;
use muster_core::app::Muster;
use muster_core::org::Organisation;
use muster_core::ports::outside::Outside;
use muster_statuspage::{Statuspage, StatuspageConfig};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Where the page is at Muster's own address.
const PATH: &str = "/status";

/// Says where the page is, unless the config does.
pub(super) fn place_page(org: &mut Organisation) {
    if let Some(page) = org.comms.page.as_mut().filter(|page| page.url.is_empty()) {
        page.url = format!("{}{PATH}", org.console_url);
    }
}

/// What customers see and are sent.
pub(super) struct Customers {
    page: Option<Arc<Statuspage>>,
    listening: Option<Listening>,
}

impl Customers {
    /// What the config says. Nothing is served yet.
    pub(super) async fn of(config: &Config, muster: &Arc<Muster>, outside: &Arc<dyn Outside>) -> anyhow::Result<Self> {
        let Some(page) = &config.comms.page else { return Ok(Self { page: None, listening: None }) };
        let wants = StatuspageConfig {
            key: config.comms.subscribing.key.clone(),
            export: page.export.clone(),
            outside: Arc::clone(outside),
        };
        let listening = match page.listen {
            Some(address) => Some(http::listen(address, false).await?),
            None => None,
        };
        Ok(Self { page: Some(Statuspage::new(Arc::clone(muster), wants)), listening })
    }

    /// The page under Muster's own address.
    pub(super) fn routes(&self) -> Router {
        let Some(page) = &self.page else { return Router::new() };
        let inside = format!("{PATH}/");
        let there = Redirect::permanent(&inside);
        Router::new().route(PATH, get(async move || there.clone())).nest_service(&inside, page.router())
    }

    /// Keeps all of it going until `stop`.
    pub(super) fn start(self, loops: &mut Loops, stop: &CancellationToken) {
        let Some(page) = self.page else { return };
        if let Some(Listening { listener, address, .. }) = self.listening {
            tracing::info!(%address, "the status page has an address of its own");
            let (router, stop) = (page.router(), stop.clone());
            loops.start_stoppable("listener of the status page", async move {
                if let Err(error) = http::serve(listener, router, stop).await {
                    tracing::error!(%error, "the status page cannot be served at its own address any more");
                }
            });
        }
        loops.start("status page", page.keep_up());
    }
}
