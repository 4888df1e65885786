//! What comes in: who asks, from where, for what.

use crate::command::Invocation;
use crate::ids::{IncidentId, PersonId, PlatformId, RequestId};
use crate::incident::entry::Author;
use crate::org::Right;
use std::fmt;

/// Who asks, as far as the adapter could tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// A person whom Muster itself signed in.
    Person(PersonId),
    /// Somebody a chat platform vouches for.
    Handle(Handle),
}

/// The name under which their requests are kept. It stays the same when a handle is linked to a person.
impl fmt::Display for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(id) => write!(f, "{id}"),
            Self::Handle(handle) => write!(f, "{}/{}", handle.platform, handle.id),
        }
    }
}

/// Somebody's name on a platform.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Handle {
    /// On which platform.
    pub platform: PlatformId,
    /// The platform's own id of them.
    pub id: String,
    /// As the platform shows them.
    pub name: String,
    /// Their address, where the platform vouches for it.
    pub email: Option<String>,
    /// The groups of people the platform has them in, by its own ids.
    pub groups: Vec<String>,
}

/// Who acts, once known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub right: Right,
    /// Through which handle, if not signed in by Muster itself.
    pub handle: Option<Handle>,
    /// Whether the organisation knows them.
    pub known: bool,
    /// The teams they are on, by id: those of the config, and those their groups on the platform stand for.
    pub teams: Vec<String>,
}

impl Actor {
    /// As an author of entries.
    #[must_use]
    pub fn author(&self) -> Author {
        Author { person: self.person.clone(), name: self.name.clone() }
    }
}

/// Where a command is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// On which platform.
    pub platform: PlatformId,
    /// In which incident's room, where that is known.
    pub incident: Option<IncidentId>,
    /// Else at which address on the platform: perhaps a room of an incident.
    pub address: Option<String>,
    /// Whether a form can be shown there.
    pub forms: bool,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// A line as typed, without the slash and its word.
    Line(String),
    /// A command with its arguments named: from a button, a form, an API call.
    Call(Invocation),
    /// The form of a command, filled with the arguments there are.
    Open(Invocation),
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbound {
    /// Who.
    pub caller: Caller,
    /// Where.
    pub place: Place,
    /// Which attempt of theirs.
    pub request: RequestId,
    /// What.
    pub ask: Ask,
}
