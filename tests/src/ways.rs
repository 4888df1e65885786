//! Ways out that are opened while a Muster runs already. Until then they are as good as not configured.

use async_trait::async_trait;
use muster_core::ids::PlatformId;
use muster_core::ports::chat::{Chat, Delivery, DeliveryError, Receipt};
use std::sync::{Arc, OnceLock};

/// The ways to those outside.
#[derive(Clone)]
pub struct Ways(Vec<Arc<Way>>);

struct Way {
    platform: PlatformId,
    open: OnceLock<Arc<dyn Chat>>,
}

impl Default for Ways {
    fn default() -> Self {
        let outside = [PlatformId::email(), PlatformId::webhook(), PlatformId::statuspage(), PlatformId::subscribers()];
        Self(outside.map(|platform| Arc::new(Way { platform, open: OnceLock::new() })).to_vec())
    }
}

impl Ways {
    /// All of them, for a dispatcher.
    #[must_use]
    pub fn chats(&self) -> Vec<Arc<dyn Chat>> {
        self.0.iter().map(|way| Arc::clone(way) as Arc<dyn Chat>).collect()
    }

    /// From now on these lead somewhere.
    ///
    /// # Panics
    /// When one is open already.
    pub fn open(&self, chats: impl IntoIterator<Item = Arc<dyn Chat>>) {
        for chat in chats {
            if let Some(way) = self.0.iter().find(|way| way.platform == chat.platform()) {
                assert!(way.open.set(chat).is_ok(), "{} is open already", way.platform);
            }
        }
    }
}

#[async_trait]
impl Chat for Way {
    fn platform(&self) -> PlatformId {
        self.platform.clone()
    }

    async fn deliver(&self, delivery: &Delivery) -> Result<Receipt, DeliveryError> {
        match self.open.get() {
            Some(chat) => chat.deliver(delivery).await,
            None => Err(DeliveryError::Permanent { reason: format!("{} is not configured", self.platform) }),
        }
    }
}
