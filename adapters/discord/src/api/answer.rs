//! An answer of Discord, read with bounds, and what it says of how the call went.

use super::ApiError;
use chrono::DateTime;
use muster_core::clock::Timestamp;
use reqwest::Response;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use serde_json::Value;

/// Longer answers are not read: 500 channels with all their settings are far below.
const LONGEST: usize = 16 * 1024 * 1024;

/// An answer.
#[derive(Debug)]
pub(super) struct Answer {
    /// The HTTP status.
    pub(super) status: u16,
    /// Whether a limit that was met is the one on everything.
    pub(super) is_for_all: bool,
    /// What time it is there, to the second.
    pub(super) time: Option<Timestamp>,
    is_shared: bool,
    outcome: Result<Value, ApiError>,
}

impl Answer {
    pub(super) async fn read(mut response: Response) -> Result<Self, ApiError> {
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let mut text = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            text.extend_from_slice(&chunk);
            if text.len() > LONGEST {
                return Err(ApiError::Ambiguous("the answer is too long".to_owned()));
            }
        }
        let body = match text.is_empty() {
            true => Some(Value::Null),
            false => serde_json::from_slice(&text).ok(),
        };
        let scope = headers.get("x-ratelimit-scope").and_then(|scope| scope.to_str().ok());
        let says_all = body.as_ref().is_some_and(|body| body["global"] == true);
        // An answer to everything at once may come from before Discord itself, without Discord's own headers.
        let is_for_all = status == 429
            && (scope == Some("global") || says_all || headers.contains_key("x-ratelimit-global") || body.is_none());
        Ok(Self {
            status,
            is_for_all,
            time: time(&headers),
            is_shared: scope == Some("shared"),
            outcome: outcome(status, &headers, body),
        })
    }

    /// What it says, or why not.
    pub(super) fn judged(self) -> Result<Value, ApiError> {
        self.outcome
    }

    /// Why the call failed, if it did.
    pub(super) fn failure(&self) -> Option<&ApiError> {
        self.outcome.as_ref().err()
    }

    /// Whether Discord counts it towards shutting us out.
    /// <https://discord.com/developers/docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans>
    pub(super) fn is_invalid(&self) -> bool {
        match self.status {
            401 | 403 => true,
            429 => !self.is_shared,
            _ => false,
        }
    }
}

fn outcome(status: u16, headers: &HeaderMap, body: Option<Value>) -> Result<Value, ApiError> {
    match (status, body) {
        (200..=299, Some(body)) => Ok(body),
        (200..=299, None) => Err(ApiError::Ambiguous("the answer was not to be understood".to_owned())),
        (429, body) => {
            let header = headers.get(RETRY_AFTER).and_then(|after| after.to_str().ok()?.parse().ok());
            let body = body.and_then(|body| body["retry_after"].as_f64());
            Err(ApiError::wait(longest(header, body)))
        }
        (500.., _) => Err(ApiError::Ambiguous(format!("HTTP {status}"))),
        (_, body) => Err(ApiError::refused(status, &body.unwrap_or_default())),
    }
}

/// The header is in whole seconds, the body more exact; where they differ, the longer wait is the safe one.
fn longest(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.max(other)),
        (one, other) => one.or(other),
    }
}

fn time(headers: &HeaderMap) -> Option<Timestamp> {
    let date = headers.get(DATE)?.to_str().ok()?;
    DateTime::parse_from_rfc2822(date).ok().map(|date| date.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http;
    use serde_json::json;
    use std::time::Duration;

    async fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut response = http::Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        let response = response.body(body.to_owned()).expect("a response");
        Answer::read(Response::from(response)).await.expect("read")
    }

    #[tokio::test]
    async fn a_limit_says_how_long_for_whom_and_whether_it_counts() {
        let body = json!({ "retry_after": 1.75, "global": false }).to_string();
        let own = answer(429, &[("retry-after", "2"), ("x-ratelimit-scope", "user")], &body).await;
        assert!(own.is_invalid() && !own.is_for_all);
        assert_eq!(own.failure(), Some(&ApiError::RateLimited { after: Duration::from_secs(2) }));
        let shared = answer(429, &[("retry-after", "2"), ("x-ratelimit-scope", "shared")], &body).await;
        assert!(!shared.is_invalid());
        let all = answer(429, &[], &json!({ "retry_after": 0.5, "global": true }).to_string()).await;
        assert!(all.is_for_all && all.is_invalid());
        let before_discord = answer(429, &[("retry-after", "60")], "<html>").await;
        assert!(before_discord.is_for_all, "an answer from before Discord is about everything");
    }

    #[tokio::test]
    async fn what_may_have_happened_is_never_taken_for_a_refusal() {
        for (status, body) in [(503, ""), (500, "{}"), (200, "<html>")] {
            let answer = answer(status, &[], body).await;
            assert!(matches!(answer.failure(), Some(ApiError::Ambiguous(_))), "{status} {body}");
        }
        assert_eq!(answer(204, &[], "").await.judged(), Ok(Value::Null));
        let refused = answer(404, &[], r#"{"code": 10003}"#).await;
        assert!(refused.failure().is_some_and(|error| error.is(&[10_003])) && !refused.is_invalid());
    }
}
