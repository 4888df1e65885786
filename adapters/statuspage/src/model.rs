//! Everything there is to show: what is public, and the config's words for customers.

use chrono_tz::Tz;
use muster_core::clock::Timestamp;
use muster_core::comms::{CommsRules, Post, PublicIncident, PublicStatus};
use std::cmp::Reverse;
use std::sync::Arc;

/// Everything customers can see.
#[derive(Debug, Clone)]
pub struct Model {
    /// What the config says: names, languages, components, the page.
    pub rules: Arc<CommsRules>,
    /// Incidents and planned work, the latest first.
    pub incidents: Vec<PublicIncident>,
    /// When this was so.
    pub now: Timestamp,
}

impl Model {
    /// What can be seen of these.
    #[must_use]
    pub fn new(rules: Arc<CommsRules>, mut incidents: Vec<PublicIncident>, now: Timestamp) -> Self {
        incidents.sort_by_key(|one| Reverse((one.began_at, one.incident)));
        Self { rules, incidents, now }
    }

    /// When anything was last said, or changed in what had been said.
    pub(crate) fn changed_at(&self) -> Option<Timestamp> {
        self.incidents.iter().map(changed_at).max()
    }

    /// Where the clock of the page is.
    pub(crate) fn zone(&self) -> Tz {
        self.rules.page.as_ref().map_or(Tz::UTC, |page| page.time_zone)
    }
}

/// When something was last said of an incident, put right, or taken back.
#[must_use]
pub(crate) fn changed_at(incident: &PublicIncident) -> Timestamp {
    let posts = incident.posts.iter().map(post_changed_at);
    posts.chain(incident.ended_at).max().unwrap_or(incident.began_at)
}

/// When a post was made, last put right, or taken back.
#[must_use]
pub(crate) fn post_changed_at(post: &Post) -> Timestamp {
    let corrected = post.corrected.iter().map(|correction| correction.at);
    corrected.chain(post.retracted).fold(post.at, Ord::max)
}

/// Whether planned work was over before it was ever said to have begun.
#[must_use]
pub(crate) fn was_called_off(work: &PublicIncident) -> bool {
    work.ended_at.is_some() && work_began(work).is_none()
}

/// When planned work was first said to be under way.
pub(crate) fn work_began(incident: &PublicIncident) -> Option<Timestamp> {
    let under_way = |status| matches!(status, PublicStatus::InProgress | PublicStatus::Verifying);
    let posts = incident.posts.iter().filter(|post| post.retracted.is_none());
    posts.filter(|post| under_way(post.status)).map(|post| post.at).min()
}
