//! Rooms: where an incident is worked. Any number, on any platforms; one is home.

use crate::ids::PlatformId;
use serde::{Deserialize, Serialize};

/// One place where an incident is worked.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Room {
    /// Where.
    pub platform: PlatformId,
    /// The platform's own name for the room.
    pub address: String,
    /// Whether this is the home of the incident.
    pub home: bool,
}
