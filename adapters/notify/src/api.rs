//! Calls to other systems: through the guarded way out, and what becomes of a page when one fails.

use crate::errand::refused;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use muster_core::chat::token::Token;
use muster_core::ports::chat::DeliveryError;
use muster_core::ports::outside::{Outside, OutsideError};
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

/// However long a system asks to be left alone, a page is tried again after this.
const LONGEST_REST: Duration = Duration::from_secs(900);

/// Another system.
pub(crate) struct Api {
    name: &'static str,
    outside: Arc<dyn Outside>,
}

impl Api {
    /// A system of that name.
    pub(crate) fn of(name: &'static str, outside: &Arc<dyn Outside>) -> Self {
        Self { name, outside: Arc::clone(outside) }
    }

    /// Posts JSON.
    pub(crate) async fn post_json(
        &self,
        url: &str,
        headers: HeaderMap,
        body: &impl Serialize,
    ) -> Result<Response<Vec<u8>>, DeliveryError> {
        let body = serde_json::to_vec(body).map_err(|_| refused("the notice could not be written".to_owned()))?;
        self.post(url, with(headers, "application/json"), body).await
    }

    /// Posts a form.
    pub(crate) async fn post_form(
        &self,
        url: &str,
        headers: HeaderMap,
        fields: &[(&str, &str)],
    ) -> Result<Response<Vec<u8>>, DeliveryError> {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.post(url, with(headers, "application/x-www-form-urlencoded"), body.into_bytes()).await
    }

    /// Posts anything.
    pub(crate) async fn post(
        &self,
        url: &str,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Result<Response<Vec<u8>>, DeliveryError> {
        self.send(Method::POST, url, headers, body).await
    }

    /// Calls with JSON, or with nothing.
    pub(crate) async fn call(
        &self,
        method: Method,
        url: &str,
        headers: HeaderMap,
        body: Option<Value>,
    ) -> Result<Response<Vec<u8>>, DeliveryError> {
        match body {
            Some(body) => {
                self.send(method, url, with(headers, "application/json"), body.to_string().into_bytes()).await
            }
            None => self.send(method, url, headers, Vec::new()).await,
        }
    }

    /// Sends anything. The answer is given whatever its status, unless that says to try again.
    async fn send(
        &self,
        method: Method,
        url: &str,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Result<Response<Vec<u8>>, DeliveryError> {
        let mut request = Request::new(body);
        *request.method_mut() = method;
        *request.uri_mut() = url.parse().map_err(|_| refused(format!("{} has an address that is none", self.name)))?;
        *request.headers_mut() = headers;
        let answer = self.outside.send(request).await.map_err(|error| match error {
            OutsideError::Forbidden { reason } => refused(format!("{}: {reason}", self.name)),
            OutsideError::Unsent { reason } | OutsideError::Failed { reason } => {
                DeliveryError::Transient { reason: format!("{}: {reason}", self.name), after: None }
            }
        })?;
        if is_for_later(answer.status()) {
            let reason = format!("{} answered {}", self.name, answer.status().as_u16());
            return Err(DeliveryError::Transient { reason, after: rest(answer.headers()) });
        }
        Ok(answer)
    }

    /// What becomes of a page when the answer is no: another one would be the same. `why` says more, without secrets.
    pub(crate) fn no(&self, answer: &Response<Vec<u8>>, why: &str) -> DeliveryError {
        let status = answer.status();
        let why = match status {
            _ if !why.is_empty() => why,
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => "it does not accept our key",
            StatusCode::GONE => "it wants nothing more",
            _ if status.is_redirection() => "redirects are not followed, so the config must name the address itself",
            _ => "it does not take the notice",
        };
        refused(format!("{} answered {}: {why}", self.name, status.as_u16()))
    }
}

/// What Statuspage says to who asks too often, beside 429: its documents name both.
/// <https://community.atlassian.com/t5/Statuspage-articles/Upcoming-rate-limiting-changes-to-Statuspage-REST-API/ba-p/1455362>
const CALM_DOWN: u16 = 420;

/// Whether another attempt may have another answer.
fn is_for_later(status: StatusCode) -> bool {
    let soon = [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_EARLY, StatusCode::TOO_MANY_REQUESTS];
    status.is_server_error() || soon.contains(&status) || status.as_u16() == CALM_DOWN
}

/// How long we are asked to leave it alone. A date is not read: the pauses between attempts are short enough.
/// <https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3>
fn rest(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds).min(LONGEST_REST))
}

fn with(mut headers: HeaderMap, kind: &'static str) -> HeaderMap {
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers
}

/// Headers that say who we are.
pub(crate) fn authorized(scheme: &str, token: &Token) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if let Ok(mut value) = HeaderValue::try_from(format!("{scheme} {}", token.reveal())) {
        value.set_sensitive(true);
        headers.insert(header::AUTHORIZATION, value);
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_work_later_is_told_from_what_never_will() {
        for status in [408, 420, 425, 429, 500, 502, 503, 504] {
            assert!(is_for_later(StatusCode::from_u16(status).unwrap()), "{status}");
        }
        for status in [200, 202, 301, 400, 401, 403, 404, 410, 422] {
            assert!(!is_for_later(StatusCode::from_u16(status).unwrap()), "{status}");
        }
    }

    #[test]
    fn a_rest_is_taken_as_asked_and_never_for_ever() {
        let asked =
            |text: &'static str| rest(&HeaderMap::from_iter([(header::RETRY_AFTER, HeaderValue::from_static(text))]));
        assert_eq!(asked("7"), Some(Duration::from_secs(7)));
        assert_eq!(asked("86400"), Some(LONGEST_REST));
        for odd in ["", "-1", "soon", "Fri, 27 Nov 2026 09:00:00 GMT", "99999999999999999999"] {
            assert_eq!(asked(odd), None, "{odd}");
        }
    }
}
