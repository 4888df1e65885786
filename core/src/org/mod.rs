//! The organisation: what the config says about people, teams, services, sites, severities, roles and rights.
//! Read-only to the rest of core, and swapped as a whole when the config is reloaded.

mod alerting;
mod defaults;
mod lookup;
mod reach;

pub use alerting::{AlertRules, Heartbeat};
pub use reach::{Contact, Loudness, QuietHours, Reach, Step};

use crate::comms::CommsRules;
use crate::ids::{PersonId, PlatformId, RoleKey, SeverityKey};
use crate::oncall::{Policy, Schedule, Target};
use crate::runbook::Runbook;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

/// What somebody may do at all. Each includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// Nothing.
    None,
    /// Look.
    View,
    /// Declare and work incidents.
    Respond,
    /// Operate Muster.
    Admin,
}

/// A level of severity; the list is ordered from the worst.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Severity {
    /// Its name, `SEV1`.
    pub key: SeverityKey,
    /// What it means, in one line.
    pub meaning: String,
    /// How often an internal update is due while the incident is open, if it is at all.
    pub update_every: Option<Duration>,
}

/// A role that people may hold in an incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Its key, `commander`.
    pub key: RoleKey,
    /// As shown, `Incident Commander`.
    pub name: String,
    /// Short forms that fingers know, `ic`.
    pub aliases: Vec<String>,
    /// What the holder does, in one line.
    pub brief: String,
    /// Whether several people may hold it at once.
    pub many: bool,
}

/// One human.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their id, `alice`.
    pub id: PersonId,
    /// As shown.
    pub name: String,
    /// To match them on chat platforms.
    pub email: Option<String>,
    /// What they may do.
    pub right: Right,
    /// Where their clock is.
    pub time_zone: Tz,
    /// How they can be reached.
    pub reach: Reach,
}

/// People who answer for services together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Its id, `payments`.
    pub id: String,
    /// As shown.
    pub name: String,
    /// Who is on it.
    pub members: Vec<PersonId>,
    /// The escalation policy that says who is paged when the team is, by id.
    pub policy: Option<String>,
}

/// What kind of thing a service is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceKind {
    /// A site or API.
    Web,
    /// Behind the sites.
    Backend,
    /// Tills and terminals.
    PointOfSale,
    /// Devices.
    Iot,
    /// Lines and links.
    Network,
}

/// What can break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its id, `checkout`.
    pub id: String,
    /// As shown.
    pub name: String,
    /// What it is.
    pub kind: ServiceKind,
    /// The id of the team that answers for it.
    pub owner: Option<String>,
}

/// Where it can break: a store, a region, a warehouse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Its id, `stockholm-1`.
    pub id: String,
    /// As shown.
    pub name: String,
}

/// A configured type of incident, such as `security`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Its key.
    pub key: String,
    /// As shown.
    pub name: String,
    /// Whether incidents of this type are private from the start.
    pub private: bool,
}

/// A configured custom field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomField {
    /// Its key.
    pub key: String,
    /// As shown.
    pub name: String,
    /// The values it may have; any text when empty.
    pub choices: Vec<String>,
}

/// What happens on a chat platform by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatRules {
    /// Which platform.
    pub platform: PlatformId,
    /// Whether every incident gets a room there.
    pub rooms: bool,
    /// Whether public incidents are announced there.
    pub announces: bool,
}

/// What it means to be in a group of people on a chat platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRule {
    /// Which platform.
    pub platform: PlatformId,
    /// The platform's own id of the group.
    pub group: String,
    /// The team it stands for.
    pub team: Option<String>,
    /// What those in it may do at least.
    pub right: Right,
}

/// What rooms of incidents are like, on every chat platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomRules {
    /// Whether a room is renamed when the title of its incident changes.
    pub rename: bool,
    /// How long after an incident has ended for good its rooms are put away, if they are at all.
    pub archive_after: Option<Duration>,
    /// Whether the teams that own the services concerned are brought in.
    pub invite_owners: bool,
    /// Teams that are brought into every room of a public incident, by id.
    pub invite_teams: Vec<String>,
}

/// The organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// As shown.
    pub name: String,
    /// Where people reach the console from outside, without a slash at the end.
    pub console_url: String,
    /// From the worst.
    pub severities: Vec<Severity>,
    /// In the order shown; the commander is among them.
    pub roles: Vec<Role>,
    /// Everybody.
    pub people: Vec<Person>,
    /// Teams.
    pub teams: Vec<Team>,
    /// Services.
    pub services: Vec<Service>,
    /// Sites.
    pub sites: Vec<Site>,
    /// Types of incident.
    pub categories: Vec<Category>,
    /// Custom fields.
    pub fields: Vec<CustomField>,
    /// What somebody may do whom no link or e-mail ties to a person.
    pub guest_right: Right,
    /// How long an incident may go without a commander before the room is reminded.
    pub commander_within: Duration,
    /// The chat platforms that are connected.
    pub chats: Vec<ChatRules>,
    /// What groups of people on them stand for.
    pub groups: Vec<GroupRule>,
    /// What rooms are like there.
    pub rooms: RoomRules,
    /// Who is on call when.
    pub schedules: Vec<Schedule>,
    /// Whom pages go to, one after another.
    pub policies: Vec<Policy>,
    /// What holds for all pages.
    pub paging: PagingRules,
    /// What holds for alerts.
    pub alerting: AlertRules,
    /// What holds for runbooks.
    pub runbooks: RunbookRules,
    /// What holds for telling customers.
    pub comms: CommsRules,
}

/// What holds for runbooks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunbookRules {
    /// The runbooks there are, by name.
    pub books: Vec<Arc<Runbook>>,
    /// How long a machine that is at a step may say nothing before it is taken for lost.
    pub lost_after: Duration,
    /// The runners elsewhere.
    pub runners: Vec<Runner>,
    /// The programs that Muster itself may run, by name. Runners have lists of their own.
    pub programs: Vec<String>,
    /// The secrets that Muster itself has, by name.
    pub secrets: Vec<String>,
}

/// A runner elsewhere: a machine of ours that asks for work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Runner {
    /// Its name, by which its keys are made.
    pub name: String,
    /// The labels of steps that it may carry out.
    pub labels: Vec<String>,
}

impl Default for RunbookRules {
    fn default() -> Self {
        Self {
            books: Vec::new(),
            lost_after: Duration::from_secs(30),
            runners: Vec::new(),
            programs: Vec::new(),
            secrets: Vec::new(),
        }
    }
}

/// What holds for all pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PagingRules {
    /// Who is reached when a policy has come to its end and nobody has answered.
    pub last_resort: Vec<Target>,
    /// How long a level has by default.
    pub patience: Duration,
    /// So many pages a person gets within a minute; the others wait.
    pub per_minute: usize,
    /// So many within a quarter of an hour.
    pub per_quarter: usize,
    /// How long it is taken for granted that a contact works which was proven to.
    pub proof_good_for: Duration,
    /// How often every contact is tested by itself, if it is at all.
    pub test_every: Option<Duration>,
}
