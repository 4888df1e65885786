//! Escalation policies: whom a page goes to, and whom then, until somebody answers.

use crate::ids::{PersonId, PlatformId, SeverityKey};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// Whom a page is meant for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "target")]
pub enum Target {
    /// One person.
    Person {
        /// Who.
        id: PersonId,
    },
    /// Whoever is on call by a schedule.
    Schedule {
        /// Which.
        id: String,
    },
    /// As the only target of a page: whoever the team's policy says. On a level of a policy: everybody on the team.
    Team {
        /// Which.
        id: String,
    },
    /// Everybody in a channel of a chat.
    Channel {
        /// On which chat.
        platform: PlatformId,
        /// The platform's own name for it.
        address: String,
    },
    /// Another system, such as a service of PagerDuty.
    Outlet {
        /// On which platform.
        platform: PlatformId,
        /// Its name in the config.
        name: String,
    },
}

/// A level of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// Whom it reaches: all of them, or one after another from page to page.
    pub targets: Vec<Target>,
    /// Whether only one of the targets is reached, another with each page.
    pub round_robin: bool,
    /// How long they have before the next level is reached.
    pub after: Duration,
    /// The same for incidents of some severities.
    pub after_by_severity: BTreeMap<SeverityKey, Duration>,
}

impl Level {
    /// How long they have before the next level is reached.
    #[must_use]
    pub fn patience(&self, severity: Option<&SeverityKey>) -> Duration {
        severity.and_then(|severity| self.after_by_severity.get(severity)).copied().unwrap_or(self.after)
    }
}

/// An escalation policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Its id.
    pub id: String,
    /// As shown.
    pub name: String,
    /// From the first.
    pub levels: Vec<Level>,
    /// How often all levels are gone through again when nobody has answered.
    pub repeat: u32,
}
