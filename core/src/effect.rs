//! Effects: what the world is to be told, as data, in the durable outbox.

use crate::clock::Timestamp;
use crate::ids::{EffectKey, IncidentId, PersonId, PlatformId};
use crate::incident::room::Room;
use crate::view::View;
use serde::{Deserialize, Serialize};

/// Something to be done outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "effect")]
pub enum Effect {
    /// Say something in a room.
    Post {
        /// Where.
        room: Room,
        /// What.
        view: Box<View>,
    },
    /// Tell one person, and nobody else.
    Tell {
        /// On which platform.
        platform: PlatformId,
        /// Whom.
        person: PersonId,
        /// What.
        view: Box<View>,
    },
}

/// What is dispatched first when much is waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Somebody is to be woken.
    Page,
    /// Somebody is waiting for it.
    Prompt,
    /// It may wait for the others.
    Routine,
}

impl Urgency {
    /// Its place in the queue; the lowest goes first.
    #[must_use]
    pub fn rank(self) -> i64 {
        match self {
            Self::Page => 0,
            Self::Prompt => 1,
            Self::Routine => 2,
        }
    }
}

/// An effect on its way into the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    /// Its name for ever, and its idempotency key.
    pub key: EffectKey,
    /// For which incident.
    pub incident: IncidentId,
    /// Effects of one lane go out one after another, by `position`.
    pub lane: String,
    /// The place in the lane.
    pub position: i64,
    /// What goes first across lanes.
    pub urgency: Urgency,
    /// A waiting effect with the same mark is superseded by this one.
    pub coalesce: Option<String>,
    /// Not before.
    pub due_at: Timestamp,
    /// What to do.
    pub effect: Effect,
}

impl Effect {
    /// The platform that makes it.
    #[must_use]
    pub fn platform(&self) -> &PlatformId {
        match self {
            Self::Post { room, .. } => &room.platform,
            Self::Tell { platform, .. } => platform,
        }
    }

    /// Where its order matters.
    #[must_use]
    pub fn lane(&self, incident: IncidentId) -> String {
        match self {
            Self::Post { room, .. } => format!("{incident}/{}/{}", room.platform, room.address),
            Self::Tell { platform, person, .. } => format!("{incident}/{platform}/@{person}"),
        }
    }

    /// How urgent it is by its nature.
    #[must_use]
    pub fn urgency(&self) -> Urgency {
        match self {
            Self::Post { .. } | Self::Tell { .. } => Urgency::Prompt,
        }
    }

    /// The mark under which a later one makes it superfluous.
    #[must_use]
    pub fn coalesce(&self) -> Option<String> {
        match self {
            Self::Post { .. } | Self::Tell { .. } => None,
        }
    }
}
