//! Statuspage: what is published is pushed to a page there, as an incident with its updates, or as scheduled maintenance.
//! <https://developer.statuspage.io/>
//!
//! Ours is known there by its metadata, which also holds the key of what was said last: an attempt whose answer was lost is
//! known by it and not made again. A text that is put right or taken back there is known by its hash.

mod known;

use crate::api::{Api, authorized};
use crate::config::StatuspageIoConfig;
use crate::errand::{Carrier, Errand, Publication, refused};
use async_trait::async_trait;
use chrono::SecondsFormat;
use http::{Method, Response, StatusCode};
use known::{Known, fingerprint};
use muster_core::comms::{Bulletin, ComponentState, Written};
use muster_core::ids::PlatformId;
use muster_core::ports::chat::{DeliveryError, Receipt};
use serde_json::{Map, Value, json};

/// Incidents of a page of the list: the most there are.
const PAGE: usize = 100;
/// So many pages are looked through, the latest incidents first. Statuspage lets us ask about once a second.
const PAGES: usize = 5;

pub(crate) struct Statuspage {
    api: Api,
    pages: Vec<StatuspageIoConfig>,
}

/// What is said to a page.
struct Saying<'a> {
    page: &'a StatuspageIoConfig,
    key: &'a str,
    bulletin: &'a Bulletin,
    written: &'a Written,
}

impl Statuspage {
    pub(crate) fn new(api: Api, pages: Vec<StatuspageIoConfig>) -> Self {
        Self { api, pages }
    }

    async fn call(
        &self,
        page: &StatuspageIoConfig,
        (method, path): (Method, &str),
        body: Option<Value>,
    ) -> Result<Value, DeliveryError> {
        let url = format!("{}/v1/pages/{}/{path}", page.api, page.page);
        let answer = self.api.call(method, &url, authorized("OAuth", &page.key), body).await?;
        if answer.status().is_success() {
            return serde_json::from_slice(answer.body()).map_err(|_| unreadable());
        }
        Err(self.no(&answer))
    }

    /// What it finds fault with is of no use to whoever reads this: it may hold the text.
    fn no(&self, answer: &Response<Vec<u8>>) -> DeliveryError {
        self.api.no(
            answer,
            match answer.status() {
                StatusCode::NOT_FOUND => "there is no such page, or the key is not one of its users'",
                StatusCode::UNPROCESSABLE_ENTITY => "it does not take the incident: are the ids of components right?",
                _ => "",
            },
        )
    }

    /// Our incident there, if there is one.
    async fn find(&self, saying: &Saying<'_>) -> Result<Option<Known>, DeliveryError> {
        for page in 1..=PAGES {
            let path = format!("incidents?limit={PAGE}&page={page}");
            let list = self.call(saying.page, (Method::GET, &path), None).await?;
            // Whoever takes an odd answer for “none” says everything twice.
            let list = list.as_array().ok_or_else(unreadable)?;
            if let Some(known) = list.iter().find_map(|one| Known::read(one, saying.bulletin.cleared.incident())) {
                return Ok(Some(known));
            }
            if list.len() < PAGE {
                break;
            }
        }
        Ok(None)
    }

    async fn say(&self, saying: &Saying<'_>) -> Result<String, DeliveryError> {
        let Some(known) = self.find(saying).await? else {
            let incident = saying.incident(&Known::default(), true);
            let made =
                self.call(saying.page, (Method::POST, "incidents"), Some(json!({ "incident": incident }))).await?;
            return Ok(made["id"].as_str().unwrap_or_default().to_owned());
        };
        if known.last == saying.key {
            return Ok(known.id);
        }
        let mends = saying.bulletin.corrects.and_then(|number| known.update(number, &saying.written.body));
        if let Some(update) = mends {
            let path = format!("incidents/{}/incident_updates/{update}", known.id);
            let body = json!({ "incident_update": { "body": saying.written.body } });
            self.call(saying.page, (Method::PATCH, &path), Some(body)).await?;
        }
        let incident = saying.incident(&known, mends.is_none());
        let path = format!("incidents/{}", known.id);
        self.call(saying.page, (Method::PATCH, &path), Some(json!({ "incident": incident }))).await?;
        Ok(known.id)
    }
}

impl Saying<'_> {
    /// The incident as it is to be. A text is an update; without one it gets none, unless things stand elsewhere than was said there.
    /// What puts right or takes back what was said before the latest word changes nothing else.
    fn incident(&self, known: &Known, with_text: bool) -> Value {
        let Bulletin { components, window, status, retracts, .. } = self.bulletin;
        let mut incident = Map::new();
        let mut set = |name: &str, value: Value| incident.insert(name.to_owned(), value);
        set("metadata", known.metadata(self.bulletin, self.key, &fingerprint(&self.written.body)));
        if with_text {
            set("body", json!(self.written.body));
        }
        // A withdrawal says where things stand now, whichever word it takes back.
        let is_latest = known.is_latest(self.bulletin);
        if (is_latest || *retracts) && (with_text || known.is_elsewhere(self.bulletin)) {
            set("status", json!(status.map(|status| status.word())));
        }
        // What takes something back says nothing of what the incident is.
        if is_latest && !retracts || known.id.is_empty() {
            set("name", json!(self.written.title));
        }
        let theirs = |(ours, state): (&String, &ComponentState)| {
            Some((self.page.components.get(ours)?.clone(), json!(state.word())))
        };
        let states: Map<_, _> = components.iter().filter(|_| is_latest || *retracts).filter_map(theirs).collect();
        if !states.is_empty() {
            set("component_ids", json!(self.concerned()));
            set("components", Value::Object(states));
        }
        if let Some(window) = window {
            // Muster says when it begins and ends, so that Statuspage must not.
            set("scheduled_for", json!(window.from.to_rfc3339_opts(SecondsFormat::Secs, true)));
            set("scheduled_until", json!(window.until.to_rfc3339_opts(SecondsFormat::Secs, true)));
            set("scheduled_auto_in_progress", json!(false));
            set("scheduled_auto_completed", json!(false));
        }
        Value::Object(incident)
    }

    /// All components it has ever concerned, as Statuspage calls them: what is not in the list is taken off the incident.
    fn concerned(&self) -> Vec<&String> {
        let ours = self.bulletin.concerns.iter().chain(self.bulletin.components.keys());
        let mut theirs: Vec<_> = ours.filter_map(|id| self.page.components.get(id)).collect();
        theirs.sort_unstable();
        theirs.dedup();
        theirs
    }
}

fn unreadable() -> DeliveryError {
    DeliveryError::Transient { reason: "Statuspage answered what cannot be read".to_owned(), after: None }
}

#[async_trait]
impl Carrier for Statuspage {
    fn platform(&self) -> PlatformId {
        PlatformId::statuspage()
    }

    async fn carry(&self, errand: &Errand<'_>) -> Result<Receipt, DeliveryError> {
        let name = errand.to.outlet("Statuspage")?;
        Err(refused(format!("the page {name} is for customers: nobody is paged there")))
    }

    async fn publish(&self, publication: &Publication<'_>) -> Result<Receipt, DeliveryError> {
        let name = publication.to.outlet("Statuspage")?;
        let page = self.pages.iter().find(|page| page.name == name);
        let page = page.ok_or_else(|| DeliveryError::no_outlet(name, "Statuspage"))?;
        let bulletin = publication.bulletin;
        if bulletin.is_digest() {
            return Err(refused("a digest is for the company, not for a page of customers'".to_owned()));
        }
        let written = bulletin.written(&bulletin.locale);
        let (_, written) = written.ok_or_else(|| refused("the message has no text".to_owned()))?;
        self.say(&Saying { page, key: publication.key.as_str(), bulletin, written }).await.map(Receipt::of)
    }
}
