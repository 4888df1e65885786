//! Who may approve, and where things go, as they are typed in lists.

use super::super::problem::did_you_mean;
use super::super::section::Section;
use muster_core::comms::Destination;
use muster_core::ids::{PersonId, PlatformId, SeverityKey};
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

fn person(id: &str, org: &Organisation) -> Result<PersonId, String> {
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

/// Where things go: `page`, `subscribers`, `channel:slack/C024BE91L`, `@alice`, `webhook:social`, `statuspage:main`.
pub(super) fn destinations(
    section: &Section<'_, '_>,
    key: &'static str,
    org: &Organisation,
) -> Option<Vec<Destination>> {
    let mut to = Vec::new();
    for typed in section.texts(key)? {
        let Some(one) = section.taken(key, &typed, destination(typed.get_ref(), org)) else { continue };
        if to.contains(&one) {
            section.problem(typed.span(), key, format!("“{}” is there twice", typed.get_ref()));
        }
        to.push(one);
    }
    Some(to)
}

fn destination(typed: &str, org: &Organisation) -> Result<Destination, String> {
    let wrong = || {
        let near = did_you_mean(typed, ["page", "subscribers"]);
        let near = if near.is_empty() {
            "; write page, subscribers, channel:slack/C024BE91L, @alice, webhook:NAME or statuspage:NAME".to_owned()
        } else {
            near
        };
        format!("“{typed}” is nowhere to send to{near}")
    };
    if let Some(id) = typed.strip_prefix('@') {
        return person(id, org).map(|person| Destination::Person { person });
    }
    match (typed, typed.split_once(':')) {
        ("page", _) => Ok(Destination::Page),
        ("subscribers", _) => Ok(Destination::Subscribers),
        (_, Some(("channel", channel))) => match channel.split_once('/') {
            Some((platform, address)) if !platform.is_empty() && !address.is_empty() => {
                Ok(Destination::Channel { platform: PlatformId::from(platform), address: address.to_owned() })
            }
            Some(_) | None => Err(format!("“{typed}” names no channel; write it as channel:slack/C024BE91L")),
        },
        (_, Some(("webhook", name))) if !name.is_empty() => Ok(Destination::Webhook { name: name.to_owned() }),
        (_, Some(("statuspage", name))) if !name.is_empty() => Ok(Destination::Statuspage { name: name.to_owned() }),
        (_, Some(_) | None) => Err(wrong()),
    }
}
