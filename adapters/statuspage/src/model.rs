//! What there is to show, worked out once for the page, the feeds and the API.

use crate::course::Course;
use chrono::TimeDelta;
use muster_core::clock::Timestamp;
use muster_core::comms::{CommsRules, Component, ComponentState, Impact, Post, PublicIncident};
use std::cmp::Reverse;
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

/// A stretch of time in which one incident had a component in one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// From when.
    pub from: Timestamp,
    /// Until when; still, if there is no end.
    pub until: Option<Timestamp>,
    /// In which.
    pub state: ComponentState,
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
        incidents.sort_by_key(|one| Reverse((one.began_at, one.incident)));
        Self { rules, incidents, now }
    }

    /// Incidents that are not over, in that part of the world, the latest first.
    pub fn open(&self, scope: &Scope) -> impl Iterator<Item = &PublicIncident> {
        self.seen(scope).filter(|one| !one.is_maintenance() && Course::of(one).ended().is_none())
    }

    /// Planned work that is not over, the next first.
    pub fn planned(&self, scope: &Scope) -> impl Iterator<Item = &PublicIncident> {
        let mut planned: Vec<_> =
            self.seen(scope).filter(|one| one.is_maintenance() && Course::of(one).ended().is_none()).collect();
        planned.sort_by_key(|one| (one.window.map(|window| window.from), one.incident));
        planned.into_iter()
    }

    /// What is over, called off or withdrawn, the latest first, no older than [`HISTORY`].
    pub fn past(&self, scope: &Scope) -> impl Iterator<Item = &PublicIncident> {
        let oldest = self.now - HISTORY;
        self.seen(scope).filter(move |one| Course::of(one).ended().is_some_and(|ended| ended >= oldest))
    }

    /// How the components of that part of the world do, in the order of the config: the worst that anything open says of each.
    #[must_use]
    pub fn states(&self, scope: &Scope) -> Vec<State<'_>> {
        let here = self.rules.components.iter().filter(|component| self.is_at(&component.sites, scope));
        here.map(|component| self.state(component, scope)).collect()
    }

    /// Every stretch of time in which something had that component in a state, in that part of the world. Planned work touches nothing
    /// until it has begun.
    #[must_use]
    pub fn spans(&self, component: &str, scope: &Scope) -> Vec<Span> {
        self.seen(scope).flat_map(|incident| spans_of(incident, component)).collect()
    }

    /// How much is wrong on the whole. An incident that names no component is still something.
    #[must_use]
    pub fn impact(&self, scope: &Scope) -> Impact {
        let nameless = self.open(scope).any(|incident| incident.components().is_empty());
        let states = self.states(scope);
        let worst = states.iter().map(|state| state.state.impact()).max().unwrap_or(Impact::None);
        if nameless { worst.max(Impact::Minor) } else { worst }
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

    /// When anything was last said, or changed in what had been said.
    #[must_use]
    pub fn changed_at(&self) -> Option<Timestamp> {
        self.incidents.iter().map(changed_at).max()
    }

    fn seen(&self, scope: &Scope) -> impl Iterator<Item = &PublicIncident> {
        self.incidents.iter().filter(move |one| self.is_at(&one.sites, scope))
    }

    /// Whether what is at those sites, or everywhere if there are none, is in that part of the world.
    fn is_at<'a>(&self, sites: impl IntoIterator<Item = &'a String>, scope: &Scope) -> bool {
        let mut sites = sites.into_iter().peekable();
        if sites.peek().is_none() {
            return true;
        }
        match scope {
            Scope::Everywhere => true,
            Scope::Site(site) => sites.any(|one| one == site),
            Scope::Region(region) => sites.any(|one| {
                let site = self.rules.sites.iter().find(|site| site.site == *one);
                site.and_then(|site| site.region.as_ref()) == Some(region)
            }),
        }
    }

    fn state<'a>(&'a self, component: &'a Component, scope: &Scope) -> State<'a> {
        let spans = self.spans(&component.id, scope);
        let now = spans.iter().filter(|span| span.until.is_none() && span.state != ComponentState::Operational);
        let worst = now.max_by_key(|span| (span.state, Reverse(span.from)));
        // Whatever is well has been since the last thing ended, or was last said to be over.
        let well = spans.iter().map(|span| span.until.unwrap_or(span.from)).max();
        State {
            component,
            state: worst.map_or(ComponentState::Operational, |span| span.state),
            since: worst.map(|span| span.from).or(well),
        }
    }
}

/// When something was last said of an incident, put right, or taken back.
#[must_use]
pub(crate) fn changed_at(incident: &PublicIncident) -> Timestamp {
    let posts = incident.posts.iter().map(post_changed_at);
    posts.chain(incident.ended_at).max().unwrap_or(incident.began_at)
}

/// When a post was made, last put right, or taken back.
#[must_use]
pub(crate) fn post_changed_at(post: &Post) -> Timestamp {
    let corrected = post.corrected.iter().map(|correction| correction.at);
    corrected.chain(post.retracted).fold(post.at, Ord::max)
}

/// What the first word says of components is so since it began, what later ones say since they were said.
fn spans_of(incident: &PublicIncident, component: &str) -> Vec<Span> {
    let Some((began, ended)) = Course::of(incident).felt() else { return Vec::new() };
    let told = incident.posts.first().map(|post| post.at);
    let said = incident.states.iter().filter_map(|(at, states)| Some((*at, *states.get(component)?)));
    let mut spans: Vec<Span> = Vec::new();
    for (at, state) in said {
        let from = if Some(at) <= told { began } else { at.max(began) };
        if let Some(last) = spans.last_mut() {
            if last.state == state {
                continue;
            }
            last.until = Some(from);
        }
        spans.push(Span { from, until: ended, state });
    }
    spans.retain(|span| span.until.is_none_or(|until| until > span.from));
    spans
}

#[cfg(test)]
mod tests;
