//! Services of PagerDuty, by its Events API v2: what is paged here is triggered there, taken up and resolved with it.
//! <https://developer.pagerduty.com/docs/send-alert-event>

use crate::api::Api;
use crate::config::PagerDutyConfig;
use crate::errand::{Carrier, Errand, To, refused};
use async_trait::async_trait;
use http::{HeaderMap, StatusCode};
use muster_core::chat::fit::cut;
use muster_core::effect::Stage;
use muster_core::ids::PlatformId;
use muster_core::org::Loudness;
use muster_core::plain::clean;
use muster_core::ports::chat::{DeliveryError, Receipt};
use serde_json::{Value, json};

/// The longest summary, in characters. <https://developer.pagerduty.com/docs/pd-cef>
const SUMMARY: usize = 1_024;
/// The longest message, in characters: an event may have 512 KB.
const DETAILS: usize = 10_000;

pub(crate) struct PagerDuty {
    api: Api,
    outlets: Vec<PagerDutyConfig>,
}

impl PagerDuty {
    pub(crate) fn new(api: Api, outlets: Vec<PagerDutyConfig>) -> Self {
        Self { api, outlets }
    }
}

#[async_trait]
impl Carrier for PagerDuty {
    fn platform(&self) -> PlatformId {
        PlatformId::pagerduty()
    }

    async fn carry(&self, errand: &Errand<'_>) -> Result<Receipt, DeliveryError> {
        let name = match errand.to {
            To::Outlet(name) => name,
            To::Person { .. } => return Err(refused("PagerDuty reaches services, not people of Muster".to_owned())),
        };
        let outlet = self.outlets.iter().find(|outlet| outlet.name == name);
        let outlet = outlet.ok_or_else(|| DeliveryError::no_outlet(name, "PagerDuty"))?;
        let url = format!("{}/v2/enqueue", outlet.api);
        let answer = self.api.post_json(&url, HeaderMap::new(), &event(errand, outlet)).await?;
        match answer.status() {
            status if status.is_success() => Ok(Receipt::of(dedup_key(errand))),
            StatusCode::BAD_REQUEST => Err(self.api.no(&answer, "the integration key is wrong, or of another kind")),
            _ => Err(self.api.no(&answer, "")),
        }
    }
}

/// What makes trigger, acknowledge and resolve one thing, and a repeated attempt nothing new.
fn dedup_key(errand: &Errand<'_>) -> String {
    format!("muster-{}", errand.subject())
}

fn event(errand: &Errand<'_>, outlet: &PagerDutyConfig) -> Value {
    let notice = errand.notice;
    let action = match notice.stage {
        Stage::Raised => "trigger",
        Stage::Acknowledged => "acknowledge",
        Stage::Over => "resolve",
    };
    let severity = match notice.loudness {
        Loudness::High => "critical",
        Loudness::Low => "warning",
    };
    json!({
        "routing_key": outlet.key.reveal(),
        "event_action": action,
        "dedup_key": dedup_key(errand),
        "client": "Muster",
        "client_url": errand.page,
        "links": [{ "href": errand.page, "text": "Muster" }],
        "payload": {
            "summary": cut(&clean(&notice.line), SUMMARY),
            "source": errand.org.name,
            "severity": severity,
            "custom_details": { "message": cut(&clean(&notice.message), DETAILS) },
        },
    })
}
