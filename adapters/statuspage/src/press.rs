//! Printing: every file, and of those that cannot be others only the first time.

use crate::atlas::Atlas;
use crate::edition::Setting;
use crate::files::File;
use crate::model::Model;
use crate::page::Book;
use crate::{api, feeds, page, sitemap};
use muster_core::comms::PublicIncident;
use muster_core::ids::IncidentId;
use std::collections::BTreeMap;

/// Makes the files again and again. What is about one incident alone it makes when that is another, or the config, or the year: a word
/// that is published changes some dozen files of a thousand.
#[derive(Debug, Default)]
pub struct Press {
    setting: Option<Setting>,
    stories: BTreeMap<IncidentId, Story>,
}

/// The pages of an incident.
#[derive(Debug)]
struct Story {
    of: PublicIncident,
    files: Vec<(String, File)>,
}

impl Press {
    /// Every file, as [`files`](crate::files()) has them.
    pub fn print(&mut self, model: &Model) -> BTreeMap<String, File> {
        let setting = Setting::at(model.now, model.rules.clone());
        if self.setting.as_ref() != Some(&setting) {
            self.stories.clear();
        }
        let book = Book::of(&setting);
        let mut known = std::mem::take(&mut self.stories);
        for incident in &model.incidents {
            let same = known.remove(&incident.incident).filter(|story| story.of == *incident);
            let story = same.unwrap_or_else(|| Story { of: incident.clone(), files: book.incident(incident) });
            self.stories.insert(incident.incident, story);
        }
        let files = self.all(&book, model);
        self.setting = Some(setting);
        files
    }

    fn all(&self, book: &Book<'_>, model: &Model) -> BTreeMap<String, File> {
        let Some(default) = book.editions.first() else { return BTreeMap::new() };
        let atlas = Atlas::of(model);
        let stories = self.stories.values().flat_map(|story| story.files.iter().cloned());
        let mut files: BTreeMap<_, _> = stories.chain(book.pages(&atlas)).collect();
        files.extend(sitemap::files(default, files.keys()));
        files.extend(page::logo(default.page));
        files.extend(book.missing());
        files.extend(book.editions.iter().flat_map(|edition| feeds::files(edition, &atlas)));
        files.extend(api::files(default, &atlas));
        files
    }
}
