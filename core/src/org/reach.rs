//! How a person can be reached, and how they want to be.

use crate::ids::PlatformId;
use chrono::NaiveTime;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// How much a page may disturb.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Loudness {
    /// It wakes people.
    High,
    /// It can wait for the end of somebody's quiet hours.
    Low,
}

impl Loudness {
    /// The word typed and shown.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Low => "low",
        }
    }
}

/// A way to reach somebody: which platform, and their address on it.
#[derive(Clone, PartialEq, Eq)]
pub struct Contact {
    /// Its name among the contacts of its person: the platform's, or one that begins with it: `sms-private`.
    pub name: String,
    /// The platform that carries it: `email`, `sms`, `voice`, `push`, `webhook`, or a chat.
    pub platform: PlatformId,
    /// Where: an address, a number, a topic, a URL; empty for chats, which know who is who.
    pub address: String,
}

/// An address is nobody's business but its owner's.
impl std::fmt::Debug for Contact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Contact").field("name", &self.name).finish_non_exhaustive()
    }
}

/// One step of somebody's notification rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// How long after the page began.
    pub after: Duration,
    /// By which contacts, by name; all at once.
    pub contacts: Vec<String>,
}

/// When somebody does not want to be disturbed by what can wait; in their own time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    /// From this time of day.
    pub from: NaiveTime,
    /// Until this one, perhaps the next morning.
    pub until: NaiveTime,
}

/// How a person can be reached, and how they want to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// Their language, as in `sv` or `en-GB`; the organisation's when empty.
    pub locale: String,
    /// Every way, in the order of the config. Chats that are connected are among them.
    pub contacts: Vec<Contact>,
    /// What they want for pages of each urgency, ordered by time. The usual steps when there is no word of it.
    pub steps: BTreeMap<Loudness, Vec<Step>>,
    /// When what can wait has to.
    pub quiet: Option<QuietHours>,
}
