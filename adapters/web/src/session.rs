//! Signing in to the console: a one-time link becomes a session in a cookie. Only hashes are kept.

use crate::pages::refused;
use crate::tokens::PATIENCE;
use crate::web::{Web, zone_of};
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::Response;
use chrono::TimeDelta;
use chrono_tz::Tz;
use muster_core::app::Muster;
use muster_core::clock::Timestamp;
use muster_core::ids::PersonId;
use muster_core::inbound::{Actor, Caller};
use muster_core::org::Right;
use muster_core::ports::credentials::{Credential, CredentialKind};
use muster_core::ports::store::StoreError;
use muster_core::secret::Secret;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

/// How long a link signs in.
pub const LOGIN_LINK_LIFE: TimeDelta = TimeDelta::minutes(10);

/// How long a browser stays signed in after it was last used.
const SESSION: TimeDelta = TimeDelta::hours(12);
/// A session is renewed when it has less than this left and a page is opened.
const RENEW: TimeDelta = TimeDelta::hours(8);
/// How long a page waits for the database to say whether its session is good.
const PAGES: Duration = Duration::from_secs(5);
/// However much it is used, a sign-in ends after this.
const LONGEST: TimeDelta = TimeDelta::days(7);

/// A link that signs `person` in to the console, once, within [`LOGIN_LINK_LIFE`].
///
/// # Errors
/// When the store fails.
pub async fn login_link(muster: &Muster, person: &PersonId, public_url: &str) -> Result<String, StoreError> {
    let secret = Secret::generate("msl_", muster.entropy());
    let now = muster.now();
    let credential = Credential {
        hash: secret.hash(),
        kind: CredentialKind::LoginLink,
        person: person.clone(),
        label: "one-time link".to_owned(),
        created_at: now,
        expires_at: Some(now + LOGIN_LINK_LIFE),
    };
    muster.store().grant(&credential).await?;
    Ok(format!("{}/login/{}", public_url.trim_end_matches('/'), secret.reveal()))
}

/// Who is signed in, and what their pages need.
#[derive(Debug, Clone)]
pub(crate) struct Viewer {
    pub(crate) actor: Actor,
    pub(crate) zone: Tz,
    /// What our own forms carry to prove that they are ours.
    pub(crate) csrf: String,
    pub(crate) session: Credential,
}

impl Viewer {
    pub(crate) fn may_act(&self) -> bool {
        self.actor.right >= Right::Respond
    }

    pub(crate) fn caller(&self) -> Caller {
        Caller::Person(self.actor.person.clone())
    }
}

/// What a session's label holds: the token of its forms, and when its owner signed in.
struct Label {
    csrf: String,
    since: Timestamp,
}

impl Label {
    fn write(&self) -> String {
        format!("browser {} {}", self.since.timestamp(), self.csrf)
    }

    fn read(text: &str) -> Option<Self> {
        let (since, csrf) = text.strip_prefix("browser ")?.split_once(' ')?;
        let since = Timestamp::from_timestamp(since.parse().ok()?, 0)?;
        Some(Self { csrf: csrf.to_owned(), since })
    }
}

impl Web {
    fn cookie_name(&self) -> &'static str {
        if self.is_secure() { "__Host-muster" } else { "muster" }
    }

    /// Signs in: a new session, as the header that sets its cookie.
    pub(crate) async fn sign_in(&self, person: &PersonId) -> Result<HeaderValue, StoreError> {
        let csrf = Secret::generate("", self.muster.entropy()).reveal().to_owned();
        self.open_session(person, &Label { csrf, since: self.muster.now() }).await
    }

    async fn open_session(&self, person: &PersonId, label: &Label) -> Result<HeaderValue, StoreError> {
        let secret = Secret::generate("mss_", self.muster.entropy());
        let now = self.muster.now();
        let credential = Credential {
            hash: secret.hash(),
            kind: CredentialKind::Session,
            person: person.clone(),
            label: label.write(),
            created_at: now,
            expires_at: Some((now + SESSION).min(label.since + LONGEST)),
        };
        self.muster.store().grant(&credential).await?;
        Ok(self.cookie(secret.reveal(), SESSION.num_seconds()))
    }

    /// A new cookie for a session that has been used for a while. The old one runs out by itself, so that requests
    /// under way are not signed out.
    pub(crate) async fn renewed(&self, viewer: &Viewer) -> Option<HeaderValue> {
        let label = Label::read(&viewer.session.label)?;
        let now = self.muster.now();
        let ends = viewer.session.expires_at?;
        if ends - now > RENEW || ends >= label.since + LONGEST {
            return None;
        }
        self.open_session(&viewer.actor.person, &label).await.ok()
    }

    /// The header that takes the cookie away.
    pub(crate) fn farewell(&self) -> HeaderValue {
        self.cookie("", 0)
    }

    fn cookie(&self, value: &str, seconds: i64) -> HeaderValue {
        let secure = if self.is_secure() { "; Secure" } else { "" };
        let name = self.cookie_name();
        let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
        HeaderValue::from_str(&cookie).unwrap_or(HeaderValue::from_static(""))
    }

    /// Who a request's cookie stands for, whatever they may do.
    pub(crate) async fn viewer(&self, headers: &HeaderMap) -> Result<Option<Viewer>, StoreError> {
        let Some(secret) = cookie_of(headers, self.cookie_name()) else { return Ok(None) };
        let hash = Secret::presented(secret).hash();
        let Some(session) = self.muster.store().check(CredentialKind::Session, &hash, self.muster.now()).await? else {
            return Ok(None);
        };
        let Some(Label { csrf, .. }) = Label::read(&session.label) else { return Ok(None) };
        let actor = self.muster.identify(&Caller::Person(session.person.clone())).await?;
        let zone = zone_of(&self.muster.org(), &actor.person);
        Ok(Some(Viewer { actor, zone, csrf, session }))
    }

    /// Whether a session is still good.
    pub(crate) async fn is_signed_in(&self, session: &Credential) -> bool {
        let check = self.muster.store().check(CredentialKind::Session, &session.hash, self.muster.now());
        match check.await {
            Ok(found) => found.is_some(),
            // The database does not answer: the cookie was good when the page was opened, and pages look again.
            Err(_) => true,
        }
    }
}

fn cookie_of<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.find(|(key, value)| *key == name && !value.is_empty())?;
    (value.len() <= 128).then_some(value)
}

/// Whether a script of ours asks, which shows what it gets in the page.
pub(crate) fn is_fragment(headers: &HeaderMap) -> bool {
    headers.contains_key("muster-fragment")
}

impl FromRequestParts<Arc<Web>> for Viewer {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Response> {
        // A command must be answered soon, a page may take its time.
        let patience = if parts.method == Method::POST { PATIENCE } else { PAGES };
        let late = |_| StoreError::Unavailable("it takes too long to say whether a session is good".to_owned());
        match tokio::time::timeout(patience, web.viewer(&parts.headers)).await.map_err(late) {
            Ok(Ok(Some(viewer))) if viewer.actor.right > Right::None => Ok(viewer),
            Ok(Ok(Some(viewer))) => Err(refused::no_access(web, &viewer)),
            Ok(Ok(None)) => Err(refused::sign_in(web, parts)),
            Ok(Err(error)) | Err(error) => {
                tracing::warn!(%error, "a session could not be checked");
                Err(refused::unavailable(web))
            }
        }
    }
}

impl OptionalFromRequestParts<Arc<Web>> for Viewer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Option<Self>, Infallible> {
        Ok(web.viewer(&parts.headers).await.ok().flatten())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cookies(values: &[&'static str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::COOKIE, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn the_session_is_found_among_other_cookies_and_never_by_a_similar_name() {
        assert_eq!(cookie_of(&cookies(&["a=1; muster=mss_x; b=2"]), "muster"), Some("mss_x"));
        assert_eq!(cookie_of(&cookies(&["a=1", "muster=mss_x"]), "muster"), Some("mss_x"));
        assert_eq!(cookie_of(&cookies(&["notmuster=1; muster2=2; muster="]), "muster"), None);
        assert_eq!(cookie_of(&HeaderMap::new(), "muster"), None);
    }

    #[test]
    fn a_label_keeps_the_token_of_the_forms_across_renewals() {
        let since = Timestamp::from_timestamp(1_800_000_000, 0).expect("a moment");
        let read = Label::read(&Label { csrf: "abc".to_owned(), since }.write()).expect("a label");
        assert_eq!((read.csrf.as_str(), read.since), ("abc", since));
        assert!(Label::read("one-time link").is_none());
    }
}
