//! Why a call to Discord failed, with what a caller must know to decide whether to call again.

use serde_json::Value;
use std::time::Duration;

/// How long to wait where Discord does not say.
const DEFAULT_WAIT: Duration = Duration::from_secs(5);
/// Longer waits than this are not believed.
const LONGEST_WAIT: Duration = Duration::from_secs(3_600);

/// Discord's own codes of what it refuses.
/// <https://discord.com/developers/docs/topics/opcodes-and-status-codes#json-json-error-codes>
pub(crate) mod code {
    /// There is no such channel, or none that we see.
    pub(crate) const UNKNOWN_CHANNEL: u64 = 10_003;
    /// We are not in that server.
    pub(crate) const UNKNOWN_GUILD: u64 = 10_004;
    /// Nobody of that id is in the server.
    pub(crate) const UNKNOWN_MEMBER: u64 = 10_007;
    /// There is no such message any more.
    pub(crate) const UNKNOWN_MESSAGE: u64 = 10_008;
    /// Nobody has that id.
    pub(crate) const UNKNOWN_USER: u64 = 10_013;
    /// The server holds as many channels as it may.
    pub(crate) const TOO_MANY_CHANNELS: u64 = 30_013;
    /// The interaction has been answered.
    pub(crate) const ALREADY_ACKNOWLEDGED: u64 = 40_060;
    /// We do not see that channel.
    pub(crate) const MISSING_ACCESS: u64 = 50_001;
    /// This person takes no messages from us.
    pub(crate) const CLOSED_TO_US: u64 = 50_007;
    /// We may not do that there.
    pub(crate) const MISSING_PERMISSIONS: u64 = 50_013;
    /// We made it wrongly.
    pub(crate) const INVALID_FORM: u64 = 50_035;
    /// The thread is archived.
    pub(crate) const ARCHIVED_THREAD: u64 = 50_083;
    /// We share no server with this person any more.
    pub(crate) const NO_COMMON_SERVER: u64 = 50_278;
    /// The server wants two-factor authentication of those who moderate, and our owner has none.
    pub(crate) const TWO_FACTOR: u64 = 60_003;
    /// The server holds as many active threads as it may.
    pub(crate) const TOO_MANY_THREADS: u64 = 160_006;
}

/// Why a call failed. Never holds a token, nor anything that was said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ApiError {
    /// Not before that time. <https://discord.com/developers/docs/topics/rate-limits>
    #[error("Discord is to be left alone for {} s", .after.as_secs())]
    RateLimited {
        /// How long.
        after: Duration,
    },
    /// It was sent, and nobody knows what became of it.
    #[error("Discord did not answer clearly: {0}")]
    Ambiguous(String),
    /// It did not arrive.
    #[error("Discord cannot be reached: {0}")]
    Down(String),
    /// Discord understood, and refused.
    #[error("Discord refused: {0}")]
    Refused(Refused),
}

/// A refusal of Discord.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    /// The HTTP status.
    pub(crate) status: u16,
    /// Discord's code, 0 where it gives none: one of [`code`], for instance.
    pub(crate) code: u64,
    /// Which part of what we sent it is about, and in which way: `parent_id CHANNEL_PARENT_MAX_CHANNELS`.
    pub(crate) part: Option<String>,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HTTP {}, code {}", self.status, self.code)?;
        self.part.as_ref().map_or(Ok(()), |part| write!(f, " ({part})"))
    }
}

impl ApiError {
    /// A refusal, from what Discord answered. Its messages may quote what was sent, so none of them is passed on.
    pub(crate) fn refused(status: u16, body: &Value) -> Self {
        let code = body["code"].as_u64().unwrap_or_default();
        Self::Refused(Refused { status, code, part: part(&body["errors"]) })
    }

    /// A refusal of our own, without a call.
    pub(crate) fn unsaid(status: u16) -> Self {
        Self::Refused(Refused { status, code: 0, part: None })
    }

    /// To be left alone for as long as that, within reason.
    pub(super) fn wait(seconds: Option<f64>) -> Self {
        let asked = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        Self::RateLimited { after: asked.unwrap_or(DEFAULT_WAIT).min(LONGEST_WAIT) }
    }

    /// Whether it is a refusal with one of these codes.
    pub(crate) fn is(&self, codes: &[u64]) -> bool {
        self.refusal().is_some_and(|refused| codes.contains(&refused.code))
    }

    /// The refusal, if it is one.
    pub(crate) fn refusal(&self) -> Option<&Refused> {
        match self {
            Self::Refused(refused) => Some(refused),
            Self::RateLimited { .. } | Self::Ambiguous(_) | Self::Down(_) => None,
        }
    }

    /// Whether Discord does not know our token.
    pub(crate) fn is_about_token(&self) -> bool {
        self.refusal().is_some_and(|refused| refused.status == 401)
    }

    /// In a word, for counting.
    pub(super) fn outcome(&self) -> &'static str {
        match self {
            Self::RateLimited { .. } => "rate_limited",
            Self::Ambiguous(_) => "ambiguous",
            Self::Down(_) => "down",
            Self::Refused(_) => "refused",
        }
    }
}

/// What reqwest says. Its own messages hold addresses, which may hold tokens, so none of them is passed on.
impl From<reqwest::Error> for ApiError {
    fn from(error: reqwest::Error) -> Self {
        match error {
            error if error.is_connect() => Self::Down("no connection".to_owned()),
            error if error.is_builder() => Self::unsaid(400),
            error if error.is_timeout() => Self::Ambiguous("no answer in time".to_owned()),
            _ => Self::Ambiguous("the connection broke".to_owned()),
        }
    }
}

/// The first thing that is wrong, by its place and code: the names are ours and Discord's, no value is among them.
/// <https://discord.com/developers/docs/reference#error-messages>
fn part(errors: &Value) -> Option<String> {
    let (mut at, mut path) = (errors, String::new());
    loop {
        let fields = at.as_object()?;
        if let Some(code) = fields.get("_errors").and_then(|list| list[0]["code"].as_str()) {
            return Some(word(&format!("{path} {code}")));
        }
        let (name, inner) = fields.iter().next()?;
        path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        if path.len() > 200 {
            return None;
        }
        at = inner;
    }
}

/// What claims to be a name or code is letters, digits and a few signs; anything else is not repeated.
fn word(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-. ".contains(c);
    text.trim().chars().filter(|c| is_plain(*c)).take(120).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_refusal_says_its_code_and_place_and_nothing_that_was_said() {
        let inner = json!({ "_errors": [{ "code": "BASE_TYPE_MAX_LENGTH", "message": "secret is too long" }] });
        let body = json!({ "code": 50035, "message": "secret", "errors": { "embeds": { "0": { "title": inner } } } });
        let error = ApiError::refused(400, &body);
        assert_eq!(error.to_string(), "Discord refused: HTTP 400, code 50035 (embeds.0.title BASE_TYPE_MAX_LENGTH)");
        assert!(error.is(&[code::INVALID_FORM]) && !error.is_about_token());
    }

    #[test]
    fn an_answer_of_another_shape_is_a_refusal_all_the_same() {
        for body in [Value::Null, json!([]), json!({ "code": "x", "errors": [1] }), json!({ "errors": { "a": 1 } })] {
            assert_eq!(ApiError::refused(403, &body).to_string(), "Discord refused: HTTP 403, code 0");
        }
        assert!(ApiError::refused(401, &Value::Null).is_about_token());
    }

    #[test]
    fn a_wait_is_as_long_as_discord_asks_within_reason() {
        let wait = |seconds| {
            let ApiError::RateLimited { after } = ApiError::wait(seconds) else { panic!("a wait") };
            after
        };
        assert_eq!(wait(Some(1.5)), Duration::from_millis(1_500));
        assert_eq!([wait(None), wait(Some(-1.0)), wait(Some(f64::NAN))], [DEFAULT_WAIT; 3]);
        assert_eq!(wait(Some(1e9)), LONGEST_WAIT);
    }

    #[test]
    fn what_claims_to_be_a_name_cannot_forge_a_line_of_the_log() {
        let body = json!({ "errors": { "a\n2026 ERROR": { "_errors": [{ "code": "X\u{1b}[31m" }] } } });
        let said = ApiError::refused(400, &body).to_string();
        assert!(!said.contains(['\n', '\u{1b}']), "{said}");
    }
}
