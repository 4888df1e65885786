//! The console as a platform like any other: what is said in a room or told to a person is kept, and shown on pages.

use async_trait::async_trait;
use muster_core::app::Muster;
use muster_core::effect::{Effect, Recipient};
use muster_core::ids::PlatformId;
use muster_core::ports::chat::{Chat, Delivery, DeliveryError, Receipt};
use muster_core::ports::store::{Message, StoreError};
use std::sync::Arc;

/// The console.
pub struct ConsoleChat(Arc<Muster>);

impl ConsoleChat {
    /// The console of this Muster.
    #[must_use]
    pub fn new(muster: Arc<Muster>) -> Self {
        Self(muster)
    }
}

#[async_trait]
impl Chat for ConsoleChat {
    fn platform(&self) -> PlatformId {
        PlatformId::console()
    }

    /// Keeps the message under the effect's key; the same key again changes nothing.
    async fn deliver(&self, delivery: &Delivery) -> Result<Receipt, DeliveryError> {
        let (to, view) = match &delivery.effect {
            Effect::Post { view, .. } => (None, view.as_ref()),
            Effect::Tell { person, view, .. } => (Some(person.clone()), view.as_ref()),
            Effect::Page { to: Recipient::Person { person, .. }, notice, .. } => (Some(person.clone()), &notice.view),
            // The console shows every incident as it stands: it has no rooms to open, name or put away.
            Effect::Open { .. }
            | Effect::Headline { .. }
            | Effect::Card { .. }
            | Effect::Page { .. }
            | Effect::Announce { .. }
            | Effect::Publish { .. }
            | Effect::Spread { .. }
            | Effect::Topic { .. }
            | Effect::Rename { .. }
            | Effect::Links { .. }
            | Effect::Invite { .. }
            | Effect::Archive { .. } => return Ok(Receipt::of("shown as it stands")),
        };
        let message = Message {
            key: delivery.key.clone(),
            incident: delivery.incident,
            to,
            at: self.0.now(),
            view: view.clone(),
        };
        match self.0.store().keep(&message).await {
            Ok(()) => Ok(Receipt::of(delivery.key.to_string())),
            Err(error @ (StoreError::Conflict | StoreError::Unavailable(_))) => {
                Err(DeliveryError::Transient { reason: error.to_string(), after: None })
            }
            Err(error @ StoreError::Broken(_)) => Err(DeliveryError::Permanent { reason: error.to_string() }),
        }
    }
}
