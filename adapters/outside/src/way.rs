//! The way out itself: one request, one answer, within bounds.

use crate::allow::Allowed;
use crate::names::{Inside, Judged, Names, SystemNames};
use async_trait::async_trait;
use http::{Request, Response};
use muster_core::ports::outside::{Outside, OutsideError};
use std::error::Error;
use std::net::IpAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use url::{Host, Url};

/// The largest answer that is read, in bytes.
pub const LARGEST: usize = 1024 * 1024;
/// How long one request may take, from the look-up to the last byte, unless its sender is more patient.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(5);
/// How Muster names itself.
const AGENT: &str = concat!("Muster/", env!("CARGO_PKG_VERSION"));

/// The guarded way out.
pub struct WayOut {
    names: Arc<dyn Names>,
    allowed: Arc<Allowed>,
    patience: Duration,
    /// Made when it is first needed: whoever sends nothing out needs no certificates to trust.
    client: OnceLock<Result<reqwest::Client, OutsideError>>,
}

impl WayOut {
    /// A way out to the public internet, and to what is `allowed` beside it.
    #[must_use]
    pub fn new(allowed: Allowed) -> Self {
        Self::with_names(allowed, Arc::new(SystemNames))
    }

    /// The same with names looked up elsewhere.
    #[must_use]
    pub fn with_names(allowed: Allowed, names: Arc<dyn Names>) -> Self {
        Self { names, allowed: Arc::new(allowed), patience: PATIENCE, client: OnceLock::new() }
    }

    /// The same for requests that may take as long as this, from the look-up to the last byte.
    #[must_use]
    pub fn patient(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    fn client(&self) -> Result<&reqwest::Client, OutsideError> {
        self.client.get_or_init(|| self.connect()).as_ref().map_err(Clone::clone)
    }

    fn connect(&self) -> Result<reqwest::Client, OutsideError> {
        let judged = Judged { names: Arc::clone(&self.names), allowed: Arc::clone(&self.allowed) };
        reqwest::Client::builder()
            .user_agent(AGENT)
            .dns_resolver(judged)
            // A redirect would lead to an address nobody has named, with what was meant for another.
            .redirect(reqwest::redirect::Policy::none())
            // A proxy would resolve names by itself, inside.
            .no_proxy()
            .connect_timeout(CONNECT)
            .timeout(self.patience)
            .build()
            .map_err(|_| OutsideError::Unsent {
                reason: "no connections can be made: is the package ca-certificates installed?".to_owned(),
            })
    }

    /// The address that is asked for, spelled in the one way in which it is judged and used.
    fn judged(&self, asked: &str) -> Result<Url, OutsideError> {
        let url = Url::parse(asked).map_err(|_| forbidden("the address is not a URL"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(forbidden("the address is neither an http nor an https URL"));
        }
        let literal = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            Some(Host::Domain(_)) => None,
            None => return Err(forbidden("the address names no host")),
        };
        match literal {
            Some(address) if !self.allowed.admits(address) => Err(inside()),
            Some(_) | None => Ok(url),
        }
    }
}

#[async_trait]
impl Outside for WayOut {
    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, OutsideError> {
        let (parts, body) = request.into_parts();
        let url = self.judged(&parts.uri.to_string())?;
        let sending = self.client()?.request(parts.method, url).headers(parts.headers).body(body).send();
        let mut answer = sending.await.map_err(|error| told(&error))?;
        let mut whole = Response::new(Vec::new());
        *whole.status_mut() = answer.status();
        std::mem::swap(whole.headers_mut(), answer.headers_mut());
        while let Some(chunk) = answer.chunk().await.map_err(|error| told(&error))? {
            if whole.body().len() + chunk.len() > LARGEST {
                return Err(failed("the answer is larger than 1 MiB"));
            }
            whole.body_mut().extend_from_slice(&chunk);
        }
        Ok(whole)
    }
}

/// What went wrong, without the address: it may hold a secret.
fn told(error: &reqwest::Error) -> OutsideError {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.is::<Inside>() {
            return inside();
        }
        cause = error.source();
    }
    if error.is_connect() || error.is_builder() {
        return OutsideError::Unsent { reason: "no connection could be made".to_owned() };
    }
    failed(match () {
        () if error.is_timeout() => "there was no answer in time",
        () if error.is_body() || error.is_decode() => "the answer broke off",
        () => "the connection broke before there was an answer",
    })
}

fn inside() -> OutsideError {
    forbidden("the address is inside, and outside.allow in the config does not name it")
}

fn forbidden(reason: &str) -> OutsideError {
    OutsideError::Forbidden { reason: reason.to_owned() }
}

fn failed(reason: &str) -> OutsideError {
    OutsideError::Failed { reason: reason.to_owned() }
}
