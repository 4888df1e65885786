//! What is known of the ways to reach a person: whether they were ever proven to work, and when they last failed.

use crate::clock::Timestamp;
use crate::ids::PersonId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is known of one contact.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// When a test was last sent.
    pub tested_at: Option<Timestamp>,
    /// When the person last said, through it, that something arrived.
    pub proven_at: Option<Timestamp>,
    /// When it last failed, and why.
    pub failed: Option<(Timestamp, String)>,
}

impl Proof {
    /// Whether it has failed since it was last proven to work.
    #[must_use]
    pub fn is_failing(&self) -> bool {
        self.failed.as_ref().is_some_and(|(at, _)| self.proven_at.is_none_or(|proven| proven < *at))
    }
}

/// What is known of a person's contacts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proofs {
    /// Whose.
    pub person: PersonId,
    /// By the name of the contact.
    pub contacts: BTreeMap<String, Proof>,
}

impl Proofs {
    /// Nothing is known.
    #[must_use]
    pub fn of(person: &PersonId) -> Self {
        Self { person: person.clone(), contacts: BTreeMap::new() }
    }
}
