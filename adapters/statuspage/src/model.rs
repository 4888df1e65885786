//! What there is to show, worked out once for the page, the feeds and the API.

use chrono::TimeDelta;
use muster_core::clock::Timestamp;
use muster_core::comms::{CommsRules, Component, ComponentState, Impact, PublicIncident};
use std::collections::BTreeMap;
use std::sync::Arc;

/// So far back incidents and the bars of components are shown.
pub const HISTORY: TimeDelta = TimeDelta::days(90);

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

/// How a component does now.
#[derive(Debug, Clone, PartialEq)]
pub struct State<'a> {
    /// Which.
    pub component: &'a Component,
    /// How it does.
    pub state: ComponentState,
    /// Since when, if anything was ever said of it.
    pub since: Option<Timestamp>,
}

/// Everything customers can see.
#[derive(Debug, Clone)]
pub struct Model {
    /// What the config says: names, languages, components, the page.
    pub rules: Arc<CommsRules>,
    /// Incidents and planned work, the latest first.
    pub incidents: Vec<PublicIncident>,
    /// When this was so.
    pub now: Timestamp,
}

impl Model {
    /// What can be seen of these.
    #[must_use]
    pub fn new(rules: Arc<CommsRules>, mut incidents: Vec<PublicIncident>, now: Timestamp) -> Self {
        incidents.sort_by_key(|one| std::cmp::Reverse((one.began_at, one.incident)));
        Self { rules, incidents, now }
    }

    /// Incidents that are not over, in that part of the world, the latest first.
    pub fn open(&self, scope: &Scope) -> impl Iterator<Item = &PublicIncident> {
        let _ = scope;
        self.incidents.iter().filter(|one| !one.is_maintenance() && one.ended_at.is_none())
    }

    /// Planned work that is not over, the next first.
    pub fn planned(&self, scope: &Scope) -> impl Iterator<Item = &PublicIncident> {
        let _ = scope;
        self.incidents.iter().filter(|one| one.is_maintenance() && one.ended_at.is_none())
    }

    /// What is over, the latest first, no older than [`HISTORY`].
    pub fn past(&self, scope: &Scope) -> impl Iterator<Item = &PublicIncident> {
        let _ = scope;
        self.incidents.iter().filter(|one| one.ended_at.is_some())
    }

    /// How the components do in that part of the world, in the order of the config: the worst that anything open says of each.
    #[must_use]
    pub fn states(&self, scope: &Scope) -> Vec<State<'_>> {
        let _ = scope;
        let state = |component| State { component, state: ComponentState::Operational, since: None };
        self.rules.components.iter().map(state).collect()
    }

    /// How much is wrong on the whole.
    #[must_use]
    pub fn impact(&self, scope: &Scope) -> Impact {
        self.states(scope).iter().map(|state| state.state.impact()).max().unwrap_or(Impact::None)
    }

    /// The sites by region, as customers call them; those without a region under nothing.
    #[must_use]
    pub fn regions(&self) -> BTreeMap<Option<&str>, Vec<&str>> {
        let mut regions: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for site in &self.rules.sites {
            regions.entry(site.region.as_deref()).or_default().push(site.site.as_str());
        }
        regions
    }
}
