//! Routes: what an alert is about, how bad it is, whom it concerns, and what becomes of it. The first that fits counts.

use super::{Facts, Level, Matcher};
use crate::ids::SeverityKey;
use crate::org::{Loudness, Organisation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// What becomes of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    /// It belongs to the incident of its group; one is declared if there is none.
    Declare,
    /// It belongs to the incident of its group if there is one, and is kept if there is none.
    Attach,
    /// It is kept.
    Record,
}

/// Where the name of a service or site is taken from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pick {
    /// It is always this one, by id.
    Always(String),
    /// It is in that label, by id or name.
    Label(String),
}

/// Whether people are paged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pages {
    /// As loudly as the severity demands.
    BySeverity,
    /// This loudly.
    At(Loudness),
    /// Never.
    Never,
}

/// What happens to an incident all alerts of which have been resolved for a while.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resolve {
    /// The room is asked whether it is over.
    #[default]
    Suggest,
    /// It is resolved if nobody has taken command of it; else the room is asked.
    Auto,
    /// Nothing.
    Never,
}

/// A route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// What must hold of an alert; all of it.
    pub matchers: Vec<Matcher>,
    /// What becomes of it.
    pub does: Does,
    /// The service it is about.
    pub service: Pick,
    /// The site it is about.
    pub site: Pick,
    /// The severity of its incident, where no level says otherwise.
    pub severity: Option<SeverityKey>,
    /// The severity by the level of the alert.
    pub by_level: BTreeMap<Level, SeverityKey>,
    /// The team that is paged, by id; the owner of the service unless given.
    pub team: Option<String>,
    /// Whether it is paged.
    pub pages: Pages,
    /// What the alerts of one incident have in common: labels, `service` and `site` among them.
    pub group_by: Vec<String>,
    /// What happens when they have all been resolved.
    pub resolve: Resolve,
}

impl Route {
    /// The route of everything that no other takes: declared in triage, for the service and site of the labels of these
    /// names. What is only for the record is only kept.
    #[must_use]
    pub fn usual(level: Option<Level>) -> Self {
        Self {
            matchers: Vec::new(),
            does: if level == Some(Level::Info) { Does::Record } else { Does::Declare },
            service: Pick::Label("service".to_owned()),
            site: Pick::Label("site".to_owned()),
            severity: None,
            by_level: BTreeMap::new(),
            team: None,
            pages: Pages::BySeverity,
            group_by: vec!["service".to_owned(), "site".to_owned()],
            resolve: Resolve::Suggest,
        }
    }
}

/// What the routes say of one alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What becomes of it.
    pub does: Does,
    /// The service it is about, by id.
    pub service: Option<String>,
    /// The site it is about, by id.
    pub site: Option<String>,
    /// How bad it is.
    pub severity: Option<SeverityKey>,
    /// The team that is paged, by id, and how loudly.
    pub page: Option<(String, Loudness)>,
    /// The key of its group.
    pub group: String,
    /// What happens when the alerts of the incident have all been resolved.
    pub resolve: Resolve,
}

impl Plan {
    /// What the routes of an organisation say of such an alert.
    #[must_use]
    pub fn of(facts: &Facts<'_>, org: &Organisation) -> Self {
        let rules = &org.alerting;
        let route = rules.routes.iter().find(|route| route.matchers.iter().all(|matcher| matcher.holds(facts)));
        let usual;
        let route = match route {
            Some(route) => route,
            None => {
                usual = Route::usual(facts.level);
                &usual
            }
        };
        let service = pick(&route.service, facts).and_then(|typed| org.find_service(typed));
        let site = pick(&route.site, facts).and_then(|typed| org.find_site(typed)).map(|site| site.id.clone());
        let severity = facts.level.and_then(|level| route.by_level.get(&level)).or(route.severity.as_ref());
        let owner = service.and_then(|service| service.owner.as_ref());
        let team = route.team.as_ref().or(owner).or(rules.team.as_ref());
        let loudness = match route.pages {
            Pages::Never => None,
            Pages::At(loudness) => Some(loudness),
            Pages::BySeverity => Some(loudness(severity, facts.level, org)),
        };
        let service = service.map(|service| service.id.clone());
        let known = Facts { service: service.as_deref(), site: site.as_deref(), ..*facts };
        Self {
            does: route.does,
            group: group(&route.group_by, &known),
            severity: severity.cloned(),
            page: team.cloned().zip(loudness),
            resolve: route.resolve,
            service,
            site,
        }
    }
}

fn pick<'a>(pick: &'a Pick, facts: &'a Facts<'_>) -> Option<&'a str> {
    match pick {
        Pick::Always(id) => Some(id),
        Pick::Label(label) => Some(facts.get(label)).filter(|value| !value.is_empty()),
    }
}

/// The two worst severities wake people; where there is none, what has failed does.
fn loudness(severity: Option<&SeverityKey>, level: Option<Level>, org: &Organisation) -> Loudness {
    let is_loud = match (severity, level) {
        (Some(severity), _) => org.severity_rank(severity) <= 2,
        (None, Some(Level::Critical | Level::Error)) => true,
        (None, Some(Level::Warning | Level::Info) | None) => false,
    };
    if is_loud { Loudness::High } else { Loudness::Low }
}

/// The longest key of a group that is kept as it is, in bytes.
const LONGEST_GROUP: usize = 250;

/// What the alerts of a group have in common, in one text. Those with nothing of it have their source in common: better
/// one incident too few in a storm than one for each alert.
fn group(by: &[String], facts: &Facts<'_>) -> String {
    let parts = by.iter().map(|label| (label, facts.get(label))).filter(|(_, value)| !value.is_empty());
    let parts: Vec<_> = parts.map(|(label, value)| format!("{label}={value}")).collect();
    let key = if parts.is_empty() { format!("source={}", facts.source) } else { parts.join(" ") };
    if key.len() <= LONGEST_GROUP {
        return key;
    }
    Sha256::digest(&key).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
#[path = "route/tests.rs"]
mod tests;
