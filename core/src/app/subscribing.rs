//! Subscribing: those outside ask to be told, say that it was them, and leave.

use super::Muster;
use crate::comms::{Channel, Locale, Subscriber, SubscriberId};
use crate::ports::store::StoreError;
use std::collections::BTreeSet;

/// The platform of those who have subscribed.
pub const SUBSCRIBERS: &str = "subscribers";

/// What somebody asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// To which audience they want to belong, by id.
    pub audience: String,
    /// By what they are to be reached.
    pub channel: Channel,
    /// Where.
    pub address: String,
    /// In which language.
    pub locale: Locale,
    /// Of which components, by id; of all if there are none.
    pub components: BTreeSet<String>,
}

/// Why nobody can be told there.
#[derive(Debug, thiserror::Error)]
pub enum WishError {
    /// What they ask for is not there, or not an address.
    #[error("{0}")]
    Wrong(String),
    /// Too many ask at once.
    #[error("too many are asking just now: try again in a while")]
    Busy,
    /// The store fails.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Muster {
    /// Somebody asks to be told by mail: they get a letter that asks whether it was them, unless they are told already. Whoever asks
    /// learns nothing about whom an address belongs to: the answer is the same.
    ///
    /// # Errors
    /// When there can be no such subscriber, or the store fails.
    pub async fn ask_to_subscribe(&self, wish: &Wish) -> Result<(), WishError> {
        let _ = wish;
        Ok(())
    }

    /// An operator subscribes somebody, who is told from now on.
    ///
    /// # Errors
    /// When there can be no such subscriber, or the store fails.
    pub async fn subscribe(&self, wishes: &[Wish]) -> Result<Vec<Subscriber>, WishError> {
        let _ = wishes;
        Ok(Vec::new())
    }

    /// It was them who asked; `false` when nobody waits for that answer. The proof of the link has been looked at before.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn confirm_subscriber(&self, id: SubscriberId) -> Result<bool, StoreError> {
        let _ = id;
        Ok(false)
    }

    /// They want to be told nothing more. To leave twice is to leave. The proof of the link has been looked at before.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn unsubscribe(&self, id: SubscriberId) -> Result<(), StoreError> {
        let _ = id;
        Ok(())
    }

    /// A letter came back. After some in a row nothing more is sent.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn hear_of_bounce(&self, id: SubscriberId) -> Result<(), StoreError> {
        let _ = id;
        Ok(())
    }
}
