//! The customers' side of a stage: real letters, signed requests, a page at Statuspage, a channel of the chat where there is one, and
//! the files of the status page.

use super::Overheard;
use super::play::Stage;
use crate::customers;
use crate::fixtures::subscriber;
use crate::notify::{FakeStatuspage, Letter, MailServer, mail, serve};
use crate::statuspage::{language, reading};
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::{Router, routing::post};
use muster_core::app::parcels::{Depot, Threshold, Throttle};
use muster_core::comms::{Channel, Destination, LinkKey, Subscriber, SubscriberId, SubscriberState};
use muster_core::decide::Needs;
use muster_core::ids::{PersonId, PlatformId};
use muster_core::org::Contact;
use muster_core::ports::chat::Chat;
use muster_core::ports::courier::Courier;
use muster_core::ports::outside::Outside as WayOutside;
use muster_core::ports::subscribers::Stays;
use muster_core::record::{RecordKind, Wanted};
use muster_notify::{
    EmailCourier, EmailCourierConfig, Notify, NotifyConfig, StatuspageIoConfig, Token, WebhookConfig, WebhookCourier,
    WebhookCourierConfig,
};
use muster_outside::{Allowed, WayOut};
use muster_statuspage::{File, Model, files};
use serde_json::Value;
use standardwebhooks::Webhook;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// With which what goes to social networks is signed.
const SOCIAL: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
/// Those who subscribe by mail: a name, a language, and the components they want to hear of, all if none.
const READERS: [(&str, &str, &[&str]); 3] =
    [("anna", "en", &[]), ("sven", "sv", &["card-payments"]), ("greta", "de", &["web-shop"])];

/// Those outside who can be told.
pub struct Outside<'s> {
    stage: &'s Stage,
    /// A page at Statuspage.
    pub statuspage: FakeStatuspage,
    /// Where letters arrive, if this machine can receive any.
    mail: Option<Mutex<MailServer>>,
    program: Program,
    social: Program,
}

/// A program that is called, and believes what is signed.
struct Program {
    url: String,
    secret: String,
    is_away: Arc<AtomicBool>,
    taken: Arc<Mutex<Vec<(HeaderMap, Bytes)>>>,
}

impl Program {
    async fn start(secret: &str) -> Self {
        let taken = Arc::<Mutex<Vec<_>>>::default();
        let is_away = Arc::<AtomicBool>::default();
        let (book, away) = (Arc::clone(&taken), Arc::clone(&is_away));
        let take = async move |headers: HeaderMap, body: Bytes| {
            if away.load(Ordering::Relaxed) {
                return StatusCode::SERVICE_UNAVAILABLE;
            }
            book.lock().unwrap_or_else(PoisonError::into_inner).push((headers, body));
            StatusCode::NO_CONTENT
        };
        let url = serve(Router::new().route("/hook", post(take))).await;
        Self { url: format!("{url}/hook"), secret: secret.to_owned(), is_away, taken }
    }

    /// What it has been told since it was asked last: each is signed, at the moment that it names.
    fn heard(&self) -> Vec<Value> {
        let taken = std::mem::take(&mut *self.taken.lock().unwrap_or_else(PoisonError::into_inner));
        let signer = Webhook::new(&self.secret).expect("a secret");
        let read = |(headers, body): (HeaderMap, Bytes)| {
            let header = |name: &str| headers[name].to_str().expect("text").to_owned();
            let moment = header("webhook-timestamp").parse().expect("a moment");
            let signed = signer.sign(&header("webhook-id"), moment, &body).expect("it can be signed");
            assert_eq!(header("webhook-signature"), signed, "whoever calls is not who they say");
            serde_json::from_slice(&body).expect("JSON")
        };
        taken.into_iter().map(read).collect()
    }
}

impl Stage {
    /// Customers come: from now on what is published reaches them, and `test` names the test if they cannot.
    ///
    /// # Panics
    /// When they cannot.
    pub async fn outside(&self, test: &str) -> Outside<'_> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let key = LinkKey::new("a key of at least thirty-two characters").expect("a key");
        let mail_server = MailServer::start(test);
        // The program is the first to subscribe.
        let first = SubscriberId(SubscriberId::before(self.muster().now()).0 + 1);
        let program = Program::start(key.signing_secret(first).reveal()).await;
        let (social, statuspage) = (Program::start(SOCIAL).await, FakeStatuspage::start().await);
        self.tells_customers();

        let allowed = Allowed::default().and("127.0.0.1").expect("an address");
        let outside: Arc<dyn WayOutside> = Arc::new(WayOut::new(allowed));
        let [cards, shop] = FakeStatuspage::COMPONENTS.map(str::to_owned);
        let email = mail_server.as_ref().map(|server| mail(server.port));
        let config = NotifyConfig {
            email: email.clone(),
            webhooks: vec![WebhookConfig {
                name: "social".to_owned(),
                url: Token::new(&social.url),
                secret: Token::new(SOCIAL),
            }],
            statuspage: vec![StatuspageIoConfig {
                api: statuspage.url.clone(),
                components: [("card-payments".to_owned(), cards), ("web-shop".to_owned(), shop)].into(),
                ..StatuspageIoConfig::new("main", FakeStatuspage::PAGE, Token::new(FakeStatuspage::KEY))
            }],
            ..NotifyConfig::default()
        };
        let muster = self.muster();
        let notify = Notify::new(muster, config, &outside).expect("a config that works");
        let threshold: Arc<dyn Chat> = Arc::new(Threshold::new(Arc::clone(muster)));
        self.platform().ways().open(notify.platforms().into_iter().chain([threshold]));

        let hooks = WebhookCourierConfig { key: key.clone(), outside };
        let mut couriers: Vec<Arc<dyn Courier>> = vec![Arc::new(WebhookCourier::new(Arc::clone(muster), hooks))];
        if let Some(email) = email {
            let letters = EmailCourierConfig { email, key, bounces: None, connections: 4 };
            couriers.push(Arc::new(EmailCourier::new(Arc::clone(muster), letters).expect("a config that works")));
        }
        self.sends_by(Depot::new(Arc::clone(muster), "story".to_owned(), couriers, Throttle::of(10_000, 10_000)));

        // The address of a program has to be one of https, which no program of a test has: so this is written as it is kept.
        let subscriber = |channel, address: String, locale: &str, components: &[&str]| Subscriber {
            channel,
            address,
            locale: language(locale),
            components: components.iter().map(|&id| id.to_owned()).collect(),
            since: muster.now(),
            ..subscriber("")
        };
        let mut all: Vec<_> = READERS
            .iter()
            .map(|(name, locale, of)| subscriber(Channel::Email, format!("{name}@example.org"), locale, of))
            .collect();
        if mail_server.is_none() {
            // Nobody carries letters here: none is to be left over.
            all.iter_mut().for_each(|one| one.state = SubscriberState::Left);
        }
        let called = subscriber(Channel::Webhook, program.url.clone(), "sv", &[]);
        // One after the other, so that their numbers are the same in every store.
        for one in std::iter::once(called).chain(all) {
            muster.store().subscribe(&[one], Stays::Nobody).await.expect("they can subscribe");
        }
        Outside { stage: self, statuspage, mail: mail_server.map(Mutex::new), program, social }
    }

    /// The config says who is told, where, how soon, and who lets it go.
    fn tells_customers(&self) {
        let channel = self.platform().shop();
        self.configure(|org| {
            org.comms = customers::rules();
            let social = Destination::Webhook { name: "social".to_owned() };
            let elsewhere = Destination::Statuspage { name: "main".to_owned() };
            let channel = channel.map(|(platform, address)| Destination::Channel { platform, address });
            org.comms.audiences[0].to.extend([Destination::Subscribers, social, elsewhere].into_iter().chain(channel));
            let carol = org.people.iter_mut().find(|one| one.id == PersonId::from("carol")).expect("Carol");
            carol.reach.contacts.push(Contact {
                name: "email".to_owned(),
                platform: PlatformId::from("email"),
                address: "carol@example.com".to_owned(),
            });
        });
    }
}

impl Outside<'_> {
    /// The next letters, in the order of those who get them; none where letters cannot be received.
    pub async fn letters(&self, count: usize) -> Vec<Letter> {
        self.stage.rest().await;
        let Some(mail) = &self.mail else { return Vec::new() };
        let mut mail = mail.lock().unwrap_or_else(PoisonError::into_inner);
        let mut letters: Vec<_> = (0..count).map(|_| mail.letter()).collect();
        letters.sort_by(|one, other| one.receivers.cmp(&other.receivers));
        letters
    }

    /// What is to be read in a file of the status page; a page is read without how it looks.
    ///
    /// # Panics
    /// When there is no such file.
    pub async fn page(&self, path: &str) -> String {
        let mut files = files(&self.model().await);
        let file = files.remove(path).unwrap_or_else(|| panic!("there is no {path}"));
        let text = String::from_utf8(file.bytes.to_vec()).expect("text");
        if file.media_type.starts_with("text/html") { reading(&text) } else { text }
    }

    /// Every file of the status page, as it is served.
    ///
    /// # Panics
    /// When one is no text.
    pub async fn files(&self) -> BTreeMap<String, String> {
        let text = |file: File| String::from_utf8(file.bytes.to_vec()).expect("text");
        files(&self.model().await).into_iter().map(|(path, file)| (path, text(file))).collect()
    }

    /// Whether the status page has that file.
    pub async fn has(&self, path: &str) -> bool {
        files(&self.model().await).contains_key(path)
    }

    /// Everything that customers can see.
    async fn model(&self) -> Model {
        self.stage.rest().await;
        let muster = self.stage.muster();
        let needs = Needs { records: vec![Wanted::All(RecordKind::Public)], ..Needs::default() };
        let state = muster.store().load(&needs).await.expect("what is public can be read");
        let rules = Arc::new(muster.org().comms.clone());
        Model::new(rules, state.records.publics().cloned().collect(), muster.now())
    }

    /// What the program of a subscriber has been told since the last look, a line each.
    pub async fn program(&self) -> Vec<String> {
        self.stage.rest().await;
        self.program.heard().iter().map(line).collect()
    }

    /// What social networks have been told since the last look, a line each.
    pub async fn social(&self) -> Vec<String> {
        self.stage.rest().await;
        self.social.heard().iter().map(line).collect()
    }

    /// What programs and social networks have been told since the last look, in full.
    pub async fn told(&self) -> Vec<Value> {
        self.stage.rest().await;
        [self.program.heard(), self.social.heard()].concat()
    }

    /// What is read in the channel for customers, where there is a chat.
    pub async fn channel(&self) -> Option<Vec<String>> {
        self.stage.rest().await;
        let words = |heard: Vec<Overheard>| heard.into_iter().map(|one| one.words).collect();
        self.stage.platform().shop().is_some().then(|| words(self.stage.platform().overheard()))
    }

    /// The same, with all that there is to it; nothing where there is no chat.
    pub async fn overheard(&self) -> Vec<Overheard> {
        self.stage.rest().await;
        self.stage.platform().overheard()
    }

    /// Whether letters can be received here.
    #[must_use]
    pub fn reads_letters(&self) -> bool {
        self.mail.is_some()
    }

    /// From now on programs do not answer, or do again.
    pub fn are_away(&self, away: bool) {
        for program in [&self.program, &self.social] {
            program.is_away.store(away, Ordering::Relaxed);
        }
    }

    /// The end: nobody was told anything that no story has looked at.
    ///
    /// # Panics
    /// When somebody was.
    pub async fn closes(self) {
        let left = [self.program().await, self.social().await].concat();
        assert!(left.is_empty(), "programs were told more: {left:?}");
        if let Some(mail) = self.mail {
            let letters = mail.into_inner().unwrap_or_else(PoisonError::into_inner).rest();
            let letters: Vec<_> =
                letters.iter().map(|letter| format!("{:?}\n{}", letter.receivers, letter.plain)).collect();
            assert!(letters.is_empty(), "there are more letters:\n{}", letters.join("\n\n"));
        }
    }

    /// Nobody has ever been told anything, and the page is as if nothing had happened.
    ///
    /// # Panics
    /// When that is not so.
    pub async fn knows_nothing(self) {
        assert_eq!(self.statuspage.calls(), [""; 0], "Statuspage was asked");
        assert_eq!(self.channel().await.unwrap_or_default(), [""; 0], "the channel for customers was told");
        let seen = self.model().await;
        assert_eq!(seen.incidents, [], "the page shows something");
        self.closes().await;
    }
}

/// The gist of what a program is told.
fn line(body: &Value) -> String {
    let data = &body["data"];
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    format!("{}: {} · {}", word(&body["type"]), word(&data["status"]), word(&data["title"]))
}
