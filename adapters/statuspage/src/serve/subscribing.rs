//! Subscribing, confirming and leaving: the few things that files cannot do.
//!
//! A link shows a page with a button, and only the button acts: what reads mail before people do follows links.

use super::{Statuspage, answer};
use crate::edition::Setting;
use crate::page::{self, Answer, Book};
use axum::body::Bytes;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::{Extensions, HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use muster_core::app::subscribing::{Wish, WishError};
use muster_core::comms::{Audience, Channel, CommsRules, LinkUse, Locale, Subscriber, SubscriberId, SubscriberState};
use muster_core::peer::Peer;
use muster_core::ports::store::StoreError;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use url::form_urlencoded;

/// So often somebody may ask in a minute. A household, or an office, may come from one address.
const ASKED: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);
/// How many are remembered; when more come, those that have been quiet are forgotten.
const PEERS: usize = 4_096;
/// What a program sends that leaves for its user with one click. <https://www.rfc-editor.org/rfc/rfc8058#section-3.2>
const ONE_CLICK: (&str, &str) = ("List-Unsubscribe", "One-Click");

/// Who has asked lately, and how often.
pub(super) struct Askers(DefaultKeyedRateLimiter<Peer>);

impl Default for Askers {
    fn default() -> Self {
        Self(RateLimiter::keyed(Quota::per_minute(ASKED)))
    }
}

impl Askers {
    fn admit(&self, peer: Peer) -> bool {
        if self.0.len() > PEERS {
            self.0.retain_recent();
        }
        self.0.check_key(&peer).is_ok()
    }
}

/// What somebody sent with the form.
struct Form {
    email: String,
    locale: Option<Locale>,
    components: Vec<String>,
    is_trapped: bool,
}

impl Form {
    fn read(body: &[u8]) -> Self {
        let mut form = Self { email: String::new(), locale: None, components: Vec::new(), is_trapped: false };
        for (name, value) in form_urlencoded::parse(body) {
            match name.as_ref() {
                page::EMAIL => value.trim().clone_into(&mut form.email),
                page::LOCALE => form.locale = value.parse().ok(),
                page::COMPONENT => form.components.push(value.into_owned()),
                page::TRAP => form.is_trapped = !value.is_empty(),
                _ => {}
            }
        }
        form
    }
}

/// Somebody asks to be told. Whatever the address is, the answer is the same.
pub(super) async fn ask(
    State(page): State<Arc<Statuspage>>,
    uri: Uri,
    extensions: Extensions,
    body: Bytes,
) -> Response {
    let rules = page.muster.org().comms.clone();
    let form = Form::read(&body);
    let here = uri.path().trim_start_matches('/').split('/').next().and_then(|first| first.parse().ok());
    let locale = here.filter(|locale| rules.locales.contains(locale)).unwrap_or_else(|| rules.locales.first().clone());
    let small = Small { setting: page.setting(), locale, path: below(&uri), whom: None };
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let Some(audience) = rules.subscribable() else { return StatusCode::NOT_FOUND.into_response() };
    if !page.askers.admit(Peer::at(peer)) {
        return small.says(StatusCode::TOO_MANY_REQUESTS, Answer::TooMany);
    }
    // Whatever fills in a field that nobody sees is no customer, and need not know that it was seen.
    if form.is_trapped {
        return small.says(StatusCode::OK, Answer::Asked);
    }
    match page.muster.ask_to_subscribe(&wish(&rules, audience, form, &small.locale)).await {
        Ok(()) => small.says(StatusCode::OK, Answer::Asked),
        Err(WishError::Wrong(_)) => small.form_again(),
        Err(WishError::Busy) => small.says(StatusCode::TOO_MANY_REQUESTS, Answer::TooMany),
        Err(WishError::Store(error)) => small.failed(&error),
    }
}

/// What is asked for.
fn wish(rules: &CommsRules, audience: &Audience, form: Form, here: &Locale) -> Wish {
    let locale = form.locale.filter(|locale| rules.locales.contains(locale)).unwrap_or_else(|| here.clone());
    let components = form.components.into_iter().filter(|id| rules.component(id).is_some()).collect();
    Wish { audience: audience.id.clone(), channel: Channel::Email, address: form.email, locale, components }
}

/// Where somebody is, below the page's own root.
fn below(uri: &Uri) -> String {
    uri.path().trim_start_matches('/').to_owned()
}

/// Where somebody is, and what their browser says of them.
type From = (Uri, HeaderMap);

/// A link out of a letter: whose, and the proof.
type Link = Path<(String, String)>;

/// The question whether it was them, or that it was.
pub(super) async fn may_confirm(State(page): State<Arc<Statuspage>>, Path(link): Link, from: From) -> Response {
    let (small, _) = match page.of_link(LinkUse::Confirm, &link, &from).await {
        Ok(known) => known,
        Err(answer) => return answer,
    };
    match small.whom.as_ref().map(|whom| whom.state) {
        Some(SubscriberState::Unconfirmed) => small.says(StatusCode::OK, Answer::Confirm),
        Some(SubscriberState::Active) => small.says(StatusCode::OK, Answer::Confirmed),
        Some(SubscriberState::Left | SubscriberState::Bounced | SubscriberState::Gone) | None => small.is_wrong(),
    }
}

/// It was them.
pub(super) async fn confirm(State(page): State<Arc<Statuspage>>, Path(link): Link, from: From) -> Response {
    let (small, id) = match page.of_link(LinkUse::Confirm, &link, &from).await {
        Ok(known) => known,
        Err(answer) => return answer,
    };
    match page.muster.confirm_subscriber(id).await {
        Ok(true) => small.says(StatusCode::OK, Answer::Confirmed),
        Ok(false) => small.is_wrong(),
        Err(error) => small.failed(&error),
    }
}

/// The question whether they want to leave, or that they have left.
pub(super) async fn may_leave(State(page): State<Arc<Statuspage>>, Path(link): Link, from: From) -> Response {
    let (small, _) = match page.of_link(LinkUse::Leave, &link, &from).await {
        Ok(known) => known,
        Err(answer) => return answer,
    };
    let is_told = small.whom.as_ref().is_some_and(|whom| whom.state != SubscriberState::Left);
    small.says(StatusCode::OK, if is_told { Answer::Leave } else { Answer::Left })
}

/// They leave, by the button or by that of their mail program, which wants no page, no cookie and no way elsewhere.
/// <https://www.rfc-editor.org/rfc/rfc8058#section-3.1>
pub(super) async fn leave(State(page): State<Arc<Statuspage>>, Path(link): Link, from: From, body: Bytes) -> Response {
    let (small, id) = match page.of_link(LinkUse::Leave, &link, &from).await {
        Ok(known) => known,
        Err(answer) => return answer,
    };
    let one_click = form_urlencoded::parse(&body).any(|(name, value)| (name.as_ref(), value.as_ref()) == ONE_CLICK);
    match page.muster.unsubscribe(id).await {
        Ok(()) if one_click => StatusCode::OK.into_response(),
        Ok(()) => small.says(StatusCode::OK, Answer::Left),
        Err(error) => small.failed(&error),
    }
}

impl Statuspage {
    fn setting(&self) -> Setting {
        Setting::at(self.muster.now(), Arc::new(self.muster.org().comms.clone()))
    }

    fn small(&self, (uri, headers): &From) -> Small {
        let setting = self.setting();
        let locale = preferred(headers, &setting.rules);
        Small { setting, locale, path: below(uri), whom: None }
    }

    /// Whose link it is, if it is one of ours.
    fn proven(&self, what: LinkUse, (id, proof): &(String, String)) -> Option<SubscriberId> {
        let id = id.parse().ok()?;
        self.config.key.as_ref()?.accepts(what, id, proof).then_some(id)
    }

    /// The page for whoever follows a link, in the language in which they want to be told, and who they are; or the answer that it is
    /// no link of ours.
    async fn of_link(
        &self,
        what: LinkUse,
        link: &(String, String),
        from: &From,
    ) -> Result<(Small, SubscriberId), Response> {
        let small = self.small(from);
        let Some(id) = self.proven(what, link) else { return Err(small.is_wrong()) };
        match self.muster.store().subscriber(id).await {
            Ok(whom) => Ok((small.of(whom), id)),
            Err(error) => Err(small.failed(&error)),
        }
    }
}

/// A small page in somebody's language.
struct Small {
    setting: Setting,
    locale: Locale,
    /// Where they are, below the page's own root.
    path: String,
    /// Who they are, if a link of theirs says so.
    whom: Option<Subscriber>,
}

impl Small {
    /// The same for somebody who has said in which language they want to be told.
    fn of(self, whom: Option<Subscriber>) -> Self {
        let wanted = whom.as_ref().map(|whom| whom.locale.clone());
        let locale = wanted.filter(|wanted| self.setting.rules.locales.contains(wanted)).unwrap_or(self.locale);
        Self { locale, whom, ..self }
    }

    fn says(&self, status: StatusCode, what: Answer) -> Response {
        answer::page(status, Book::of(&self.setting).answer(&self.locale, &self.path, what, self.whom.as_ref()))
    }

    fn is_wrong(&self) -> Response {
        self.says(StatusCode::NOT_FOUND, Answer::WrongLink)
    }

    fn failed(&self, error: &StoreError) -> Response {
        tracing::warn!(%error, "what a subscriber wants could not be kept");
        self.says(StatusCode::SERVICE_UNAVAILABLE, Answer::Unavailable)
    }

    fn form_again(&self) -> Response {
        let form = Book::of(&self.setting).form_again(&self.locale, &self.path);
        answer::page(StatusCode::UNPROCESSABLE_ENTITY, form)
    }
}

/// The language somebody wants most among ours. <https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4>
fn preferred(headers: &HeaderMap, rules: &CommsRules) -> Locale {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut wanted: Vec<_> = wanted.split(',').take(20).filter_map(weighed).collect();
    wanted.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    let found = wanted.iter().find_map(|(wanted, _)| rules.locales.like(wanted));
    found.unwrap_or(rules.locales.first()).clone()
}

fn weighed(one: &str) -> Option<(Locale, f32)> {
    let (name, weight) = one.split_once(';').unwrap_or((one, "q=1"));
    let weight: f32 = weight.trim().strip_prefix("q=")?.parse().ok()?;
    Some((name.trim().parse().ok()?, weight)).filter(|(_, weight)| *weight > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use muster_core::comms::Locales;

    #[test]
    fn everybody_reads_the_language_they_want_most_among_ours() {
        let [first, others @ ..] = ["en", "sv", "de"].map(|locale| locale.parse().expect("a language"));
        let locales = Locales::new(first, others);
        let rules = CommsRules { locales, ..CommsRules::default() };
        for (wanted, got) in [
            ("sv", "sv"),
            ("sv-SE,sv;q=0.9,en;q=0.8", "sv"),
            ("fr, de;q=0.4, sv;q=0.7", "sv"),
            ("fr", "en"),
            ("sv;q=0, de;q=0.1", "de"),
            ("*", "en"),
            ("", "en"),
            (";;;,,q=9", "en"),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, HeaderValue::from_static(wanted))]);
            assert_eq!(preferred(&headers, &rules).as_str(), got, "{wanted}");
        }
    }

    #[test]
    fn a_form_is_read_whatever_it_holds() {
        let form = Form::read(b"email=+a%40example.com+&component=tills&component=shop&locale=sv&website=&x=%ff");
        assert_eq!((form.email.as_str(), form.components.len(), form.is_trapped), ("a@example.com", 2, false));
        assert_eq!(form.locale.as_ref().map(Locale::as_str), Some("sv"));
        assert!(Form::read(b"website=x").is_trapped);
        assert_eq!(Form::read(b"\xff&&&=").email, "");
    }
}
