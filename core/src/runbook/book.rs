//! A runbook: what is done, by whom, with what.

use super::{Action, Input, Permissions, Step};
use crate::ids::SeverityKey;
use crate::incident::status::Phase;
use serde::{Deserialize, Serialize};

/// When a runbook offers itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "on")]
pub enum TriggerOn {
    /// An incident is declared, or becomes what is asked for below.
    Declare,
    /// An incident gets one of these statuses.
    Status {
        /// Which.
        to: Vec<Phase>,
    },
    /// An alert of that kind begins to fire in an incident; `*` stands for anything.
    Alert {
        /// Its kind.
        name: String,
    },
}

/// What follows when a trigger matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// The room is offered the runbook.
    Suggested,
    /// It is started, by nobody in particular. Every input must have a default.
    Automatic,
}

/// When a runbook fits an incident. Where a list is empty, anything will do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    /// What has to happen.
    #[serde(flatten)]
    pub on: TriggerOn,
    /// To an incident of one of these severities.
    pub severities: Vec<SeverityKey>,
    /// Of one of these types.
    pub categories: Vec<String>,
    /// That touches one of these services; those of the runbook, if it has any and none are named here.
    pub services: Vec<String>,
    /// That touches one of these sites.
    pub sites: Vec<String>,
    /// What follows.
    pub start: Start,
}

/// A runbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Runbook {
    /// Its id, `payment-failover`.
    pub id: String,
    /// As shown.
    pub name: String,
    /// What it is for, and when one uses it.
    pub description: String,
    /// The id of the team that keeps it.
    pub owner: Option<String>,
    /// What it is about, by service id.
    pub services: Vec<String>,
    /// When it offers itself.
    pub triggers: Vec<Trigger>,
    /// What it asks for, in the order of its form.
    pub inputs: Vec<Input>,
    /// Who may run and drive it.
    pub permissions: Permissions,
    /// What is done, in order. The ids of all steps, those within others included, are different.
    pub steps: Vec<Step>,
}

impl Runbook {
    /// All steps in the order they begin: after one that holds others come those.
    #[must_use]
    pub fn flat(&self) -> Vec<&Step> {
        self.steps.iter().flat_map(Step::flat).collect()
    }

    /// The runbooks that its steps start, and those that theirs do.
    #[must_use]
    pub fn started(&self) -> Vec<&Self> {
        let mut started = Vec::new();
        for step in self.flat() {
            if let Action::Runbook { book, .. } = &step.action {
                started.push(book.as_ref());
                started.extend(book.started());
            }
        }
        started
    }
}
