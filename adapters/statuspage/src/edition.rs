//! The page in one language: what its files are called, where they are, and what was said in it.

use crate::page::names;
use crate::page::text::standing;
use chrono::Datelike;
use muster_core::clock::Timestamp;
use muster_core::comms::{CommsRules, Locale, PageRules, Post, PublicIncident, Texts, Words, Written, words};
use muster_core::plain::one_line;
use std::sync::Arc;

/// What every page is made with, whatever there is to show. A page that is made with nothing else but an incident stays as it is for as
/// long as both do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setting {
    /// What the config says.
    pub(crate) rules: Arc<CommsRules>,
    /// The moment, as far as it shows in a page that is about another.
    season: Season,
}

/// What dates and times are written by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Season {
    /// The year: dates of another name theirs.
    pub(crate) year: i32,
    /// What the clock of the page is called, which in summer may be another: `CET`.
    pub(crate) clock: String,
}

impl Setting {
    /// What holds at a moment.
    pub(crate) fn at(now: Timestamp, rules: Arc<CommsRules>) -> Self {
        let here = now.with_timezone(&rules.zone());
        let season = Season { year: here.year(), clock: here.format("%Z").to_string() };
        Self { rules, season }
    }

    /// One edition for each language, the default one first; none if there is no page.
    pub(crate) fn editions(&self) -> Vec<Edition<'_>> {
        let Some(page) = &self.rules.page else { return Vec::new() };
        let (rules, season) = (self.rules.as_ref(), &self.season);
        rules.locales.iter().map(|locale| Edition { rules, page, season, locale }).collect()
    }
}

/// The page in one language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Edition<'a> {
    /// What the config says.
    pub(crate) rules: &'a CommsRules,
    /// What it says of the page.
    pub(crate) page: &'a PageRules,
    /// What dates and times are written by.
    pub(crate) season: &'a Season,
    /// In which language.
    pub(crate) locale: &'a Locale,
}

impl<'a> Edition<'a> {
    /// The path of a file of it: the default language is at the root, the others are in folders.
    pub(crate) fn path(&self, name: &str) -> String {
        format!("{}{name}", self.rules.folder_of(self.locale))
    }

    /// The whole address of a file of it.
    pub(crate) fn url(&self, name: &str) -> String {
        format!("{}/{}", self.page.url, self.path(name))
    }

    /// The whole address of the page of an incident.
    pub(crate) fn permalink(&self, incident: &PublicIncident) -> String {
        self.url(&format!("incidents/{}/", incident.incident))
    }

    /// The name that stands for whoever runs the page, in ids: its host.
    pub(crate) fn host(&self) -> String {
        let url = url::Url::parse(&self.page.url).ok();
        url.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_else(|| "localhost".to_owned())
    }

    /// Muster's own words.
    pub(crate) fn words(&self) -> &'static Words {
        words(self.locale)
    }

    /// What a message says in the nearest language, and in which that is.
    pub(crate) fn said<'t>(&self, texts: &'t Texts) -> Option<(&'t Locale, &'t Written)> {
        self.rules.nearest(texts, self.locale)
    }

    /// What a post says, unless it was taken back.
    pub(crate) fn written(&self, post: &'a Post) -> Option<&'a Written> {
        self.said(&post.texts).filter(|_| post.retracted.is_none()).map(|(_, said)| said)
    }

    /// The title of the latest word that stands, and in which language that is; nothing when all of it was taken back.
    pub(crate) fn headline<'i>(&self, incident: &'i PublicIncident) -> Option<(&'i Locale, String)> {
        let (language, said) = self.said(&standing(incident)?.texts)?;
        Some((language, one_line(&said.title)))
    }

    /// What an incident is called.
    pub(crate) fn title(&self, incident: &PublicIncident) -> String {
        names::called(incident, self)
    }

    /// Where an incident stood when that was said of it, in words.
    pub(crate) fn stood(&self, incident: &PublicIncident, post: &Post) -> &'static str {
        names::stood(incident, post, self.locale)
    }
}
