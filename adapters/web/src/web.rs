//! What every handler shares.

use crate::guard::Guard;
use crate::live::Hub;
use crate::runner::Runners;
use crate::tokens::Tokens;
use chrono_tz::Tz;
use muster_core::app::Muster;
use muster_core::ids::PersonId;
use muster_core::org::Organisation;
use muster_core::ports::signer::Signer;
use std::sync::Arc;

/// Gives the metrics of this process as Prometheus text.
pub type MetricsText = Arc<dyn Fn() -> String + Send + Sync>;

/// What the console and API must know beyond the organisation.
#[derive(Clone)]
pub struct WebConfig {
    /// Where people reach the console, such as `https://muster.example.com`. With `https`, cookies are secure and
    /// bound to the host.
    pub public_url: String,
    /// Muster's version, as shown.
    pub version: &'static str,
    /// The metrics of this process.
    pub metrics: MetricsText,
    /// Signs orders for runners; without it, none can ask for work.
    pub signer: Option<Arc<dyn Signer>>,
}

/// What every handler shares.
pub(crate) struct Web {
    pub(crate) muster: Arc<Muster>,
    pub(crate) config: WebConfig,
    pub(crate) guard: Guard,
    pub(crate) tokens: Tokens,
    pub(crate) runners: Runners,
    pub(crate) hub: Arc<Hub>,
}

impl Web {
    pub(crate) fn new(muster: Arc<Muster>, config: WebConfig) -> Self {
        let hub = Arc::new(Hub::new(Arc::clone(&muster)));
        Self { muster, config, guard: Guard::default(), tokens: Tokens::default(), runners: Runners::default(), hub }
    }

    /// Whether people come in over TLS.
    pub(crate) fn is_secure(&self) -> bool {
        self.config.public_url.starts_with("https://")
    }
}

/// The time zone of a person, as configured.
pub(crate) fn zone_of(org: &Organisation, person: &PersonId) -> Tz {
    org.person(person).map_or(Tz::UTC, |person| person.time_zone)
}
