//! Who is whom: Slack's users and the organisation's people, asked for once in a while and remembered.

mod names;
mod profile;

use crate::api::{Api, ApiError, part};
use crate::deliver::failed;
use chrono::TimeDelta;
use muster_core::app::Muster;
use muster_core::chat::Addresses;
use muster_core::chat::cache::Cache;
use muster_core::ids::PersonId;
use muster_core::inbound::Handle;
use muster_core::ports::chat::DeliveryError;
use profile::{Kind, Profile};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// How long what Slack told is good. Changes are told as events, see [`People::learn`].
const GOOD_FOR: TimeDelta = TimeDelta::hours(1);
/// How long it is remembered that nobody has an address.
const NOBODY_FOR: TimeDelta = TimeDelta::minutes(5);
/// How long somebody who waits for an answer may wait for Slack to say who they are.
const WAIT: Duration = Duration::from_millis(1_200);
/// The same for somebody of whom Slack has never said who they are: taken for a stranger, they would be refused.
const FIRST_WAIT: Duration = Duration::from_secs(6);

/// Somebody who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asker {
    /// A human, as far as Slack knows.
    Person(Handle),
    /// Nobody to answer to, and why.
    Ignored(&'static str),
}

/// Who is whom.
pub(crate) struct People {
    muster: Arc<Muster>,
    profiles: Cache<String, Profile>,
    by_email: Cache<String, Option<String>>,
    users: Cache<PersonId, String>,
    conversations: Cache<String, String>,
    /// Where incidents and people are here.
    pub(crate) addresses: Addresses,
}

impl People {
    /// Nobody is known yet.
    pub(crate) fn new(muster: Arc<Muster>) -> Self {
        Self {
            addresses: Addresses::on(crate::platform(), Arc::clone(&muster)),
            muster,
            profiles: Cache::new(),
            by_email: Cache::new(),
            users: Cache::new(),
            conversations: Cache::new(),
        }
    }

    /// Who asks. When Slack does not say in time, they have the name they were shown with, and no address:
    /// what it said before is better than nothing.
    pub(crate) async fn handle(&self, api: &Api, user_id: &str, shown: &str) -> Asker {
        if api.me().is_some_and(|me| me.user == user_id) {
            return Asker::Ignored("ourselves");
        }
        let asked = async { Ok::<_, ApiError>((api.who_am_i().await?, self.profile(api, user_id).await?)) };
        let wait = if self.profiles.stale(user_id).is_some() { WAIT } else { FIRST_WAIT };
        let known = match tokio::time::timeout(wait, asked).await {
            Ok(Ok(known)) => Some(known),
            Ok(Err(_)) | Err(_) => api.me().zip(self.profiles.stale(user_id)),
        };
        let Some((me, profile)) = known else { return Asker::Person(unvouched(user_id, shown)) };
        match profile.kind(&me) {
            Kind::Bot => Asker::Ignored("a bot"),
            Kind::Gone => Asker::Ignored("a deactivated user"),
            Kind::Stranger => Asker::Person(Handle { email: None, ..self.known(user_id, shown, &profile) }),
            Kind::Guest | Kind::Member => Asker::Person(self.known(user_id, shown, &profile)),
        }
    }

    /// The user a person is here: linked, of the same address, or known only from here. `None` if they are nobody here.
    ///
    /// # Errors
    /// When neither the store nor Slack could say.
    pub(crate) async fn user_of(&self, api: &Api, person: &PersonId) -> Result<Option<String>, DeliveryError> {
        let now = self.muster.now();
        if let Some(known) = self.users.fresh(person, now) {
            return Ok(Some(known));
        }
        let found = match self.addresses.handle_of(person).await? {
            Some(user) => Some(user),
            None => self.by_email(api, person).await.map_err(|error| failed(&error))?,
        };
        if let Some(user) = &found {
            self.users.keep(person.clone(), user.clone(), now + GOOD_FOR);
        }
        Ok(found)
    }

    /// The conversation in which we talk to a user alone. <https://docs.slack.dev/reference/methods/conversations.open>
    ///
    /// # Errors
    /// [`ApiError`] of `conversations.open`.
    pub(crate) async fn conversation(&self, api: &Api, user_id: &str) -> Result<String, ApiError> {
        let now = self.muster.now();
        if let Some(known) = self.conversations.fresh(user_id, now) {
            return Ok(known);
        }
        let answer = api.call("conversations.open", &json!({ "users": user_id })).await?;
        let (channel, _) = part::thing(&answer, "channel")?;
        self.conversations.keep(user_id.to_owned(), channel.to_owned(), now + GOOD_FOR);
        Ok(channel.to_owned())
    }

    /// What an event tells of a user: the object `user` of `user_change`.
    /// <https://docs.slack.dev/reference/events/user_change>
    pub(crate) fn learn(&self, user: &Value) {
        let Some(id) = user["id"].as_str() else { return };
        self.profiles.keep(id.to_owned(), Profile::read(user), self.muster.now() + GOOD_FOR);
        self.by_email.forget(|_, user| user.as_deref().is_none_or(|user| user == id));
        self.users.forget(|_, user| user == id);
    }

    async fn profile(&self, api: &Api, user_id: &str) -> Result<Profile, ApiError> {
        let now = self.muster.now();
        if let Some(known) = self.profiles.fresh(user_id, now) {
            return Ok(known);
        }
        let answer = api.call("users.info", &json!({ "user": user_id })).await?;
        let profile = Profile::read(part::thing(&answer, "user")?.1);
        self.profiles.keep(user_id.to_owned(), profile.clone(), now + GOOD_FOR);
        Ok(profile)
    }

    fn known(&self, user_id: &str, shown: &str, profile: &Profile) -> Handle {
        let name = profile.name.clone().unwrap_or_else(|| shown.to_owned());
        Handle {
            platform: crate::platform(),
            id: user_id.to_owned(),
            name,
            email: profile.email.clone(),
            groups: Vec::new(),
        }
    }

    async fn by_email(&self, api: &Api, person: &PersonId) -> Result<Option<String>, ApiError> {
        let org = self.muster.org();
        let Some(email) = org.person(person).and_then(|person| person.email.clone()) else { return Ok(None) };
        let now = self.muster.now();
        if let Some(known) = self.by_email.fresh(&email, now) {
            return Ok(known);
        }
        let me = api.who_am_i().await?;
        let found = match api.call("users.lookupByEmail", &json!({ "email": email })).await {
            Ok(answer) => {
                let (id, user) = part::thing(&answer, "user")?;
                match Profile::read(user).kind(&me) {
                    Kind::Member | Kind::Guest => Some(id.to_owned()),
                    Kind::Bot | Kind::Gone | Kind::Stranger => None,
                }
            }
            Err(error) if error.is(&["users_not_found", "user_not_found"]) => None,
            Err(error) => return Err(error),
        };
        let good_for = if found.is_some() { GOOD_FOR } else { NOBODY_FOR };
        self.by_email.keep(email, found.clone(), now + good_for);
        Ok(found)
    }
}

/// Somebody of whom Slack has not said who they are: no address of theirs counts.
fn unvouched(user_id: &str, shown: &str) -> Handle {
    Handle {
        platform: crate::platform(),
        id: user_id.to_owned(),
        name: shown.to_owned(),
        email: None,
        groups: Vec::new(),
    }
}
