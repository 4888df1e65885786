//! A run with every step, and all that a step has said.

use super::does::on_one_line;
use super::steps::{At, all};
use super::{asked, buttons, given, progress, title, tone};
use crate::incident::Incident;
use crate::org::Organisation;
use crate::plain::trimmed;
use crate::runbook::{Known, Run, StepRun, Transcript, describe, scope};
use crate::view::{Item, Line, Section, Span, View, text};

/// The most characters of output in one view; the console has all.
const OUTPUT: usize = 2_500;

/// A run with every step, as far as it is known what it does.
#[must_use]
pub fn whole(run: &Run, incident: &Incident, org: &Organisation) -> View {
    let (steps, scope) = (all(run), scope(run, incident, Known::Real));
    let mut view = View::titled(tone(run), title(run)).with(Section::Text(progress(run)));
    view.sections.extend(given(run));
    let item = |at: &At<'_>| {
        let mut line: Line = at.line(run, org);
        line.push(text(" — "));
        line.extend(on_one_line(&describe(&at.step.action, &scope)));
        Item { line, action: None }
    };
    view = view.with(Section::List(steps.iter().map(item).collect()));
    for at in steps.iter().filter(|at| at.is_current(run)) {
        view.sections.extend(asked::about(run, at, org));
    }
    view.actions = buttons::buttons(run);
    view.footed(vec![Span::Link { label: "All steps and their output".to_owned(), url: super::url(run, org) }])
}

/// What a step has said: the end of it, where there is more than a message holds.
#[must_use]
pub fn output(run: &Run, step: &StepRun, transcript: Option<&Transcript>, org: &Organisation) -> View {
    let said = match transcript {
        Some(transcript) => trimmed(&transcript.text),
        None => trimmed(&step.tail.join("\n")),
    };
    let name = run.book.flat().into_iter().find(|one| one.id == step.id).map_or(step.id.as_str(), |one| &one.name);
    let mut view = View::titled(tone(run), vec![text(format!("Run {} · {name}", run.number))]);
    let length = said.chars().count();
    let last: String = said.chars().skip(length.saturating_sub(OUTPUT)).collect();
    view = view.with(match last.is_empty() {
        true => Section::Text(vec![text("It has said nothing yet.")]),
        false => Section::Code(last),
    });
    if length > OUTPUT {
        view = view.with(Section::Text(vec![text(format!("These are the last of {length} characters."))]));
    }
    if transcript.is_some_and(|transcript| transcript.cut) {
        view = view.with(Section::Text(vec![text("It said more than is kept.")]));
    }
    view.footed(vec![Span::Link { label: "All steps and their output".to_owned(), url: super::url(run, org) }])
}
