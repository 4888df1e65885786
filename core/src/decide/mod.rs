//! Deciding: pure and total. What a command needs to know goes in, what is to change comes out.

pub mod alerts;
pub mod comms;
mod consequences;
mod draft;
mod errand;
mod fact;
mod fire;
pub mod maintenance;
mod moves;
pub mod pages;
mod rooms;
pub mod runs;
pub mod silences;
#[cfg(test)]
mod tests;
pub mod watch;
mod who;

pub use draft::Draft;
pub use errand::Errand;
pub use fact::{PageFact, PageFactKind};
pub use fire::fire;
pub(crate) use moves::{give, give_role, set_severity, set_status, write_update};
pub use rooms::{RoomNews, add_room, hear};

use crate::alert::{Alert, AlertQuery, SignalId};
use crate::audit::Deed;
use crate::clock::Timestamp;
use crate::comms::Tally;
use crate::effect::{Effect, Outgoing};
use crate::ids::{IncidentId, PersonId, PlatformId, RequestId, SeverityKey};
use crate::inbound::{Actor, Handle, Place};
use crate::incident::entry::Entry;
use crate::incident::status::Phase;
use crate::incident::{Incident, Kind, Visibility};
use crate::oncall::Whose;
use crate::org::Organisation;
use crate::record::{Record, RecordKey, Records, Wanted};
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::secret::{Secret, SecretHash};
use crate::timer::TimerChange;
use crate::view::View;

/// What must be read before deciding.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Needs {
    /// The incident it is about.
    pub incident: Option<IncidentId>,
    /// A second incident.
    pub other: Option<IncidentId>,
    /// A number for a new incident. Numbers are never given twice; one may stay unused.
    pub number: bool,
    /// Entries of the incident's timeline.
    pub entries: Option<Entries>,
    /// The entry that a message of a chat is pinned as, in place of those.
    pub pinned: Option<String>,
    /// Incidents to list.
    pub list: Option<ListQuery>,
    /// A link code that was typed.
    pub code: Option<SecretHash>,
    /// A link code to give out.
    pub fresh_code: bool,
    /// A secret of full length to give out.
    pub fresh_secret: bool,
    /// Records.
    pub records: Vec<Wanted>,
    /// Incidents with a page by which that person is being called.
    pub calling: Option<PersonId>,
    /// Alerts.
    pub alerts: Option<AlertQuery>,
    /// What pages came to between two moments.
    pub history: Option<(Timestamp, Timestamp)>,
    /// How a message of the incident has fared with those who have subscribed, by its number.
    pub tally: Option<i64>,
}

/// Which entries of a timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entries {
    /// The current form of the latest ones by time, newest first, those before `before` (time, number) if given.
    Latest {
        /// At most how many.
        limit: i64,
        /// The last one of the page before.
        before: Option<(Timestamp, i64)>,
    },
    /// The current form of one, even if removed.
    One(i64),
    /// Every form one has had, oldest first.
    History(i64),
}

/// Which incidents to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListQuery {
    /// Who looks. Private incidents they have not joined are not there.
    pub viewer: PersonId,
    /// Open, ended, or both.
    pub open: Option<bool>,
    /// Only those the viewer has joined.
    pub mine: bool,
    /// Only of that kind.
    pub kind: Option<Kind>,
    /// Only of that severity.
    pub severity: Option<SeverityKey>,
    /// Only touching that service.
    pub service: Option<String>,
    /// Only touching that site.
    pub site: Option<String>,
    /// Only those below that number: the next page.
    pub before: Option<IncidentId>,
    /// At most how many. Newest first.
    pub limit: i64,
}

impl ListQuery {
    /// Everything that person may see, newest first, a page of 25.
    #[must_use]
    pub fn of(viewer: PersonId) -> Self {
        Self {
            viewer,
            open: None,
            mine: false,
            kind: None,
            severity: None,
            service: None,
            site: None,
            before: None,
            limit: 25,
        }
    }
}

/// An incident in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Its number.
    pub id: IncidentId,
    /// Its kind.
    pub kind: Kind,
    /// Who may know of it.
    pub visibility: Visibility,
    /// Its title.
    pub title: String,
    /// Its severity.
    pub severity: Option<SeverityKey>,
    /// Where the responders stand.
    pub phase: Phase,
    /// The name of its commander.
    pub commander: Option<String>,
    /// When it was declared.
    pub declared_at: Timestamp,
    /// When it last changed.
    pub changed_at: Timestamp,
}

/// What was read.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// Whether it was said which incident is meant, found or not.
    pub named: bool,
    /// The incident it is about.
    pub incident: Option<Incident>,
    /// A second incident.
    pub other: Option<Incident>,
    /// The number for a new incident.
    pub number: Option<IncidentId>,
    /// The entries asked for.
    pub entries: Vec<Entry>,
    /// The incidents asked for.
    pub list: Vec<Summary>,
    /// Whether there are more entries or incidents than asked for.
    pub more: bool,
    /// Whom the typed link code belongs to, and until when it is good.
    pub code: Option<(PersonId, Timestamp)>,
    /// A code to give out.
    pub fresh_code: Option<Secret>,
    /// A secret of full length to give out.
    pub fresh_secret: Option<Secret>,
    /// The records asked for.
    pub records: Records,
    /// The incidents with a page by which somebody is being called, oldest first, at most 20, if they were asked for.
    pub calling: Option<Vec<Incident>>,
    /// The alerts asked for.
    pub alerts: Vec<Alert>,
    /// What pages came to, in the order of time.
    pub history: Vec<PageFact>,
    /// How the message asked for has fared with those who have subscribed.
    pub tally: Option<Tally>,
}

/// Who acts, from where, when, under which rules.
#[derive(Debug, Clone, Copy)]
pub struct Ctx<'a> {
    /// The present moment.
    pub now: Timestamp,
    /// Who.
    pub actor: &'a Actor,
    /// Where.
    pub place: &'a Place,
    /// Which attempt.
    pub request: &'a RequestId,
    /// The rules.
    pub org: &'a Organisation,
}

/// Something by which incidents are found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tag {
    /// Somebody who has joined.
    Person(PersonId),
    /// A service.
    Service(String),
    /// A site.
    Site(String),
    /// Somebody who is being called about a page.
    Called(PersonId),
    /// A room on a chat platform.
    Room {
        /// Which platform.
        platform: PlatformId,
        /// The platform's own name for the room.
        address: String,
    },
}

/// A change of state.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// An incident is now this. Its version is one above the one that was read (1 when new).
    Incident {
        /// The whole of it.
        incident: Box<Incident>,
        /// By what it can now be found.
        added: Vec<Tag>,
        /// By what it can no longer be found.
        removed: Vec<Tag>,
    },
    /// A record is now this, or is gone. Its version is one above the one that was read (1 when new).
    Record {
        /// Which.
        key: RecordKey,
        /// Its version now.
        version: i64,
        /// The whole of it; nothing when it is gone.
        record: Option<Box<Record>>,
    },
    /// An alert is now this. Its version is one above the one that was read (1 when new).
    Alert(Box<Alert>),
    /// Signals have been sorted and wait no longer. Should one of them wait no longer already, nothing is written.
    Sorted(Vec<SignalId>),
    /// Something became of a page.
    Fact(PageFact),
    /// Something is on the audit log. The store gives it its place and its seal.
    Audit(Deed),
    /// A link code was given out.
    CodeGiven {
        /// The hash of the code.
        hash: SecretHash,
        /// To whom.
        person: PersonId,
        /// Until when it is good.
        until: Timestamp,
    },
    /// The address of a calendar was given out. Those that the same person had been given of the same are gone.
    FeedGiven {
        /// The hash of its secret.
        hash: SecretHash,
        /// To whom.
        person: PersonId,
        /// Of whose shifts.
        whose: Whose,
    },
    /// A link code was used: the handle is that person. The code is gone.
    Linked {
        /// The hash of the code.
        hash: SecretHash,
        /// The handle.
        handle: Handle,
        /// The person.
        person: PersonId,
    },
}

/// What is to change, and what to answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// State.
    pub changes: Vec<Change>,
    /// The log.
    pub entries: Vec<Entry>,
    /// The outbox.
    pub effects: Vec<Outgoing>,
    /// Timers.
    pub timers: Vec<TimerChange>,
    /// The answer.
    pub reply: Reply,
}

impl Decision {
    /// An answer that changes nothing.
    #[must_use]
    pub fn answer(reply: Reply) -> Self {
        Self { changes: Vec::new(), entries: Vec::new(), effects: Vec::new(), timers: Vec::new(), reply }
    }

    /// The same with the changes of another incident; the answer stays. What both say of a record, the other has the last word.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        let replaced = |change: &Change| match change {
            Change::Record { key, .. } => {
                other.changes.iter().any(|later| matches!(later, Change::Record { key: same, .. } if same == key))
            }
            Change::Incident { .. }
            | Change::Alert(_)
            | Change::Sorted(_)
            | Change::Fact(_)
            | Change::Audit(_)
            | Change::CodeGiven { .. }
            | Change::FeedGiven { .. }
            | Change::Linked { .. } => false,
        };
        self.changes.retain(|change| !replaced(change));
        self.changes.extend(other.changes);
        self.entries.extend(other.entries);
        self.effects.extend(other.effects);
        self.timers.extend(other.timers);
        self
    }

    /// The incidents that are changed.
    pub fn incidents(&self) -> impl Iterator<Item = IncidentId> {
        self.changes.iter().filter_map(|change| match change {
            Change::Incident { incident, .. } => Some(incident.id),
            Change::Record { .. }
            | Change::Alert(_)
            | Change::Sorted(_)
            | Change::Fact(_)
            | Change::Audit(_)
            | Change::CodeGiven { .. }
            | Change::FeedGiven { .. }
            | Change::Linked { .. } => None,
        })
    }

    /// Whether anything is to be written.
    #[must_use]
    pub fn writes(&self) -> bool {
        !(self.changes.is_empty() && self.entries.is_empty() && self.effects.is_empty() && self.timers.is_empty())
    }
}

/// What tells one person, wherever they may look: in the console and on every chat. A guest is known on one chat only.
pub(crate) fn tellings(person: &PersonId, view: &View, org: &Organisation) -> Vec<Effect> {
    let guest_of = org.chats.iter().map(|chat| &chat.platform).find(|platform| platform.has_guest(person));
    let everywhere = std::iter::once(PlatformId::console()).chain(org.chats.iter().map(|chat| chat.platform.clone()));
    let known_on = everywhere.filter(|platform| guest_of.is_none_or(|only| only == platform));
    let tell = |platform| Effect::Tell { platform, person: person.clone(), view: Box::new(view.clone()) };
    known_on.map(tell).collect()
}

/// What every command that is about an incident starts with.
pub(crate) fn incident_of(state: &State) -> Result<&Incident, Refusal> {
    state
        .incident
        .as_ref()
        .ok_or_else(|| Refusal::not_found("There is no such incident, or it is not open to you").instead("list"))
}
