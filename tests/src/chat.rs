//! The smallest chat there is: it keeps what is said in the store's own messages, as the console does.

use async_trait::async_trait;
use muster_core::clock::Clock;
use muster_core::effect::Effect;
use muster_core::ids::PlatformId;
use muster_core::ports::chat::{Chat, Delivery, DeliveryError, Receipt};
use muster_core::ports::store::{Message, Store};
use std::sync::Arc;

/// The chat, over the store whose messages it keeps.
pub struct KeepingChat {
    /// Where what is said is kept.
    pub store: Arc<dyn Store>,
    /// When it is said.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl Chat for KeepingChat {
    fn platform(&self) -> PlatformId {
        PlatformId::console()
    }

    async fn deliver(&self, delivery: &Delivery) -> Result<Receipt, DeliveryError> {
        let (to, view) = match &delivery.effect {
            Effect::Post { view, .. } => (None, view),
            Effect::Tell { person, view, .. } => (Some(person.clone()), view),
        };
        let message = Message {
            key: delivery.key.clone(),
            incident: delivery.incident,
            to,
            at: self.clock.now(),
            view: view.as_ref().clone(),
        };
        let kept = self.store.keep(&message).await;
        kept.map_err(|error| DeliveryError::Transient { reason: error.to_string(), after: None })?;
        Ok(Receipt { external: delivery.key.to_string() })
    }
}
