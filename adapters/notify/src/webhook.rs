//! Webhooks, signed as Standard Webhooks wants it, so that whoever receives one can prove that it is ours.
//! <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>

mod courier;
mod published;

pub use courier::{WebhookCourier, WebhookCourierConfig};

use crate::api::Api;
use crate::config::{ConfigError, WebhookConfig};
use crate::errand::{Carrier, Errand, Publication, To, refused};
use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::SecondsFormat;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use muster_core::chat::token::Token;
use muster_core::clock::Timestamp;
use muster_core::effect::{About, Stage};
use muster_core::ids::PlatformId;
use muster_core::ports::chat::{DeliveryError, Receipt};
use serde_json::{Value, json};
use standardwebhooks::{HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP, Webhook};

/// The shortest secret, in bytes.
const SHORTEST: usize = 24;

pub(crate) struct Webhooks {
    api: Api,
    hooks: Vec<Hook>,
}

struct Hook {
    config: WebhookConfig,
    signer: Webhook,
}

/// What signs with a secret.
pub(crate) fn signer(secret: &Token) -> Result<Webhook, ConfigError> {
    let text = secret.reveal().strip_prefix("whsec_").ok_or(ConfigError::Secret)?;
    let bytes = STANDARD.decode(text).map_err(|_| ConfigError::Secret)?;
    if bytes.len() < SHORTEST {
        return Err(ConfigError::Secret);
    }
    Webhook::from_bytes(bytes).map_err(|_| ConfigError::Secret)
}

impl Webhooks {
    pub(crate) fn new(api: Api, hooks: Vec<WebhookConfig>) -> Result<Self, ConfigError> {
        let hook = |config: WebhookConfig| Ok(Hook { signer: signer(&config.secret)?, config });
        Ok(Self { api, hooks: hooks.into_iter().map(hook).collect::<Result<_, _>>()? })
    }

    /// A contact names a webhook of the config, by its name or its URL: only those have a secret to sign with.
    fn find(&self, to: &To<'_>) -> Result<&Hook, DeliveryError> {
        let (named, missing) = match *to {
            To::Outlet(name) => (name, DeliveryError::no_outlet(name, "webhook")),
            To::Person { address, .. } => {
                (address, refused("the config has no [[webhook]] for this contact".to_owned()))
            }
        };
        let is_named = |hook: &&Hook| hook.config.name == named || hook.config.url.reveal() == named;
        self.hooks.iter().find(is_named).ok_or(missing)
    }
}

#[async_trait]
impl Carrier for Webhooks {
    fn platform(&self) -> PlatformId {
        PlatformId::webhook()
    }

    async fn carry(&self, errand: &Errand<'_>) -> Result<Receipt, DeliveryError> {
        let hook = self.find(&errand.to)?;
        self.send(hook, (errand.key.as_str(), errand.now), &payload(errand)).await
    }

    async fn publish(&self, publication: &Publication<'_>) -> Result<Receipt, DeliveryError> {
        let hook = self.find(&publication.to)?;
        let Publication { key, bulletin, now, org, .. } = *publication;
        self.send(hook, (key.as_str(), now), &published::payload(bulletin, &bulletin.locale, org)).await
    }
}

impl Webhooks {
    async fn send(&self, hook: &Hook, (id, at): (&str, Timestamp), payload: &Value) -> Result<Receipt, DeliveryError> {
        let body = payload.to_string().into_bytes();
        let headers = signed(&hook.signer, (id, at), &body);
        let headers = headers.ok_or_else(|| refused("the notice could not be signed".to_owned()))?;
        let answer = self.api.post(hook.config.url.reveal(), headers, body).await?;
        if !answer.status().is_success() {
            return Err(self.api.no(&answer, ""));
        }
        Ok(Receipt::of(id))
    }
}

/// The id is the same in every attempt, so that whoever receives two knows them for one.
fn signed(signer: &Webhook, (id, at): (&str, Timestamp), body: &[u8]) -> Option<HeaderMap> {
    let signature = signer.sign(id, at.timestamp(), body).ok()?;
    let text = |text: &str| HeaderValue::from_str(text).ok();
    Some(HeaderMap::from_iter([
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (HeaderName::from_static(HEADER_WEBHOOK_ID), text(id)?),
        (HeaderName::from_static(HEADER_WEBHOOK_TIMESTAMP), text(&at.timestamp().to_string())?),
        (HeaderName::from_static(HEADER_WEBHOOK_SIGNATURE), text(&signature)?),
        (HeaderName::from_static("idempotency-key"), text(id)?),
    ]))
}

fn payload(errand: &Errand<'_>) -> Value {
    let notice = errand.notice;
    let kind = match (&notice.about, notice.stage) {
        (About::Test, Stage::Raised | Stage::Acknowledged | Stage::Over) => "contact.test",
        (About::Page { .. }, Stage::Raised) => "page.raised",
        (About::Page { .. }, Stage::Acknowledged) => "page.acknowledged",
        (About::Page { .. }, Stage::Over) => "page.over",
    };
    let (incident, page) = match &notice.about {
        About::Page { incident, number } => (Some(incident), Some(number)),
        About::Test => (None, None),
    };
    let person = match errand.to {
        To::Person { person, .. } => Some(person.id.as_str()),
        To::Outlet(_) => None,
    };
    json!({
        "type": kind,
        "timestamp": errand.now.to_rfc3339_opts(SecondsFormat::Secs, true),
        "data": {
            "incident": incident,
            "page": page,
            "person": person,
            "urgency": notice.loudness.word(),
            "line": notice.line,
            "message": notice.message,
            "url": errand.page,
            "answer_url": errand.link,
        },
    })
}
