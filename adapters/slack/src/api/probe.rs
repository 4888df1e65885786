//! A call whose headers are of interest: which scopes the token has, and what time it is at Slack.
//!
//! The SDK gives no headers, so this one call is made beside it.

use super::{Api, ApiError, me::Me};
use axum::body::Body;
use axum::http::{HeaderMap, Request, header};
use chrono::DateTime;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use muster_core::clock::Timestamp;
use slack_morphism::SlackApiToken;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What the headers of an answer say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Probe {
    /// Who we are.
    pub(crate) me: Arc<Me>,
    /// What the token may do, where Slack says so. <https://docs.slack.dev/authentication/tokens>
    pub(crate) scopes: Option<BTreeSet<String>>,
    /// What time it is there, to the second.
    pub(crate) time: Option<Timestamp>,
}

impl Api {
    /// Asks who we are, and looks at the headers.
    ///
    /// # Errors
    /// [`ApiError`] of `auth.test`.
    pub(crate) async fn probe(&self) -> Result<Probe, ApiError> {
        let me = self.ask_who_i_am().await?;
        let headers = tokio::time::timeout(self.patience, self.headers(&self.bot)).await.ok().flatten();
        let headers = headers.unwrap_or_default();
        Ok(Probe { me, scopes: scopes(&headers), time: time(&headers) })
    }

    async fn headers(&self, token: &SlackApiToken) -> Option<HeaderMap> {
        let request = Request::post(format!("{}/auth.test", self.url))
            .header(header::AUTHORIZATION, format!("Bearer {}", token.token_value.0))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::empty())
            .ok()?;
        let client = Client::builder(TokioExecutor::new()).build::<_, Body>(self.connector.clone());
        client.request(request).await.ok().map(|answer| answer.headers().clone())
    }
}

fn scopes(headers: &HeaderMap) -> Option<BTreeSet<String>> {
    let scopes = headers.get("x-oauth-scopes")?.to_str().ok()?;
    Some(scopes.split(',').map(|scope| scope.trim().to_owned()).filter(|scope| !scope.is_empty()).collect())
}

fn time(headers: &HeaderMap) -> Option<Timestamp> {
    let date = headers.get(header::DATE)?.to_str().ok()?;
    DateTime::parse_from_rfc2822(date).ok().map(|date| date.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_and_time_are_read_where_slack_sends_them() {
        let mut headers = HeaderMap::new();
        assert_eq!((scopes(&headers), time(&headers)), (None, None));
        headers.insert("x-oauth-scopes", "chat:write, pins:write".parse().expect("a header"));
        headers.insert(header::DATE, "Fri, 27 Nov 2026 10:42:00 GMT".parse().expect("a header"));
        assert_eq!(scopes(&headers), Some(["chat:write", "pins:write"].map(str::to_owned).into()));
        assert_eq!(time(&headers).map(|time| time.to_rfc3339()), Some("2026-11-27T10:42:00+00:00".to_owned()));
    }
}
