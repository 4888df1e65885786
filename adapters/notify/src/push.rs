//! Push messages to phones, by ntfy. The address of a contact is its topic, which is as good as a password.
//! <https://docs.ntfy.sh/publish/#publish-as-json>

use crate::api::{Api, authorized};
use crate::config::NtfyConfig;
use crate::errand::{Carrier, Errand};
use async_trait::async_trait;
use http::HeaderMap;
use muster_core::app::answer::Response;
use muster_core::chat::fit::cut;
use muster_core::effect::About;
use muster_core::ids::PlatformId;
use muster_core::org::Loudness;
use muster_core::plain::clean;
use muster_core::ports::chat::{DeliveryError, Receipt};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The longest title, and the longest message, in characters. A message of more than 4,096 bytes becomes an attachment.
/// <https://docs.ntfy.sh/publish/#limitations>
const TITLE: usize = 200;
const MESSAGE: usize = 1_000;

pub(crate) struct Push {
    api: Api,
    config: NtfyConfig,
}

impl Push {
    pub(crate) fn new(api: Api, config: NtfyConfig) -> Self {
        Self { api, config }
    }
}

#[async_trait]
impl Carrier for Push {
    fn platform(&self) -> PlatformId {
        PlatformId::push()
    }

    async fn carry(&self, errand: &Errand<'_>) -> Result<Receipt, DeliveryError> {
        let (_, topic) = errand.to.person("ntfy")?;
        let headers = self.config.token.as_ref().map_or_else(HeaderMap::new, |token| authorized("Bearer", token));
        let answer = self.api.post_json(&self.config.server, headers, &message(errand, topic)).await?;
        if !answer.status().is_success() {
            return Err(self.api.no(&answer, ""));
        }
        let published: Published = serde_json::from_slice(answer.body()).unwrap_or_default();
        Ok(Receipt::of(published.id))
    }
}

/// What ntfy says of a message that it has taken.
#[derive(Debug, Default, Deserialize)]
struct Published {
    #[serde(default)]
    id: String,
}

#[derive(Debug, Serialize)]
struct Message<'a> {
    topic: &'a str,
    title: String,
    message: String,
    priority: u8,
    tags: [&'static str; 1],
    click: &'a str,
    actions: Vec<Value>,
    /// A second attempt takes the place of the first on the phone (ntfy 2.16).
    /// <https://docs.ntfy.sh/publish/#updating-deleting-notifications>
    sequence_id: String,
}

fn message<'a>(errand: &'a Errand<'_>, topic: &'a str) -> Message<'a> {
    let notice = errand.notice;
    let (priority, tag) = match notice.loudness {
        Loudness::High => (5, "rotating_light"),
        Loudness::Low => (3, "bell"),
    };
    let text = clean(&notice.message);
    Message {
        topic,
        title: cut(&clean(&notice.line), TITLE),
        // ntfy says “triggered” where nothing is said.
        message: if text.trim().is_empty() { cut(&clean(&notice.line), MESSAGE) } else { cut(&text, MESSAGE) },
        priority,
        tags: [tag],
        click: errand.link.as_deref().unwrap_or(&errand.page),
        actions: errand.link.iter().flat_map(|link| actions(link, &notice.about)).collect(),
        sequence_id: errand.key.as_str().replace('/', "-"),
    }
}

/// Buttons that answer from the phone itself. <https://docs.ntfy.sh/publish/#send-http-request>
fn actions(link: &str, about: &About) -> Vec<Value> {
    let responses: &[Response] = match about {
        About::Page { .. } => &Response::ALL,
        About::Test => &[Response::Acknowledge],
    };
    let button = |response: &Response| {
        let url = format!("{link}/{}", response.word());
        json!({ "action": "http", "label": response.label(), "method": "POST", "url": url, "clear": true })
    };
    responses.iter().map(button).collect()
}
