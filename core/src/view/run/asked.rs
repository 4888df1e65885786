//! What a run is at: what people are asked, with all that they must know to say yes, and the last that a machine has said.

use super::buttons::to_step;
use super::does::{any_of, in_full, written};
use super::steps::At;
use crate::command::Invocation;
use crate::org::Organisation;
use crate::plain::trimmed;
use crate::runbook::{Action as Deed, Asks, Run, StepRun, StepState};
use crate::view::{Action, Item, Line, Section, Span, TimeStyle, code, strong, text, time};
use chrono::TimeDelta;

/// The most characters shown of what is to be allowed, and of what a machine has said.
const ALLOWED: usize = 1_500;
const TAIL: usize = 600;

/// So many of the last lines are shown.
const LINES: usize = 5;

/// So much of the hash is shown: nobody makes another that begins so before the night is over.
const MARK: usize = 8;

/// The beginning of the hash of what a step asks people to allow.
#[must_use]
pub fn mark(step: &StepRun) -> Option<String> {
    let hash = step.asks.as_ref()?.hash.as_ref()?;
    Some(hash.chars().take(MARK).collect())
}

/// All there is to know about a step that a run is at.
pub(super) fn about(run: &Run, at: &At<'_>, org: &Organisation) -> Vec<Section> {
    let mut sections = match at.state(run) {
        StepState::Asking => asking(run, at, org),
        StepState::Unknown { reason } => {
            let words =
                "Nobody knows whether it took effect. Look, then say: it took effect, do it again, or leave it out.";
            vec![headed(at, reason), Section::Text(vec![text(words)])]
        }
        StepState::Failed { reason } => vec![headed(at, reason)],
        StepState::Pending
        | StepState::Held
        | StepState::Waiting { .. }
        | StepState::Queued
        | StepState::Working { .. }
        | StepState::Open { .. }
        | StepState::Done
        | StepState::NotNeeded
        | StepState::Skipped { .. } => Vec::new(),
    };
    sections.extend(tail(&at.now.tail));
    sections
}

fn headed(at: &At<'_>, words: &str) -> Section {
    Section::Text(vec![strong(format!("{}. {}", at.number, at.step.name)), text(": "), text(words)])
}

fn asking(run: &Run, at: &At<'_>, org: &Organisation) -> Vec<Section> {
    let asks = at.now.asks.clone().unwrap_or_else(|| as_written(at.action(run)));
    let mut sections = vec![headed(at, &asks.text)];
    if !asks.checklist.is_empty() {
        let items = asks.checklist.iter().enumerate().map(|(n, item)| tick(run, at, (n, item)));
        sections.push(Section::List(items.collect()));
    }
    match at.action(run) {
        Deed::Approve { .. } => sections.extend(approval(at, &asks, org)),
        Deed::Comms { audience, .. } => sections.push(message(run, audience, asks.message)),
        Deed::Manual { .. }
        | Deed::Http(_)
        | Deed::Run(_)
        | Deed::Probe(_)
        | Deed::Page { .. }
        | Deed::Role { .. }
        | Deed::Update { .. }
        | Deed::Severity { .. }
        | Deed::Status { .. }
        | Deed::Wait { .. }
        | Deed::Ask { .. }
        | Deed::Runbook { .. }
        | Deed::Parallel { .. } => {}
    }
    sections
}

/// How those are told whom a step is to tell: by a message that it has drafted, else by hand.
fn message(run: &Run, audience: &str, number: Option<i64>) -> Section {
    let Some(number) = number else {
        return Section::Text(vec![text(format!("It goes to {audience}. Say when it is out."))]);
    };
    let look = Invocation::of("comms preview").on(run.incident).with("number", number.to_string());
    let line = vec![text(format!("Message {number} to {audience} is drafted. The step is done when it is out."))];
    Section::List(vec![Item { line, action: Some(Action::run("Look at it", look)) }])
}

/// What is asked, as it was written, where nobody has filled it in.
fn as_written(action: &Deed) -> Asks {
    let (what, checklist) = match action {
        Deed::Manual { text, checklist } => (Some(text), checklist.as_slice()),
        Deed::Ask { question: text, .. } | Deed::Approve { text, .. } | Deed::Comms { text, .. } => {
            (Some(text), &[][..])
        }
        Deed::Http(_)
        | Deed::Run(_)
        | Deed::Probe(_)
        | Deed::Page { .. }
        | Deed::Role { .. }
        | Deed::Update { .. }
        | Deed::Severity { .. }
        | Deed::Status { .. }
        | Deed::Wait { .. }
        | Deed::Runbook { .. }
        | Deed::Parallel { .. } => (None, &[][..]),
    };
    let checklist = checklist.iter().map(written).collect();
    Asks { text: what.map(written).unwrap_or_default(), checklist, ..Asks::default() }
}

fn tick(run: &Run, at: &At<'_>, (n, item): (usize, &str)) -> Item {
    let ticked = at.now.ticked.contains(&n);
    let mark = if ticked { "✓" } else { "○" };
    let action = Action::run("Tick", to_step(run, at, "tick").with("item", (n + 1).to_string()));
    Item { line: vec![text(format!("{mark} {}. {item}", n + 1))], action: (!ticked).then_some(action) }
}

/// What is to be allowed, exactly, and by whom.
fn approval(at: &At<'_>, asks: &Asks, org: &Organisation) -> Vec<Section> {
    let Deed::Approve { who, count, within, .. } = &at.step.action else { return Vec::new() };
    let full = trimmed(&asks.covers.iter().map(in_full).collect::<Vec<_>>().join("\n"));
    let start: String = full.chars().take(ALLOWED).collect();
    let is_cut = start.len() < full.len();
    let mut exactly = vec![text("Exactly this will be done, and nothing else")];
    exactly.extend(mark(at.now).into_iter().flat_map(|mark| [text("; its mark is "), code(mark)]));
    let mut sections = vec![Section::Text(exactly), Section::Code(start)];
    if is_cut {
        let words = "There is more than fits here: read all of it in the console before you approve.";
        sections.push(Section::Text(vec![strong(words)]));
    }
    let whom = any_of(who, org);
    let mut rules: Line = vec![text(match count {
        1 => format!("One person may approve who has not asked for it: {whom}."),
        _ => format!("{count} people must approve who have not asked for it: {whom}."),
    })];
    for (n, approval) in at.now.approvals.iter().enumerate() {
        rules.push(text(if n == 0 { " Approved by " } else { ", " }));
        rules.push(Span::Person { id: approval.by.person.clone(), name: approval.by.name.clone() });
    }
    rules.extend((!at.now.approvals.is_empty()).then(|| text(".")));
    if let Some(asked) = at.now.changed_at {
        let until = asked + TimeDelta::from_std(*within).unwrap_or_default();
        rules.extend([text(" Until "), time(until, TimeStyle::Clock), text(".")]);
    }
    sections.push(Section::Text(rules));
    sections
}

/// The last lines that a machine has said.
pub(super) fn tail(lines: &[String]) -> Option<Section> {
    let last = lines.iter().rev().take(LINES).rev().map(|line| trimmed(line)).collect::<Vec<_>>().join("\n");
    let length = last.chars().count();
    let shown: String = last.chars().skip(length.saturating_sub(TAIL)).collect();
    (!shown.trim().is_empty()).then_some(Section::Code(shown))
}
