//! A comms message: what is to be said to an audience, in every language, on its way from a draft to what was published.

use super::{ComponentState, Locale, PublicStatus, Texts, Window, nearest};
use crate::clock::Timestamp;
use crate::ids::{IncidentId, PersonId};
use crate::incident::event::Subject;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// What was filled in for a variable: the same for every language, or a text in each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// The same for every language: a choice, a moment, a number.
    Same(String),
    /// In each language.
    Each(BTreeMap<Locale, String>),
}

/// What was filled in, by the name of the variable.
pub type Values = BTreeMap<String, Value>;

/// Where a message stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "stage")]
pub enum Stage {
    /// It is being written.
    Draft,
    /// Somebody is to look at it.
    InReview {
        /// Who asked for that.
        by: Subject,
        /// Since when.
        since: Timestamp,
    },
    /// It may be published as it is.
    Approved,
    /// It goes out by itself.
    Scheduled {
        /// When.
        at: Timestamp,
    },
    /// It is out.
    Published {
        /// When it went.
        at: Timestamp,
    },
    /// It was taken back.
    Retracted {
        /// When it went out.
        published_at: Timestamp,
        /// When it was taken back.
        at: Timestamp,
        /// Why, for responders only.
        reason: String,
    },
    /// Nobody wants it any more.
    Discarded,
}

impl Stage {
    /// Its word.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::InReview { .. } => "in review",
            Self::Approved => "approved",
            Self::Scheduled { .. } => "scheduled",
            Self::Published { .. } => "published",
            Self::Retracted { .. } => "retracted",
            Self::Discarded => "discarded",
        }
    }

    /// When it went out, if it did.
    #[must_use]
    pub fn published_at(&self) -> Option<Timestamp> {
        match self {
            Self::Published { at } | Self::Retracted { published_at: at, .. } => Some(*at),
            Self::Draft | Self::InReview { .. } | Self::Approved | Self::Scheduled { .. } | Self::Discarded => None,
        }
    }

    /// Whether it is still to go out.
    #[must_use]
    pub fn is_open(&self) -> bool {
        match self {
            Self::Draft | Self::InReview { .. } | Self::Approved | Self::Scheduled { .. } => true,
            Self::Published { .. } | Self::Retracted { .. } | Self::Discarded => false,
        }
    }
}

/// A second person has seen the texts and lets them go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Who.
    pub by: Subject,
    /// When.
    pub at: Timestamp,
    /// The seal of what they saw: see [`Message::seal`].
    pub seal: String,
}

/// A second person has seen the texts and does not let them go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// Who.
    pub by: Subject,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// How a message reads, or once read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// From when.
    pub at: Timestamp,
    /// Who wrote it.
    pub by: Subject,
    /// What it said.
    pub texts: Texts,
}

/// Something a message lacks in a language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// In which language.
    pub locale: Locale,
    /// What, in a few words: the translation, or the label of a variable.
    pub what: String,
    /// Whether it keeps the message from being published. Otherwise that language gets the default one instead.
    pub blocks: bool,
}

/// A step of a runbook that is done when a message is out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingStep {
    /// Of which run of the incident, by its number.
    pub run: i64,
    /// Which, by id.
    pub id: String,
}

/// A message. Its texts are rendered when it is written, and never again: what was approved is what is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Of which incident.
    pub incident: IncidentId,
    /// Its number in the incident, from 1.
    pub number: i64,
    /// For whom, by id.
    pub audience: String,
    /// The template it is written with, by id.
    pub template: String,
    /// Where customers are told that things stand.
    pub status: PublicStatus,
    /// What it says of components, by id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub components: BTreeMap<String, ComponentState>,
    /// What was filled in.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: Values,
    /// When the next word is promised.
    pub next_at: Option<Timestamp>,
    /// When the work is planned of which it speaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// What it says in each language, byte by byte as it will be sent.
    pub texts: Texts,
    /// What it lacks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Missing>,
    /// The published message whose text it puts right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrects: Option<i64>,
    /// Whether its template was approved beforehand with all it can say: then it needs no second person.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub preapproved: bool,
    /// Where it stands.
    pub stage: Stage,
    /// Everybody who has written on it, or asked for its review: none of them can approve it.
    pub authors: Vec<Subject>,
    /// Who let it go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Approval>,
    /// Who did not let it go, the first first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rejections: Vec<Rejection>,
    /// Every text it has had, the oldest first; the last is what it says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<Revision>,
    /// The step of a runbook that waits for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<WaitingStep>,
}

impl Message {
    /// So much of a seal makes its mark: 128 bits, so that nobody finds two texts of one mark.
    pub const MARK: usize = 32;

    /// The seal of what it says and does, to be compared with what was approved: the SHA-256 of the texts in every language, for whom
    /// they are, what they say of components, where things stand, what is promised, for when work is planned and what is put right.
    #[must_use]
    pub fn seal(&self) -> String {
        let said =
            (&self.audience, self.status, &self.components, self.next_at, self.window, &self.texts, self.corrects);
        let sealed = serde_json::to_vec(&(self.incident, self.number, said)).unwrap_or_default();
        Sha256::digest(&sealed).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The beginning of its seal, for a button: whoever is shown the message approves what they were shown.
    #[must_use]
    pub fn mark(&self) -> String {
        self.seal().chars().take(Self::MARK).collect()
    }

    /// Whether somebody has approved exactly what it says now.
    #[must_use]
    pub fn is_approved(&self) -> bool {
        self.approval.as_ref().is_some_and(|approval| approval.seal == self.seal())
    }

    /// Somebody has written on it, or asked for its review.
    pub fn signed_by(&mut self, author: Subject) {
        if !self.is_author(&author.person) {
            self.authors.push(author);
        }
    }

    /// Whether somebody has written on it, or asked for its review.
    #[must_use]
    pub fn is_author(&self, person: &PersonId) -> bool {
        self.authors.iter().any(|one| one.person == *person)
    }

    /// Where it stands when nothing is asked of it: what was approved stays so.
    #[must_use]
    pub fn at_rest(&self) -> Stage {
        if self.is_approved() { Stage::Approved } else { Stage::Draft }
    }

    /// What its incident keeps of it, with the title in that language.
    #[must_use]
    pub fn brief(&self, locale: &Locale) -> Brief {
        let title = nearest(&self.texts, locale, locale).map(|(_, written)| written.title.clone()).unwrap_or_default();
        Brief {
            number: self.number,
            audience: self.audience.clone(),
            title,
            stage: self.stage.clone(),
            corrects: self.corrects,
        }
    }
}

/// A message in a line, kept in its incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brief {
    /// Its number.
    pub number: i64,
    /// For whom, by id.
    pub audience: String,
    /// Its title in the default language.
    pub title: String,
    /// Where it stands.
    pub stage: Stage,
    /// The message whose text it puts right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrects: Option<i64>,
}
