//! A platform on which rooms live and people are told things.

use crate::effect::Effect;
use crate::ids::{EffectKey, IncidentId, PersonId, PlatformId};
use crate::org::Organisation;
use crate::ports::store::StoreError;
use async_trait::async_trait;
use std::time::Duration;

/// One attempt to make one effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The effect's name, and its idempotency key at the platform.
    pub key: EffectKey,
    /// For which incident, if it is for one.
    pub incident: Option<IncidentId>,
    /// Which attempt this is, from 1. Above 1, an earlier one may have arrived.
    pub attempt: u32,
    /// What an earlier effect with the same mark made: what is to be edited now.
    pub made: Option<String>,
    /// What to do.
    pub effect: Effect,
}

impl Delivery {
    /// What it is about, in a word: `INC-42`.
    #[must_use]
    pub fn subject(&self) -> String {
        self.incident.map_or_else(|| "Muster".to_owned(), |incident| incident.to_string())
    }

    /// Where more can be seen: a page of the console, or of the status page for customers.
    #[must_use]
    pub fn page(&self, org: &Organisation) -> String {
        match (self.public_page(org), self.incident) {
            (Some(page), _) => page,
            (None, Some(incident)) => format!("{}/incidents/{incident}", org.console_url),
            (None, None) => org.console_url.clone(),
        }
    }

    /// The page for customers, of what customers are told, if there is a status page.
    #[must_use]
    pub fn public_page(&self, org: &Organisation) -> Option<String> {
        let bulletin = self.effect.bulletin()?;
        bulletin.page(&org.comms, &bulletin.locale)
    }
}

/// The platform has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The platform's own name for what was made.
    pub external: String,
    /// The room, where one was opened.
    pub room: Option<Opened>,
}

/// A room that a platform has opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The platform's own name for the room.
    pub address: String,
    /// What people call it there.
    pub name: String,
    /// Where it opens in a browser or an app.
    pub url: Option<String>,
}

/// What is recorded where there was nobody to tell.
const NOBODY: &str = "nobody";

impl Receipt {
    /// There was nobody to tell, and trying again cannot help.
    #[must_use]
    pub fn nobody() -> Self {
        Self::of(NOBODY)
    }

    /// The same, if there was somebody.
    #[must_use]
    pub fn reached(self) -> Option<Self> {
        (self.external != NOBODY).then_some(self)
    }

    /// Something was made, and this is what the platform calls it.
    #[must_use]
    pub fn of(external: impl Into<String>) -> Self {
        Self { external: external.into(), room: None }
    }
}

/// It was not delivered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryError {
    /// Try again, not before the platform allows.
    #[error("{reason}")]
    Transient {
        /// What happened, in one sentence without secrets.
        reason: String,
        /// How long the platform asked to be left alone.
        after: Option<Duration>,
    },
    /// Trying again cannot help; an operator must look.
    #[error("{reason}")]
    Permanent {
        /// What happened, in one sentence without secrets.
        reason: String,
    },
    /// The room is gone for good, or we are shut out of it: the incident needs another.
    #[error("{reason}")]
    RoomGone {
        /// What happened, in one sentence without secrets.
        reason: String,
    },
}

impl DeliveryError {
    /// Somebody who is to be paged cannot be told anything there.
    #[must_use]
    pub fn nobody(person: &PersonId, platform: &str) -> Self {
        Self::Permanent {
            reason: format!("{person} takes no messages from Muster in {platform}, or is not known there"),
        }
    }

    /// A platform has no outlet of that name.
    #[must_use]
    pub fn no_outlet(name: &str, platform: &str) -> Self {
        Self::Permanent { reason: format!("{platform} has nothing called `{name}` that could be told") }
    }
}

/// What must be known before anything is made could not be read: that is tried again.
impl From<StoreError> for DeliveryError {
    fn from(error: StoreError) -> Self {
        Self::Transient { reason: error.to_string(), after: None }
    }
}

/// A platform.
#[async_trait]
pub trait Chat: Send + Sync {
    /// Its name in rooms and effects.
    fn platform(&self) -> PlatformId;

    /// Makes the effect. The same key again must not make it twice where the platform gives a way to prevent it.
    ///
    /// # Errors
    /// [`DeliveryError`] says whether trying again makes sense.
    async fn deliver(&self, delivery: &Delivery) -> Result<Receipt, DeliveryError>;
}
