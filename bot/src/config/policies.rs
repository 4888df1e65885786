//! Escalation policies, and what holds for all pages.

use super::organisation::Seen;
use super::problem::did_you_mean;
use super::section::Section;
use super::value::check_id;
use muster_core::ids::{PersonId, PlatformId, SeverityKey};
use muster_core::oncall::{Level, Policy, Schedule, Target};
use muster_core::org::{PagingRules, Person, Severity, Team};
use muster_core::time::parse_span;
use std::collections::BTreeMap;
use std::time::Duration;
use toml::Spanned;

/// How often a policy may be gone through again.
const REPEATS: std::ops::RangeInclusive<i64> = 0..=20;
/// How many pages a person may get within a minute, or a quarter of an hour.
const PAGES: std::ops::RangeInclusive<i64> = 1..=1_000;
/// Systems that can be a target, by the word before the colon.
const OUTLETS: [&str; 2] = ["pagerduty", "webhook"];

/// What targets and levels may name.
pub(super) struct Known<'k> {
    pub(super) people: &'k [Person],
    pub(super) teams: &'k [Team],
    pub(super) schedules: &'k [Schedule],
    pub(super) severities: &'k [Severity],
}

/// Reads `[paging]`.
pub(super) fn paging(root: &Section<'_, '_>, usual: PagingRules, known: &Known<'_>) -> PagingRules {
    let Some(section) = root.table("paging") else { return usual };
    let last_resort = targets(&section, "last_resort", section.texts("last_resort"), known);
    let patience = section.span("patience").unwrap_or(usual.patience);
    let per =
        |key, usual: usize| section.number(key, PAGES).and_then(|number| usize::try_from(number).ok()).unwrap_or(usual);
    let (per_minute, per_quarter) = (per("per_minute", usual.per_minute), per("per_quarter", usual.per_quarter));
    let proof_good_for = section.span("proof_good_for").unwrap_or(usual.proof_good_for);
    let test_every = section.span("test_every").or(usual.test_every);
    section.finish();
    PagingRules { last_resort, patience, per_minute, per_quarter, proof_good_for, test_every }
}

/// The policies. `patience` is how long a level has that says nothing of it.
pub(super) fn policies(root: &Section<'_, '_>, patience: Duration, known: &Known<'_>) -> Vec<Policy> {
    let mut ids = Seen::default();
    let mut policies = Vec::new();
    for section in root.tables("policy").unwrap_or_default() {
        let id = section.required("id", "payments");
        let name = section.text("name");
        let repeat = section.number("repeat", REPEATS).and_then(|number| u32::try_from(number).ok()).unwrap_or(0);
        let sections = section.tables("level").unwrap_or_default();
        if sections.is_empty() {
            section.problem(section.at(), "level", "there must be at least one [[policy.level]]");
        }
        let levels = sections.iter().map(|section| level(section, patience, known)).collect();
        if let Some(id) = id {
            check_id(&section, "id", &id);
            ids.check(&section, "id", &id);
            let name = name.map_or_else(|| id.get_ref().clone(), Spanned::into_inner);
            policies.push(Policy { id: id.into_inner(), name, levels, repeat });
        }
        section.finish();
    }
    policies
}

fn level(section: &Section<'_, '_>, patience: Duration, known: &Known<'_>) -> Level {
    let typed = section.texts("targets");
    if !section.has("targets") || typed.as_ref().is_some_and(Vec::is_empty) {
        let sentence = "this reaches nobody; for example targets = [\"schedule:payments\", \"@alice\"]";
        section.problem(section.at(), "targets", sentence);
    }
    let targets = targets(section, "targets", typed, known);
    let round_robin = section.flag("round_robin").unwrap_or_default();
    let after = section.span("after").unwrap_or(patience);
    let mut after_by_severity = BTreeMap::new();
    for typed in section.texts("after_by_severity").unwrap_or_default() {
        if let Some((key, after)) = section.taken("after_by_severity", &typed, by_severity(typed.get_ref(), known)) {
            after_by_severity.insert(key, after);
        }
    }
    section.finish();
    Level { targets, round_robin, after, after_by_severity }
}

/// `SEV1 2m`
fn by_severity(typed: &str, known: &Known<'_>) -> Result<(SeverityKey, Duration), String> {
    let wrong = || format!("“{typed}” is not a severity and a stretch of time; write it as \"SEV1 2m\"");
    let (severity, span) = typed.split_once(' ').ok_or_else(wrong)?;
    let keys = || known.severities.iter().map(|severity| &severity.key);
    let Some(key) = keys().find(|key| key.as_str().eq_ignore_ascii_case(severity)) else {
        let near = did_you_mean(severity, keys().map(SeverityKey::as_str));
        return Err(format!("severity `{severity}` does not exist{near}"));
    };
    let span = parse_span(span).and_then(|span| span.to_std().ok()).ok_or_else(wrong)?;
    Ok((key.clone(), span))
}

fn targets(
    section: &Section<'_, '_>,
    key: &'static str,
    typed: Option<Vec<Spanned<String>>>,
    known: &Known<'_>,
) -> Vec<Target> {
    let mut targets = Vec::new();
    for typed in typed.unwrap_or_default() {
        let Some(target) = section.taken(key, &typed, target(typed.get_ref(), known)) else { continue };
        if targets.contains(&target) {
            section.problem(typed.span(), key, format!("“{}” is there twice", typed.get_ref()));
        }
        targets.push(target);
    }
    targets
}

/// `@alice`, `schedule:payments`, `team:payments`, `channel:slack/C024BE91L`, `pagerduty:main`, `webhook:noc`.
pub(super) fn target(typed: &str, known: &Known<'_>) -> Result<Target, String> {
    let exists = |kind: &str, name: &str, ids: &mut dyn Iterator<Item = &str>| {
        let ids: Vec<&str> = ids.collect();
        if ids.contains(&name) {
            return Ok(name.to_owned());
        }
        Err(format!("{kind} `{name}` does not exist{}", did_you_mean(name, ids)))
    };
    let Some((kind, name)) = typed.split_once(':') else {
        let people = &mut known.people.iter().map(|person| person.id.as_str());
        let id = exists("person", typed.trim_start_matches('@'), people)?;
        return Ok(Target::Person { id: PersonId::new(id) });
    };
    let name = name.trim();
    match kind.trim() {
        "schedule" => {
            let ids = &mut known.schedules.iter().map(|schedule| schedule.id.as_str());
            Ok(Target::Schedule { id: exists("schedule", name, ids)? })
        }
        "team" => {
            let ids = &mut known.teams.iter().map(|team| team.id.as_str());
            Ok(Target::Team { id: exists("team", name, ids)? })
        }
        "channel" => match name.split_once('/') {
            Some((platform, address)) if !platform.is_empty() && !address.is_empty() => {
                Ok(Target::Channel { platform: PlatformId::from(platform), address: address.to_owned() })
            }
            Some(_) | None => Err(format!("“{typed}” names no channel; write it as \"channel:slack/C024BE91L\"")),
        },
        outlet if OUTLETS.contains(&outlet) && !name.is_empty() => {
            Ok(Target::Outlet { platform: PlatformId::from(outlet), name: name.to_owned() })
        }
        kind => {
            let kinds = ["schedule", "team", "channel"].into_iter().chain(OUTLETS);
            Err(format!("“{typed}” is no target{}", did_you_mean(kind, kinds)))
        }
    }
}

/// Which policy pages of a team follow, to be checked when the policies are known.
pub(super) type Followed<'a, 'i> = (Section<'a, 'i>, Spanned<String>);

/// Every policy that a team follows must be one.
pub(super) fn check_followed(followed: Vec<Followed<'_, '_>>, policies: &[Policy]) {
    let known = || policies.iter().map(|policy| policy.id.as_str());
    for (section, policy) in followed {
        if !known().any(|id| id == policy.get_ref()) {
            let near = did_you_mean(policy.get_ref(), known());
            section.problem(policy.span(), "policy", format!("policy `{}` does not exist{near}", policy.get_ref()));
        }
    }
}
