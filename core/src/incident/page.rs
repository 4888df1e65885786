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
    /// How many stops had been made on the way through the policy when they were reached.
    pub stop: usize,
    /// Since when.
    pub since: Timestamp,
    /// How many steps of their rules have been taken.
    pub steps: usize,
    /// When the next one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_at: Option<Timestamp>,
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
    /// Which stop on the way through its policy comes next, from 0.
    pub next: usize,
    /// When it comes, while people are being called.
    pub next_at: Option<Timestamp>,
    /// Who is or was being called.
    pub called: Vec<Called>,
    /// The attempts to reach them, the latest ones.
    pub attempts: Vec<Attempt>,
}

/// What happened to a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "was")]
pub enum PageEvent {
    /// Somebody is needed.
    Raised {
        /// Whom it is meant for, as shown.
        name: String,
        /// How much it may disturb.
        loudness: Loudness,
        /// Why.
        message: String,
    },
    /// Somebody is being called.
    Called {
        /// Who.
        who: Subject,
    },
    /// A channel of a chat, or another system, is being told.
    Told {
        /// Which, as shown.
        name: String,
    },
    /// There is nobody to be called where there should be.
    NobodyThere {
        /// Where, as shown.
        name: String,
    },
    /// Somebody was called often enough for now, and is called a little later.
    Held {
        /// Who.
        who: Subject,
        /// When.
        until: Timestamp,
    },
    /// It can wait, and so it does until somebody's quiet hours are over.
    Waits {
        /// Who.
        who: Subject,
        /// When they are called.
        until: Timestamp,
    },
    /// A platform has taken what is to reach somebody.
    Reached {
        /// Whom, as shown.
        name: String,
        /// Which platform.
        platform: PlatformId,
    },
    /// It did not get there.
    Failed {
        /// Whom it was to reach, as shown.
        name: String,
        /// On which platform.
        platform: PlatformId,
        /// Why.
        reason: String,
    },
    /// Somebody has it.
    Acked,
    /// Somebody says that it is not for them.
    Declined,
    /// Somebody has it, and wants to be called again.
    Snoozed {
        /// When.
        until: Timestamp,
    },
    /// It was snoozed, and people are being called again.
    Resumed,
    /// Everybody there is was called, and nobody has answered.
    Unanswered,
    /// It was taken back.
    Cancelled,
    /// It is over because the incident is.
    Over,
}

impl Page {
    /// The one who is or was being called.
    #[must_use]
    pub fn called(&self, person: &PersonId) -> Option<&Called> {
        self.called.iter().find(|called| &called.person == person)
    }

    /// Whether it rings for that person: they were called, have not said no, and nobody has it.
    #[must_use]
    pub fn rings_for(&self, person: &PersonId) -> bool {
        self.can_be_acked() && self.called(person).is_some_and(|called| !called.declined)
    }

    /// Whether somebody can still take it.
    #[must_use]
    pub fn can_be_acked(&self) -> bool {
        match self.state {
            PageState::Calling | PageState::Snoozed { .. } | PageState::Unanswered => true,
            PageState::Acked { .. } | PageState::Over => false,
        }
    }

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
