//! The pages that people look at, in every language. No scripts, nothing from elsewhere, one request each.

mod components;
mod frame;
mod incident;
mod logo;
mod overall;
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

pub(crate) use subscribe::{Answer, COMPONENT, EMAIL, LOCALE, TRAP};

use crate::files::File;
use crate::history::day_states;
use crate::model::{Model, Scope};
use maud::{Markup, html};
use muster_core::comms::{Locale, PageRules};
use place::Place;
use sheet::Sheet;
use std::collections::BTreeMap;
use style::Style;

/// Every page by its path: `index.html`, `sv/index.html`, `incidents/INC-7/index.html`. None, if the config has no page.
#[must_use]
pub(crate) fn pages(model: &Model) -> BTreeMap<String, Markup> {
    let Some(page) = &model.rules.page else { return BTreeMap::new() };
    let style = Style::with(page.theme.accent.as_deref());
    let mut book = Book { model, page, style, pages: BTreeMap::new() };
    for scope in scopes(model) {
        let days = |id: &str| (id.to_owned(), day_states(model, id, &scope));
        let bars = model.states(&scope).iter().map(|one| days(&one.component.id)).collect();
        book.add(&Place::Status(scope.clone()), |sheet| status::page(sheet, &scope, &bars));
    }
    for one in &model.incidents {
        book.add(&Place::Incident(one.incident), |sheet| incident::page(sheet, one));
    }
    let months = past::months(model, page.time_zone);
    for month in months.iter().rev() {
        book.add(&Place::Month(*month), |sheet| past::page(sheet, *month));
        book.add(&Place::History, |sheet| past::page(sheet, *month));
    }
    if page.subscribe {
        book.add(&Place::Subscribe, |sheet| subscribe::page(sheet, false));
    }
    book.pages
}

/// The logo, by its path, if there is one.
pub(crate) fn logo(model: &Model) -> Option<(String, File)> {
    logo::file(model.rules.page.as_ref()?)
}

/// What is shown where there is nothing, wherever that is: its links are whole addresses.
pub(crate) fn not_found(model: &Model, locale: &Locale) -> Markup {
    let root = model.rules.page.as_ref().map(|page| format!("{}/", page.url)).unwrap_or_default();
    on_its_own(model, locale, (&Place::Aside, &root), |sheet| {
        let frame = &sheet.words.frame;
        let main = html! {
            h1 { (frame.not_found) }
            p.lead { (frame.not_found_text) }
            p { a href=(sheet.to(&Place::HOME)) { (frame.status) } }
        };
        frame::aside(sheet, frame.not_found, &main)
    })
}

/// The form again, since what was sent is no address. `path` is where it is, below the page's own root.
pub(crate) fn form_again(model: &Model, locale: &Locale, path: &str) -> Markup {
    on_its_own(model, locale, (&Place::Subscribe, &place::up_from(path)), |sheet| subscribe::page(sheet, true))
}

/// What somebody is told who subscribes, confirms or leaves. `path` is where they are, below the page's own root.
pub(crate) fn answer(model: &Model, locale: &Locale, path: &str, answer: Answer) -> Markup {
    on_its_own(model, locale, (&Place::Aside, &place::up_from(path)), |sheet| subscribe::answer(sheet, answer))
}

/// A page that is made when somebody comes to it.
fn on_its_own(
    model: &Model,
    locale: &Locale,
    (place, root): (&Place, &str),
    write: impl Fn(Sheet<'_>) -> Markup,
) -> Markup {
    let Some(page) = &model.rules.page else { return Markup::default() };
    let style = Style::with(page.theme.accent.as_deref());
    write(Sheet { model, page, style: &style, locale, words: words::words(locale), place, root })
}

/// The parts of the world that have a page.
fn scopes(model: &Model) -> Vec<Scope> {
    let regions = model.regions().into_keys().flatten().map(|region| Scope::Region(region.to_owned()));
    let sites = model.rules.sites.iter().map(|site| Scope::Site(site.site.clone()));
    std::iter::once(Scope::Everywhere).chain(regions).chain(sites).collect()
}

/// The pages, as they are written.
struct Book<'a> {
    model: &'a Model,
    page: &'a PageRules,
    style: Style,
    pages: BTreeMap<String, Markup>,
}

impl Book<'_> {
    /// Writes a page in every language.
    fn add(&mut self, place: &Place, write: impl Fn(Sheet<'_>) -> Markup) {
        for locale in self.model.rules.locales.iter() {
            let folder = self.model.rules.folder_of(locale) + &place.folder();
            let (model, page, style) = (self.model, self.page, &self.style);
            let root = place::up_from(&folder);
            let sheet = Sheet { model, page, style, locale, words: words::words(locale), place, root: &root };
            self.pages.insert(format!("{folder}index.html"), write(sheet));
        }
    }
}
