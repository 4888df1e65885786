//! One page in the making.

use super::place::Place;
use super::style::Style;
use super::text::{clean, standing};
use super::times::Times;
use super::words::{self, Words};
use crate::model::Model;
use muster_core::comms::{self, Locale, PageRules, PublicIncident, Texts, Written};

/// What whoever writes a page has at hand: what there is, in which language, and where the page is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sheet<'a> {
    pub(crate) model: &'a Model,
    pub(crate) page: &'a PageRules,
    pub(crate) style: &'a Style,
    pub(crate) locale: &'a Locale,
    pub(crate) words: &'static Words,
    pub(crate) place: &'a Place,
    /// The way to the root.
    pub(crate) root: &'a str,
}

impl<'a> Sheet<'a> {
    /// The words for where things stand.
    pub(crate) fn core_words(self) -> &'static comms::Words {
        comms::words(self.locale)
    }

    /// How moments are written.
    pub(crate) fn times(self) -> Times<'a> {
        Times { zone: self.page.time_zone, words: self.words, now: &self.model.now }
    }

    /// The way to a page in this language. It names the file, since not every host that holds files knows what a folder shows.
    pub(crate) fn to(self, place: &Place) -> String {
        format!("{}index.html", self.to_folder(self.locale, place))
    }

    /// The way to the same page in another language.
    pub(crate) fn in_language(self, locale: &Locale) -> String {
        format!("{}index.html", self.to_folder(locale, self.place))
    }

    /// The way to a file beside the first page of this language.
    pub(crate) fn to_file(self, name: &str) -> String {
        format!("{}{name}", self.to_folder(self.locale, &Place::HOME))
    }

    fn to_folder(self, locale: &Locale, place: &Place) -> String {
        format!("{}{}{}", self.root, self.model.rules.folder_of(locale), place.folder())
    }

    /// Where the page is for the whole world, in a language.
    pub(crate) fn address(self, locale: &Locale) -> String {
        let folder = self.model.rules.folder_of(locale);
        format!("{}/{folder}{}", self.page.url, self.place.folder())
    }

    /// What a message says in the language of the page or the nearest there is, and in which.
    pub(crate) fn said(self, texts: &'a Texts) -> Option<(&'a Locale, &'a Written)> {
        self.model.rules.nearest(texts, self.locale)
    }

    /// What an incident is called by the latest word that stands, and in which language; nothing when all of it was taken back.
    pub(crate) fn title(self, incident: &'a PublicIncident) -> Option<(&'a Locale, String)> {
        let (language, said) = self.said(&standing(incident)?.texts)?;
        Some((language, clean(&said.title)))
    }

    /// What is said of something in this language, with a gap filled.
    pub(crate) fn fill(self, phrase: &str, with: &str) -> String {
        words::fill(phrase, with)
    }
}
