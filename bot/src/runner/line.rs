//! The line to Muster over HTTPS. It only ever calls, follows no redirect, and reads no more than an order can be long.

use crate::config::is_loopback;
use anyhow::Context;
use async_trait::async_trait;
use axum::http::StatusCode;
use muster_core::runbook::{End, Keep, Kept, Signed, Take, Taken};
use muster_runbooks::remote::{Line, LineError};
use reqwest::{Client, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::time::Duration;

/// How long a call may take. Muster waits for work for less.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long it may take to connect.
const CONNECT: Duration = Duration::from_secs(5);
/// No answer is longer.
const LONGEST: usize = 4 * 1024 * 1024;

/// The line to Muster.
pub(super) struct Wire {
    url: String,
    key: String,
    http: Client,
}

impl Wire {
    /// A line to the Muster at that origin, with the key of this runner.
    pub(super) fn new(url: &str, key: String) -> anyhow::Result<Self> {
        let builder = Client::builder()
            .user_agent(concat!("muster-runner/", env!("CARGO_PKG_VERSION")))
            // The key goes where it was sent and nowhere else.
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .timeout(PATIENCE);
        let builder = if is_loopback(url) { builder.no_proxy() } else { builder };
        let http = builder.build().context("no HTTP client could be made")?;
        Ok(Self { url: format!("{url}/runner/v1"), key, http })
    }

    async fn post(&self, path: &str, body: &impl Serialize) -> Result<Response, LineError> {
        let request = self.http.post(format!("{}/{path}", self.url)).bearer_auth(&self.key).json(body);
        let response = request.send().await.map_err(|error| down(&error))?;
        let status = response.status();
        match status {
            _ if status.is_success() => Ok(response),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                Err(LineError::Refused("the key of this runner opens nothing there".to_owned()))
            }
            StatusCode::BAD_REQUEST | StatusCode::PAYLOAD_TOO_LARGE | StatusCode::UNPROCESSABLE_ENTITY => {
                Err(LineError::Refused(format!("it does not understand what this runner says ({status})")))
            }
            _ => Err(LineError::Down(format!("it answers {status}"))),
        }
    }
}

/// What went wrong, without the address.
fn down(error: &reqwest::Error) -> LineError {
    let what = if error.is_timeout() {
        "it does not answer in time"
    } else if error.is_connect() {
        "no connection can be made"
    } else {
        "the connection broke"
    };
    LineError::Down(what.to_owned())
}

async fn read<T: DeserializeOwned>(mut response: Response) -> Result<T, LineError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| down(&error))? {
        if body.len() + chunk.len() > LONGEST {
            return Err(LineError::Down("its answer is too long".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    serde_json::from_slice(&body).map_err(|_| LineError::Down("its answer makes no sense".to_owned()))
}

#[async_trait]
impl Line for Wire {
    async fn take(&self, take: &Take) -> Result<Option<Signed>, LineError> {
        Ok(read::<Taken>(self.post("take", take).await?).await?.order)
    }

    async fn keep(&self, keep: &Keep) -> Result<bool, LineError> {
        Ok(read::<Kept>(self.post("keep", keep).await?).await?.go_on)
    }

    async fn end(&self, end: &End) -> Result<(), LineError> {
        self.post("end", end).await.map(drop)
    }
}
