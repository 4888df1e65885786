//! People: who may run, drive and approve, and whom a step is for.

use super::super::fault::{did_you_mean, typed};
use super::super::field::{At, Brief, Field, Many};
use super::super::raw::{RawGrant, RawPermissions};
use super::Builder;
use muster_core::ids::{PersonId, RoleKey};
use muster_core::org::Right;
use muster_core::runbook::{Grant, Permissions, Who};
use std::collections::BTreeSet;

const HOW: &str = "write `role:commander`, `team:payments`, `@alice`, `right:admin` or `responders`";

impl Builder<'_> {
    /// Somebody, by what they are.
    pub(super) fn who(&self, at: &At<String>) -> Option<Who> {
        let text = at.value.trim();
        if text == "responders" {
            return Some(Who::Responders);
        }
        if let Some(person) = text.strip_prefix('@') {
            return self.person(at, person).map(|person| Who::Person { person });
        }
        match text.split_once(':') {
            Some(("role", role)) => self.role_key(at, role).map(|role| Who::Role { role }),
            Some(("team", team)) => {
                let team = At { value: team.trim().to_owned(), place: at.place.clone() };
                let known = self.ids([&team], "team", |org| org.teams.iter().map(|team| team.id.as_str()).collect());
                known.into_iter().next().map(|team| Who::Team { team })
            }
            Some(("person", person)) => self.person(at, person).map(|person| Who::Person { person }),
            Some(("right", "view")) => Some(Who::Right { right: Right::View }),
            Some(("right", "respond")) => Some(Who::Right { right: Right::Respond }),
            Some(("right", "admin")) => Some(Who::Right { right: Right::Admin }),
            Some(("right", other)) => {
                self.faults.add(
                    &at.place,
                    format!("there is no right {}", typed(other)),
                    did_you_mean(other, ["view", "respond", "admin"]),
                );
                None
            }
            Some(_) | None => {
                self.fault(&at.place, format!("{} does not say who", typed(text)), HOW);
                None
            }
        }
    }

    pub(super) fn all_who(&self, field: &Field<Many<String>>) -> Vec<Who> {
        field.each().filter_map(|who| self.who(who)).collect()
    }

    fn person(&self, at: &At<String>, typed_as: &str) -> Option<PersonId> {
        let id = typed_as.trim();
        let Some(org) = self.org else { return Some(PersonId::from(id)) };
        let found = org.people.iter().find(|person| person.id.as_str() == id);
        if found.is_none() {
            let known = org.people.iter().map(|person| person.id.as_str());
            self.faults.add(&at.place, format!("there is no person {}", typed(id)), did_you_mean(id, known));
        }
        found.map(|person| person.id.clone())
    }

    pub(super) fn role_key(&self, at: &At<String>, typed_as: &str) -> Option<RoleKey> {
        let key = typed_as.trim();
        let Some(org) = self.org else { return Some(RoleKey::from(key)) };
        let found = org.find_role(key);
        if found.is_none() {
            let known = org.roles.iter().map(|role| role.key.as_str());
            self.faults.add(&at.place, format!("there is no role {}", typed(key)), did_you_mean(key, known));
        }
        found.map(|role| role.key.clone())
    }

    /// The people whom a list can ever mean, if it names them all.
    pub(super) fn people(&self, who: &[Who]) -> Option<BTreeSet<PersonId>> {
        let mut people = BTreeSet::new();
        for who in who {
            match who {
                Who::Person { person } => {
                    people.insert(person.clone());
                }
                Who::Team { team } => {
                    let team = self.org?.teams.iter().find(|known| known.id == *team)?;
                    people.extend(team.members.iter().cloned());
                }
                Who::Responders | Who::Role { .. } | Who::Right { .. } => return None,
            }
        }
        Some(people)
    }

    pub(super) fn permissions(&self, raw: Option<&RawPermissions>) -> Permissions {
        let all = || vec![Grant { who: vec![Who::Responders], severities: Vec::new() }];
        let grants = |field: &Field<Many<Brief<RawGrant>>>| match field {
            Field::Missing => all(),
            Field::Wrong | Field::Given(_) => field.each().filter_map(|grant| self.grant(grant)).collect(),
        };
        raw.map_or_else(
            || Permissions { run: all(), drive: all() },
            |raw| Permissions { run: grants(&raw.run), drive: grants(&raw.drive) },
        )
    }

    fn grant(&self, at: &At<Brief<RawGrant>>) -> Option<Grant> {
        match &at.value {
            Brief::Text(text) => {
                let who = self.who(&At { value: text.clone(), place: at.place.clone() })?;
                Some(Grant { who: vec![who], severities: Vec::new() })
            }
            Brief::Map(raw) => {
                self.need(&raw.who, &at.place, "who", HOW)?;
                let severities = raw.severity.each().filter_map(|severity| self.severity(severity)).collect();
                Some(Grant { who: self.all_who(&raw.who), severities })
            }
        }
    }
}
