//! What can happen to an incident. Each decision that changes one records at least one of these.

use super::page::PageEvent;
use super::status::Phase;
use super::task::TaskList;
use super::{Kind, Visibility};
use crate::alert::Pending;
use crate::clock::Timestamp;
use crate::comms::{CommsEvent, Window};
use crate::ids::{IncidentId, PersonId, PlatformId, RoleKey, SeverityKey};
use crate::runbook::RunEvent;
use serde::{Deserialize, Serialize};

/// Somebody an event is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Who.
    pub person: PersonId,
    /// Their name then.
    pub name: String,
}

/// How a handoff ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferEnd {
    /// The one asked took the role.
    Accepted,
    /// The one asked said no.
    Declined,
    /// The one who offered took it back, or it no longer made sense.
    Withdrawn,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum Event {
    /// The incident was declared.
    Declared {
        /// Its title.
        title: String,
        /// Its kind.
        kind: Kind,
        /// Who may know of it.
        visibility: Visibility,
        /// Its severity, if one was given.
        severity: Option<SeverityKey>,
    },
    /// Somebody joined, or was brought in.
    Joined {
        /// Who joined.
        who: Subject,
    },
    /// The status changed.
    StatusChanged {
        /// Before.
        from: Phase,
        /// After.
        to: Phase,
        /// A word about it.
        note: Option<String>,
    },
    /// The incident was ended and is open again.
    Reopened {
        /// What it was.
        from: Phase,
        /// Why.
        reason: String,
    },
    /// The severity changed.
    SeverityChanged {
        /// Before.
        from: Option<SeverityKey>,
        /// After.
        to: Option<SeverityKey>,
        /// Why.
        reason: Option<String>,
    },
    /// Somebody got a role.
    RoleTaken {
        /// Which.
        role: RoleKey,
        /// Who.
        who: Subject,
    },
    /// Somebody no longer holds a role.
    RoleReleased {
        /// Which.
        role: RoleKey,
        /// Who held it.
        who: Subject,
    },
    /// A handoff was offered.
    HandoffOffered {
        /// Which role.
        role: RoleKey,
        /// To whom.
        to: Subject,
        /// The briefing.
        briefing: Option<String>,
    },
    /// An offered handoff was answered or taken back.
    HandoffEnded {
        /// Which role.
        role: RoleKey,
        /// To whom it was offered.
        to: Subject,
        /// How it ended.
        end: OfferEnd,
    },
    /// Somebody wrote something down.
    Noted {
        /// What.
        text: String,
    },
    /// An internal update.
    Updated {
        /// What we know.
        text: String,
        /// What we do, where that was said apart.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        doing: Option<String>,
        /// When the next is promised.
        next_at: Option<Timestamp>,
    },
    /// A reminder went out, because something promised or required is missing.
    Reminded {
        /// Of what.
        about: Reminder,
    },
    /// A message of a chat was put on the record.
    Pinned {
        /// What it said.
        text: String,
        /// Who had said it, as the platform calls them.
        said_by: String,
        /// Where it can be read in its place.
        link: Option<String>,
    },
    /// Somebody asked for a room on a chat platform.
    RoomWanted {
        /// On which.
        platform: PlatformId,
    },
    /// A room was opened on a chat platform.
    RoomOpened {
        /// On which.
        platform: PlatformId,
        /// What people call it there.
        name: String,
    },
    /// A room on a chat platform is gone.
    RoomLost {
        /// On which.
        platform: PlatformId,
        /// What happened.
        reason: String,
    },
    /// A reminder was put off, or is not to come again.
    ReminderMoved {
        /// Of what.
        about: Reminder,
        /// Until when; for good if `None`.
        until: Option<Timestamp>,
    },
    /// Something happened to a page.
    Page {
        /// Its number.
        number: i64,
        /// What.
        what: PageEvent,
    },
    /// A runbook was offered, because it fits the incident.
    RunbookSuggested {
        /// Its id.
        id: String,
        /// Its name.
        name: String,
    },
    /// Something happened to a run of a runbook.
    Run {
        /// Its number.
        number: i64,
        /// The name of the runbook.
        name: String,
        /// What.
        what: RunEvent,
    },
    /// Something happened to a comms message.
    Comms {
        /// Its number.
        number: i64,
        /// The name of the audience.
        audience: String,
        /// What.
        what: CommsEvent,
    },
    /// It was said when planned work is to be done.
    Planned {
        /// Before, if that had been said.
        from: Option<Window>,
        /// Now.
        to: Window,
    },
    /// Planned work has begun, by the clock or by somebody.
    WorkBegan,
    /// Alerts began to fire that are the first of their kinds.
    AlertsFired {
        /// Their kinds.
        kinds: Vec<String>,
    },
    /// Alerts were counted since the timeline last told of any.
    AlertsCounted {
        /// How many.
        counts: Pending,
        /// How many are firing now.
        firing: i64,
    },
    /// All alerts have been resolved for a while.
    AlertsCalm {
        /// How often one had begun to fire.
        total: i64,
    },
    /// The rooms on chat platforms were put away.
    RoomsArchived,
    /// The summary was written.
    Summarised {
        /// The summary.
        text: String,
    },
    /// A field of the incident was edited.
    Edited {
        /// Which.
        field: String,
        /// Before, in words.
        from: Option<String>,
        /// After, in words.
        to: Option<String>,
    },
    /// A task or follow-up was written down.
    TaskAdded {
        /// On which list.
        list: TaskList,
        /// Its number.
        number: i64,
        /// What.
        text: String,
        /// Who.
        assignee: Option<Subject>,
    },
    /// A task or follow-up changed hands.
    TaskAssigned {
        /// On which list.
        list: TaskList,
        /// Its number.
        number: i64,
        /// What.
        text: String,
        /// Who has it now.
        assignee: Option<Subject>,
    },
    /// A task or follow-up was done.
    TaskDone {
        /// On which list.
        list: TaskList,
        /// Its number.
        number: i64,
        /// What.
        text: String,
    },
    /// A task or follow-up turned out not to be done.
    TaskReopened {
        /// On which list.
        list: TaskList,
        /// Its number.
        number: i64,
        /// What.
        text: String,
    },
    /// This incident ended by being merged into another.
    MergedInto {
        /// The one that goes on.
        into: IncidentId,
    },
    /// Another incident was merged into this one.
    MergedFrom {
        /// The one that ended.
        from: IncidentId,
        /// Its title.
        title: String,
    },
}

/// How near something is that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Due {
    /// It is to come.
    Soon,
    /// It should have come.
    Late,
}

/// What people are reminded of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reminder {
    /// Nobody has taken command.
    NoCommander,
    /// The promised internal update is late.
    UpdateDue,
    /// Customers are due a word.
    Customers(Due),
    /// Planned work begins soon: those who have subscribed are reminded, not the room.
    WorkSoon,
    /// Planned work should be over.
    WorkLate,
}
