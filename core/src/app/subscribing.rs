//! Subscribing: those outside ask to be told, say that it was them, and leave.

use super::Muster;
use crate::clock::Timestamp;
use crate::comms::{
    Bulk, Channel, CommsRules, Destination, Locale, Subscriber, SubscriberId, SubscriberState, Tally, address, folded,
    mailbox,
};
use crate::ids::IncidentId;
use crate::ports::store::StoreError;
use crate::ports::subscribers::{Says, Stays, SubscriberQuery};
use chrono::TimeDelta;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// So many may ask in a minute, all together: a shop full of customers on a bad day, and no flood.
const ASKS_A_MINUTE: u32 = 600;

/// After how long a mailbox from which there was no answer may be sent the question once more. It is sent it no more often than that,
/// whoever asks, by whatever tag and in whatever capitals.
const ASKED_AGAIN_AFTER: [TimeDelta; 3] = [TimeDelta::zero(), TimeDelta::hours(1), TimeDelta::days(1)];

/// For so long nothing is sent to an address from which something has come back, whoever asks.
const LEFT_ALONE: TimeDelta = TimeDelta::days(1);

/// What somebody asks for. The address prints nowhere by accident.
#[derive(Clone, PartialEq, Eq)]
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

impl fmt::Debug for Wish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { audience, channel, address: _, locale, components } = self;
        write!(f, "somebody for {audience} by {channel:?} in {locale} of {components:?}")
    }
}

/// Why nobody can be told there.
#[derive(Debug, thiserror::Error)]
pub enum WishError {
    /// What they ask for is not there, or not an address.
    #[error("{0}")]
    Wrong(String),
    /// Too many ask at once.
    #[error("Too many are asking just now: try again in a minute.")]
    Busy,
    /// The store fails.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How many have asked in the present minute.
#[derive(Default)]
pub(super) struct Asked(Mutex<(Timestamp, u32)>);

impl Asked {
    /// Whether one more may.
    fn one_more(&self, now: Timestamp) -> bool {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if now >= asked.0 + TimeDelta::minutes(1) {
            *asked = (now, 0);
        }
        asked.1 += 1;
        asked.1 <= ASKS_A_MINUTE
    }
}

impl Wish {
    /// The subscriber they would be, or a sentence that says what is wrong.
    ///
    /// # Errors
    /// When there can be no such subscriber.
    pub fn check(&self, rules: &CommsRules, state: SubscriberState, now: Timestamp) -> Result<Subscriber, String> {
        let audience = rules.audience(&self.audience).filter(|audience| audience.has_subscribers());
        let audience = audience.ok_or_else(|| {
            let ids = rules.audiences.iter().filter(|one| one.has_subscribers()).map(|one| one.id.as_str());
            format!("Nobody can subscribe to “{}”. There is: {}.", short(&self.audience), listed(ids))
        })?;
        if !rules.locales.contains(&self.locale) {
            let locales = rules.locales.iter().map(Locale::as_str);
            return Err(format!("Nothing is written in “{}”. There is: {}.", self.locale, listed(locales)));
        }
        let mut components = BTreeSet::new();
        for id in &self.components {
            let component = rules.component(id).ok_or_else(|| {
                let ids = rules.components.iter().map(|component| component.id.as_str());
                format!("There is no component “{}”. There is: {}.", short(id), listed(ids))
            })?;
            components.insert(component.id.clone());
        }
        Ok(Subscriber {
            id: SubscriberId(0),
            audience: audience.id.clone(),
            channel: self.channel,
            address: address(self.channel, &self.address)?,
            locale: self.locale.clone(),
            components,
            state,
            since: now,
            failures: 0,
            asked: (state == SubscriberState::Unconfirmed).then_some(now),
        })
    }
}

fn short(typed: &str) -> String {
    typed.chars().filter(|c| !c.is_control()).take(40).collect()
}

fn listed<'a>(ids: impl Iterator<Item = &'a str>) -> String {
    let ids: Vec<_> = ids.collect();
    if ids.is_empty() { "nothing".to_owned() } else { ids.join(", ") }
}

impl Muster {
    /// Somebody asks to be told by mail of what the page shows: they get a letter that asks whether it was them, unless they are told
    /// already. Whoever asks learns nothing about whom an address belongs to: the answer is the same.
    ///
    /// # Errors
    /// When there can be no such subscriber, when too many ask, or when the store fails.
    pub async fn ask_to_subscribe(&self, wish: &Wish) -> Result<(), WishError> {
        let (org, now) = (self.org(), self.now());
        if wish.channel != Channel::Email {
            return Err(WishError::Wrong("Write to us to be told by webhook.".to_owned()));
        }
        let asks = wish.check(&org.comms, SubscriberState::Unconfirmed, now).map_err(WishError::Wrong)?;
        let is_shown_to_all = org.comms.audience(&asks.audience).is_some_and(|one| one.to.contains(&Destination::Page));
        if !is_shown_to_all {
            return Err(WishError::Wrong("Write to us to be told of this.".to_owned()));
        }
        if !self.asked.one_more(now) {
            return Err(WishError::Busy);
        }
        let at = SubscriberQuery {
            audience: Some(asks.audience.clone()),
            channel: Some(asks.channel),
            address: Some(folded(asks.channel, &asks.address)),
            limit: 1,
            ..SubscriberQuery::default()
        };
        let is_left_alone = |known: &Subscriber| match known.state {
            SubscriberState::Bounced | SubscriberState::Gone => now < known.since + LEFT_ALONE,
            SubscriberState::Unconfirmed | SubscriberState::Active | SubscriberState::Left => false,
        };
        if self.store.subscribers(&at).await?.iter().any(is_left_alone) {
            return Ok(());
        }
        let kept = self.store.subscribe(std::slice::from_ref(&asks), Stays::Told).await?;
        let first = self.store.first_asked(&mailbox(asks.channel, &asks.address)).await?;
        let named = first.and_then(|first| question(&first, now));
        if let (Some(named), Some(asked)) = (named, kept.iter().find(|one| one.asked.is_some())) {
            self.hand_over(named, Bulk::Confirm { subscriber: asked.id }).await?;
        }
        Ok(())
    }

    /// An operator subscribes somebody, who is told from now on.
    ///
    /// # Errors
    /// When there can be no such subscriber, or the store fails.
    pub async fn subscribe(&self, wishes: &[Wish]) -> Result<Vec<Subscriber>, WishError> {
        self.keep_subscribers(wishes, Stays::Nobody).await
    }

    /// An operator brings a list from elsewhere. Whoever has left, cannot be reached, or is asked just now, stays as they are: they are on
    /// old lists for ever. Whoever is told becomes only what the list says of them.
    ///
    /// # Errors
    /// When there can be no such subscriber, or the store fails.
    pub async fn import_subscribers(&self, wishes: &[Wish], says: Says) -> Result<Vec<Subscriber>, WishError> {
        self.keep_subscribers(wishes, Stays::All(says)).await
    }

    async fn keep_subscribers(&self, wishes: &[Wish], stays: Stays) -> Result<Vec<Subscriber>, WishError> {
        let (org, now) = (self.org(), self.now());
        let checked = wishes.iter().map(|wish| wish.check(&org.comms, SubscriberState::Active, now));
        let subscribers = checked.collect::<Result<Vec<_>, _>>().map_err(WishError::Wrong)?;
        Ok(self.store.subscribe(&subscribers, stays).await?)
    }

    /// It was them who asked; `false` when nobody waits for that answer. To say it twice is to say it. The proof of the link has been
    /// looked at before.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn confirm_subscriber(&self, id: SubscriberId) -> Result<bool, StoreError> {
        let told = SubscriberState::Active;
        let Some(known) = self.store.subscriber(id).await? else { return Ok(false) };
        match known.asked {
            Some(_) => self.store.move_subscriber(id, &[known.state, told], (told, self.now())).await,
            None => Ok(known.state == told),
        }
    }

    /// They want to be told nothing more. To leave twice is to leave. The proof of the link has been looked at before.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn unsubscribe(&self, id: SubscriberId) -> Result<(), StoreError> {
        self.store.move_subscriber(id, &SubscriberState::ALL, (SubscriberState::Left, self.now())).await.map(drop)
    }

    /// A letter came back. After some in a row nothing more is sent; if it was the question, nothing is at once.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn hear_of_bounce(&self, id: SubscriberId) -> Result<(), StoreError> {
        let known = self.store.subscriber(id).await?.filter(|known| known.asked.is_some());
        match known {
            Some(known) => {
                let to = (SubscriberState::Bounced, self.now());
                self.store.move_subscriber(id, &[known.state], to).await.map(drop)
            }
            None => self.store.count_fault(id, self.now()).await,
        }
    }

    /// How what a message said to subscribers has fared.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn tally_of(&self, incident: IncidentId, number: i64) -> Result<Tally, StoreError> {
        self.store.tally(incident, number).await
    }
}

/// The name of the question to a mailbox whose first to be asked is that: the same as long as it is not to be sent again, so that it is
/// sent once.
fn question(first: &Subscriber, now: Timestamp) -> Option<String> {
    let since = first.asked?;
    let which = ASKED_AGAIN_AFTER.iter().filter(|after| now - since >= **after).count();
    Some(format!("confirm/{}/{}/{which}", first.id, since.timestamp_micros()))
}
