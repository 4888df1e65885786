//! Events to the app: one after another, each tried again until it is acknowledged.

use super::deliver::{ACK_LIMIT, Post, Retry};
use super::state::{APP, BOT_USER, TEAM};
use super::{FakeSlack, Inner};
use serde_json::{Value, json};
use std::sync::{PoisonError, Weak};
use std::time::Instant;
use tokio::sync::mpsc;

/// Times an event is tried again. Slack waits a minute and five between; the fake does not.
/// <https://docs.slack.dev/apis/events-api#retries>
const RETRIES: u32 = 3;

/// Tells the app of what happens until the fake is dropped.
pub(super) async fn pump(slack: Weak<Inner>, mut queue: mpsc::UnboundedReceiver<Value>) {
    while let Some(event) = queue.recv().await {
        let Some(inner) = slack.upgrade() else { return };
        let slack = FakeSlack(inner);
        let payload = slack.callback(event);
        tokio::spawn(async move { slack.tells(payload).await });
    }
}

impl FakeSlack {
    /// Sends an event of the test's own making to the app, as Slack would wrap it.
    pub async fn tells_of(&self, event: Value) -> bool {
        let payload = self.callback(event);
        self.tells(payload).await
    }

    /// Sends a whole payload as it is: `event_callback`s as events, all else as an interaction. Says whether it was
    /// acknowledged in time.
    pub async fn sends(&self, payload: &Value) -> bool {
        let post = if payload["command"].is_string() {
            Post::Command
        } else if payload["type"] == "event_callback" {
            Post::Event
        } else {
            Post::Interactive
        };
        self.deliver(post, payload, None).await.is_some()
    }

    async fn tells(&self, payload: Value) -> bool {
        let mut retry = None;
        for number in 1..=RETRIES + 1 {
            let sent = Instant::now();
            if self.deliver(Post::Event, &payload, retry).await.is_some() {
                return true;
            }
            let reason = if sent.elapsed() < ACK_LIMIT { "http_error" } else { "http_timeout" };
            retry = Some(Retry { number, reason });
        }
        self.0.lost.lock().unwrap_or_else(PoisonError::into_inner).push(payload);
        false
    }

    /// The events that the app never acknowledged.
    #[must_use]
    pub fn lost_events(&self) -> Vec<Value> {
        self.0.lost.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn callback(&self, event: Value) -> Value {
        let (number, now) = self.with(|state| (state.number(), state.now.timestamp()));
        let kind = event["type"].as_str().unwrap_or_default().to_owned();
        let channel = event["channel"].as_str().unwrap_or_default().to_owned();
        json!({
            "token": "verification-token", "team_id": TEAM, "api_app_id": APP, "event": event,
            "type": "event_callback", "event_id": format!("Ev{number:09}"), "event_time": now,
            "authorizations": [{ "enterprise_id": null, "team_id": TEAM, "user_id": BOT_USER, "is_bot": true,
                "is_enterprise_install": false }],
            "is_ext_shared_channel": false, "event_context": format!("1-{kind}-{TEAM}-{channel}"),
        })
    }
}
