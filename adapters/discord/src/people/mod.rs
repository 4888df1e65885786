//! Who is whom: Discord's users and the organisation's people. They are linked by themselves; Discord tells no addresses.

mod names;

use crate::api::{Api, ApiError, Call, part};
use crate::config::Id;
use chrono::TimeDelta;
use muster_core::app::Muster;
use muster_core::chat::Addresses;
use muster_core::chat::cache::Cache;
use muster_core::ids::PersonId;
use muster_core::ports::store::StoreError;
use serde_json::json;
use serenity::http::Route;
use std::sync::Arc;

/// How long a conversation with one person is remembered. It is never another one.
const CONVERSATION_FOR: TimeDelta = TimeDelta::hours(24);
/// How long somebody is left alone who takes no messages from us: each that is refused counts as an invalid request.
const CLOSED_FOR: TimeDelta = TimeDelta::hours(1);

/// Who is whom.
pub(crate) struct People {
    muster: Arc<Muster>,
    /// Where incidents and people are here.
    pub(crate) addresses: Addresses,
    conversations: Cache<Id, Id>,
    closed: Cache<Id, ()>,
}

impl People {
    /// Nobody is known yet.
    pub(crate) fn new(muster: Arc<Muster>) -> Self {
        let addresses = Addresses::on(crate::platform(), Arc::clone(&muster));
        Self { muster, addresses, conversations: Cache::new(), closed: Cache::new() }
    }

    /// The user a person is here: linked, or known only from here. `None` if they are nobody here.
    ///
    /// # Errors
    /// When the store could not say.
    pub(crate) async fn user_of(&self, person: &PersonId) -> Result<Option<Id>, StoreError> {
        let handle = self.addresses.handle_of(person).await?;
        Ok(handle.and_then(|handle| handle.parse().ok()).filter(|id| *id != 0))
    }

    /// The channel in which we talk to a user alone. <https://discord.com/developers/docs/resources/user#create-dm>
    ///
    /// # Errors
    /// [`ApiError`].
    pub(crate) async fn conversation(&self, api: &Api, user: Id) -> Result<Id, ApiError> {
        let now = self.muster.now();
        if let Some(known) = self.conversations.fresh(&user, now) {
            return Ok(known);
        }
        let body = json!({ "recipient_id": user.to_string() });
        let answer = api.call(Call::post(Route::UserMeDmChannels, body)).await?;
        let channel = part::id(&answer, "id")?;
        self.conversations.keep(user, channel, now + CONVERSATION_FOR);
        Ok(channel)
    }

    /// Whether a user takes no messages from us, as far as we know.
    pub(crate) fn is_closed(&self, user: Id) -> bool {
        self.closed.fresh(&user, self.muster.now()).is_some()
    }

    /// A user takes no messages from us.
    pub(crate) fn learn_closed(&self, user: Id) {
        self.closed.keep(user, (), self.muster.now() + CLOSED_FOR);
    }
}
