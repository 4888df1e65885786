//! The steps of a run, a line each: a mark, a name, and where it stands in words.

use super::does::{any_of, span};
use crate::command::shown as shown_value;
use crate::incident::event::Subject;
use crate::org::Organisation;
use crate::plain::echo;
use crate::runbook::{Action, OnFailure, Run, RunState, Step, StepRun, StepState};
use crate::view::{Item, Line, Span, TimeStyle, strong, text, time};

/// So many steps are shown of a long run: those around the one it is at.
const SHOWN: usize = 15;

/// A step, what it does, and its place from 1.
pub(super) struct At<'a> {
    pub(super) number: usize,
    pub(super) step: &'a Step,
    pub(super) now: &'a StepRun,
    /// Whether it is one of several at once.
    within: bool,
}

/// The steps of a run in order.
pub(super) fn all(run: &Run) -> Vec<At<'_>> {
    let top: Vec<_> = run.book.steps.iter().map(|step| step.id.as_str()).collect();
    let pairs = run.book.flat().into_iter().zip(&run.steps).enumerate();
    pairs.map(|(n, (step, now))| At { number: n + 1, step, now, within: !top.contains(&step.id.as_str()) }).collect()
}

/// Whether what was done is being taken back.
pub(super) fn is_undoing(run: &Run) -> bool {
    match run.state {
        RunState::Undoing | RunState::UndoStopped => true,
        RunState::Running
        | RunState::Paused
        | RunState::Stopped
        | RunState::Done
        | RunState::Undone
        | RunState::Aborted => false,
    }
}

impl At<'_> {
    /// What it does now: itself, or its taking back.
    pub(super) fn action(&self, run: &Run) -> &Action {
        match &self.step.undo {
            Some(undo) if is_undoing(run) => &undo.action,
            Some(_) | None => &self.step.action,
        }
    }

    /// Where it stands now: itself, or its taking back.
    pub(super) fn state(&self, run: &Run) -> &StepState {
        match &self.now.undo {
            Some(undo) if is_undoing(run) => undo,
            Some(_) | None if is_undoing(run) => &StepState::NotNeeded,
            Some(_) | None => &self.now.state,
        }
    }

    /// Whether it is what the run is at.
    pub(super) fn is_current(&self, run: &Run) -> bool {
        match self.state(run) {
            StepState::Held
            | StepState::Asking
            | StepState::Waiting { .. }
            | StepState::Queued
            | StepState::Working { .. }
            | StepState::Open { .. }
            | StepState::Unknown { .. } => true,
            StepState::Failed { .. } => match run.state {
                RunState::Stopped | RunState::UndoStopped => true,
                RunState::Running | RunState::Paused | RunState::Undoing => {
                    matches!(self.step.on_failure, OnFailure::Ask | OnFailure::Stop)
                }
                RunState::Done | RunState::Undone | RunState::Aborted => false,
            },
            StepState::Pending | StepState::Done | StepState::NotNeeded | StepState::Skipped { .. } => false,
        }
    }

    /// Whether nothing more is to be done about it.
    pub(super) fn is_over(&self) -> bool {
        match self.now.state {
            StepState::Done | StepState::NotNeeded | StepState::Skipped { .. } => true,
            StepState::Failed { .. } => self.step.on_failure == OnFailure::Continue,
            StepState::Pending
            | StepState::Held
            | StepState::Asking
            | StepState::Waiting { .. }
            | StepState::Queued
            | StepState::Working { .. }
            | StepState::Open { .. }
            | StepState::Unknown { .. } => false,
        }
    }

    /// Its line: `▶ 4. Switch the provider · under way since 10:42`.
    pub(super) fn line(&self, run: &Run, org: &Organisation) -> Line {
        let indent = if self.within { "  " } else { "" };
        let head = format!("{indent}{} {}. ", self.mark(run), self.number);
        let name = if self.is_current(run) { strong(&*self.step.name) } else { text(&*self.step.name) };
        let mut line = vec![text(head), name];
        line.extend(self.words(run, org));
        line
    }

    /// Its mark. The words after it say the same.
    pub(super) fn mark(&self, run: &Run) -> &'static str {
        match (&self.now.undo, self.state(run)) {
            (Some(StepState::Done), _) => "↩",
            (_, StepState::Done) => "✓",
            (_, StepState::Failed { .. }) => "✗",
            (_, StepState::Unknown { .. }) => "?",
            (_, StepState::Held | StepState::Asking | StepState::Waiting { .. }) => "⏸",
            (_, StepState::Queued | StepState::Working { .. } | StepState::Open { .. }) => "▶",
            (_, StepState::Skipped { .. } | StepState::NotNeeded) => "–",
            (_, StepState::Pending) => "·",
        }
    }

    fn words(&self, run: &Run, org: &Organisation) -> Line {
        let undoing = is_undoing(run) && self.now.undo.is_some();
        let mut line = match (&self.now.undo, self.state(run)) {
            (Some(StepState::Done), _) => vec![text(" · taken back")],
            (None, StepState::NotNeeded) if is_undoing(run) => Line::new(),
            (_, StepState::Pending) => Line::new(),
            (_, StepState::Held) => vec![text(" · waits for somebody to begin it")],
            (_, StepState::Asking) => [vec![text(" · waits for ")], self.whom(run, org)].concat(),
            (_, StepState::Waiting { until }) => vec![text(" · goes on at "), time(*until, TimeStyle::Clock)],
            (_, StepState::Queued) => vec![text(match &self.step.runner {
                Some(runner) => format!(" · waits for the runner {runner}"),
                None => " · is about to begin".to_owned(),
            })],
            (_, StepState::Working { .. }) => self.working(),
            (_, StepState::Open { run: Some(child) }) => vec![text(format!(" · see run {child}"))],
            (_, StepState::Open { run: None }) => vec![text(" · under way")],
            (_, StepState::Done) => self.result(),
            (_, StepState::NotNeeded) => vec![text(" · not needed")],
            (_, StepState::Skipped { by, reason }) => {
                vec![text(" · left out by "), person(by), text(format!(": {reason}"))]
            }
            (_, StepState::Failed { reason }) => vec![text(format!(" · failed: {reason}"))],
            (_, StepState::Unknown { reason }) => vec![strong(" · outcome unknown"), text(format!(": {reason}"))],
        };
        let attempt = if undoing { self.now.undo_attempt } else { self.now.attempt };
        if attempt > 1 {
            line.push(text(format!(" (attempt {attempt})")));
        }
        line
    }

    fn working(&self) -> Line {
        let mut line = vec![text(" · under way")];
        if let Some(since) = self.now.changed_at {
            line.extend([text(" since "), time(since, TimeStyle::Clock)]);
        }
        line.extend(self.step.runner.as_ref().map(|runner| text(format!(" on {runner}"))));
        line.extend(self.step.timeout.map(|most| text(format!(", {} at most", span(most)))));
        line
    }

    /// What came of it, where that is short enough to be of use.
    fn result(&self) -> Line {
        let shown = |(name, value): (&String, &serde_json::Value)| {
            let value = echo(&shown_value(value));
            if name == "answer" { value } else { format!("{name} {value}") }
        };
        let results: Vec<_> = self.now.outputs.iter().take(3).map(shown).collect();
        if results.is_empty() { Line::new() } else { vec![text(format!(" · {}", results.join(", ")))] }
    }

    /// Whom it waits for: people, where they are known, else what they must be.
    pub(super) fn whom(&self, run: &Run, org: &Organisation) -> Line {
        if !self.now.asked.is_empty() {
            let mut line = Line::new();
            for (n, subject) in self.now.asked.iter().take(5).enumerate() {
                line.extend((n > 0).then(|| text(", ")));
                line.push(person(subject));
            }
            let more = self.now.asked.len().saturating_sub(5);
            line.extend((more > 0).then(|| text(format!(" and {more} more"))));
            return line;
        }
        let who = if let Action::Approve { who, .. } = self.action(run) { who } else { &self.step.who };
        if who.is_empty() { vec![text("somebody")] } else { vec![text(any_of(who, org))] }
    }
}

fn person(subject: &Subject) -> Span {
    Span::Person { id: subject.person.clone(), name: subject.name.clone() }
}

/// The lines of the steps around the one a run is at, and what was left out in words.
pub(super) fn around(run: &Run, org: &Organisation) -> Vec<Item> {
    let steps = all(run);
    let current = steps.iter().position(|at| at.is_current(run));
    let next = || steps.iter().position(|at| !at.is_over());
    let middle = current.or_else(next).unwrap_or(0);
    let first = middle.saturating_sub(SHOWN / 2).min(steps.len().saturating_sub(SHOWN));
    let last = (first + SHOWN).min(steps.len());
    let left_out = |count: usize, word: &str| {
        (count > 0).then(|| Item { line: vec![text(format!("  … {count} {word}"))], action: None })
    };
    let shown = steps[first..last].iter().map(|at| Item { line: at.line(run, org), action: None });
    left_out(first, "before").into_iter().chain(shown).chain(left_out(steps.len() - last, "more")).collect()
}
