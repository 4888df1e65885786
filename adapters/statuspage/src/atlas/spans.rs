//! From when to when an incident had components in which states.

use crate::course::Course;
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

/// What was never so, or is not yet, touches nothing. What the first word says of components is so since it began, what later ones say
/// since they were said.
pub(super) fn spans_of(incident: &PublicIncident) -> Spans<'_> {
    let Some((began, ended)) = Course::of(incident).felt() else { return Spans::new() };
    let told = incident.posts.first().map(|post| post.at);
    let mut all = Spans::new();
    for (at, states) in &incident.states {
        let from = if Some(*at) <= told { began } else { began.max(*at) };
        for (component, state) in states {
            let spans = all.entry(component.as_str()).or_default();
            match spans.last_mut() {
                Some(last) if last.state == *state => continue,
                Some(last) => last.until = Some(from),
                None => {}
            }
            spans.push(Span { from, until: ended, state: *state });
        }
    }
    for spans in all.values_mut() {
        spans.retain(|span| span.until.is_none_or(|until| until > span.from));
    }
    all
}
