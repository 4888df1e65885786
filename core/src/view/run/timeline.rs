//! What happens to runs, on the timeline and for those who watch a room.

use crate::incident::event::Subject;
use crate::runbook::{RunEvent, StepEvent};
use crate::view::{Line, Span, strong, text};

/// What happened to a run, on the timeline.
#[must_use]
pub fn sentence(number: i64, name: &str, what: &RunEvent) -> Line {
    let of = format!(" (run {number}: {name})");
    let plain = |words: &str| vec![text(format!("{words} run {number}: {name}"))];
    let loud = |words: &str, why: &str| {
        let why = if why.is_empty() { String::new() } else { format!(": {why}") };
        vec![strong(words), text(format!(" run {number}: {name}{why}"))]
    };
    match what {
        RunEvent::Started { inputs } => {
            let with = inputs.iter().map(|(name, value)| format!(" {name}={value}")).collect::<String>();
            let with = if with.is_empty() { with } else { format!(", with{with}") };
            vec![strong("started"), text(format!(" the runbook {name} as run {number}{with}"))]
        }
        RunEvent::Step { name: step, what, .. } => [on_step(step, what), vec![text(of)]].concat(),
        RunEvent::Paused => plain("paused"),
        RunEvent::Resumed => plain("went on with"),
        RunEvent::Stopped => loud("stopped", "a decision is needed"),
        RunEvent::Aborted { reason } => loud("gave up", reason),
        RunEvent::Undoing => plain("began to take back"),
        RunEvent::Done => loud("finished", ""),
        RunEvent::Undone => loud("took back", ""),
    }
}

fn on_step(step: &str, what: &StepEvent) -> Line {
    let step = strong(step);
    let because = |words: &str, why: &str| vec![text(format!("{words} ")), step.clone(), text(format!(": {why}"))];
    match what {
        StepEvent::Began { attempt: 1 } => vec![text("began "), step],
        StepEvent::Began { attempt } => vec![text("began "), step, text(format!(" for the {attempt}. time"))],
        StepEvent::Done { result: Some(result) } => because("did", result),
        StepEvent::Done { result: None } => vec![text("did "), step],
        StepEvent::NotNeeded => vec![text("found no need for "), step],
        StepEvent::Skipped { reason } => because("left out", reason),
        StepEvent::Failed { reason } => because("failed at", reason),
        StepEvent::Unknown { reason } => because("does not know the outcome of", reason),
        StepEvent::Asked { people } => asked(&step, people, false),
        StepEvent::Approved { hash } => {
            let mark: String = hash.chars().take(8).collect();
            vec![strong("approved"), text(" "), step, text(format!(", marked {mark}"))]
        }
        StepEvent::Denied { reason } => because("denied", reason),
        StepEvent::ApprovalVoid { reason } => because("needs approval again for", reason),
        StepEvent::Undone => vec![text("took back "), step],
        StepEvent::UndoFailed { reason } => because("could not take back", reason),
        StepEvent::NoWayBack => vec![text("knows no way to take back "), step],
        StepEvent::UndoUnknown { reason } => because("does not know the outcome of taking back", reason),
    }
}

fn asked(step: &Span, people: &[Subject], notify: bool) -> Line {
    let mut line = vec![text("asks ")];
    for (n, subject) in people.iter().enumerate() {
        line.extend((n > 0).then(|| text(", ")));
        let (id, name) = (subject.person.clone(), subject.name.clone());
        line.push(if notify { Span::Mention { id, name } } else { Span::Person { id, name } });
    }
    line.extend(people.is_empty().then(|| text("those who may")));
    line.extend([text(": "), step.clone()]);
    line
}

/// The same to those who are asked, who are to be notified: said once, when they are asked.
#[must_use]
pub fn asking(number: i64, name: &str, what: &RunEvent) -> Option<Line> {
    match what {
        RunEvent::Step { name: step, what: StepEvent::Asked { people }, .. } if !people.is_empty() => {
            let of = text(format!(" (run {number}: {name})"));
            Some([vec![text("Muster ")], asked(&strong(step.clone()), people, true), vec![of]].concat())
        }
        RunEvent::Step { .. }
        | RunEvent::Started { .. }
        | RunEvent::Paused
        | RunEvent::Resumed
        | RunEvent::Stopped
        | RunEvent::Aborted { .. }
        | RunEvent::Undoing
        | RunEvent::Done
        | RunEvent::Undone => None,
    }
}

/// Whether a room is told of it in so many words; the card shows the rest.
#[must_use]
pub fn is_news(what: &RunEvent) -> bool {
    match what {
        RunEvent::Started { .. }
        | RunEvent::Paused
        | RunEvent::Resumed
        | RunEvent::Stopped
        | RunEvent::Aborted { .. }
        | RunEvent::Undoing
        | RunEvent::Done
        | RunEvent::Undone => true,
        RunEvent::Step { what, .. } => match what {
            StepEvent::Asked { .. }
            | StepEvent::Skipped { .. }
            | StepEvent::Failed { .. }
            | StepEvent::Unknown { .. }
            | StepEvent::Approved { .. }
            | StepEvent::Denied { .. }
            | StepEvent::ApprovalVoid { .. }
            | StepEvent::UndoFailed { .. }
            | StepEvent::NoWayBack
            | StepEvent::UndoUnknown { .. } => true,
            StepEvent::Began { .. } | StepEvent::Done { .. } | StepEvent::NotNeeded | StepEvent::Undone => false,
        },
    }
}
