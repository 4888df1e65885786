//! The page in one language: what its files are called, where they are, and what was said in it.

use crate::model::Model;
use crate::page::text;
use muster_core::comms::{Locale, PageRules, Post, PublicIncident, Words, Written, words};

/// The page in one language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Edition<'a> {
    /// What there is to show.
    pub(crate) model: &'a Model,
    /// What the config says of the page.
    pub(crate) page: &'a PageRules,
    /// In which language.
    pub(crate) locale: &'a Locale,
}

impl<'a> Edition<'a> {
    /// One for each language, the default one first; none if there is no page.
    pub(crate) fn all(model: &'a Model) -> Vec<Self> {
        let Some(page) = &model.rules.page else { return Vec::new() };
        model.rules.locales.iter().map(|locale| Self { model, page, locale }).collect()
    }

    /// The path of a file of it: the default language is at the root, the others are in folders.
    pub(crate) fn path(&self, name: &str) -> String {
        format!("{}{name}", self.model.rules.folder_of(self.locale))
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

    /// What a post says, unless it was taken back.
    pub(crate) fn written(&self, post: &'a Post) -> Option<&'a Written> {
        let (_, said) = self.model.rules.nearest(&post.texts, self.locale)?;
        post.retracted.is_none().then_some(said)
    }

    /// What an incident is called: by the latest word that stands, else by its number.
    pub(crate) fn title(&self, incident: &PublicIncident) -> String {
        let said = text::standing(incident).and_then(|post| self.written(post));
        said.map_or_else(|| incident.incident.to_string(), |said| text::clean(&said.title))
    }
}
