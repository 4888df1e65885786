//! From when to when an incident had components in which states.

use crate::model::work_began;
use muster_core::clock::Timestamp;
use muster_core::comms::{ComponentState, PublicIncident};
use std::collections::BTreeMap;

/// A stretch of time in which one incident had a component in one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    /// From when.
    pub(crate) from: Timestamp,
    /// Until when; still, if there is no end.
    pub(crate) until: Option<Timestamp>,
    /// In which.
    pub(crate) state: ComponentState,
}

/// Those of one incident, by component.
pub(super) type Spans<'a> = BTreeMap<&'a str, Vec<Span>>;

/// Planned work touches nothing until it has begun.
pub(super) fn spans_of(incident: &PublicIncident) -> Spans<'_> {
    let begun = if incident.is_maintenance() { work_began(incident) } else { Some(incident.began_at) };
    let Some(begun) = begun else { return Spans::new() };
    let mut all = Spans::new();
    for (at, states) in &incident.states {
        let from = if incident.is_maintenance() { begun.max(*at) } else { *at };
        for (component, state) in states {
            let spans = all.entry(component.as_str()).or_default();
            match spans.last_mut() {
                Some(last) if last.state == *state => continue,
                Some(last) => last.until = Some(from),
                None => {}
            }
            spans.push(Span { from, until: incident.ended_at, state: *state });
        }
    }
    for spans in all.values_mut() {
        spans.retain(|span| span.until.is_none_or(|until| until > span.from));
    }
    all
}
