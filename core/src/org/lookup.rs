//! Finding things by what people type.

use super::{Category, CustomField, Organisation, Person, Right, Role, Service, Severity, Site, Team};
use crate::ids::{PersonId, RoleKey, SeverityKey};
use crate::incident::Incident;
use crate::incident::event::Subject;
use crate::oncall::{Policy, Schedule};
use crate::runbook::{Runbook, Who};
use std::collections::BTreeSet;
use std::sync::Arc;

/// So many people are mentioned at once: more would be nobody in particular.
const MENTIONED: usize = 20;

impl Organisation {
    /// The person of that id.
    #[must_use]
    pub fn person(&self, id: &PersonId) -> Option<&Person> {
        self.people.iter().find(|person| &person.id == id)
    }

    /// The runbook somebody means by its id or name.
    #[must_use]
    pub fn find_runbook(&self, typed: &str) -> Option<&Arc<Runbook>> {
        self.runbooks.books.iter().find(|book| book.id.eq_ignore_ascii_case(typed.trim()) || same(&book.name, typed))
    }

    /// Those who may work on incidents.
    pub fn responders(&self) -> impl Iterator<Item = &Person> {
        self.people.iter().filter(|person| person.right >= Right::Respond)
    }

    /// The person somebody means by `@alice`, `alice`, `Alice Ek` or an e-mail address.
    #[must_use]
    pub fn find_person(&self, typed: &str) -> Option<&Person> {
        let typed = typed.trim().trim_start_matches('@');
        self.people.iter().find(|person| {
            person.id.as_str().eq_ignore_ascii_case(typed)
                || same(&person.name, typed)
                || person.email.as_deref().is_some_and(|email| email.eq_ignore_ascii_case(typed))
        })
    }

    /// Who they are in an incident, by name, as far as they can be named: of those who may respond, nobody in particular.
    #[must_use]
    pub fn named(&self, who: &[Who], incident: &Incident) -> Vec<Subject> {
        let known = |id: &PersonId| {
            self.person(id).map(|person| Subject { person: person.id.clone(), name: person.name.clone() })
        };
        let holders = |role: &RoleKey| -> Vec<Subject> {
            incident.holders(role).map(|one| Subject { person: one.person.clone(), name: one.name.clone() }).collect()
        };
        let of = |who: &Who| match who {
            Who::Responders | Who::Right { .. } => Vec::new(),
            Who::Role { role } => holders(role),
            Who::Team { team } => {
                self.team(team).map(|team| team.members.iter().filter_map(known).collect()).unwrap_or_default()
            }
            Who::Person { person } => known(person).into_iter().collect(),
        };
        let mut seen = BTreeSet::new();
        let mut people: Vec<_> = who.iter().flat_map(of).collect();
        people.retain(|one| seen.insert(one.person.clone()));
        people.truncate(MENTIONED);
        people
    }

    /// The severity somebody means by `sev1`, `SEV1` or, where unmistakable, `1`.
    #[must_use]
    pub fn find_severity(&self, typed: &str) -> Option<&Severity> {
        self.severities.iter().find(|severity| severity.key.as_str().eq_ignore_ascii_case(typed))
    }

    /// The configured severity of that key.
    #[must_use]
    pub fn severity(&self, key: &SeverityKey) -> Option<&Severity> {
        self.severities.iter().find(|severity| &severity.key == key)
    }

    /// How bad a severity is: 1 is the worst. Unknown ones come after all known.
    #[must_use]
    pub fn severity_rank(&self, key: &SeverityKey) -> usize {
        let place = self.severities.iter().position(|severity| &severity.key == key);
        place.unwrap_or(self.severities.len()) + 1
    }

    /// The role somebody means by key, alias or name.
    #[must_use]
    pub fn find_role(&self, typed: &str) -> Option<&Role> {
        self.roles.iter().find(|role| {
            role.key.as_str().eq_ignore_ascii_case(typed)
                || same(&role.name, typed)
                || role.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(typed))
        })
    }

    /// A role's name, or its key when the config no longer has it.
    #[must_use]
    pub fn role_name<'a>(&'a self, key: &'a RoleKey) -> &'a str {
        self.roles.iter().find(|role| &role.key == key).map_or(key.as_str(), |role| role.name.as_str())
    }

    /// The team of that id or name.
    #[must_use]
    pub fn team(&self, typed: &str) -> Option<&Team> {
        self.teams.iter().find(|team| same(&team.id, typed) || same(&team.name, typed))
    }

    /// The schedule of that id or name.
    #[must_use]
    pub fn schedule(&self, typed: &str) -> Option<&Schedule> {
        self.schedules.iter().find(|schedule| same(&schedule.id, typed) || same(&schedule.name, typed))
    }

    /// The escalation policy of that id.
    #[must_use]
    pub fn policy(&self, id: &str) -> Option<&Policy> {
        self.policies.iter().find(|policy| policy.id == id)
    }

    /// The service of that id or name.
    #[must_use]
    pub fn find_service(&self, typed: &str) -> Option<&Service> {
        self.services.iter().find(|service| same(&service.id, typed) || same(&service.name, typed))
    }

    /// The site of that id or name.
    #[must_use]
    pub fn find_site(&self, typed: &str) -> Option<&Site> {
        self.sites.iter().find(|site| same(&site.id, typed) || same(&site.name, typed))
    }

    /// The type of that key or name.
    #[must_use]
    pub fn find_category(&self, typed: &str) -> Option<&Category> {
        self.categories.iter().find(|category| same(&category.key, typed) || same(&category.name, typed))
    }

    /// The custom field of that key or name.
    #[must_use]
    pub fn find_field(&self, typed: &str) -> Option<&CustomField> {
        self.fields.iter().find(|field| same(&field.key, typed) || same(&field.name, typed))
    }
}

/// Equal but for case, also beyond ASCII: names are people's own.
fn same(name: &str, typed: &str) -> bool {
    name == typed || name.to_lowercase() == typed.to_lowercase()
}
