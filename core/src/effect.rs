//! Effects: what the world is to be told, as data, in the durable outbox.

use crate::clock::Timestamp;
use crate::ids::{EffectKey, IncidentId, PersonId, PlatformId};
use crate::incident::event::Subject;
use crate::incident::room::{Room, RoomPlan};
use crate::view::{Bookmark, Line, View};
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
    /// Open a room for the incident. What comes of it is a change of the incident, see [`crate::app::Muster`].
    Open {
        /// On which platform.
        platform: PlatformId,
        /// What it is to be like.
        plan: RoomPlan,
    },
    /// Show the headline of the incident in a room: said once, kept in sight, edited in place ever after.
    Headline {
        /// Where.
        room: Room,
        /// What it says now.
        view: Box<View>,
    },
    /// Announce the incident where everybody on a platform looks: said once, edited in place ever after.
    Announce {
        /// On which platform.
        platform: PlatformId,
        /// What it says now.
        view: Box<View>,
    },
    /// Set what a room is about, in one line above it.
    Topic {
        /// Where.
        room: Room,
        /// The line.
        line: Line,
    },
    /// Give a room another name.
    Rename {
        /// Which.
        room: Room,
        /// The name, as in [`RoomPlan`].
        name: String,
    },
    /// Keep links at hand above a room.
    Links {
        /// Where.
        room: Room,
        /// All of them, in order.
        links: Vec<Bookmark>,
    },
    /// Bring people into a room.
    Invite {
        /// Where.
        room: Room,
        /// Whom.
        people: Vec<Subject>,
    },
    /// Put a room away, or take it out again.
    Archive {
        /// Which; its `archived` says what it is to be.
        room: Room,
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
    /// A waiting effect with the same mark is superseded by this one, and what one makes the next one edits.
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
            Self::Tell { platform, .. } | Self::Open { platform, .. } | Self::Announce { platform, .. } => platform,
            Self::Post { room, .. }
            | Self::Headline { room, .. }
            | Self::Topic { room, .. }
            | Self::Rename { room, .. }
            | Self::Links { room, .. }
            | Self::Invite { room, .. }
            | Self::Archive { room } => &room.platform,
        }
    }

    /// Where its order matters: what is said in a room goes one after another, what is done to it beside that.
    #[must_use]
    pub fn lane(&self, incident: IncidentId) -> String {
        match self {
            Self::Post { room, .. } | Self::Headline { room, .. } | Self::Archive { room } => of_room(incident, room),
            Self::Topic { room, .. } => format!("{}/topic", of_room(incident, room)),
            Self::Rename { room, .. } => format!("{}/name", of_room(incident, room)),
            Self::Links { room, .. } => format!("{}/links", of_room(incident, room)),
            Self::Invite { room, .. } => format!("{}/people", of_room(incident, room)),
            Self::Tell { platform, person, .. } => format!("{incident}/{platform}/@{person}"),
            Self::Open { platform, .. } => format!("{incident}/{platform}/!open"),
            Self::Announce { platform, .. } => format!("{incident}/{platform}/!announce"),
        }
    }

    /// How urgent it is by its nature.
    #[must_use]
    pub fn urgency(&self) -> Urgency {
        match self {
            Self::Post { .. }
            | Self::Tell { .. }
            | Self::Open { .. }
            | Self::Headline { .. }
            | Self::Announce { .. }
            | Self::Invite { .. } => Urgency::Prompt,
            Self::Topic { .. } | Self::Rename { .. } | Self::Links { .. } | Self::Archive { .. } => Urgency::Routine,
        }
    }

    /// The mark under which a later one makes it superfluous, and edits what it made.
    #[must_use]
    pub fn coalesce(&self, incident: IncidentId) -> Option<String> {
        match self {
            Self::Post { .. } | Self::Tell { .. } | Self::Invite { .. } | Self::Archive { .. } => None,
            Self::Headline { room, .. } => Some(format!("{}/headline", of_room(incident, room))),
            Self::Open { .. }
            | Self::Announce { .. }
            | Self::Topic { .. }
            | Self::Rename { .. }
            | Self::Links { .. } => Some(self.lane(incident)),
        }
    }
}

fn of_room(incident: IncidentId, room: &Room) -> String {
    format!("{incident}/{}/{}", room.platform, room.address)
}
