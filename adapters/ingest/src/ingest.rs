//! Alerts in, as a whole: the sources that may send, and what handling their requests needs.

use crate::config::{IngestConfig, Source};
use crate::desk::Desk;
use crate::door::Door;
use crate::sns::Certificates;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use muster_core::clock::{Clock, Entropy};
use muster_core::ports::outside::Outside;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::Semaphore;

/// So many bodies are in memory at once, of those with a key and of those whose key is in them; whoever comes next waits.
const BODIES: usize = 256;

/// A source and how much it has sent lately.
pub(crate) struct Feed {
    pub(crate) source: Source,
    pub(crate) limiter: DefaultDirectRateLimiter,
}

/// Alerts in, over HTTP.
pub struct Ingest {
    pub(crate) desk: Arc<dyn Desk>,
    pub(crate) outside: Arc<dyn Outside>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) door: Door,
    pub(crate) bodies: Semaphore,
    pub(crate) keyless_bodies: Semaphore,
    pub(crate) certificates: Certificates,
    feeds: RwLock<HashMap<String, Arc<Feed>>>,
}

impl Ingest {
    /// Hands what `config`'s sources send to `desk`. Certificates and confirmations of SNS go through `outside`.
    #[must_use]
    pub fn new(
        desk: Arc<dyn Desk>,
        outside: Arc<dyn Outside>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        config: IngestConfig,
    ) -> Self {
        Self {
            desk,
            outside,
            clock,
            entropy,
            door: Door::default(),
            bodies: Semaphore::new(BODIES),
            keyless_bodies: Semaphore::new(BODIES),
            certificates: Certificates::default(),
            feeds: RwLock::new(feeds(config)),
        }
    }

    /// Takes another config from now on. Requests that are being handled end under the one they came under.
    pub fn configure(&self, config: IngestConfig) {
        *self.feeds.write().unwrap_or_else(PoisonError::into_inner) = feeds(config);
    }

    /// The source of that id.
    pub(crate) fn feed(&self, id: &str) -> Option<Arc<Feed>> {
        self.feeds.read().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    /// A name that nobody else has: 32 hexadecimal digits.
    pub(crate) fn fresh_name(&self) -> String {
        let mut bytes = [0; 16];
        self.entropy.fill(&mut bytes);
        format!("{:032x}", u128::from_be_bytes(bytes))
    }
}

fn feeds(config: IngestConfig) -> HashMap<String, Arc<Feed>> {
    let feed = |source: Source| {
        let quota = Quota::per_second(source.rate.per_second).allow_burst(source.rate.burst);
        (source.id.clone(), Arc::new(Feed { source, limiter: RateLimiter::direct(quota) }))
    };
    config.sources.into_iter().map(feed).collect()
}
