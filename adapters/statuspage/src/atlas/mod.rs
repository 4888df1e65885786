//! The parts of the world, each worked out once for all that speaks of it.

mod part;
mod spans;

pub(crate) use part::{Part, Shown, State};
pub(crate) use spans::Span;

use crate::history::Days;
use crate::model::Model;
use chrono::TimeDelta;
use muster_core::comms::{PublicIncident, PublicSite};
use spans::{Spans, spans_of};
use std::collections::BTreeMap;

/// So far back incidents and the bars of components are shown.
pub(crate) const HISTORY: TimeDelta = TimeDelta::days(90);

/// Of what part of the world something is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// All of it.
    Everywhere,
    /// The sites of a region, as customers call it.
    Region(String),
    /// One site, by id.
    Site(String),
}

/// All of the world.
#[derive(Debug)]
pub(crate) struct Atlas<'a> {
    /// What it is made of.
    pub(crate) model: &'a Model,
    /// How it is on the whole.
    pub(crate) everywhere: Part<'a>,
    /// The regions, first the sites that are in none.
    pub(crate) regions: Vec<Region<'a>>,
}

/// A region, and how it is in each of its sites.
#[derive(Debug)]
pub(crate) struct Region<'a> {
    /// How it is there; nothing for the sites that are in no region.
    pub(crate) part: Option<Part<'a>>,
    /// Its sites, in the order of the config.
    pub(crate) sites: Vec<Part<'a>>,
}

impl<'a> Atlas<'a> {
    pub(crate) fn of(model: &'a Model) -> Self {
        let survey = Survey::of(model);
        let mut regions: BTreeMap<Option<&str>, Vec<&PublicSite>> = BTreeMap::new();
        for site in &model.rules.sites {
            regions.entry(site.region.as_deref()).or_default().push(site);
        }
        let region = |(name, sites): (Option<&str>, Vec<&PublicSite>)| Region {
            part: name.map(|name| survey.part(Scope::Region(name.to_owned()))),
            sites: sites.into_iter().map(|site| survey.part(Scope::Site(site.site.clone()))).collect(),
        };
        let everywhere = survey.part(Scope::Everywhere);
        Self { model, everywhere, regions: regions.into_iter().map(region).collect() }
    }
}

/// What is the same for every part of the world.
struct Survey<'a> {
    model: &'a Model,
    days: Days,
    told: Vec<(Shown<'a>, Spans<'a>)>,
}

impl<'a> Survey<'a> {
    fn of(model: &'a Model) -> Self {
        let zone = model.rules.zone();
        let told = |incident: &'a PublicIncident| (Shown::of(incident, zone), spans_of(incident));
        let told = model.incidents.iter().map(told).collect();
        Self { model, days: Days::until(model.now, zone, model.first_day()), told }
    }
}

#[cfg(test)]
mod tests;
