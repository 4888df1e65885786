//! The incident: one aggregate, changed only by [`crate::decide`], stored whole, guarded by its version.

pub mod entry;
pub mod event;
pub mod page;
pub mod role;
pub mod room;
pub mod status;
pub mod task;

use crate::alert::Tally;
use crate::clock::Timestamp;
use crate::comms;
use crate::ids::{IncidentId, PersonId, PlatformId, RoleKey, SeverityKey};
use crate::runbook::Brief;
use entry::Author;
use event::Reminder;
use page::Page;
use role::{Assignment, Offer};
use room::Room;
use serde::{Deserialize, Serialize};
use status::Status;
use std::collections::{BTreeMap, BTreeSet};
use task::{Task, TaskList};

/// What sort of incident this is. A drill can reach no customer and no phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Something real is broken.
    Incident,
    /// Practice.
    Drill,
    /// Planned work.
    Maintenance,
}

impl Kind {
    /// Every kind, in the order of help and forms.
    pub const ALL: [Self; 3] = [Self::Incident, Self::Drill, Self::Maintenance];

    /// The word typed and shown.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Incident => "incident",
            Self::Drill => "drill",
            Self::Maintenance => "maintenance",
        }
    }
}

/// Who may know of an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Everybody who can sign in.
    Public,
    /// Its participants only; to all others it does not exist.
    Private,
}

/// Somebody who has joined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// Who.
    pub person: PersonId,
    /// Their name when they joined.
    pub name: String,
    /// Since when.
    pub joined_at: Timestamp,
}

/// The last internal update and the promise of the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Update {
    /// What we know.
    pub text: String,
    /// What we do, where that was said apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doing: Option<String>,
    /// Who said it.
    pub by: Author,
    /// When.
    pub at: Timestamp,
    /// When the next one is promised, if it is.
    pub next_at: Option<Timestamp>,
}

/// An incident as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// Its number.
    pub id: IncidentId,
    /// How many decisions have changed it. A write expects the version it read.
    pub version: i64,
    /// Incident, drill or maintenance.
    pub kind: Kind,
    /// Who may know of it.
    pub visibility: Visibility,
    /// What is wrong, in one line.
    pub title: String,
    /// What is known, in a few sentences.
    pub summary: Option<String>,
    /// How bad, once somebody has said.
    pub severity: Option<SeverityKey>,
    /// Where the responders stand.
    pub status: Status,
    /// A configured type.
    pub category: Option<String>,
    /// Configured custom fields.
    pub fields: BTreeMap<String, String>,
    /// What is broken, by service id.
    pub services: BTreeSet<String>,
    /// Where, by site id.
    pub sites: BTreeSet<String>,
    /// Who declared it.
    pub declared_by: Author,
    /// When.
    pub declared_at: Timestamp,
    /// When a decision last changed it.
    pub changed_at: Timestamp,
    /// When it was last resolved, unless it was reopened since.
    pub resolved_at: Option<Timestamp>,
    /// Who holds which role.
    pub roles: Vec<Assignment>,
    /// Handoffs offered and not yet answered.
    pub offers: Vec<Offer>,
    /// Who has joined.
    pub participants: Vec<Participant>,
    /// What to do during the incident.
    pub tasks: Vec<Task>,
    /// What to do after it.
    pub followups: Vec<Task>,
    /// Where it is worked.
    pub rooms: Vec<Room>,
    /// The reminders nobody wants to have again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dismissed: Vec<Reminder>,
    /// The platforms on which a room was lost, once for each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rooms_lost: Vec<PlatformId>,
    /// The platforms on which a room was left because too many could see it, once for each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rooms_left: Vec<PlatformId>,
    /// The platforms on which somebody has asked for a room that is not open yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rooms_wanted: Vec<PlatformId>,
    /// Who was paged, in the order of their numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<Page>,
    /// The runs of runbooks, in the order of their numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub runs: Vec<Brief>,
    /// The runbooks that were offered because they fit, by id, once each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suggested: Vec<String>,
    /// The comms messages, in the order of their numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<comms::Brief>,
    /// What customers were told when, and are to be told next.
    #[serde(default, skip_serializing_if = "comms::Clock::is_empty")]
    pub comms_clock: comms::Clock,
    /// From when to when, if it is planned work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<comms::Window>,
    /// The number of the maintenance window that keeps the alerts of planned work from people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silence: Option<i64>,
    /// What its alerts come to.
    #[serde(default, skip_serializing_if = "Tally::is_empty")]
    pub alerts: Tally,
    /// Messages of chats that are on the record, by the platform's name for them, and the entry of each.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pins: BTreeMap<String, i64>,
    /// The last internal update.
    pub last_update: Option<Update>,
    /// When the next internal update is due: promised, or by the cadence of the severity.
    pub update_due: Option<Timestamp>,
    /// The number of the next timeline entry.
    pub next_entry: i64,
}

impl Incident {
    /// A new one in triage, of which no more is known; everybody may know of it.
    #[must_use]
    pub fn declared(id: IncidentId, title: &str, by: Author, at: Timestamp) -> Self {
        Self {
            id,
            version: 1,
            kind: Kind::Incident,
            visibility: Visibility::Public,
            title: title.to_owned(),
            summary: None,
            severity: None,
            status: Status::Triage,
            category: None,
            fields: BTreeMap::new(),
            services: BTreeSet::new(),
            sites: BTreeSet::new(),
            declared_by: by,
            declared_at: at,
            changed_at: at,
            resolved_at: None,
            roles: Vec::new(),
            offers: Vec::new(),
            participants: Vec::new(),
            tasks: Vec::new(),
            followups: Vec::new(),
            rooms: vec![Room::in_console(id)],
            dismissed: Vec::new(),
            rooms_lost: Vec::new(),
            rooms_left: Vec::new(),
            rooms_wanted: Vec::new(),
            pages: Vec::new(),
            runs: Vec::new(),
            suggested: Vec::new(),
            messages: Vec::new(),
            comms_clock: comms::Clock::default(),
            window: None,
            silence: None,
            alerts: Tally::default(),
            pins: BTreeMap::new(),
            last_update: None,
            update_due: None,
            next_entry: 1,
        }
    }

    /// Where the responders stand, in a word: planned work has words of its own.
    #[must_use]
    pub fn stands(&self) -> &'static str {
        self.status.phase().word_for(self.kind)
    }

    /// Whether it is planned work whose time has not come yet.
    #[must_use]
    pub fn is_planned(&self) -> bool {
        self.kind == Kind::Maintenance && self.window.is_some() && self.status == Status::Triage
    }

    /// Whether somebody is to take command: of planned work not before it begins.
    #[must_use]
    pub fn lacks_commander(&self) -> bool {
        self.status.is_open() && self.commander().is_none() && !self.is_planned()
    }

    /// Whether `person` has joined.
    #[must_use]
    pub fn has(&self, person: &PersonId) -> bool {
        self.participants.iter().any(|participant| &participant.person == person)
    }

    /// Whether `person` may know that this incident exists.
    #[must_use]
    pub fn is_visible_to(&self, person: &PersonId) -> bool {
        match self.visibility {
            Visibility::Public => true,
            Visibility::Private => self.has(person),
        }
    }

    /// Those who hold `role`.
    pub fn holders<'a>(&'a self, role: &'a RoleKey) -> impl Iterator<Item = &'a Assignment> {
        self.roles.iter().filter(move |assignment| &assignment.role == role)
    }

    /// Whether `person` holds `role`.
    #[must_use]
    pub fn holds(&self, person: &PersonId, role: &RoleKey) -> bool {
        self.holders(role).any(|assignment| &assignment.person == person)
    }

    /// A list of things to do.
    #[must_use]
    pub fn list(&self, list: TaskList) -> &[Task] {
        match list {
            TaskList::Task => &self.tasks,
            TaskList::Followup => &self.followups,
        }
    }

    /// A list of things to do, to be changed.
    pub fn list_mut(&mut self, list: TaskList) -> &mut Vec<Task> {
        match list {
            TaskList::Task => &mut self.tasks,
            TaskList::Followup => &mut self.followups,
        }
    }

    /// The page of that number.
    #[must_use]
    pub fn page(&self, number: i64) -> Option<&Page> {
        self.pages.iter().find(|page| page.number == number)
    }

    /// The Incident Commander, if there is one.
    #[must_use]
    pub fn commander(&self) -> Option<&Assignment> {
        self.roles.iter().find(|assignment| assignment.role.as_str() == role::COMMANDER)
    }
}
