//! Subscribers, and what is on its way to them.

use super::{Bulletin, CommsRules, Locale};
use crate::clock::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// A subscriber's number. It says nothing about who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SubscriberId(pub i64);

impl SubscriberId {
    /// The number before the first that is given at that moment or later: the milliseconds since 2025. Numbers run with the clock, so that
    /// a database that was restored from a backup gives none again that was given since: the proofs of links are made of them.
    #[must_use]
    pub fn before(at: Timestamp) -> Self {
        const BEGIN_OF_2025: i64 = 1_735_689_600_000;
        Self((at.timestamp_millis() - BEGIN_OF_2025).max(0))
    }
}

impl fmt::Display for SubscriberId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s{}", self.0)
    }
}

/// The text was not the number of a subscriber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a subscriber is written as s42")]
pub struct NotASubscriber;

impl FromStr for SubscriberId {
    type Err = NotASubscriber;

    /// Capitals may have been lost, or made, on the way.
    fn from_str(text: &str) -> Result<Self, NotASubscriber> {
        let digits = text.strip_prefix(['s', 'S']).filter(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
        let number = digits.and_then(|digits| digits.parse().ok()).filter(|number| *number > 0);
        number.map(Self).ok_or(NotASubscriber)
    }
}

/// By what a subscriber is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A letter.
    Email,
    /// A signed request. <https://www.standardwebhooks.com/>
    Webhook,
}

impl Channel {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Email, Self::Webhook];

    /// Its word in the store and on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Webhook => "webhook",
        }
    }

    /// The one of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.word() == word)
    }
}

/// Whether a subscriber is told anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubscriberState {
    /// They were never told, and have not said yet that it was them who asked.
    Unconfirmed,
    /// They are told.
    Active,
    /// They have left.
    Left,
    /// What was sent came back, or was refused for good.
    Bounced,
    /// The other side has said that it is gone.
    Gone,
}

impl SubscriberState {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::Unconfirmed, Self::Active, Self::Left, Self::Bounced, Self::Gone];

    /// Its word in the store.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Unconfirmed => "unconfirmed",
            Self::Active => "active",
            Self::Left => "left",
            Self::Bounced => "bounced",
            Self::Gone => "gone",
        }
    }

    /// The one of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// Somebody outside who wants to be told. Their address prints nowhere by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Subscriber {
    /// Their number. 0 for one that is not in the store yet.
    pub id: SubscriberId,
    /// To which audience they belong, by id.
    pub audience: String,
    /// By what they are reached.
    pub channel: Channel,
    /// Where, as it was typed. One address, see [`folded`](super::folded), subscribes to one audience once by one channel.
    pub address: String,
    /// In which language.
    pub locale: Locale,
    /// Of which components, by id; of all if there are none.
    pub components: BTreeSet<String>,
    /// Whether they are told.
    pub state: SubscriberState,
    /// Since when that is so.
    pub since: Timestamp,
    /// How often in a row they have not taken what was sent.
    pub failures: i64,
    /// Since when they are asked whether it was them who asked to be told. Whoever has left is still that until they say so.
    pub asked: Option<Timestamp>,
}

impl fmt::Debug for Subscriber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, audience, channel, address: _, locale, components, state, since, failures, asked } = self;
        write!(
            f,
            "{id} of {audience} by {channel:?} in {locale} of {components:?}, {state:?} since {since}, {failures} faults, \
             asked {asked:?}"
        )
    }
}

impl Subscriber {
    /// What they hear of, as customers call it in their language; nothing, if it is all there is.
    #[must_use]
    pub fn hears_of<'a>(&self, rules: &'a CommsRules) -> Vec<&'a str> {
        let known = rules.components.iter().filter(|one| self.components.contains(&one.id));
        known.map(|component| component.name(&self.locale, rules)).collect()
    }

    /// Whether something is still for them: bulletins for those who are told, the question for those who are asked it.
    #[must_use]
    pub fn awaits(&self, bulk: &Bulk) -> bool {
        match bulk {
            Bulk::Bulletin(_) => self.state == SubscriberState::Active,
            Bulk::Confirm { .. } => self.asked.is_some(),
        }
    }
}

/// Something for many: one bulletin, or the question whether somebody has asked for it, on its way to everybody concerned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "bulk")]
pub enum Bulk {
    /// A bulletin, for all who have subscribed to what it concerns.
    Bulletin(Box<Bulletin>),
    /// The question whether it was them who asked, for one.
    Confirm {
        /// Whom.
        subscriber: SubscriberId,
    },
}

/// Something for many, as the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consignment {
    /// Its name, the key of the effect that sent it: `INC-7/12/3`.
    pub key: String,
    /// What it is.
    pub bulk: Bulk,
    /// When it was handed over.
    pub at: Timestamp,
}

/// One thing for one subscriber, leased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// Of which consignment, by key.
    pub consignment: String,
    /// To whom.
    pub subscriber: Subscriber,
    /// Which attempt this is, from 1.
    pub attempt: u32,
}

impl Parcel {
    /// The idempotency key: the same at every attempt.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}/{}", self.consignment, self.subscriber.id)
    }
}

/// What a parcel that was given up says about its subscriber.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing: it was the way to them that failed.
    None,
    /// They do not take what is sent. After [`FAULTS`] in a row nothing more is.
    Counts,
    /// There is nobody at that address.
    Nobody,
    /// They have said that they want nothing more.
    Gone,
}

/// After so many faults in a row a subscriber counts as [`SubscriberState::Bounced`].
pub const FAULTS: i64 = 3;

/// How an attempt at a parcel ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParcelOutcome {
    /// It was taken.
    Done,
    /// It is tried again.
    Retry {
        /// Not before.
        at: Timestamp,
        /// What went wrong.
        error: String,
    },
    /// It was not attempted.
    Returned {
        /// Not to be taken before.
        at: Timestamp,
    },
    /// It is left, for an operator to see.
    Parked {
        /// What went wrong.
        error: String,
        /// What that says about the subscriber.
        fault: Fault,
    },
    /// The subscriber has left meanwhile, or it does not stand any more.
    Moot,
}

/// How the parcels of something for many have fared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Waiting for their turn, or under way.
    pub waiting: i64,
    /// Taken by the other side.
    pub done: i64,
    /// To be tried again.
    pub retrying: i64,
    /// Given up.
    pub parked: i64,
    /// Not wanted any more.
    pub moot: i64,
}

impl Tally {
    /// How many there are.
    #[must_use]
    pub fn all(&self) -> i64 {
        self.waiting + self.done + self.retrying + self.parked + self.moot
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_it_is_written() {
        assert_eq!(SubscriberId(42).to_string().parse(), Ok(SubscriberId(42)));
        assert_eq!("S42".parse(), Ok(SubscriberId(42)));
        for wrong in ["", "s", "42", "s0", "s-1", "s+1", "s1 ", "ss1", "s٣", "s99999999999999999999"] {
            assert_eq!(wrong.parse::<SubscriberId>(), Err(NotASubscriber), "{wrong}");
        }
    }
}
