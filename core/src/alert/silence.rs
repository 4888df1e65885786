//! Silences and maintenance windows: alerts that are recorded and disturb nobody, for a while and for a reason.

use crate::clock::Timestamp;
use crate::ids::PersonId;
use serde::{Deserialize, Serialize};

/// How a label is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "test")]
pub enum Test {
    /// It is exactly that.
    Is {
        /// What.
        value: String,
    },
    /// It is anything but that.
    IsNot {
        /// What.
        value: String,
    },
    /// It begins with that.
    Begins {
        /// With what.
        value: String,
    },
}

/// A condition on one label of an alert. `service`, `site`, `source`, `title` and `level` can be asked for like labels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matcher {
    /// The label.
    pub label: String,
    /// How it is looked at.
    pub test: Test,
}

/// Why alerts are kept from people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SilenceKind {
    /// Somebody does not want to hear of it.
    Silence,
    /// Somebody is working on it as planned.
    Maintenance,
}

/// A silence or a maintenance window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    /// Its number.
    pub number: i64,
    /// Which of the two.
    pub kind: SilenceKind,
    /// What must hold of an alert; all of it.
    pub matchers: Vec<Matcher>,
    /// From when.
    pub from: Timestamp,
    /// Until when, exclusive.
    pub until: Timestamp,
    /// Why.
    pub reason: String,
    /// Who said so.
    pub by: PersonId,
}

/// All of them: those that hold, those to come, and the latest that have ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silences {
    /// In the order of their numbers.
    pub list: Vec<Silence>,
    /// The last number given.
    pub last: i64,
}
