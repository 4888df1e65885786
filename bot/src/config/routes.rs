//! What becomes of alerts: `[alerts]`, the routes, and who must check in.

use super::organisation::Seen;
use super::problem::did_you_mean;
use super::section::Section;
use super::value::check_id;
use chrono::TimeDelta;
use muster_core::alert::{Does, Flapping, Level, Matcher, Pages, Pick, Resolve, Route};
use muster_core::ids::SeverityKey;
use muster_core::org::{AlertRules, Heartbeat, Loudness, Service, Severity, Site, Team};
use std::collections::BTreeMap;
use toml::Spanned;

const DOES: [(&str, Does); 3] = [("declare", Does::Declare), ("attach", Does::Attach), ("record", Does::Record)];
const RESOLVE: [(&str, Resolve); 3] =
    [("suggest", Resolve::Suggest), ("auto", Resolve::Auto), ("never", Resolve::Never)];
const PAGE: [(&str, Pages); 4] = [
    ("by-severity", Pages::BySeverity),
    ("high", Pages::At(Loudness::High)),
    ("low", Pages::At(Loudness::Low)),
    ("never", Pages::Never),
];
/// How many turns may count as flapping.
const TURNS: std::ops::RangeInclusive<i64> = 2..=100;

/// What routes may name.
pub(super) struct Known<'k> {
    pub(super) teams: &'k [Team],
    pub(super) services: &'k [Service],
    pub(super) sites: &'k [Site],
    pub(super) severities: &'k [Severity],
}

impl Known<'_> {
    fn team(&self, section: &Section<'_, '_>) -> Option<String> {
        let typed = section.text("team")?;
        exists(section, ("team", "team"), &typed, &mut self.teams.iter().map(|team| team.id.as_str()))
    }

    fn severity(&self, typed: &str) -> Result<SeverityKey, String> {
        let keys = || self.severities.iter().map(|severity| &severity.key);
        let found = keys().find(|key| key.as_str().eq_ignore_ascii_case(typed)).cloned();
        found.ok_or_else(|| {
            format!("severity `{typed}` does not exist{}", did_you_mean(typed, keys().map(SeverityKey::as_str)))
        })
    }
}

fn exists(
    section: &Section<'_, '_>,
    (key, kind): (&'static str, &str),
    typed: &Spanned<String>,
    ids: &mut dyn Iterator<Item = &str>,
) -> Option<String> {
    let ids: Vec<&str> = ids.collect();
    if ids.contains(&typed.get_ref().as_str()) {
        return Some(typed.get_ref().clone());
    }
    let near = did_you_mean(typed.get_ref(), ids);
    section.problem(typed.span(), key, format!("{kind} `{}` does not exist{near}", typed.get_ref()));
    None
}

/// Reads `[alerts]`, `[[route]]` and `[[heartbeat]]`.
pub(super) fn read(root: &Section<'_, '_>, known: &Known<'_>) -> AlertRules {
    let rules = AlertRules { routes: routes(root, known), heartbeats: heartbeats(root), ..AlertRules::default() };
    let Some(section) = root.table("alerts") else { return rules };
    let span = |key, usual| span(&section, key).unwrap_or(usual);
    let turns = section.number("flapping_turns", TURNS).and_then(|turns| usize::try_from(turns).ok());
    let rules = AlertRules {
        team: known.team(&section),
        window: span("window", rules.window),
        reopen_within: span("reopen_within", rules.reopen_within),
        calm: span("calm", rules.calm),
        digest_every: span("digest_every", rules.digest_every),
        flapping: Flapping {
            turns: turns.unwrap_or(rules.flapping.turns),
            within: span("flapping_within", rules.flapping.within),
        },
        ..rules
    };
    section.finish();
    rules
}

fn span(section: &Section<'_, '_>, key: &'static str) -> Option<TimeDelta> {
    section.span(key).and_then(|span| TimeDelta::from_std(span).ok())
}

fn routes(root: &Section<'_, '_>, known: &Known<'_>) -> Vec<Route> {
    let sections = root.tables("route").unwrap_or_default();
    sections.iter().map(|section| route(section, known)).collect()
}

fn route(section: &Section<'_, '_>, known: &Known<'_>) -> Route {
    let usual = Route::usual(None);
    let (mut matchers, mut by_level) = (Vec::new(), BTreeMap::new());
    for typed in section.texts("match").unwrap_or_default() {
        let read = typed.get_ref().parse::<Matcher>();
        let wrong = |wrong| format!("“{}” is no condition: {wrong}", typed.get_ref());
        matchers.extend(section.taken("match", &typed, read.map_err(wrong)));
    }
    for typed in section.texts("severity_by_level").unwrap_or_default() {
        by_level.extend(section.taken("severity_by_level", &typed, of_level(typed.get_ref(), known)));
    }
    let severity = section.text("severity");
    let severity = severity.and_then(|typed| section.taken("severity", &typed, known.severity(typed.get_ref())));
    let services = &mut known.services.iter().map(|service| service.id.as_str());
    let sites = &mut known.sites.iter().map(|site| site.id.as_str());
    let group_by = section.texts("group_by");
    let route = Route {
        matchers,
        does: section.choice("do", &DOES).unwrap_or(usual.does),
        service: pick(section, "service", services).unwrap_or(usual.service),
        site: pick(section, "site", sites).unwrap_or(usual.site),
        severity,
        by_level,
        team: known.team(section),
        pages: section.choice("page", &PAGE).unwrap_or(usual.pages),
        group_by: group_by.map_or(usual.group_by, |labels| labels.into_iter().map(Spanned::into_inner).collect()),
        resolve: section.choice("resolve", &RESOLVE).unwrap_or(usual.resolve),
    };
    section.finish();
    route
}

/// `checkout`, or `label:app`.
fn pick(section: &Section<'_, '_>, key: &'static str, ids: &mut dyn Iterator<Item = &str>) -> Option<Pick> {
    let typed = section.text(key)?;
    match typed.get_ref().strip_prefix("label:") {
        Some(label) => Some(Pick::Label(label.trim().to_owned())),
        None => exists(section, (key, key), &typed, ids).map(Pick::Always),
    }
}

/// `critical SEV1`
fn of_level(typed: &str, known: &Known<'_>) -> Result<(Level, SeverityKey), String> {
    let wrong = || format!("“{typed}” is not a level and a severity; write it as \"critical SEV1\"");
    let (word, severity) = typed.split_once(' ').ok_or_else(wrong)?;
    let level = Level::ALL.into_iter().find(|level| level.word() == word).ok_or_else(wrong)?;
    Ok((level, known.severity(severity.trim())?))
}

fn heartbeats(root: &Section<'_, '_>) -> Vec<Heartbeat> {
    let levels = Level::ALL.map(|level| (level.word(), level));
    let mut ids = Seen::default();
    let mut heartbeats = Vec::new();
    for section in root.tables("heartbeat").unwrap_or_default() {
        let id = section.required("source", "backup");
        let name = section.text("name").map(Spanned::into_inner);
        let every = span(&section, "every");
        if every.is_none() && !section.has("every") {
            section.problem(section.at(), "every", "this is missing; for example every = \"1h\"");
        }
        let grace = span(&section, "grace").unwrap_or(TimeDelta::minutes(5));
        let level = section.choice("level", &levels).unwrap_or(Level::Error);
        let mut labels = BTreeMap::new();
        for typed in section.texts("labels").unwrap_or_default() {
            let read = typed.get_ref().split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
            let wrong = || format!("“{}” is no label; write it as \"service=checkout\"", typed.get_ref());
            labels.extend(section.taken("labels", &typed, read.ok_or_else(wrong)));
        }
        if let Some(id) = id {
            check_id(&section, "source", &id);
            ids.check(&section, "source", &id);
            let name = name.filter(|name| !name.is_empty()).unwrap_or_else(|| id.get_ref().clone());
            let heartbeat = |every| Heartbeat { id: id.into_inner(), name, every, grace, level, labels };
            heartbeats.extend(every.map(heartbeat));
        }
        section.finish();
    }
    heartbeats
}
