//! Runs in words: the card that lives in the room, what is asked of people, the timeline, and the runbooks there are.

mod asked;
mod books;
mod buttons;
mod does;
mod steps;
mod timeline;
mod whole;

pub use asked::mark;
pub use books::{asks, book, catalogue, line, list, plan, still_open, suggestion};
pub use does::any_of;
pub use timeline::{asking, is_news, sentence};
pub use whole::{output, whole};

use super::{Line, Section, Span, TimeStyle, Tone, View, code, strong, text, time};
use crate::command::shown;
use crate::org::Organisation;
use crate::plain::echo;
use crate::runbook::{Action, Run, RunState, StepState};
use crate::time::in_words;
use steps::{all, around};

/// So many steps that are under way at once are shown in full.
const IN_FULL: usize = 3;

/// Where a run stands, and what one can do.
#[must_use]
pub fn card(run: &Run, org: &Organisation) -> View {
    let mut view = View::titled(tone(run), title(run)).with(Section::Text(progress(run)));
    view.sections.extend(given(run));
    view = view.with(Section::List(around(run, org)));
    let steps = all(run);
    let current: Vec<_> = steps.iter().filter(|at| at.is_current(run)).collect();
    for at in current.iter().take(IN_FULL) {
        view.sections.extend(asked::about(run, at, org));
    }
    let more = current.len().saturating_sub(IN_FULL);
    if more > 0 {
        view = view.with(Section::Text(vec![text(format!("{more} more steps are under way: see the console."))]));
    }
    view.actions = buttons::buttons(run);
    view.footed(vec![Span::Link { label: "All steps and their output".to_owned(), url: url(run, org) }])
}

/// Where a run stands, in one line.
#[must_use]
pub fn brief(run: &Run) -> View {
    let mut line = title(run);
    let steps = all(run);
    if let Some(at) = steps.iter().find(|at| at.is_current(run)) {
        line.push(text(format!(" · at {} of {}: {}", at.number, steps.len(), at.step.name)));
    }
    View::titled(tone(run), line)
}

/// Where the console shows a run.
#[must_use]
pub fn url(run: &Run, org: &Organisation) -> String {
    format!("{}/incidents/{}/runs/{}", org.console_url, run.incident, run.number)
}

fn title(run: &Run) -> Line {
    let mut line = vec![text(format!("Run {} · ", run.number)), strong(run.book.name.clone())];
    if run.rehearsal {
        line.insert(0, strong("PRACTICE "));
    }
    line.push(text(format!(" · {}", standing(run))));
    line
}

/// Where a run stands, in words.
pub(super) fn standing(run: &Run) -> &'static str {
    let steps = all(run);
    let asks = |wanted: fn(&Action) -> bool| {
        steps.iter().any(|at| *at.state(run) == StepState::Asking && wanted(at.action(run)))
    };
    match run.state {
        RunState::Running if asks(|action| matches!(action, Action::Approve { .. })) => "waits for approval",
        RunState::Running if asks(|action| matches!(action, Action::Ask { .. })) => "waits for an answer",
        RunState::Running if asks(|_| true) => "waits for somebody",
        RunState::Running if steps.iter().any(|at| at.now.state == StepState::Held) => "waits for the next word",
        RunState::Running => "running",
        RunState::Paused => "paused",
        RunState::Stopped => "stopped, and waits for a decision",
        RunState::Undoing => "being taken back",
        RunState::UndoStopped => "taking back has stopped, and waits for a decision",
        RunState::Done => "done",
        RunState::Undone => "taken back",
        RunState::Aborted => "given up",
    }
}

/// The mood of a run.
pub(super) fn tone(run: &Run) -> Tone {
    if run.rehearsal {
        return Tone::Drill;
    }
    match run.state {
        RunState::Running if standing(run) == "running" => Tone::Neutral,
        RunState::Running | RunState::Paused | RunState::Undoing => Tone::Warning,
        RunState::Stopped | RunState::UndoStopped => Tone::Danger,
        RunState::Done => Tone::Good,
        RunState::Undone | RunState::Aborted => Tone::Neutral,
    }
}

/// With what it runs.
fn given(run: &Run) -> Option<Section> {
    let one = |(name, value): (&String, &serde_json::Value)| format!("{name}={}", echo(&shown(value)));
    let inputs: Vec<_> = run.inputs.iter().map(one).collect();
    (!inputs.is_empty()).then(|| Section::Text(vec![text("With "), code(inputs.join(" "))]))
}

/// How far it is, since when, and who has started it.
fn progress(run: &Run) -> Line {
    let steps = all(run);
    let over = steps.iter().filter(|at| at.is_over()).count();
    let by = Span::Person { id: run.started_by.person.clone(), name: run.started_by.name.clone() };
    let mut line = vec![strong(format!("{over} of {}", steps.len())), text(" steps done · started by "), by];
    match run.ended_at {
        Some(ended) => line.push(text(format!(" · took {}", in_words(ended - run.started_at)))),
        None => line.extend([text(" · "), time(run.started_at, TimeStyle::Relative)]),
    }
    line
}
