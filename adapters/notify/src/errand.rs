//! The one door through which notices and bulletins leave: what may go, to whom, and how they can answer.

use async_trait::async_trait;
use muster_core::app::Muster;
use muster_core::clock::Timestamp;
use muster_core::comms::Bulletin;
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

/// A bulletin on its way to one address.
pub(crate) struct Publication<'a> {
    /// The idempotency key.
    pub(crate) key: &'a EffectKey,
    /// What is told.
    pub(crate) bulletin: &'a Bulletin,
    /// To whom.
    pub(crate) to: To<'a>,
    /// The present moment.
    pub(crate) now: Timestamp,
    /// The organisation.
    pub(crate) org: &'a Organisation,
}

/// To whom something goes.
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

impl<'a> To<'a> {
    /// The person and the address.
    pub(crate) fn person(&self, way: &str) -> Result<(&'a Person, &'a str), DeliveryError> {
        match self {
            Self::Person { person, address } => Ok((person, address)),
            Self::Outlet(name) => Err(DeliveryError::no_outlet(name, way)),
        }
    }

    /// The name of the other system.
    pub(crate) fn outlet(&self, way: &str) -> Result<&'a str, DeliveryError> {
        match self {
            Self::Outlet(name) => Ok(name),
            Self::Person { .. } => Err(refused(format!("{way} reaches other systems and no people"))),
        }
    }
}

impl Errand<'_> {
    /// What makes it one thing with what is told of the same page later: `INC-7-1`.
    pub(crate) fn subject(&self) -> String {
        match &self.notice.about {
            About::Page { incident, number } => format!("{incident}-{number}"),
            About::Test => format!("test-{}", self.key.as_str().replace('/', "-")),
        }
    }
}

/// What carries notices, bulletins, or both.
#[async_trait]
pub(crate) trait Carrier: Send + Sync {
    /// Its name as a platform.
    fn platform(&self) -> PlatformId;

    /// Carries a notice. The same key again must not arrive twice where the other side gives a way to prevent it.
    async fn carry(&self, errand: &Errand<'_>) -> Result<Receipt, DeliveryError>;

    /// Carries a bulletin; most ways do not. The same of its key.
    async fn publish(&self, publication: &Publication<'_>) -> Result<Receipt, DeliveryError> {
        let _ = publication;
        Err(refused(format!("{} carries no bulletins", self.platform())))
    }
}

/// What may leave.
enum Passed<'a> {
    /// A notice of a page.
    Notice(&'a Notice, &'a Recipient),
    /// A bulletin.
    Bulletin(&'a Bulletin, &'a Recipient),
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
    fn passes<'a>(&self, effect: &'a Effect) -> Result<Passed<'a>, DeliveryError> {
        match effect {
            Effect::Page { notice, .. } if notice.drill => {
                Err(refused("a drill reaches no phone, no mailbox and no other system".to_owned()))
            }
            Effect::Page { to, notice, .. } => match (to, notice.stage) {
                (Recipient::Person { .. }, Stage::Acknowledged | Stage::Over) => {
                    Err(refused("only other systems are told how a page goes on".to_owned()))
                }
                (_, Stage::Raised | Stage::Acknowledged | Stage::Over) => Ok(Passed::Notice(notice, to)),
            },
            // That it is of no drill is proven by what it holds, and was looked at again by the dispatcher.
            Effect::Publish { to, bulletin, .. } => Ok(Passed::Bulletin(bulletin, to)),
            Effect::Post { .. }
            | Effect::Tell { .. }
            | Effect::Open { .. }
            | Effect::Headline { .. }
            | Effect::Announce { .. }
            | Effect::Topic { .. }
            | Effect::Rename { .. }
            | Effect::Links { .. }
            | Effect::Invite { .. }
            | Effect::Archive { .. }
            | Effect::Card { .. }
            | Effect::Spread { .. } => {
                let way = self.carrier.platform();
                Err(refused(format!("{way} carries pages and bulletins, and nothing else")))
            }
        }
    }

    /// The address, as the config has it now.
    fn find<'a>(&self, org: &'a Organisation, to: &'a Recipient) -> Result<To<'a>, DeliveryError> {
        let (id, name) = match to {
            Recipient::Person { person, contact } => (person, contact),
            Recipient::Outlet { name } => return Ok(To::Outlet(name)),
            Recipient::Channel { .. } => {
                return Err(refused(format!("{} has no channels", self.carrier.platform())));
            }
        };
        let platform = self.carrier.platform();
        let person = org.person(id).ok_or_else(|| gone(id, name))?;
        let mut contacts = person.reach.contacts.iter();
        let contact = contacts.find(|contact| contact.name == *name && contact.platform == platform);
        Ok(To::Person { person, address: &contact.ok_or_else(|| gone(id, name))?.address })
    }
}

#[async_trait]
impl<C: Carrier> Chat for Way<C> {
    fn platform(&self) -> PlatformId {
        self.carrier.platform()
    }

    async fn deliver(&self, delivery: &Delivery) -> Result<Receipt, DeliveryError> {
        let (key, now, org) = (&delivery.key, self.muster.now(), self.muster.org());
        let (notice, recipient) = match self.passes(&delivery.effect)? {
            Passed::Notice(notice, to) => (notice, to),
            Passed::Bulletin(bulletin, to) => {
                let to = self.find(&org, to)?;
                return self.carrier.publish(&Publication { key, bulletin, to, now, org: &org }).await;
            }
        };
        let to = self.find(&org, recipient)?;
        // A page without a link is better than none.
        let link = self.muster.answer_link(&notice.about, recipient).await;
        let link = link.inspect_err(|error| tracing::warn!(%error, "a page goes out without a link")).ok().flatten();
        let page = delivery.page(&org);
        self.carrier.carry(&Errand { key, notice, to, link, page, now, org: &org }).await
    }
}

fn gone(person: &PersonId, contact: &str) -> DeliveryError {
    refused(format!("the config has no contact {contact} of {person}"))
}

/// Trying again cannot help.
pub(crate) fn refused(reason: String) -> DeliveryError {
    DeliveryError::Permanent { reason }
}
