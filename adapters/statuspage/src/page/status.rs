//! How things are, everywhere or in a part of the world.

use super::components::{self, Bars};
use super::overall::{Overall, banner};
use super::place::Place;
use super::sheet::Sheet;
use super::signs::sign;
use super::{frame, incident, past};
use crate::model::Scope;
use maud::{Markup, html};

/// So many sites are shown beside their regions on the first page. More are on the pages of the regions.
const SITES: usize = 12;

/// A page about a part of the world.
pub(crate) fn page(sheet: Sheet<'_>, scope: &Scope, bars: &Bars) -> Markup {
    let words = &sheet.words.status;
    let name = scope_name(sheet, scope);
    let (open, planned): (Vec<_>, Vec<_>) = (sheet.model.open(scope).collect(), sheet.model.planned(scope).collect());
    let states = sheet.model.states(scope);
    let main = html! {
        (trail(sheet, scope))
        (banner(sheet, scope, name.as_deref()))
        @if !open.is_empty() {
            section aria-labelledby="open" {
                h2 #open { (words.open) }
                @for one in open { (incident::card(sheet, one)) }
            }
        }
        @if !planned.is_empty() {
            section aria-labelledby="planned" {
                h2 #planned { (words.planned) }
                @for one in planned { (incident::card(sheet, one)) }
            }
        }
        @if !states.is_empty() {
            section aria-labelledby="components" {
                h2 #components { (words.components) }
                (components::list(sheet, &states, bars))
            }
        }
        (places(sheet, scope))
        (past::recent(sheet, scope))
    };
    let overall = Overall::of(sheet.model, scope).words(sheet);
    let title = name.map_or(overall.to_owned(), |name| format!("{name}: {overall}"));
    frame::page(sheet, &title, &main)
}

fn scope_name(sheet: Sheet<'_>, scope: &Scope) -> Option<String> {
    match scope {
        Scope::Everywhere => None,
        Scope::Region(region) => Some(region.clone()),
        Scope::Site(site) => Some(site_name(sheet, site)),
    }
}

fn site_name(sheet: Sheet<'_>, id: &str) -> String {
    let site = sheet.model.rules.sites.iter().find(|site| site.site == id);
    site.map_or(id, |site| site.name.as_str()).to_owned()
}

/// The way back from a part to the whole.
fn trail(sheet: Sheet<'_>, scope: &Scope) -> Markup {
    let region = match scope {
        Scope::Everywhere => return Markup::default(),
        Scope::Region(_) => None,
        Scope::Site(id) => {
            let site = sheet.model.rules.sites.iter().find(|site| site.site == *id);
            site.and_then(|site| site.region.clone())
        }
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
fn places(sheet: Sheet<'_>, scope: &Scope) -> Markup {
    let with_sites = *scope != Scope::Everywhere || sheet.model.rules.sites.len() <= SITES;
    let regions = sheet.model.regions();
    let shown: Vec<_> = regions
        .iter()
        .filter(|(region, _)| match scope {
            Scope::Everywhere => true,
            Scope::Region(name) => region.is_some_and(|region| region == name),
            Scope::Site(_) => false,
        })
        .collect();
    html! {
        @if !shown.is_empty() {
            section aria-labelledby="places" {
                h2 #places { (sheet.words.status.places) }
                div.card {
                    ul.places {
                        @for (region, sites) in shown {
                            @match region {
                                Some(region) => {
                                    li {
                                        @if *scope == Scope::Everywhere {
                                            (part(sheet, Scope::Region((*region).to_owned()), region))
                                        }
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

fn each(sheet: Sheet<'_>, sites: &[&str]) -> Markup {
    html! {
        @for site in sites { li { (part(sheet, Scope::Site((*site).to_owned()), &site_name(sheet, site))) } }
    }
}

fn part(sheet: Sheet<'_>, scope: Scope, name: &str) -> Markup {
    let overall = Overall::of(sheet.model, &scope);
    html! {
        div.line {
            a href=(sheet.to(&Place::Status(scope))) { (name) }
            span.st { (sign(overall.state())) (overall.words(sheet)) }
        }
    }
}
