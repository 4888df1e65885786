//! One part of the world: what there is to show of it.

use super::spans::{Span, Spans};
use super::{HISTORY, Scope, Survey};
use crate::course::Course;
use crate::history::Day;
use crate::overall::Overall;
use chrono::NaiveDate;
use chrono_tz::Tz;
use muster_core::clock::Timestamp;
use muster_core::comms::{CommsRules, Component, ComponentState, PublicIncident};
use std::cmp::Reverse;

/// Something that is shown, and the days it was on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shown<'a> {
    /// What.
    pub(crate) incident: &'a PublicIncident,
    /// How far it has come.
    pub(crate) course: Course,
    /// The day it is shown on: the one it began on, or is to begin on; of what never was, the one on which that was said.
    pub(crate) first: NaiveDate,
    /// The day it ended on, if it has.
    pub(crate) last: Option<NaiveDate>,
}

impl<'a> Shown<'a> {
    pub(super) fn of(incident: &'a PublicIncident, zone: Tz) -> Self {
        let day = |at: Timestamp| at.with_timezone(&zone).date_naive();
        let course = Course::of(incident);
        let from = match course {
            Course::Planned(window) | Course::Over(window) => window.from,
            Course::Underway { since: at } | Course::CalledOff { at } | Course::Withdrawn { at } => at,
        };
        Self { incident, course, first: day(from), last: course.ended().map(day) }
    }

    /// Whether anything of it was on that day.
    pub(crate) fn was_on(&self, day: NaiveDate) -> bool {
        self.first <= day && self.last.is_none_or(|last| day <= last)
    }
}

/// How a component does now, and did.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct State<'a> {
    /// Which.
    pub(crate) component: &'a Component,
    /// How it does: the worst that anything open says of it.
    pub(crate) state: ComponentState,
    /// Since when, if anything was ever said of it.
    pub(crate) since: Option<Timestamp>,
    /// Those of its last 90 days of which the page knows, the oldest first.
    pub(crate) days: Vec<Day>,
}

/// A part of the world.
#[derive(Debug)]
pub(crate) struct Part<'a> {
    /// Which.
    pub(crate) scope: Scope,
    /// How it is there on the whole.
    pub(crate) overall: Overall,
    /// How the components there do, in the order of the config.
    pub(crate) states: Vec<State<'a>>,
    /// Incidents that are not over, the latest first.
    pub(crate) open: Vec<Shown<'a>>,
    /// Planned work that is not over, the next first.
    pub(crate) planned: Vec<Shown<'a>>,
    /// What is over, was called off or withdrawn, the latest first, no older than [`HISTORY`].
    pub(crate) past: Vec<Shown<'a>>,
}

impl<'a> Part<'a> {
    /// How a component does there, if it is there.
    pub(crate) fn state_of(&self, component: &Component) -> Option<&State<'a>> {
        self.states.iter().find(|one| one.component.id == component.id)
    }
}

impl<'a> Survey<'a> {
    /// What there is to show of a part of the world.
    pub(super) fn part(&self, scope: Scope) -> Part<'a> {
        let rules = &self.model.rules;
        let told: Vec<_> = self.told.iter().filter(|(one, _)| concerns(rules, one.incident, &scope)).collect();
        let here = rules.components.iter().filter(|one| has(rules, one, &scope));
        let spans_of = |component: &str| -> Vec<Span> {
            told.iter().filter_map(|(_, spans): &&(_, Spans<'_>)| spans.get(component)).flatten().copied().collect()
        };
        let states: Vec<_> = here.map(|component| self.state(component, &spans_of(&component.id))).collect();

        let oldest = self.model.now - HISTORY;
        let (mut open, mut planned, mut past) = (Vec::new(), Vec::new(), Vec::new());
        for (shown, _) in told {
            match shown.course.ended() {
                Some(ended) if ended >= oldest => past.push(*shown),
                Some(_) => {}
                None if shown.incident.is_maintenance() => planned.push(*shown),
                None => open.push(*shown),
            }
        }
        planned.sort_by_key(|one| (one.incident.window.map(|window| window.from), one.incident.incident));
        Part { overall: Overall::of(&states, &open), scope, states, open, planned, past }
    }

    fn state(&self, component: &'a Component, spans: &[Span]) -> State<'a> {
        let now = spans.iter().filter(|span| span.until.is_none() && span.state != ComponentState::Operational);
        let worst = now.max_by_key(|span| (span.state, Reverse(span.from)));
        // Whatever is well has been since the last thing ended, or was last said to be over.
        let well = spans.iter().map(|span| span.until.unwrap_or(span.from)).max();
        State {
            component,
            state: worst.map_or(ComponentState::Operational, |span| span.state),
            since: worst.map(|span| span.from).or(well),
            days: self.days.bars(spans),
        }
    }
}

/// Whether an incident is of that part of the world: it is there, and so is something that it touches.
fn concerns(rules: &CommsRules, incident: &PublicIncident, scope: &Scope) -> bool {
    if *scope == Scope::Everywhere {
        return true;
    }
    let mut touched = incident.states.iter().flat_map(|(_, changed)| changed.keys()).peekable();
    let is_there = |id: &String| rules.component(id).is_none_or(|component| has(rules, component, scope));
    let is_here = incident.sites.is_empty() || incident.sites.iter().any(|site| is_within(rules, site, scope));
    is_here && (touched.peek().is_none() || touched.any(is_there))
}

/// Whether a component is in that part of the world.
fn has(rules: &CommsRules, component: &Component, scope: &Scope) -> bool {
    *scope == Scope::Everywhere || component.is_at(|site| is_within(rules, site, scope))
}

fn is_within(rules: &CommsRules, site: &String, scope: &Scope) -> bool {
    match scope {
        Scope::Everywhere => true,
        Scope::Site(one) => one == site,
        Scope::Region(region) => rules.site(site).and_then(|site| site.region.as_ref()) == Some(region),
    }
}
