//! Who is named, and which severities, as they are typed in lists.

use super::super::problem::did_you_mean;
use super::super::section::Section;
use muster_core::ids::{PersonId, SeverityKey};
use muster_core::org::{Organisation, Right};
use muster_core::runbook::Who;

/// Everybody a list names: `role:comms`, `team:press`, `@alice`, `right:admin`, `responders`.
pub(super) fn who(section: &Section<'_, '_>, key: &'static str, org: &Organisation) -> Option<Vec<Who>> {
    let typed = section.texts(key)?;
    Some(typed.iter().filter_map(|typed| section.taken(key, typed, one(typed.get_ref(), org))).collect())
}

fn one(typed: &str, org: &Organisation) -> Result<Who, String> {
    if typed == "responders" {
        return Ok(Who::Responders);
    }
    if let Some(id) = typed.strip_prefix('@') {
        return person(id, org).map(|person| Who::Person { person });
    }
    match typed.split_once(':') {
        Some(("role", key)) => {
            let known = || org.roles.iter().map(|role| role.key.as_str());
            let missing = || format!("role `{key}` does not exist{}", did_you_mean(key, known()));
            Ok(Who::Role { role: org.find_role(key).ok_or_else(missing)?.key.clone() })
        }
        Some(("team", id)) => {
            let known = || org.teams.iter().map(|team| team.id.as_str());
            let missing = || format!("team `{id}` does not exist{}", did_you_mean(id, known()));
            Ok(Who::Team { team: org.team(id).ok_or_else(missing)?.id.clone() })
        }
        Some(("right", "respond")) => Ok(Who::Right { right: Right::Respond }),
        Some(("right", "admin")) => Ok(Who::Right { right: Right::Admin }),
        Some(_) | None => {
            Err(format!("“{typed}” does not say who; write role:comms, team:press, @alice, right:admin or responders"))
        }
    }
}

/// Somebody of the organisation.
pub(super) fn person(id: &str, org: &Organisation) -> Result<PersonId, String> {
    let known = || org.people.iter().map(|person| person.id.as_str());
    let missing = || format!("person `{id}` does not exist{}", did_you_mean(id, known()));
    Ok(org.people.iter().find(|person| person.id.as_str() == id).ok_or_else(missing)?.id.clone())
}

/// The severities of a list; all of them when it holds `all`.
pub(super) fn severities(section: &Section<'_, '_>, key: &'static str, org: &Organisation) -> Option<Vec<SeverityKey>> {
    let typed = section.texts(key)?;
    if typed.iter().any(|typed| typed.get_ref() == "all") {
        return Some(org.severities.iter().map(|severity| severity.key.clone()).collect());
    }
    let find = |typed: &str| {
        let known = org.severities.iter().map(|severity| severity.key.as_str());
        let missing = format!("severity `{typed}` does not exist{}", did_you_mean(typed, known));
        org.find_severity(typed).map(|severity| severity.key.clone()).ok_or(missing)
    };
    Some(typed.iter().filter_map(|typed| section.taken(key, typed, find(typed.get_ref()))).collect())
}
