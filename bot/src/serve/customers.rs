//! What customers see and are sent: the status page, at an address of its own too if the config says so, and what subscribers get.

use super::http::{self, Listening};
use super::loops::{Loops, worker_name};
use crate::config::{Config, Subscribing};
use axum::Router;
use axum::response::Redirect;
use axum::routing::get;
use muster_core::app::Muster;
use muster_core::app::parcels::{Depot, Threshold, Throttle};
use muster_core::comms::{Destination, LinkKey};
use muster_core::org::Organisation;
use muster_core::ports::chat::Chat;
use muster_core::ports::courier::Courier;
use muster_core::ports::outside::Outside;
use muster_notify::{EmailCourier, EmailCourierConfig, WebhookCourier, WebhookCourierConfig};
use muster_statuspage::{Statuspage, StatuspageConfig};
use std::num::NonZeroUsize;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Where the page is at Muster's own address.
const PATH: &str = "/status";
/// So many connections to the mail server are for subscribers, and so many requests to them are under way at once.
const CONNECTIONS: u8 = 8;

/// Says where the page is, unless the config does.
pub(super) fn place_page(org: &mut Organisation) {
    if let Some(page) = org.comms.page.as_mut().filter(|page| page.url.is_empty()) {
        page.url = format!("{}{PATH}", org.console_url);
    }
}

/// Nobody can subscribe while nothing was started that would tell them: the first key takes effect at the next start.
pub(super) fn keep_subscribing(org: &mut Organisation, started: &Config) {
    if started.comms.subscribing.key.is_none() {
        for audience in &mut org.comms.audiences {
            audience.to.retain(|to| *to != Destination::Subscribers);
        }
    }
}

/// What customers see and are sent.
pub(super) struct Customers {
    page: Option<Arc<Statuspage>>,
    listening: Option<Listening>,
    depot: Depot,
    threshold: Arc<dyn Chat>,
}

impl Customers {
    /// What the config says. Nothing is served or sent yet.
    pub(super) async fn of(config: &Config, muster: &Arc<Muster>, outside: &Arc<dyn Outside>) -> anyhow::Result<Self> {
        let said = config.comms.page.as_ref();
        let page = said.map(|page| {
            let wants = StatuspageConfig {
                key: config.comms.subscribing.key.clone(),
                export: page.export.clone(),
                outside: Arc::clone(outside),
            };
            Statuspage::new(Arc::clone(muster), wants)
        });
        let listening = match said.and_then(|page| page.listen) {
            Some(address) => Some(http::listen(address, false).await?),
            None => None,
        };
        let couriers = match &config.comms.subscribing.key {
            Some(key) => couriers(key, config, (muster, outside))?,
            None => Vec::new(),
        };
        let at_once = NonZeroUsize::from(std::num::NonZeroU8::MIN.saturating_add(CONNECTIONS - 1));
        let Subscribing { mails_per_second, webhooks_per_second, .. } = config.comms.subscribing;
        let throttle = Throttle { mails_per_second, webhooks_per_second, at_once };
        let depot = Depot::new(Arc::clone(muster), worker_name(), couriers, throttle);
        Ok(Self { page, listening, depot, threshold: Arc::new(Threshold::new(Arc::clone(muster))) })
    }

    /// What takes over for subscribers, for the dispatcher.
    pub(super) fn platform(&self) -> Arc<dyn Chat> {
        Arc::clone(&self.threshold)
    }

    /// The page under Muster's own address.
    pub(super) fn routes(&self) -> Router {
        let Some(page) = &self.page else { return Router::new() };
        let inside = format!("{PATH}/");
        let there = Redirect::permanent(&inside);
        Router::new().route(PATH, get(async move || there.clone())).nest_service(&inside, page.router())
    }

    /// Keeps all of it going: the page until `stop`, what is sent until `end`.
    pub(super) fn start(self, loops: &mut Loops, (stop, end): (&CancellationToken, &CancellationToken)) {
        let (depot, end) = (self.depot, end.clone());
        loops.start_stoppable("depot", async move { depot.run(end.cancelled()).await });
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

/// The ways to subscribers.
fn couriers(
    key: &LinkKey,
    config: &Config,
    (muster, outside): (&Arc<Muster>, &Arc<dyn Outside>),
) -> anyhow::Result<Vec<Arc<dyn Courier>>> {
    let hooks = WebhookCourierConfig { key: key.clone(), outside: Arc::clone(outside) };
    let mut couriers: Vec<Arc<dyn Courier>> = vec![Arc::new(WebhookCourier::new(Arc::clone(muster), hooks))];
    if let Some(email) = config.notify.email.clone() {
        let bounces = config.comms.subscribing.bounces.clone();
        let letters = EmailCourierConfig { email, key: key.clone(), bounces, connections: CONNECTIONS.into() };
        couriers.push(Arc::new(EmailCourier::new(Arc::clone(muster), letters)?));
    }
    Ok(couriers)
}
