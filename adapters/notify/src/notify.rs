//! All ways that are configured.

use crate::api::Api;
use crate::config::{ConfigError, NotifyConfig};
use crate::email::Email;
use crate::errand::{Carrier, Way};
use crate::pagerduty::PagerDuty;
use crate::push::Push;
use crate::statuspage::Statuspage;
use crate::twilio::{Door, Sms, Twilio, Voice};
use crate::webhook::Webhooks;
use axum::Router;
use muster_core::app::Muster;
use muster_core::ports::chat::Chat;
use muster_core::ports::outside::Outside;
use std::sync::Arc;

/// All ways that are configured.
pub struct Notify {
    ways: Vec<Arc<dyn Chat>>,
    door: Option<Arc<Door>>,
}

impl Notify {
    /// The ways of a config. Nothing is sent yet. All but mail goes through `outside`.
    ///
    /// # Errors
    /// When the config cannot work.
    pub fn new(muster: &Arc<Muster>, config: NotifyConfig, outside: &Arc<dyn Outside>) -> Result<Self, ConfigError> {
        config.check()?;
        let mut ways = Vec::new();
        if let Some(email) = config.email {
            ways.push(way(muster, Email::new(&email)?));
        }
        let mut door = None;
        if let Some(twilio) = config.twilio {
            door = Some(Arc::new(Door::new(Arc::clone(muster), twilio.token.clone())));
            let twilio = Arc::new(Twilio::new(Api::of("Twilio", outside), twilio));
            ways.push(way(muster, Sms(Arc::clone(&twilio))));
            ways.push(way(muster, Voice(twilio)));
        }
        if let Some(ntfy) = config.ntfy {
            ways.push(way(muster, Push::new(Api::of("ntfy", outside), ntfy)));
        }
        if !config.pagerduty.is_empty() {
            ways.push(way(muster, PagerDuty::new(Api::of("PagerDuty", outside), config.pagerduty)));
        }
        if !config.webhooks.is_empty() {
            ways.push(way(muster, Webhooks::new(Api::of("the webhook", outside), config.webhooks)?));
        }
        if !config.statuspage.is_empty() {
            ways.push(way(muster, Statuspage::new(Api::of("Statuspage", outside), config.statuspage)));
        }
        Ok(Self { ways, door })
    }

    /// For the dispatcher.
    #[must_use]
    pub fn platforms(&self) -> Vec<Arc<dyn Chat>> {
        self.ways.clone()
    }

    /// What others call: replies, digits and reports, under `/notify/twilio`.
    pub fn router(&self) -> Router {
        self.door.iter().map(Door::router).fold(Router::new(), Router::merge)
    }
}

fn way(muster: &Arc<Muster>, carrier: impl Carrier + 'static) -> Arc<dyn Chat> {
    Arc::new(Way::new(Arc::clone(muster), carrier))
}
