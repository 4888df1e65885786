//! Everything there is to show: what is public, and the config's words for customers.

use chrono::NaiveDate;
use muster_core::clock::Timestamp;
use muster_core::comms::{CommsRules, Post, PublicIncident};
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

    /// The first day of which the page knows how things were. Nobody has vouched for those before.
    pub(crate) fn first_day(&self) -> NaiveDate {
        let day = |at: Timestamp| at.with_timezone(&self.rules.zone()).date_naive();
        let first_word = self.incidents.iter().map(|one| day(one.began_at)).min();
        let since = self.rules.page.as_ref().and_then(|page| page.since);
        let today = day(self.now);
        since.into_iter().chain(first_word).min().unwrap_or(today).min(today)
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
