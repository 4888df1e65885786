//! Roles in an incident: who holds which, and handoffs on their way.

use crate::clock::Timestamp;
use crate::ids::{PersonId, RoleKey};
use serde::{Deserialize, Serialize};

/// The key of the Incident Commander: one, required, and always configured.
pub const COMMANDER: &str = "commander";

/// The key of the Comms Lead, if the config has that role.
pub const COMMS: &str = "comms";

impl RoleKey {
    /// The Incident Commander.
    #[must_use]
    pub fn commander() -> Self {
        Self::from(COMMANDER)
    }

    /// Whether this is the Incident Commander.
    #[must_use]
    pub fn is_commander(&self) -> bool {
        self.as_str() == COMMANDER
    }
}

/// Somebody holds a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// Which role.
    pub role: RoleKey,
    /// Who.
    pub person: PersonId,
    /// Their name then.
    pub name: String,
    /// Since when.
    pub since: Timestamp,
}

/// A handoff that has been offered. It takes effect when `to` accepts it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Which role.
    pub role: RoleKey,
    /// Who holds it.
    pub from: PersonId,
    /// Who is asked to take it.
    pub to: PersonId,
    /// The name of the one asked.
    pub to_name: String,
    /// What the next holder must know.
    pub briefing: Option<String>,
    /// When it was offered.
    pub at: Timestamp,
}
