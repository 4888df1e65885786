//! The JSON API as a client sees it. A command is sent again under the same key until its answer is known, which is
//! safe: the same key has no second effect.

use crate::config::is_loopback;
use crate::local::Door;
use crate::say;
use anyhow::{Context, anyhow, bail};
use muster_core::clock::{Entropy, SystemEntropy};
use reqwest::{Client, RequestBuilder, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::{Duration, Instant};

/// How long a command is sent again.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a server that has never answered is waited for: long enough for a restart, short enough for a typing error.
const PATIENCE_WITH_NOBODY: Duration = Duration::from_secs(3);
/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(10);
/// The longest pause between two attempts.
const PAUSE: Duration = Duration::from_secs(2);

/// What comes of a command.
pub(super) enum Answer {
    /// It is done and durable.
    Done(Value),
    /// Nothing has changed.
    Refused(Refused),
}

/// Why nothing has changed.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Refused {
    pub(super) reason: String,
    pub(super) sentence: String,
    pub(super) instead: Option<String>,
}

#[derive(Deserialize)]
struct Failure {
    error: Refused,
}

/// One attempt.
enum Attempt {
    /// This is the answer.
    Answered(StatusCode, String),
    /// It may have arrived or not; this is what happened.
    Unclear(String),
    /// Nobody is there.
    Nobody(String),
}

/// A running Muster.
pub(super) struct Api {
    door: Door,
    http: Client,
}

impl Api {
    pub(super) fn new(door: Door) -> anyhow::Result<Self> {
        let builder = Client::builder()
            .user_agent(concat!("muster/", env!("CARGO_PKG_VERSION")))
            // A token goes where it was sent and nowhere else.
            .redirect(reqwest::redirect::Policy::none())
            .timeout(ATTEMPT);
        let builder = if is_loopback(&door.url) { builder.no_proxy() } else { builder };
        Ok(Self { door, http: builder.build().context("no HTTP client could be made")? })
    }

    /// Runs a command, once.
    pub(super) async fn command(&self, line: &str, incident: Option<&str>) -> anyhow::Result<Answer> {
        let mut key = [0; 16];
        SystemEntropy.fill(&mut key);
        let key: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        let body = match incident {
            Some(incident) => serde_json::json!({ "line": line, "incident": incident }),
            None => serde_json::json!({ "line": line }),
        };
        let request = || self.http.post(self.url("commands")).header("Idempotency-Key", &key).json(&body);
        let (status, text) =
            self.persist(request, "; it may still take effect, so look before you give it again").await?;
        if status.is_success() {
            let answer = serde_json::from_str(&text).map_err(|_| self.not_muster(status))?;
            return Ok(Answer::Done(answer));
        }
        self.refusal(status, &text).map(Answer::Refused)
    }

    /// An incident with its whole timeline.
    pub(super) async fn export(&self, incident: &str, format: &str) -> anyhow::Result<Result<String, Refused>> {
        let mut url = reqwest::Url::parse(&self.url("incidents"))?;
        if let Ok(mut path) = url.path_segments_mut() {
            path.push(incident).push("export");
        }
        url.query_pairs_mut().append_pair("format", format);
        let (status, text) = self.persist(|| self.http.get(url.clone()), "").await?;
        if status.is_success() { Ok(Ok(text)) } else { self.refusal(status, &text).map(Err) }
    }

    fn url(&self, path: &str) -> String {
        format!("{}/api/v1/{path}", self.door.url)
    }

    /// Sends the request until it is answered for good; `doubt` is what to say of it when it never is.
    async fn persist(&self, request: impl Fn() -> RequestBuilder, doubt: &str) -> anyhow::Result<(StatusCode, String)> {
        let started = Instant::now();
        let (mut pause, mut somebody, mut told) = (Duration::from_millis(100), false, false);
        loop {
            let reason = match self.attempt(request()).await {
                Attempt::Answered(status, text) => return Ok((status, text)),
                Attempt::Unclear(reason) => {
                    somebody = true;
                    reason
                }
                Attempt::Nobody(reason) => reason,
            };
            let patience = if somebody { PATIENCE } else { PATIENCE_WITH_NOBODY };
            if started.elapsed() + pause > patience {
                bail!(if somebody {
                    format!("{reason}{doubt}")
                } else {
                    format!("{reason}; is it running? start it with `muster`")
                });
            }
            if !told {
                say::aside(&format!("{reason}; trying again for up to {} seconds …", patience.as_secs()));
                told = true;
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSE);
        }
    }

    async fn attempt(&self, request: RequestBuilder) -> Attempt {
        let request = request.bearer_auth(&self.door.token).header("Muster-Via", "shell");
        let answered = match request.send().await {
            Ok(response) => {
                let status = response.status();
                response.text().await.map(|text| (status, text))
            }
            Err(error) => Err(error),
        };
        let url = &self.door.url;
        match answered {
            Ok((status, text)) if is_passing(status) => {
                Attempt::Unclear(match serde_json::from_str::<Failure>(&text) {
                    Ok(Failure { error }) if error.reason == "late" => {
                        "it is not saved yet: the database is slow".to_owned()
                    }
                    Ok(Failure { error }) => error.sentence,
                    Err(_) => format!("Muster at {url} is not ready (HTTP {})", status.as_u16()),
                })
            }
            Ok((status, text)) => Attempt::Answered(status, text),
            Err(error) if error.is_connect() => Attempt::Nobody(format!("nobody answers at {url} ({})", cause(&error))),
            Err(error) if error.is_timeout() => Attempt::Unclear(format!("Muster at {url} did not answer in time")),
            Err(_) => Attempt::Unclear(format!("the connection to Muster at {url} broke off")),
        }
    }

    /// The refusal in an answer; an error when it is not Muster's refusal of the command.
    fn refusal(&self, status: StatusCode, text: &str) -> anyhow::Result<Refused> {
        match serde_json::from_str::<Failure>(text) {
            Ok(Failure { error }) if status == StatusCode::UNAUTHORIZED => {
                Err(anyhow!("{}; make a token with `muster token create`", error.sentence))
            }
            Ok(Failure { error }) if status == StatusCode::TOO_MANY_REQUESTS => Err(anyhow!("{}", error.sentence)),
            Ok(Failure { error }) if status.is_client_error() => Ok(error),
            Ok(Failure { error }) => Err(anyhow!("{}", error.sentence)),
            Err(_) => Err(self.not_muster(status)),
        }
    }

    fn not_muster(&self, status: StatusCode) -> anyhow::Error {
        anyhow!("what answers at {} does not seem to be Muster (HTTP {})", self.door.url, status.as_u16())
    }
}

/// The innermost reason of an error, such as `Connection refused`.
fn cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

/// Whether an answer says that a later one will be better.
fn is_passing(status: StatusCode) -> bool {
    matches!(status.as_u16(), 502..=504)
}
