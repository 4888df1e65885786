//! Runs in words: the card that lives in the room, and the timeline.

use super::{Line, Tone, View, text};
use crate::ids::IncidentId;
use crate::org::Organisation;
use crate::runbook::{Brief, Run, RunEvent, Runbook};

/// Where a run stands, and what one can do.
#[must_use]
pub fn card(run: &Run, org: &Organisation) -> View {
    let _ = org;
    View::titled(Tone::Neutral, vec![text(run.book.name.clone())])
}

/// What happened to a run, on the timeline.
#[must_use]
pub fn sentence(number: i64, name: &str, what: &RunEvent) -> Line {
    let _ = what;
    vec![text(format!("run {number}: {name}"))]
}

/// Whether a room is told of it in so many words; the card shows the rest.
#[must_use]
pub fn is_news(what: &RunEvent) -> bool {
    let _ = what;
    false
}

/// A runbook offers itself to an incident that it fits.
#[must_use]
pub fn suggestion(incident: IncidentId, book: &Runbook) -> View {
    let _ = incident;
    View::titled(Tone::Neutral, vec![text(format!("Runbook: {}", book.name))])
}

/// An incident has ended, and these runs have not.
#[must_use]
pub fn still_open(incident: IncidentId, runs: &[Brief]) -> View {
    let names: Vec<_> = runs.iter().map(|run| format!("{}: {}", run.number, run.name)).collect();
    View::titled(Tone::Warning, vec![text(format!("{incident} has ended; still open: {}", names.join(", ")))])
}
