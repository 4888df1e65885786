//! Who may do what with a runbook.

use crate::ids::{PersonId, RoleKey, SeverityKey};
use crate::org::Right;
use serde::{Deserialize, Serialize};

/// Somebody, by what they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "who")]
pub enum Who {
    /// Whoever the config knows and lets respond.
    Responders,
    /// Who holds that role in the incident.
    Role {
        /// Which.
        role: RoleKey,
    },
    /// Who is on that team.
    Team {
        /// Which, by id.
        team: String,
    },
    /// One person.
    Person {
        /// Who.
        person: PersonId,
    },
    /// Who has at least that right.
    Right {
        /// Which.
        right: Right,
    },
}

/// A permission, at some severities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// For whom: any of them.
    pub who: Vec<Who>,
    /// At which severities; at all, and at none, if the list is empty.
    pub severities: Vec<SeverityKey>,
}

/// Who may run and drive a runbook. Nobody may anything whom no grant lets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permissions {
    /// Who may start it.
    pub run: Vec<Grant>,
    /// Who may go on, skip, retry, pause, abort and undo. Who has started it may only if they are among these.
    pub drive: Vec<Grant>,
}
