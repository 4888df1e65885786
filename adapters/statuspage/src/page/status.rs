//! How things are, everywhere or in a part of the world.

use super::banner::{self, banner};
use super::past::{self, Stretch};
use super::place::Place;
use super::sheet::Sheet;
use super::signs::sign;
use super::{components, frame, incident};
use crate::atlas::{Part, Region, Scope};
use maud::{Markup, html};
use muster_core::clock::Timestamp;

/// So many sites are shown beside their regions on the first page. More are on the pages of the regions.
const SITES: usize = 12;

/// What a page about a part of the world says, in whatever language.
pub(crate) struct View<'a> {
    pub(crate) part: &'a Part<'a>,
    /// The regions within it.
    pub(crate) regions: &'a [Region<'a>],
    /// What is over.
    pub(crate) recent: Vec<Stretch<'a>>,
    pub(crate) now: Timestamp,
}

/// A page about a part of the world.
pub(crate) fn page(sheet: Sheet<'_>, view: &View<'_>) -> Markup {
    let (words, part) = (&sheet.words.status, view.part);
    let name = name(sheet, &part.scope);
    let main = html! {
        (trail(sheet, &part.scope))
        (banner(sheet, part, name, view.now))
        @if !part.open.is_empty() {
            section aria-labelledby="open" {
                h2 #open { (words.open) }
                @for one in &part.open { (incident::card(sheet, one.incident)) }
            }
        }
        @if !part.planned.is_empty() {
            section aria-labelledby="planned" {
                h2 #planned { (words.planned) }
                @for one in &part.planned { (incident::card(sheet, one.incident)) }
            }
        }
        @if !part.states.is_empty() {
            section aria-labelledby="components" {
                h2 #components { (words.components) }
                (components::list(sheet, part))
            }
        }
        (places(sheet, view))
        (past::recent(sheet, &view.recent))
    };
    let overall = banner::words(sheet, part.overall);
    let title = name.map_or(overall.to_owned(), |name| format!("{name}: {overall}"));
    frame::status(sheet, (&title, part.overall), &main)
}

/// As customers call it; nothing for all of the world.
fn name<'a>(sheet: Sheet<'a>, scope: &'a Scope) -> Option<&'a str> {
    match scope {
        Scope::Everywhere => None,
        Scope::Region(region) => Some(region),
        Scope::Site(id) => Some(sheet.edition.rules.site(id).map_or(id, |site| site.name.as_str())),
    }
}

/// The way back from a part to the whole.
fn trail(sheet: Sheet<'_>, scope: &Scope) -> Markup {
    let region = match scope {
        Scope::Everywhere => return Markup::default(),
        Scope::Region(_) => None,
        Scope::Site(id) => sheet.edition.rules.site(id).and_then(|site| site.region.as_ref()),
    };
    html! {
        nav aria-label=(sheet.words.status.places) {
            ul.row.trail {
                li { a href=(sheet.to(&Place::HOME)) { (sheet.words.status.everywhere) } }
                @if let Some(region) = region {
                    li { a href=(sheet.to(&Place::Status(Scope::Region(region.clone())))) { (region) } }
                }
            }
        }
    }
}

/// The regions and sites within a part of the world, each with how it is there.
fn places(sheet: Sheet<'_>, view: &View<'_>) -> Markup {
    let is_whole = view.part.scope == Scope::Everywhere;
    let with_sites = !is_whole || sheet.edition.rules.sites.len() <= SITES;
    html! {
        @if !view.regions.is_empty() {
            section aria-labelledby="places" {
                h2 #places { (sheet.words.status.places) }
                div.card {
                    ul.places {
                        @for Region { part, sites } in view.regions {
                            @match part {
                                Some(region) => {
                                    li {
                                        @if is_whole { (line(sheet, region)) }
                                        @if with_sites { ul { (each(sheet, sites)) } }
                                    }
                                }
                                None => { (each(sheet, sites)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn each(sheet: Sheet<'_>, sites: &[Part<'_>]) -> Markup {
    html! { @for site in sites { li { (line(sheet, site)) } } }
}

fn line(sheet: Sheet<'_>, part: &Part<'_>) -> Markup {
    html! {
        div.line {
            a href=(sheet.to(&Place::Status(part.scope.clone()))) { (name(sheet, &part.scope).unwrap_or_default()) }
            span.st { (sign(part.overall.state())) (banner::words(sheet, part.overall)) }
        }
    }
}
