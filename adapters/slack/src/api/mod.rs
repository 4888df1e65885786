//! The only place that calls Slack: one way to call a method, with its gate, its time limit and its count.

mod connect;
pub(crate) mod error;
mod health;
mod me;
pub(crate) mod part;
mod probe;

pub(crate) use error::ApiError;
pub(crate) use health::Health;
pub(crate) use me::Me;
pub(crate) use probe::Probe;

use crate::config::{ConfigError, SlackConfig};
use muster_core::app::Muster;
use muster_core::chat::Learned;
use muster_core::chat::gates::Gates;
use muster_core::chat::token::Token;
use serde_json::Value;
use slack_morphism::errors::SlackClientError;
use slack_morphism::{SlackApiToken, SlackApiTokenValue, SlackClientApiCallContext, SlackClientHttpConnector};
use std::sync::Arc;
use std::time::Duration;

/// Methods that only read. Slack takes their arguments in the address, most of them nowhere else.
/// <https://docs.slack.dev/apis/web-api/using-the-slack-web-api>
const READS: &[&str] = &[
    "bookmarks.list",
    "conversations.history",
    "conversations.info",
    "conversations.list",
    "conversations.replies",
    "users.conversations",
    "users.info",
    "users.lookupByEmail",
];

/// A method, and the channel it is called for where limits are kept by channel.
/// <https://docs.slack.dev/apis/web-api/rate-limits>
type Gate = (&'static str, Option<String>);

fn gate(method: &'static str, channel: Option<&str>) -> Gate {
    (method, channel.map(str::to_owned))
}

/// Calls Slack.
pub(crate) struct Api {
    client: connect::Client,
    connector: connect::Connector,
    url: String,
    bot: SlackApiToken,
    app: Option<SlackApiToken>,
    patience: Duration,
    muster: Arc<Muster>,
    gates: Gates<Gate>,
    health: Health,
    me: Learned<Me>,
}

impl Api {
    /// No call is made yet.
    ///
    /// # Errors
    /// When the machine trusts no certificates.
    pub(crate) fn new(muster: Arc<Muster>, config: &SlackConfig) -> Result<Self, ConfigError> {
        let token = |token: &Token| SlackApiToken::new(SlackApiTokenValue(token.reveal().to_owned()));
        Ok(Self {
            client: connect::client(config)?,
            connector: connect::connector(config)?,
            url: config.api_url.clone(),
            bot: token(&config.bot_token),
            app: config.app_token.as_ref().map(token),
            patience: config.patience,
            muster,
            gates: Gates::default(),
            health: Health::default(),
            me: Learned::default(),
        })
    }

    /// Calls a method with the bot's token.
    ///
    /// # Errors
    /// [`ApiError`]; at once, without a call, while Slack has asked us to wait.
    pub(crate) async fn call(&self, method: &'static str, body: &Value) -> Result<Value, ApiError> {
        self.call_as(&self.bot, method, body).await
    }

    /// The address of a new socket, good for one connection within 30 s.
    /// <https://docs.slack.dev/reference/methods/apps.connections.open>
    ///
    /// # Errors
    /// [`ApiError`]; as for a missing token, when there is no app token.
    pub(crate) async fn open_socket(&self) -> Result<String, ApiError> {
        let Some(app) = &self.app else { return Err(ApiError::refused("not_authed", None)) };
        let answer = self.call_as(app, "apps.connections.open", &Value::Object(serde_json::Map::new())).await?;
        part::text(&answer, "url").map(str::to_owned)
    }

    /// Answers a command or a click through the address that came with it. Such an address is a secret.
    /// <https://docs.slack.dev/interactivity/handling-user-interaction#message_responses>
    ///
    /// # Errors
    /// [`ApiError`]; as a refusal without a call, when the address is not Slack's.
    pub(crate) async fn respond(&self, response_url: &str, body: &Value) -> Result<(), ApiError> {
        const METHOD: &str = "response_url";
        if !is_of_slack(response_url, &self.url) {
            return Err(ApiError::refused("not_an_address_of_slack", None));
        }
        let Ok(url) = response_url.parse() else { return Err(ApiError::refused("not_an_address", None)) };
        let span = tracing::Span::none();
        let context = SlackClientApiCallContext {
            rate_control_params: None,
            token: None,
            tracing_span: &span,
            is_sensitive_url: true,
        };
        let answer = self.client.http_api.connector.http_post_uri::<_, Value>(url, body, context);
        let outcome = self.in_time(answer).await.map(drop);
        count(METHOD, outcome.as_ref().err());
        outcome
    }

    /// What an operator should know.
    pub(crate) fn health(&self) -> &Health {
        &self.health
    }

    async fn call_as(&self, token: &SlackApiToken, method: &'static str, body: &Value) -> Result<Value, ApiError> {
        let channel = channel_of(method, body);
        let now = self.muster.now();
        if let Some(after) = self.gates.closed([gate(method, None), gate(method, channel)], now) {
            metrics::counter!("muster_slack_calls_total", "method" => method, "outcome" => "held").increment(1);
            return Err(ApiError::RateLimited { after });
        }
        let outcome = self.send(token, method, body).await;
        if let Err(ApiError::RateLimited { after }) = &outcome
            && let Ok(wait) = chrono::TimeDelta::from_std(*after)
        {
            let now = self.muster.now();
            self.gates.close(gate(method, channel), now + wait, now);
        }
        self.health.heard(method, channel, outcome.as_ref().map(drop));
        count(method, outcome.as_ref().err());
        outcome
    }

    async fn send(&self, token: &SlackApiToken, method: &'static str, body: &Value) -> Result<Value, ApiError> {
        let session = self.client.open_session(token);
        let api = &session.http_session_api;
        let answer: Value = if READS.contains(&method) {
            let query = query(body);
            let query: Vec<_> = query.iter().map(|(name, value)| (name.as_str(), Some(value))).collect();
            self.in_time(api.http_get(method, &query, None)).await?
        } else {
            self.in_time(api.http_post(method, body, None)).await?
        };
        // The SDK makes an empty object of an answer that is not JSON, and takes a refusal without a code for success.
        match answer["ok"].as_bool() {
            Some(true) => Ok(answer),
            Some(false) | None => Err(ApiError::Ambiguous("the answer does not say how it went".to_owned())),
        }
    }

    /// What takes too long may have arrived.
    async fn in_time<T>(&self, call: impl Future<Output = Result<T, SlackClientError>>) -> Result<T, ApiError> {
        match tokio::time::timeout(self.patience, call).await {
            Ok(answer) => answer.map_err(ApiError::from),
            Err(_) => Err(ApiError::Ambiguous("no answer in time".to_owned())),
        }
    }
}

/// Whether an address is one at which Slack takes answers: its own, or that of the proxy we are told to use.
fn is_of_slack(url: &str, api_url: &str) -> bool {
    let parts = |url: &str| {
        let uri: axum::http::Uri = url.parse().ok()?;
        Some((uri.scheme_str()?.to_owned(), uri.authority()?.to_string()))
    };
    let Some(place) = parts(url) else { return false };
    let hooks = ["hooks.slack.com", "hooks.slack-gov.com"];
    Some(&place) == parts(api_url).as_ref() || (place.0 == "https" && hooks.contains(&place.1.as_str()))
}

/// The channel a call is about, where Slack limits calls by channel.
fn channel_of<'a>(method: &str, body: &'a Value) -> Option<&'a str> {
    let is_by_channel = ["chat.", "conversations.", "pins.", "bookmarks."].iter().any(|kind| method.starts_with(kind));
    let channel = body.get("channel").or_else(|| body.get("channel_id"));
    channel.and_then(Value::as_str).filter(|_| is_by_channel)
}

fn query(body: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    body.as_object().into_iter().flatten().map(|(name, value)| (name.clone(), text(value))).collect()
}

fn count(method: &'static str, error: Option<&ApiError>) {
    let outcome = error.map_or("ok", ApiError::outcome);
    metrics::counter!("muster_slack_calls_total", "method" => method, "outcome" => outcome).increment(1);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn calls_are_limited_by_channel_where_slack_does_so() {
        assert_eq!(channel_of("chat.postMessage", &json!({ "channel": "C1" })), Some("C1"));
        assert_eq!(channel_of("bookmarks.add", &json!({ "channel_id": "C1" })), Some("C1"));
        assert_eq!(channel_of("conversations.create", &json!({ "name": "inc-1" })), None);
        assert_eq!(channel_of("users.info", &json!({ "channel": "C1" })), None);
    }

    #[test]
    fn what_is_asked_goes_into_the_address_as_text() {
        let asked = query(&json!({ "limit": 200, "exclude_archived": true, "cursor": "a=" }));
        let asked: Vec<_> = asked.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(asked, [("cursor", "a="), ("exclude_archived", "true"), ("limit", "200")]);
    }

    #[test]
    fn answers_go_to_slack_and_nowhere_else() {
        let api = "https://slack.com/api";
        for good in ["https://hooks.slack.com/commands/T1/2/3", "https://hooks.slack-gov.com/x", "https://slack.com/x"]
        {
            assert!(is_of_slack(good, api), "{good}");
        }
        for bad in [
            "http://hooks.slack.com/commands/T1/2/3",
            "https://hooks.slack.com.evil.example/x",
            "https://hooks.slack.com@evil.example/x",
            "https://evil.example/hooks.slack.com",
            "https://169.254.169.254/latest",
            "http://slack.com/x",
            "//hooks.slack.com/x",
            "",
        ] {
            assert!(!is_of_slack(bad, api), "{bad}");
        }
        assert!(is_of_slack("http://127.0.0.1:9000/response/1", "http://127.0.0.1:9000/api"));
        assert!(!is_of_slack("http://127.0.0.1:9001/response/1", "http://127.0.0.1:9000/api"));
    }
}
