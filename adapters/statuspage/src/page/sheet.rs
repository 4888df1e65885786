//! One page in the making.

use super::place::Place;
use super::style::Style;
use super::times::Times;
use super::words::{self, Words};
use crate::edition::Edition;
use muster_core::comms::{self, Component, Locale, Texts, Written};

/// What whoever writes a page has at hand: in which language, and where the page is. What there is to show is given besides.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sheet<'a> {
    pub(crate) edition: Edition<'a>,
    pub(crate) style: &'a Style,
    pub(crate) words: &'static Words,
    pub(crate) place: &'a Place,
    /// The way to the root.
    pub(crate) root: &'a str,
}

impl<'a> Sheet<'a> {
    /// The page's language.
    pub(crate) fn locale(self) -> &'a Locale {
        self.edition.locale
    }

    /// The words for where things stand.
    pub(crate) fn core_words(self) -> &'static comms::Words {
        self.edition.words()
    }

    /// How moments are written.
    pub(crate) fn times(self) -> Times<'a> {
        Times { zone: self.edition.page.time_zone, words: self.words, season: self.edition.season }
    }

    /// The way to a page in this language. It names the file, since not every host that holds files knows what a folder shows.
    pub(crate) fn to(self, place: &Place) -> String {
        format!("{}index.html", self.to_folder(self.locale(), place))
    }

    /// The way to the same page in another language.
    pub(crate) fn in_language(self, locale: &Locale) -> String {
        format!("{}index.html", self.to_folder(locale, self.place))
    }

    /// The way to a file beside the first page of this language.
    pub(crate) fn to_file(self, name: &str) -> String {
        format!("{}{name}", self.to_folder(self.locale(), &Place::HOME))
    }

    fn to_folder(self, locale: &Locale, place: &Place) -> String {
        format!("{}{}{}", self.root, self.edition.rules.folder_of(locale), place.folder())
    }

    /// Where the page is for the whole world, in a language.
    pub(crate) fn address(self, locale: &Locale) -> String {
        let folder = self.edition.rules.folder_of(locale);
        format!("{}/{folder}{}", self.edition.page.url, self.place.folder())
    }

    /// What a component is called.
    pub(crate) fn name(self, component: &'a Component) -> &'a str {
        component.name(self.locale(), self.edition.rules)
    }

    /// What a message says in the nearest language, and in which that is.
    pub(crate) fn said<'t>(self, texts: &'t Texts) -> Option<(&'t Locale, &'t Written)> {
        self.edition.said(texts)
    }

    /// What is said of something in this language, with a gap filled.
    pub(crate) fn fill(self, phrase: &str, with: &str) -> String {
        words::fill(phrase, with)
    }
}
