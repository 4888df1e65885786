//! The pages that people look at, in every language. No scripts, nothing from elsewhere, one request each.

mod banner;
mod components;
mod frame;
mod incident;
mod logo;
pub(crate) mod names;
mod past;
mod place;
mod sheet;
mod signs;
mod status;
mod style;
mod subscribe;
pub(crate) mod text;
mod times;
mod words;

pub(crate) use logo::file as logo;
pub(crate) use subscribe::{Answer, COMPONENT, EMAIL, LOCALE, TRAP};

use crate::atlas::{Atlas, Part, Region};
use crate::edition::{Edition, Setting};
use crate::files::File;
use maud::{Markup, html};
use muster_core::comms::{Locale, PublicIncident, Subscriber};
use place::Place;
use sheet::Sheet;
use std::slice;
use style::Style;

/// Writes pages in every language, each as a file by its path: `index.html`, `sv/index.html`, `incidents/INC-7/index.html`.
pub(crate) struct Book<'a> {
    /// The languages, the default one first; none if the config has no page.
    pub(crate) editions: Vec<Edition<'a>>,
    style: Style,
}

impl<'a> Book<'a> {
    pub(crate) fn of(setting: &'a Setting) -> Self {
        let accent = setting.rules.page.as_ref().and_then(|page| page.theme.accent.as_deref());
        Self { editions: setting.editions(), style: Style::with(accent) }
    }

    /// The page of one incident. It says nothing of any other, nor of now.
    pub(crate) fn incident(&self, incident: &PublicIncident) -> Vec<(String, File)> {
        self.write(&Place::Incident(incident.incident), |sheet| incident::page(sheet, incident))
    }

    /// All pages but those of incidents.
    pub(crate) fn pages(&self, atlas: &Atlas<'_>) -> Vec<(String, File)> {
        let mut pages = self.status(atlas, &atlas.everywhere, &atlas.regions);
        for region in &atlas.regions {
            pages.extend(region.part.iter().flat_map(|part| self.status(atlas, part, slice::from_ref(region))));
            pages.extend(region.sites.iter().flat_map(|part| self.status(atlas, part, &[])));
        }
        let history = past::history(atlas);
        let months = history.iter().map(|chapter| (Place::Month(chapter.month), chapter));
        let present = history.first().map(|chapter| (Place::History, chapter));
        for (place, chapter) in months.chain(present) {
            pages.extend(self.write(&place, |sheet| past::page(sheet, chapter, &history)));
        }
        if atlas.model.rules.subscribable().is_some() {
            pages.extend(self.write(&Place::Subscribe, |sheet| subscribe::page(sheet, false)));
        }
        pages
    }

    /// A page about a part of the world, which leads to the regions within it.
    fn status(&self, atlas: &Atlas<'_>, part: &Part<'_>, regions: &[Region<'_>]) -> Vec<(String, File)> {
        let now = atlas.model.now;
        let recent =
            past::two_weeks(part, now.with_timezone(&atlas.model.rules.zone()).date_naive(), atlas.model.first_day());
        let view = status::View { part, regions, recent, now };
        self.write(&Place::Status(part.scope.clone()), |sheet| status::page(sheet, &view))
    }

    /// What is shown where there is nothing, wherever that is: its links are whole addresses.
    pub(crate) fn missing(&self) -> Vec<(String, File)> {
        let page = |edition: &Edition<'_>| {
            let root = format!("{}/", edition.page.url);
            (edition.path("404.html"), File::page(not_found(self.sheet(*edition, &Place::Aside, &root))))
        };
        self.editions.iter().map(page).collect()
    }

    /// The form again, since what was sent is no address. `path` is where it is, below the page's own root.
    pub(crate) fn form_again(&self, locale: &Locale, path: &str) -> Markup {
        self.on_its_own(locale, (&Place::Subscribe, path), |sheet| subscribe::page(sheet, true))
    }

    /// What somebody is told who subscribes, confirms or leaves. `path` is where they are, below the page's own root.
    pub(crate) fn answer(&self, locale: &Locale, path: &str, answer: Answer, whom: Option<&Subscriber>) -> Markup {
        self.on_its_own(locale, (&Place::Aside, path), |sheet| subscribe::answer(sheet, answer, whom))
    }

    /// A page that is made when somebody comes to it.
    fn on_its_own(&self, locale: &Locale, (place, path): (&Place, &str), page: impl Fn(Sheet<'_>) -> Markup) -> Markup {
        let edition = self.editions.iter().find(|edition| edition.locale == locale);
        edition.map(|edition| page(self.sheet(*edition, place, &place::up_from(path)))).unwrap_or_default()
    }

    /// A page in every language.
    fn write(&self, place: &Place, page: impl Fn(Sheet<'_>) -> Markup) -> Vec<(String, File)> {
        let file = |edition: &Edition<'_>| {
            let path = edition.path(&format!("{}index.html", place.folder()));
            let root = place::up_from(&path);
            (path, File::page(page(self.sheet(*edition, place, &root))))
        };
        self.editions.iter().map(file).collect()
    }

    fn sheet<'s>(&'s self, edition: Edition<'s>, place: &'s Place, root: &'s str) -> Sheet<'s> {
        Sheet { edition, style: &self.style, words: words::words(edition.locale), place, root }
    }
}

fn not_found(sheet: Sheet<'_>) -> Markup {
    let frame = &sheet.words.frame;
    let main = html! {
        h1 { (frame.not_found) }
        p.lead { (frame.not_found_text) }
        p { a href=(sheet.to(&Place::HOME)) { (frame.status) } }
    };
    frame::aside(sheet, frame.not_found, &main)
}
