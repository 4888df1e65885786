//! How planned work looks: when it is to be done, the welcome of its room, what one does next.

use super::{Action, Choice, Does, Line, Section, Span, TimeStyle, Tone, View, Weight, card, command, text, time};
use crate::command::Invocation;
use crate::comms::Window;
use crate::incident::Incident;
use crate::incident::status::Phase;

/// From when to when.
#[must_use]
pub fn window(window: &Window) -> Line {
    let at = |at| time(at, TimeStyle::Full);
    vec![at(window.from), text(" to "), at(window.until)]
}

/// That it was planned, or moved, in a sentence.
#[must_use]
pub fn planned(from: Option<&Window>, to: &Window) -> Line {
    let mut line = vec![text(if from.is_some() { "moved the planned work to " } else { "planned the work for " })];
    line.extend(window(to));
    if let Some(from) = from {
        line.push(text("; it had been planned for "));
        line.extend(window(from));
    }
    line
}

/// The first message of its room.
#[must_use]
pub fn welcome(incident: &Incident, when: &Window) -> View {
    let mut line = vec![text("Planned for ")];
    line.extend(window(when));
    line.push(text(". It begins by the clock, and ends when somebody says so: "));
    line.extend([command("maintenance finish"), text(".")]);
    let quiet = match (incident.silence, incident.services.is_empty() && incident.sites.is_empty()) {
        (Some(_), _) => "Its alerts disturb nobody from its beginning to its planned end.",
        (None, true) => "It names no service and no site, so all alerts are heard as ever.",
        (None, false) => "Its alerts are heard as ever.",
    };
    let title = vec![text("Welcome to "), card::named(incident)];
    let view = View::titled(Tone::Neutral, title).with(Section::Text(line)).with(Section::Text(vec![text(quiet)]));
    actions(incident).into_iter().fold(view, View::offering)
}

/// What one does next with planned work, the most likely first.
#[must_use]
pub fn actions(incident: &Incident) -> Vec<Action> {
    let call = |words: &str| Invocation::of(words).on(incident.id);
    match incident.status.phase() {
        Phase::Triage => vec![
            Action::run("Begin now", call("maintenance begin")).primary(),
            Action::open("Move", call("maintenance move")),
            Action::open("Cancel", call("cancel")).danger(),
        ],
        Phase::Investigating | Phase::Identified | Phase::Monitoring => {
            vec![Action::run("Finish", call("maintenance finish")).primary(), extend(incident)]
        }
        Phase::Resolved | Phase::Closed | Phase::Cancelled | Phase::Merged => Vec::new(),
    }
}

/// It takes longer than planned.
#[must_use]
pub fn extend(incident: &Incident) -> Action {
    let choice = |minutes: u32| {
        let run = Invocation::of("maintenance extend").on(incident.id).with("for", format!("{minutes}m"));
        Choice { label: format!("{minutes} minutes"), run }
    };
    Action { label: "Extend".to_owned(), weight: Weight::Plain, does: Does::Choose([30, 60].map(choice).into()) }
}

/// The room is asked whether it is done: nobody but people can know.
#[must_use]
pub fn late(incident: &Incident, since: &str) -> View {
    let title = vec![Span::Incident(incident.id), text(format!(" {since}"))];
    let heard = "Is it done? Its alerts are heard again from now on, unless you say that it takes longer.";
    View::titled(Tone::Warning, title)
        .with(Section::Text(vec![text(heard)]))
        .offering(Action::run("Finish", Invocation::of("maintenance finish").on(incident.id)).primary())
        .offering(extend(incident))
}
