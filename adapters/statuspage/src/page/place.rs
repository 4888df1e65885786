//! Where pages are, and how one is reached from another.

use crate::atlas::Scope;
use chrono::{Datelike, NaiveDate};
use muster_core::ids::IncidentId;

/// A month of the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Month {
    pub(crate) year: i32,
    /// From 1.
    pub(crate) month: u32,
}

impl Month {
    pub(crate) fn of(day: NaiveDate) -> Self {
        Self { year: day.year(), month: day.month() }
    }
}

/// A page, in whatever language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// How things are, in a part of the world.
    Status(Scope),
    /// One incident, for good.
    Incident(IncidentId),
    /// The present month of the history.
    History,
    /// A month of it.
    Month(Month),
    /// Where one subscribes. Served, since a file cannot take an address.
    Subscribe,
    /// An answer to somebody, which nothing leads to.
    Aside,
}

impl Place {
    /// The first page.
    pub(crate) const HOME: Self = Self::Status(Scope::Everywhere);

    /// The folder it is in, without the language: nothing, or with a slash at the end.
    pub(crate) fn folder(&self) -> String {
        match self {
            Self::Status(scope) => scope.folder(),
            Self::Aside => String::new(),
            Self::Incident(incident) => format!("incidents/{incident}/"),
            Self::History => "history/".to_owned(),
            Self::Month(Month { year, month }) => format!("history/{year:04}-{month:02}/"),
            Self::Subscribe => "subscribe/".to_owned(),
        }
    }
}

impl Scope {
    /// The folder of its page. Two names may have one, such as “Ä” and “A”: the config refuses those.
    #[must_use]
    pub fn folder(&self) -> String {
        match self {
            Self::Everywhere => String::new(),
            Self::Region(region) => format!("regions/{}/", slug(region)),
            Self::Site(site) => format!("sites/{}/", slug(site)),
        }
    }
}

/// So long the name of a folder is at most; file systems hold 255 bytes, and a path has several.
const LONGEST: usize = 80;

/// A name as that of a folder.
fn slug(name: &str) -> String {
    let slug: String = slug::slugify(name).chars().take(LONGEST).collect();
    if slug.is_empty() { "other".to_owned() } else { slug }
}

/// The way from a folder to the root: `../` for each folder down.
pub(crate) fn up_from(path: &str) -> String {
    "../".repeat(path.matches('/').count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_have_folders_that_any_host_can_hold() {
        let folder = |scope: Scope| scope.folder();
        assert_eq!(Place::HOME.folder(), "");
        assert_eq!(folder(Scope::Region("Ä".to_owned())), folder(Scope::Region("a".to_owned())));
        assert_eq!(folder(Scope::Region("Västra Götaland".to_owned())), "regions/vastra-gotaland/");
        assert_eq!(folder(Scope::Site("../../x".to_owned())), "sites/x/");
        assert_eq!(folder(Scope::Region("!".to_owned())), "regions/other/");
        assert!(folder(Scope::Region("W".repeat(5_000))).len() < 100);
        assert_eq!(Place::Incident(IncidentId(7)).folder(), "incidents/INC-7/");
        assert_eq!(Place::Month(Month { year: 2026, month: 3 }).folder(), "history/2026-03/");
        assert_eq!(up_from("sv/incidents/INC-7/"), "../../../");
    }
}
