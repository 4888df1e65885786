//! Refusals: one sentence that says what is wrong and what to type instead, for its author alone.

use crate::command::find;
use crate::ids::IncidentId;
use crate::inbound::Place;
use serde::{Deserialize, Serialize};

/// Why a command is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It could not be understood.
    Invalid,
    /// What it names does not exist, or not for this person.
    NotFound,
    /// This person may not.
    Forbidden,
    /// The incident is not in a state for it.
    Conflict,
}

/// A command that changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{sentence}")]
pub struct Refusal {
    /// Why, for machines.
    pub reason: Reason,
    /// Why, for people: one sentence.
    pub sentence: String,
    /// What to type instead, where something is near.
    pub instead: Option<String>,
}

impl Refusal {
    /// It could not be understood.
    pub fn invalid(sentence: impl Into<String>) -> Self {
        Self { reason: Reason::Invalid, sentence: sentence.into(), instead: None }
    }

    /// What it names does not exist, or not for this person.
    pub fn not_found(sentence: impl Into<String>) -> Self {
        Self { reason: Reason::NotFound, sentence: sentence.into(), instead: None }
    }

    /// This person may not.
    pub fn forbidden(sentence: impl Into<String>) -> Self {
        Self { reason: Reason::Forbidden, sentence: sentence.into(), instead: None }
    }

    /// The incident is not in a state for it.
    pub fn conflict(sentence: impl Into<String>) -> Self {
        Self { reason: Reason::Conflict, sentence: sentence.into(), instead: None }
    }

    /// The same for somebody who is not in the room of the incident: what to type instead names it.
    #[must_use]
    pub fn from_afar(mut self, incident: Option<IncidentId>, place: &Place) -> Self {
        let word = |line: &str| line.split(' ').next().and_then(find);
        let about_one = |line: &String| word(line).is_some_and(|spec| spec.scope.names_one());
        if let (Some(id), Some(line)) = (incident, self.instead.as_ref().filter(|line| about_one(line)))
            && place.incident != Some(id)
        {
            self.instead = Some(format!("{id} {line}"));
        }
        self
    }

    /// The same, with what to type instead.
    #[must_use]
    pub fn instead(mut self, line: impl Into<String>) -> Self {
        self.instead = Some(line.into());
        self
    }
}
