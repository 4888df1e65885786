//! Telling customers: `[comms]`, `[[audience]]`, `[[digest]]`, `[[component]]`, `[statuspage]`, `[subscribers]`.

mod audiences;
mod components;
mod page;
mod places;
mod subscribers;
mod whom;

pub(crate) use page::Page;
pub(crate) use subscribers::Subscribing;

use super::made::Made;
use super::policies;
use super::section::Section;
use muster_core::comms::library::Usual;
use muster_core::comms::{CommsRules, Locale, Locales, PublicRules, PublicSite};
use muster_core::oncall::Target;
use muster_core::org::Organisation;
use muster_core::time::parse_span;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;
use toml::Spanned;

/// The folder of templates, beside the config, unless it says otherwise.
const FOLDER: &str = "comms";

/// What the config says of telling customers, beside the rules that the organisation has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Comms {
    /// Where templates are. Where there is no such folder, the library that Muster brings is used.
    pub(crate) folder: PathBuf,
    /// The status page, if there is one.
    pub(crate) page: Option<Page>,
    /// How subscribers are reached.
    pub(crate) subscribing: Subscribing,
    /// What is allowed and yet probably not meant.
    pub(crate) warnings: Vec<String>,
}

/// What other parts of the config have said of customers.
#[derive(Default)]
pub(super) struct Heard {
    /// How soon and how often they are told at a severity.
    pub(super) rules: Vec<PublicRules>,
    /// The sites they know of.
    pub(super) sites: Vec<PublicSite>,
}

/// What can be named here.
#[derive(Clone, Copy)]
pub(super) struct Known<'k> {
    /// People, teams, roles, severities, services and sites.
    pub(super) org: &'k Organisation,
    /// Where things can go.
    pub(super) made: &'k Made<'k>,
}

/// Reads all of it.
pub(super) fn read(root: &Section<'_, '_>, folder: &Path, heard: Heard, known: Known<'_>) -> (Comms, CommsRules) {
    let Known { org, made } = known;
    let usual = CommsRules::default();
    let section = root.table("comms");
    let section = section.as_ref();
    let locales = section.and_then(locales).unwrap_or_else(|| usual.locales.clone());
    let named = section.and_then(|section| section.text("folder")).map(|typed| folder.join(typed.get_ref()));
    let missing = named.as_ref().filter(|path| !path.is_dir());
    let warn = |path: &PathBuf| {
        format!("comms.folder is {}, which is not there: the templates are those of the library", path.display())
    };
    let warnings = missing.map(warn).into_iter().collect();
    let span = |key, usual| section.and_then(|section| section.span(key)).unwrap_or(usual);
    let review_page = section.and_then(|section| review_page(section, org));
    let remind_before = section.and_then(remind_before).unwrap_or(usual.remind_before);
    let (groups, components) = components::read(root, &locales, org);
    let page = page::read(root, folder, org);
    let subscribing = subscribers::read(root);
    let usual_ones = Usual { org, locales: &locales, page: made.page, subscribers: made.subscribers };
    let rules = CommsRules {
        audiences: audiences::audiences(root, usual_ones, known),
        digests: audiences::digests(root, known),
        rules: heard.rules,
        warn_before: span("warn_before", usual.warn_before),
        review_within: span("review_within", usual.review_within),
        review_page,
        components,
        groups,
        sites: heard.sites,
        templates: Vec::new(),
        remind_before,
        page: page.as_ref().map(Page::rules),
        locales,
    };
    if let Some(section) = section {
        section.finish();
    }
    let folder = named.unwrap_or_else(|| folder.join(FOLDER));
    (Comms { folder, page, subscribing, warnings }, rules)
}

/// The languages, the default one first.
fn locales(section: &Section<'_, '_>) -> Option<Locales> {
    let typed = section.texts("locales")?;
    if typed.is_empty() {
        section.problem(section.at(), "locales", "there must be at least one; for example [\"en\", \"sv\"]");
        return None;
    }
    let mut locales = Vec::new();
    for typed in &typed {
        let read = typed.get_ref().parse::<Locale>().map_err(|wrong| wrong.to_string());
        let Some(locale) = section.taken("locales", typed, read) else { continue };
        if locales.contains(&locale) {
            section.problem(typed.span(), "locales", format!("{locale} is there twice"));
        } else {
            locales.push(locale);
        }
    }
    let mut locales = locales.into_iter();
    Some(Locales::new(locales.next()?, locales))
}

/// Who is paged when nobody looks at what waits for approval.
fn review_page(section: &Section<'_, '_>, org: &Organisation) -> Option<Target> {
    let typed = section.text("review_page")?;
    let known = policies::Known {
        people: &org.people,
        teams: &org.teams,
        schedules: &org.schedules,
        severities: &org.severities,
    };
    section.taken("review_page", &typed, policies::target(typed.get_ref(), &known))
}

fn remind_before(section: &Section<'_, '_>) -> Option<Vec<Duration>> {
    let span = |typed: &Spanned<String>| {
        let span = parse_span(typed.get_ref()).and_then(|span| span.to_std().ok());
        let wrong = || format!("“{}” is not a stretch of time; write it as \"1d\" or \"1h\"", typed.get_ref());
        section.taken("remind_before", typed, span.ok_or_else(wrong))
    };
    Some(section.texts("remind_before")?.iter().filter_map(span).collect())
}

/// A name in the default language, or in each: `name = "Card payments"`, `name = { en = "Card payments", sv = "Kortbetalningar" }`.
fn names(section: &Section<'_, '_>, key: &'static str, locales: &Locales) -> BTreeMap<Locale, String> {
    let first = locales.first();
    if !section.is_table(key) {
        return section.text(key).into_iter().map(|name| (first.clone(), name.into_inner())).collect();
    }
    let Some(table) = section.table(key) else { return BTreeMap::new() };
    let mut names = BTreeMap::new();
    for (language, name) in table.pairs() {
        let known = locales.iter().find(|locale| locale.as_str() == language.get_ref());
        let unknown = || format!("{} is not among comms.locales", language.get_ref());
        if let Some(locale) = table.taken(language.get_ref(), &language, known.ok_or_else(unknown)) {
            names.insert(locale.clone(), name.into_inner());
        }
    }
    if !names.contains_key(first) {
        section.problem(table.at(), key, format!("{first} is missing: it is the default language"));
    }
    names
}
