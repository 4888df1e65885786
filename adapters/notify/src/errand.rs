//! The one door through which notices leave: what may go, to whom, and how they can answer.

use async_trait::async_trait;
use muster_core::app::Muster;
use muster_core::clock::Timestamp;
use muster_core::effect::{About, Effect, Notice, Recipient, Stage};
use muster_core::ids::{EffectKey, PersonId, PlatformId};
use muster_core::org::{Organisation, Person};
use muster_core::ports::chat::{Chat, Delivery, DeliveryError, Receipt};
use std::sync::Arc;

/// A notice on its way to one address. The address was looked up just now, and is kept nowhere.
pub(crate) struct Errand<'a> {
    /// The idempotency key.
    pub(crate) key: &'a EffectKey,
    /// What is told.
    pub(crate) notice: &'a Notice,
    /// To whom.
    pub(crate) to: To<'a>,
    /// Where it can be answered without signing in.
    pub(crate) link: Option<String>,
    /// The page of the console where more can be seen.
    pub(crate) page: String,
    /// The present moment.
    pub(crate) now: Timestamp,
    /// The organisation.
    pub(crate) org: &'a Organisation,
}

/// To whom a notice goes.
pub(crate) enum To<'a> {
    /// A person, at this address.
    Person {
        /// Who.
        person: &'a Person,
        /// Where.
        address: &'a str,
    },
    /// Another system, by its name in the config.
    Outlet(&'a str),
}

impl<'a> Errand<'a> {
    /// The person and the address.
    pub(crate) fn person(&self, way: &str) -> Result<(&'a Person, &'a str), DeliveryError> {
        match self.to {
            To::Person { person, address } => Ok((person, address)),
            To::Outlet(name) => Err(DeliveryError::no_outlet(name, way)),
        }
    }

    /// What makes it one thing with what is told of the same page later: `INC-7-1`.
    pub(crate) fn subject(&self) -> String {
        match &self.notice.about {
            About::Page { incident, number } => format!("{incident}-{number}"),
            About::Test => format!("test-{}", self.key.as_str().replace('/', "-")),
        }
    }
}

/// What carries notices.
#[async_trait]
pub(crate) trait Carrier: Send + Sync {
    /// Its name as a platform.
    fn platform(&self) -> &'static str;

    /// Carries one. The same key again must not arrive twice where the other side gives a way to prevent it.
    async fn carry(&self, errand: &Errand<'_>) -> Result<Receipt, DeliveryError>;
}

/// A carrier behind the door.
pub(crate) struct Way<C> {
    muster: Arc<Muster>,
    carrier: C,
}

impl<C: Carrier> Way<C> {
    pub(crate) fn new(muster: Arc<Muster>, carrier: C) -> Self {
        Self { muster, carrier }
    }

    /// Settles whether anything leaves. Every way goes through here, and nothing of a drill does.
    fn passes<'a>(&self, effect: &'a Effect) -> Result<(&'a Notice, &'a Recipient), DeliveryError> {
        let way = self.carrier.platform();
        let Effect::Page { to, notice, .. } = effect else {
            return Err(refused(format!("{way} carries pages and nothing else")));
        };
        if notice.drill {
            return Err(refused("a drill reaches no phone, no mailbox and no other system".to_owned()));
        }
        match (to, notice.stage) {
            (Recipient::Person { .. }, Stage::Acknowledged | Stage::Over) => {
                Err(refused("only other systems are told how a page goes on".to_owned()))
            }
            (Recipient::Channel { .. }, _) => Err(refused(format!("{way} has no channels"))),
            (Recipient::Person { .. }, Stage::Raised) | (Recipient::Outlet { .. }, _) => Ok((notice, to)),
        }
    }

    /// The address, as the config has it now.
    fn find<'a>(&self, org: &'a Organisation, to: &'a Recipient) -> Result<To<'a>, DeliveryError> {
        let (id, name) = match to {
            Recipient::Person { person, contact } => (person, contact),
            Recipient::Outlet { name } | Recipient::Channel { address: name } => return Ok(To::Outlet(name)),
        };
        let platform = PlatformId::from(self.carrier.platform());
        let person = org.person(id).ok_or_else(|| gone(id, name))?;
        let mut contacts = person.reach.contacts.iter();
        let contact = contacts.find(|contact| contact.name == *name && contact.platform == platform);
        Ok(To::Person { person, address: &contact.ok_or_else(|| gone(id, name))?.address })
    }
}

#[async_trait]
impl<C: Carrier> Chat for Way<C> {
    fn platform(&self) -> PlatformId {
        PlatformId::from(self.carrier.platform())
    }

    async fn deliver(&self, delivery: &Delivery) -> Result<Receipt, DeliveryError> {
        let (notice, recipient) = self.passes(&delivery.effect)?;
        let org = self.muster.org();
        let to = self.find(&org, recipient)?;
        // A page without a link is better than none.
        let link = self.muster.answer_link(&notice.about, recipient).await;
        let link = link.inspect_err(|error| tracing::warn!(%error, "a page goes out without a link")).ok().flatten();
        let (page, now) = (delivery.page(&org), self.muster.now());
        self.carrier.carry(&Errand { key: &delivery.key, notice, to, link, page, now, org: &org }).await
    }
}

fn gone(person: &PersonId, contact: &str) -> DeliveryError {
    refused(format!("the config has no contact {contact} of {person}"))
}

/// Trying again cannot help.
pub(crate) fn refused(reason: String) -> DeliveryError {
    DeliveryError::Permanent { reason }
}
