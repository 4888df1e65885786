//! Pages of an incident: somebody is needed, and is called until somebody answers.

use super::event::Subject;
use crate::clock::Timestamp;
use crate::effect::Recipient;
use crate::ids::{PersonId, PlatformId};
use crate::incident::entry::Author;
use crate::oncall::Target;
use crate::org::Loudness;
use serde::{Deserialize, Serialize};

/// Where a page stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum PageState {
    /// People are being called.
    Calling,
    /// Somebody has it.
    Acked {
        /// Who.
        by: Subject,
        /// Since when.
        at: Timestamp,
    },
    /// Somebody has it, and wants to be called again unless it is over by then.
    Snoozed {
        /// Who.
        by: Subject,
        /// Until when.
        until: Timestamp,
    },
    /// Everybody there is was called, and nobody answered.
    Unanswered,
    /// The incident is over, or whoever paged took it back.
    Over,
}

/// How an attempt to reach somebody has gone so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum AttemptState {
    /// It is on its way.
    Sent,
    /// The platform has it.
    Delivered,
    /// It did not get there.
    Failed {
        /// Why.
        reason: String,
    },
}

/// One attempt to reach somebody about a page, by one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// The platform.
    pub platform: PlatformId,
    /// Whom.
    pub to: Recipient,
    /// Their name, as shown.
    pub name: String,
    /// When it was decided.
    pub at: Timestamp,
    /// How it has gone.
    pub state: AttemptState,
}

/// A person who is being called about a page, by the steps of their own rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Called {
    /// Who.
    pub person: PersonId,
    /// Their name, as shown.
    pub name: String,
    /// On which level of the policy they were reached, from 0.
    pub level: usize,
    /// Since when.
    pub since: Timestamp,
    /// How many steps of their rules have been taken.
    pub steps: usize,
    /// Whether they have said that it is not for them.
    pub declined: bool,
}

/// A page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Its number within the incident.
    pub number: i64,
    /// Whom it is meant for.
    pub target: Target,
    /// Their name, as shown.
    pub name: String,
    /// How much it may disturb.
    pub loudness: Loudness,
    /// Why somebody is needed.
    pub message: String,
    /// Who pages.
    pub by: Author,
    /// When.
    pub at: Timestamp,
    /// Where it stands.
    pub state: PageState,
    /// The level that is to be reached next, from 0.
    pub level: usize,
    /// How often all levels have been gone through.
    pub round: u32,
    /// When the next level is reached, while people are being called.
    pub next_at: Option<Timestamp>,
    /// Who is or was being called.
    pub called: Vec<Called>,
    /// The attempts to reach them, the latest ones.
    pub attempts: Vec<Attempt>,
}

impl Page {
    /// Whether people are still being called, or will be again.
    #[must_use]
    pub fn is_open(&self) -> bool {
        match self.state {
            PageState::Calling | PageState::Snoozed { .. } => true,
            PageState::Acked { .. } | PageState::Unanswered | PageState::Over => false,
        }
    }

    /// Whether people are being called right now.
    #[must_use]
    pub fn is_calling(&self) -> bool {
        self.state == PageState::Calling
    }
}
