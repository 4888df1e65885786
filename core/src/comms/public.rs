//! What customers can see of an incident: the whole of it, and nothing else. The status page reads these records only.

use super::{ComponentState, Impact, PublicStatus, Texts};
use crate::clock::Timestamp;
use crate::ids::IncidentId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// From when to when work is planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// When it begins.
    pub from: Timestamp,
    /// When it is to be over.
    pub until: Timestamp,
}

/// An incident, or planned work, as customers see it. It is written where a message is published, corrected or retracted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicIncident {
    /// Which. Customers see the number.
    pub incident: IncidentId,
    /// From when to when, if it is planned work.
    pub window: Option<Window>,
    /// The sites concerned that customers know of, by id; all of them if there are none.
    pub sites: BTreeSet<String>,
    /// What was said, in the order of time; at least one.
    pub posts: Vec<Post>,
    /// How the components do since when, in the order of time: each change once. What is not named has not been touched.
    pub states: Vec<(Timestamp, BTreeMap<String, ComponentState>)>,
    /// When it began: it was declared.
    pub began_at: Timestamp,
    /// When they were told that it is over.
    pub ended_at: Option<Timestamp>,
}

/// Something customers were told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// The number of the message.
    pub number: i64,
    /// When.
    pub at: Timestamp,
    /// Where things stood.
    pub status: PublicStatus,
    /// What, as it reads now; nothing, once it was taken back.
    pub texts: Texts,
    /// When the next word is promised.
    pub next_at: Option<Timestamp>,
    /// How it read before, the oldest first. Customers see that it was corrected, and when.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrected: Vec<Correction>,
    /// When it was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retracted: Option<Timestamp>,
}

/// A text that was put right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// When.
    pub at: Timestamp,
    /// How it read before.
    pub was: Texts,
}

impl PublicIncident {
    /// Where customers were last told that things stand.
    #[must_use]
    pub fn status(&self) -> PublicStatus {
        self.standing().or(self.posts.last()).map_or(PublicStatus::Investigating, |post| post.status)
    }

    /// The latest word that stands: none, if all was taken back.
    #[must_use]
    pub fn standing(&self) -> Option<&Post> {
        self.posts.iter().rev().find(|post| post.retracted.is_none())
    }

    /// Whether it is planned work.
    #[must_use]
    pub fn is_maintenance(&self) -> bool {
        self.window.is_some()
    }

    /// How the components do, as far as this incident goes.
    #[must_use]
    pub fn components(&self) -> BTreeMap<String, ComponentState> {
        let mut now = BTreeMap::new();
        for (_, changed) in &self.states {
            now.extend(changed.iter().map(|(id, state)| (id.clone(), *state)));
        }
        now
    }

    /// The worst it ever did to any component.
    #[must_use]
    pub fn impact(&self) -> Impact {
        let all = self.states.iter().flat_map(|(_, changed)| changed.values());
        all.map(|state| state.impact()).max().unwrap_or(Impact::None)
    }
}
