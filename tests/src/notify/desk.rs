//! A Muster with every way out, each to its fake, and its doors open.

use super::server::serve;
use super::{
    ACCOUNT, FROM, FakeNtfy, FakePagerDuty, FakeStatuspage, FakeTwilio, Form, Receiver, TOKEN, customers, signature,
};
use crate::fixtures::view;
use crate::memory::MemoryStore;
use crate::sample;
use crate::world::World;
use muster_core::app::dispatch::Dispatcher;
use muster_core::decide::{Decision, Needs};
use muster_core::effect::{About, Effect, Notice, Outgoing, Recipient, Stage};
use muster_core::ids::{EffectKey, IncidentId, PersonId, PlatformId, RequestId};
use muster_core::org::{Contact, Loudness, Step};
use muster_core::ports::chat::{Chat, Delivery, DeliveryError, Receipt};
use muster_core::ports::outside::Outside;
use muster_core::ports::store::Write;
use muster_core::reply::Reply;
use muster_notify::{
    EmailConfig, Notify, NotifyConfig, NtfyConfig, PagerDutyConfig, StatuspageIoConfig, Token, TwilioConfig,
    WebhookConfig,
};
use muster_outside::{Allowed, WayOut};
use muster_web::WebConfig;
use std::sync::Arc;
use std::time::Duration;

/// Where people reach Muster.
pub const PUBLIC: &str = "https://muster.example.com";
/// Alice's number.
pub const ALICE: &str = "+46700000001";
/// Bob's.
pub const BOB: &str = "+46700000002";

/// A Muster with every way out.
pub struct Desk {
    /// Muster itself.
    pub world: World,
    /// Twilio.
    pub twilio: FakeTwilio,
    /// ntfy.
    pub ntfy: FakeNtfy,
    /// PagerDuty, with a service called `payments`.
    pub pagerduty: FakePagerDuty,
    /// A system called `ops`.
    pub receiver: Receiver,
    /// Statuspage, with a page called `main`.
    pub statuspage: FakeStatuspage,
    /// The guarded way out.
    pub outside: Arc<dyn Outside>,
    notify: Notify,
    dispatcher: Dispatcher,
    url: String,
    http: reqwest::Client,
}

impl Desk {
    /// With everything but mail.
    pub async fn open() -> Self {
        Self::with(None).await
    }

    /// With a mail server on this machine, at that port.
    pub async fn with_mail(port: u16) -> Self {
        Self::with(Some(mail(port))).await
    }

    async fn with(email: Option<EmailConfig>) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (twilio, ntfy) = (FakeTwilio::start().await, FakeNtfy::start().await);
        let (pagerduty, receiver) = (FakePagerDuty::start().await, Receiver::start().await);
        let statuspage = FakeStatuspage::start().await;
        let [checkout, deliveries] = FakeStatuspage::COMPONENTS.map(str::to_owned);
        let config = NotifyConfig {
            email,
            twilio: Some(TwilioConfig {
                api: twilio.url.clone(),
                ..TwilioConfig::new(ACCOUNT, Token::new(TOKEN), FROM)
            }),
            ntfy: Some(NtfyConfig { server: ntfy.url.clone(), token: Some(Token::new(FakeNtfy::TOKEN)) }),
            pagerduty: vec![PagerDutyConfig {
                api: pagerduty.url.clone(),
                ..PagerDutyConfig::new("payments", Token::new(FakePagerDuty::KEY))
            }],
            webhooks: vec![WebhookConfig {
                name: "ops".to_owned(),
                url: Token::new(&receiver.url),
                secret: Token::new(Receiver::SECRET),
            }],
            statuspage: vec![StatuspageIoConfig {
                api: statuspage.url.clone(),
                components: [("checkout".to_owned(), checkout), ("deliveries".to_owned(), deliveries)].into(),
                ..StatuspageIoConfig::new("main", FakeStatuspage::PAGE, Token::new(FakeStatuspage::KEY))
            }],
        };
        let world = World::over(Arc::new(MemoryStore::default()), organisation(&receiver.url), Box::new(()));
        let allowed = Allowed::default().and("127.0.0.1").expect("an address");
        let outside: Arc<dyn Outside> = Arc::new(WayOut::new(allowed));
        let notify = Notify::new(&world.muster, config, &outside).expect("a config that works");
        let dispatcher = Dispatcher::new(Arc::clone(&world.muster), "desk".to_owned(), notify.platforms());
        let web =
            WebConfig { public_url: PUBLIC.to_owned(), version: "0", metrics: Arc::new(String::new), signer: None };
        let url = serve(muster_web::router(Arc::clone(&world.muster), web).merge(notify.router())).await;
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        Self { world, twilio, ntfy, pagerduty, receiver, statuspage, outside, notify, dispatcher, url, http }
    }

    /// The ways there are.
    #[must_use]
    pub fn ways(&self) -> Vec<Arc<dyn Chat>> {
        self.notify.platforms()
    }

    /// One attempt by the way of that name.
    ///
    /// # Panics
    /// When there is no such way.
    ///
    /// # Errors
    /// When the notice was not delivered.
    pub async fn delivers(&self, delivery: &Delivery) -> Result<Receipt, DeliveryError> {
        let platform = delivery.effect.platform();
        let way = self.ways().into_iter().find(|way| way.platform() == *platform);
        way.unwrap_or_else(|| panic!("there is no way {platform}")).deliver(delivery).await
    }

    /// An effect as if it had been decided on, whatever deciding would have said to it.
    ///
    /// # Panics
    /// When the store fails.
    pub async fn queues(&self, delivery: Delivery) {
        let Delivery { key, incident, effect, .. } = delivery;
        let now = self.world.muster.now();
        let outgoing = Outgoing {
            lane: effect.lane(incident),
            position: 0,
            urgency: effect.urgency(),
            coalesce: effect.coalesce(incident),
            due_at: now,
            key: key.clone(),
            incident,
            effect,
        };
        let answer = Decision::answer(Reply::view(view("done")));
        let decision = Decision { effects: vec![outgoing], ..answer };
        let unit = self.world.muster.store().begin(&Needs::default()).await.expect("the store answers");
        let write = Write { request: RequestId::new(key.to_string()), at: now, decision, fired: None };
        unit.commit(write).await.expect("it is durable");
    }

    /// Makes what is due, by the ways out alone.
    ///
    /// # Panics
    /// When the store fails.
    pub async fn settle(&self) {
        loop {
            let fired = self.world.muster.fire_due().await.expect("timers can be read");
            if fired + self.dispatcher.dispatch_due().await.expect("the outbox can be read") == 0 {
                return;
            }
        }
    }

    /// Opens an address that Muster gave somebody.
    ///
    /// # Panics
    /// When Muster does not answer.
    pub async fn opens(&self, link: &str) -> reqwest::Response {
        self.http.get(self.here(link)).send().await.expect("an answer")
    }

    /// Sends a form to such an address. Redirects are not expected, so none is followed unseen.
    ///
    /// # Panics
    /// When Muster does not answer.
    pub async fn posts(&self, link: &str, form: &str) -> reqwest::Response {
        let sending = self.http.post(self.here(link)).header("content-type", "application/x-www-form-urlencoded");
        sending.body(form.to_owned()).send().await.expect("an answer")
    }

    /// Twilio calls an address of Muster's, signed. Gives the status and what it is told.
    ///
    /// # Panics
    /// When Muster does not answer.
    pub async fn twilio_calls(&self, url: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let form: Form = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        self.calls_signed(url, &form, &signature(TOKEN, url, &form)).await
    }

    /// The same with a signature of the test's choice.
    ///
    /// # Panics
    /// When Muster does not answer.
    pub async fn calls_signed(&self, url: &str, form: &Form, signature: &str) -> (u16, String) {
        let body: Vec<_> = form.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        let sending = self.http.post(self.here(url)).header("content-type", "application/x-www-form-urlencoded");
        let answer = sending.header("x-twilio-signature", signature).body(body.join("&")).send().await;
        let answer = answer.expect("an answer");
        (answer.status().as_u16(), answer.text().await.expect("a body"))
    }

    /// Where an address of the outside is here.
    fn here(&self, url: &str) -> String {
        let path = url.strip_prefix(PUBLIC).unwrap_or_else(|| panic!("{url} does not lead to {PUBLIC}"));
        format!("{}{path}", self.url)
    }
}

/// A mail server on this machine, at that port.
#[must_use]
pub fn mail(port: u16) -> EmailConfig {
    let from = "Muster <muster@example.com>".to_owned();
    EmailConfig { smtp: format!("smtp://127.0.0.1:{port}"), password: None, from }
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

fn organisation(hook: &str) -> muster_core::org::Organisation {
    let mut org = sample::retailer();
    org.comms = customers::rules();
    let contact = |name: &str, address: &str| Contact {
        name: name.to_owned(),
        platform: PlatformId::from(name.split('-').next().unwrap_or(name)),
        address: address.to_owned(),
    };
    for person in &mut org.people {
        let contacts = match person.id.as_str() {
            "alice" => vec![
                contact("sms", ALICE),
                contact("voice", ALICE),
                contact("email", "alice@example.com"),
                contact("email-gone", "gone@example.com"),
                contact("email-later", "later@example.com"),
                contact("email-odd", "alice@example.com\r\nBcc: eve@example.com"),
                contact("push", "alice-topic"),
                contact("webhook", hook),
                contact("webhook-odd", "https://elsewhere.example.com/"),
                contact("sms-odd", "0700"),
                contact("sms-nobody", "+15005550001"),
            ],
            "bob" => vec![contact("sms", BOB)],
            _ => continue,
        };
        let ways = |names: &[&str]| Step {
            after: Duration::ZERO,
            contacts: names.iter().map(|&name| name.to_owned()).collect(),
        };
        if person.id.as_str() == "alice" {
            person.reach.locale = "sv-SE".to_owned();
        }
        person.reach.contacts = contacts;
        person.reach.steps.insert(Loudness::High, vec![ways(&["sms"])]);
    }
    org
}

/// A page of Alice's by that contact, as the outbox has it.
#[must_use]
pub fn page(contact: &str) -> Delivery {
    let platform = PlatformId::from(contact.split('-').next().unwrap_or(contact));
    let to = Recipient::Person { person: PersonId::from("alice"), contact: contact.to_owned() };
    let notice = Notice {
        about: About::Page { incident: IncidentId(7), number: 1 },
        stage: Stage::Raised,
        loudness: Loudness::High,
        drill: false,
        line: "INC-7 SEV1 Checkout is down".to_owned(),
        message: "All stores; cards are declined".to_owned(),
        view: view("INC-7"),
    };
    Delivery {
        key: EffectKey::from("INC-7/12/0"),
        incident: Some(IncidentId(7)),
        attempt: 1,
        made: None,
        effect: Effect::Page { platform, to, notice: Box::new(notice) },
    }
}
