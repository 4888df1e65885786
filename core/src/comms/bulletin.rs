//! A bulletin: what leaves the house. There is none of a drill, nor of a private incident.

use super::{
    Audience, CommsRules, ComponentState, Locale, Message, PublicStatus, Stage, Texts, Window, Written, moment, nearest,
};
use crate::clock::Timestamp;
use crate::ids::IncidentId;
use crate::incident::{Incident, Kind, Visibility};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The proof that those outside may be told of an incident. Nothing leaves without one: there is
/// one of an incident that may be told of, and the same again from the outbox in which it was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cleared(IncidentId);

/// Why nobody outside may be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotForCustomers {
    /// It is practice.
    #[error("it is a drill")]
    Drill,
    /// It is for its participants only.
    #[error("it is private")]
    Private,
}

impl Cleared {
    /// Looks whether those outside may be told.
    ///
    /// # Errors
    /// When they may not.
    pub fn of(incident: &Incident) -> Result<Self, NotForCustomers> {
        match (incident.kind, incident.visibility) {
            (Kind::Drill, _) => Err(NotForCustomers::Drill),
            (Kind::Incident | Kind::Maintenance, Visibility::Private) => Err(NotForCustomers::Private),
            (Kind::Incident | Kind::Maintenance, Visibility::Public) => Ok(Self(incident.id)),
        }
    }

    /// Which incident it is.
    #[must_use]
    pub fn incident(self) -> IncidentId {
        self.0
    }
}

/// Something that is told outside the rooms: a published message, its correction or retraction, or a digest for the company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bulletin {
    /// That it may be told.
    pub cleared: Cleared,
    /// The number of the message; 0 for a digest.
    pub number: i64,
    /// For whom, by id.
    pub audience: String,
    /// Where customers are told that things stand; nothing for a digest.
    pub status: Option<PublicStatus>,
    /// What it says in each language. Whoever knows no language of its own gets the first.
    pub texts: Texts,
    /// The language of those who have not chosen one.
    pub locale: Locale,
    /// What it says of components, by id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub components: BTreeMap<String, ComponentState>,
    /// All components that the incident has ever touched for customers: who has subscribed to some hears of these.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub concerns: BTreeSet<String>,
    /// When it was published.
    pub at: Timestamp,
    /// When the next word is promised.
    pub next_at: Option<Timestamp>,
    /// The number of the message whose text it puts right, or takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrects: Option<i64>,
    /// Whether it takes that back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub retracts: bool,
    /// Whether it says that planned work is called off.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub called_off: bool,
    /// From when to when it is planned, if it is of planned work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
}

impl Bulletin {
    /// What it says in the nearest language, and in which that is.
    #[must_use]
    pub fn written(&self, locale: &Locale) -> Option<(&Locale, &Written)> {
        nearest(&self.texts, locale, &self.locale)
    }

    /// When the next word is promised, unless the text in that language says so itself, by the clock of customers.
    #[must_use]
    pub fn unsaid_promise(&self, locale: &Locale, zone: Tz) -> Option<Timestamp> {
        self.next_at.filter(|at| !self.says_when(locale, *at, zone))
    }

    /// For when work is planned, unless the text in that language says so itself.
    #[must_use]
    pub fn unsaid_window(&self, locale: &Locale, zone: Tz) -> Option<Window> {
        let says = |at| self.says_when(locale, at, zone);
        self.window.filter(|window| !(says(window.from) && says(window.until)))
    }

    fn says_when(&self, locale: &Locale, at: Timestamp, zone: Tz) -> bool {
        self.written(locale).is_some_and(|(locale, written)| written.says(&moment(locale, at, zone)))
    }

    /// Whether it is a digest for the company: of that customers have no page.
    #[must_use]
    pub fn is_digest(&self) -> bool {
        self.status.is_none()
    }

    /// Whether it still stands among the messages of its incident: neither it nor what it puts right was taken back since, and nothing
    /// later has put the same right. That something was taken back always stands.
    #[must_use]
    pub fn stands(&self, messages: &[&Message]) -> bool {
        let line = self.corrects.unwrap_or(self.number);
        let undoes = |one: &&Message| match one.stage {
            Stage::Retracted { .. } => one.number == self.number || one.number == line,
            Stage::Published { .. } => one.number > self.number && one.corrects == Some(line),
            Stage::Draft | Stage::InReview { .. } | Stage::Approved | Stage::Scheduled { .. } | Stage::Discarded => {
                false
            }
        };
        self.retracts || !messages.iter().any(undoes)
    }

    /// Where those who read it in that language are led, if there is a status page: to its page there, or to the first one where
    /// nothing of the incident may have been said there.
    #[must_use]
    pub fn page(&self, rules: &CommsRules, locale: &Locale) -> Option<String> {
        let page = rules.page.as_ref().filter(|_| !self.is_digest())?;
        let is_there = rules.audience(&self.audience).is_some_and(Audience::is_public);
        let folder = rules.folder_of(locale);
        let place = if is_there { format!("incidents/{}/", self.cleared.incident()) } else { String::new() };
        Some(format!("{}/{folder}{place}", page.url))
    }
}
