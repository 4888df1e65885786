//! Why a call to Slack failed, with what a caller must know to decide whether to call again.

use slack_morphism::errors::SlackClientError;
use std::time::Duration;

/// How long to wait where Slack does not say.
const DEFAULT_WAIT: Duration = Duration::from_secs(30);
/// Longer waits than this are not believed.
const LONGEST_WAIT: Duration = Duration::from_secs(3_600);

/// Why a call failed. Never holds the token, nor anything that was said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ApiError {
    /// Not before the time that Slack asked for. <https://docs.slack.dev/apis/web-api/rate-limits>
    #[error("Slack asks us to wait {} s", .after.as_secs())]
    RateLimited {
        /// How long.
        after: Duration,
    },
    /// It was sent, and nobody knows what became of it.
    #[error("Slack did not answer clearly: {0}")]
    Ambiguous(String),
    /// It did not arrive.
    #[error("Slack cannot be reached: {0}")]
    Down(String),
    /// Slack understood, and refused.
    #[error("Slack refused: {0}")]
    Slack(Refused),
}

/// A refusal of Slack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    /// Its code, such as `channel_not_found`.
    pub(crate) code: String,
    /// The scopes that would have allowed it, for `missing_scope`.
    pub(crate) needed: Option<String>,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.needed {
            Some(needed) => write!(f, "{} ({needed})", self.code),
            None => f.write_str(&self.code),
        }
    }
}

impl ApiError {
    /// A refusal with that code.
    pub(crate) fn refused(code: &str, needed: Option<&str>) -> Self {
        match word(code).as_str() {
            "ratelimited" | "rate_limited" => Self::RateLimited { after: DEFAULT_WAIT },
            // Slack's own words for these two: some of it may have happened.
            code @ ("internal_error" | "fatal_error") => Self::Ambiguous(code.to_owned()),
            code => Self::Slack(Refused { code: code.to_owned(), needed: needed.map(word) }),
        }
    }

    /// The code of a refusal.
    pub(crate) fn code(&self) -> Option<&str> {
        match self {
            Self::Slack(refused) => Some(&refused.code),
            Self::RateLimited { .. } | Self::Ambiguous(_) | Self::Down(_) => None,
        }
    }

    /// Whether it is a refusal with one of these codes.
    pub(crate) fn is(&self, codes: &[&str]) -> bool {
        self.code().is_some_and(|code| codes.contains(&code))
    }

    /// In a word, for counting.
    pub(crate) fn outcome(&self) -> &'static str {
        match self {
            Self::RateLimited { .. } => "rate_limited",
            Self::Ambiguous(_) => "ambiguous",
            Self::Down(_) => "down",
            Self::Slack(_) => "refused",
        }
    }
}

/// What the SDK says. Its own messages quote what was answered, so none of them is passed on.
impl From<SlackClientError> for ApiError {
    fn from(error: SlackClientError) -> Self {
        match error {
            SlackClientError::ApiError(error) => {
                let body: Option<serde_json::Value> =
                    error.http_response_body.as_deref().and_then(|body| serde_json::from_str(body).ok());
                let needed = body.as_ref().and_then(|body| body["needed"].as_str());
                Self::refused(&error.code, needed)
            }
            SlackClientError::RateLimitError(error) => {
                Self::RateLimited { after: error.retry_after.unwrap_or(DEFAULT_WAIT).min(LONGEST_WAIT) }
            }
            SlackClientError::HttpError(error) => match error.status_code.as_u16() {
                status @ 500.. => Self::Ambiguous(format!("HTTP {status}")),
                status => Self::refused(&format!("http_{status}"), None),
            },
            SlackClientError::HttpProtocolError(error) => match error.cause {
                Some(cause) if never_sent(cause.as_ref()) => Self::Down("no connection".to_owned()),
                Some(_) | None => Self::Ambiguous("the connection broke".to_owned()),
            },
            SlackClientError::ProtocolError(_) => Self::Ambiguous("the answer was not to be understood".to_owned()),
            SlackClientError::EndOfStream(_)
            | SlackClientError::SystemError(_)
            | SlackClientError::SocketModeProtocolError(_) => Self::Ambiguous("the answer broke off".to_owned()),
        }
    }
}

fn never_sent(cause: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    cause.downcast_ref::<hyper_util::client::legacy::Error>().is_some_and(hyper_util::client::legacy::Error::is_connect)
}

/// What Slack says in codes is letters, digits and a few signs; anything else is not repeated.
fn word(code: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-.:, ".contains(c);
    code.chars().filter(|c| is_plain(*c)).take(120).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use slack_morphism::errors::{SlackClientApiError, SlackClientHttpError, SlackRateLimitError};

    #[test]
    fn a_refusal_says_its_code_and_the_scope_that_is_missing_and_nothing_that_was_said() {
        let body = r#"{"ok":false,"error":"missing_scope","needed":"pins:write","provided":"chat:write","x":"secret"}"#;
        let error = SlackClientApiError::new("missing_scope".into()).with_http_response_body(body.into());
        let error = ApiError::from(SlackClientError::ApiError(error));
        assert_eq!(error.to_string(), "Slack refused: missing_scope (pins:write)");
        assert!(error.is(&["missing_scope"]));
    }

    #[test]
    fn a_wait_is_as_long_as_slack_asks_within_reason() {
        let asked = |seconds: Option<u64>| {
            let error = SlackRateLimitError::new().opt_retry_after(seconds.map(Duration::from_secs));
            ApiError::from(SlackClientError::RateLimitError(error))
        };
        assert_eq!(asked(Some(7)), ApiError::RateLimited { after: Duration::from_secs(7) });
        assert_eq!(asked(None), ApiError::RateLimited { after: DEFAULT_WAIT });
        assert_eq!(asked(Some(u64::MAX)), ApiError::RateLimited { after: LONGEST_WAIT });
        assert_eq!(ApiError::refused("ratelimited", None), ApiError::RateLimited { after: DEFAULT_WAIT });
    }

    #[test]
    fn what_may_have_happened_is_never_taken_for_a_refusal() {
        let status = |status: u16| {
            let status = axum::http::StatusCode::from_u16(status).expect("a status");
            ApiError::from(SlackClientError::HttpError(SlackClientHttpError::new(status)))
        };
        assert_eq!(status(503), ApiError::Ambiguous("HTTP 503".into()));
        assert_eq!(status(404).code(), Some("http_404"));
        assert_eq!(ApiError::refused("fatal_error", None).outcome(), "ambiguous");
        let broken = serde_json::from_str::<u8>("{").expect_err("broken");
        let broken = slack_morphism::errors::map_serde_error(broken, Some("{ secret"));
        assert_eq!(ApiError::from(broken).outcome(), "ambiguous");
    }

    #[test]
    fn what_claims_to_be_a_code_cannot_forge_a_line_of_the_log() {
        let forged = format!("no\n2026 ERROR {}", "x".repeat(500));
        let Some(code) = ApiError::refused(&forged, None).code().map(str::to_owned) else { panic!("a refusal") };
        assert!(!code.contains('\n') && code.len() <= 120);
    }
}
