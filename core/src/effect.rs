//! Effects: what the world is to be told, as data, in the durable outbox.

use crate::clock::Timestamp;
use crate::comms::{Bulletin, Cleared};
use crate::ids::{EffectKey, IncidentId, PersonId, PlatformId};
use crate::incident::event::Subject;
use crate::incident::room::{Room, RoomPlan};
use crate::org::Loudness;
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
    /// Show something that lives in a room: said once, edited in place ever after.
    Card {
        /// Where.
        room: Room,
        /// Which of the room's cards: `pages`, `alerts`.
        card: String,
        /// What it says now.
        view: Box<View>,
    },
    /// Reach somebody about a page, by one way.
    Page {
        /// The platform that carries it.
        platform: PlatformId,
        /// Whom.
        to: Recipient,
        /// What they are told.
        notice: Box<Notice>,
    },
    /// Tell those outside the rooms: what was published, or a digest.
    Publish {
        /// The platform that carries it.
        platform: PlatformId,
        /// Whom.
        to: Recipient,
        /// What.
        bulletin: Box<Bulletin>,
    },
    /// Hand over for everybody who has subscribed.
    Spread {
        /// The platform of those: [`PlatformId::subscribers`].
        platform: PlatformId,
        /// What.
        bulletin: Box<Bulletin>,
    },
}

/// Whom a page is to reach, and by what.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "to")]
pub enum Recipient {
    /// A person, by one of their contacts.
    Person {
        /// Who.
        person: PersonId,
        /// The name of the contact; its address is looked up when it is used.
        contact: String,
    },
    /// Everybody in a channel of a chat.
    Channel {
        /// The platform's own name for it.
        address: String,
    },
    /// Another system, by its name in the config.
    Outlet {
        /// Which.
        name: String,
    },
}

/// What a notice is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "about")]
pub enum About {
    /// A page of an incident.
    Page {
        /// Of which.
        incident: IncidentId,
        /// Which of its pages.
        number: i64,
    },
    /// Whether a contact works.
    Test,
}

/// Where a page stands when a notice goes out. Only other systems are told of anything but the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Somebody is needed.
    Raised,
    /// Somebody has it.
    Acknowledged,
    /// It is over.
    Over,
}

/// What somebody is told of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What it is about.
    pub about: About,
    /// Where that stands.
    pub stage: Stage,
    /// How much it may disturb.
    pub loudness: Loudness,
    /// Whether it is practice: then it reaches no phone, no mailbox and no other system.
    pub drill: bool,
    /// One line that says it all, for where there is room for one: `INC-7 SEV1 Checkout is down`.
    pub line: String,
    /// What whoever pages says.
    pub message: String,
    /// The whole, with what one can do: for chats.
    pub view: View,
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
    /// For which incident, if it is for one.
    pub incident: Option<IncidentId>,
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
            Self::Tell { platform, .. }
            | Self::Open { platform, .. }
            | Self::Announce { platform, .. }
            | Self::Page { platform, .. }
            | Self::Publish { platform, .. }
            | Self::Spread { platform, .. } => platform,
            Self::Post { room, .. }
            | Self::Headline { room, .. }
            | Self::Topic { room, .. }
            | Self::Rename { room, .. }
            | Self::Links { room, .. }
            | Self::Invite { room, .. }
            | Self::Card { room, .. }
            | Self::Archive { room } => &room.platform,
        }
    }

    /// Where its order matters: what is said in a room goes one after another, what is done to it beside that. A page waits
    /// for nothing.
    #[must_use]
    pub fn lane(&self, incident: Option<IncidentId>) -> String {
        let about = about(incident);
        match self {
            Self::Post { room, .. } | Self::Headline { room, .. } | Self::Archive { room } => of_room(incident, room),
            Self::Card { room, card, .. } => format!("{}/card/{card}", of_room(incident, room)),
            Self::Topic { room, .. } => format!("{}/topic", of_room(incident, room)),
            Self::Rename { room, .. } => format!("{}/name", of_room(incident, room)),
            Self::Links { room, .. } => format!("{}/links", of_room(incident, room)),
            Self::Invite { room, .. } => format!("{}/people", of_room(incident, room)),
            Self::Tell { platform, person, .. } => format!("{about}/{platform}/@{person}"),
            Self::Open { platform, .. } => format!("{about}/{platform}/!open"),
            Self::Announce { platform, .. } => format!("{about}/{platform}/!announce"),
            Self::Page { platform, to, notice } => {
                let page = match &notice.about {
                    About::Page { number, .. } => number.to_string(),
                    About::Test => "test".to_owned(),
                };
                format!("{about}/{platform}/!page/{page}/{}", to.word())
            }
            Self::Publish { platform, to, .. } => format!("{about}/{platform}/!publish/{}", to.word()),
            Self::Spread { platform, bulletin } => format!("{about}/{platform}/!spread/{}", bulletin.audience),
        }
    }

    /// What it tells those outside the rooms, if it does.
    #[must_use]
    pub fn bulletin(&self) -> Option<&Bulletin> {
        match self {
            Self::Publish { bulletin, .. } | Self::Spread { bulletin, .. } => Some(bulletin),
            Self::Post { .. }
            | Self::Tell { .. }
            | Self::Open { .. }
            | Self::Headline { .. }
            | Self::Announce { .. }
            | Self::Topic { .. }
            | Self::Rename { .. }
            | Self::Links { .. }
            | Self::Invite { .. }
            | Self::Archive { .. }
            | Self::Card { .. }
            | Self::Page { .. } => None,
        }
    }

    /// That it may be told outside, if it leaves the rooms for others than those who are paged.
    #[must_use]
    pub fn cleared(&self) -> Option<Cleared> {
        self.bulletin().map(|bulletin| bulletin.cleared)
    }

    /// How urgent it is by its nature.
    #[must_use]
    pub fn urgency(&self) -> Urgency {
        match self {
            Self::Page { notice, .. } => match notice.loudness {
                Loudness::High => Urgency::Page,
                Loudness::Low => Urgency::Prompt,
            },
            Self::Post { .. }
            | Self::Card { .. }
            | Self::Tell { .. }
            | Self::Open { .. }
            | Self::Headline { .. }
            | Self::Announce { .. }
            | Self::Publish { .. }
            | Self::Spread { .. }
            | Self::Invite { .. } => Urgency::Prompt,
            Self::Topic { .. } | Self::Rename { .. } | Self::Links { .. } | Self::Archive { .. } => Urgency::Routine,
        }
    }

    /// The mark under which a later one makes it superfluous, and edits what it made.
    #[must_use]
    pub fn coalesce(&self, incident: Option<IncidentId>) -> Option<String> {
        match self {
            Self::Post { .. }
            | Self::Tell { .. }
            | Self::Invite { .. }
            | Self::Archive { .. }
            | Self::Page { .. }
            | Self::Publish { .. }
            | Self::Spread { .. } => None,
            Self::Headline { room, .. } => Some(format!("{}/headline", of_room(incident, room))),
            Self::Open { .. }
            | Self::Announce { .. }
            | Self::Topic { .. }
            | Self::Rename { .. }
            | Self::Card { .. }
            | Self::Links { .. } => Some(self.lane(incident)),
        }
    }
}

impl Recipient {
    /// Its name where it must be one word.
    #[must_use]
    pub fn word(&self) -> String {
        match self {
            Self::Person { person, contact } => format!("@{person}/{contact}"),
            Self::Channel { address } => format!("#{address}"),
            Self::Outlet { name } => format!("!{name}"),
        }
    }
}

/// What lanes and marks begin with.
fn about(incident: Option<IncidentId>) -> String {
    incident.map_or_else(|| "-".to_owned(), |incident| incident.to_string())
}

fn of_room(incident: Option<IncidentId>, room: &Room) -> String {
    format!("{}/{}/{}", about(incident), room.platform, room.address)
}
