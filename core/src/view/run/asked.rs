//! What a run is at: what people are asked, with all that they must know to say yes, and the last that a machine has said.

use super::buttons::to_step;
use super::does::{any_of, in_full};
use super::said::Said;
use super::steps::{At, all};
use crate::command::args::clean;
use crate::incident::Incident;
use crate::org::Organisation;
use crate::runbook::{Action as Deed, Run, StepState};
use crate::view::{Action, Item, Line, Section, Span, TimeStyle, code, strong, text, time};
use chrono::TimeDelta;

/// The most characters shown of what is to be allowed, and of what a machine has said.
const ALLOWED: usize = 1_500;
const TAIL: usize = 600;

/// So many of the last lines are shown.
const LINES: usize = 5;

/// The mark of what an `approve` step asks for, as it stands now.
#[must_use]
pub fn mark(run: &Run, step: &str, incident: &Incident, org: &Organisation) -> String {
    let said = Said { run, incident, org };
    all(run).iter().find(|at| at.now.id == step).map(|at| said.mark(at)).unwrap_or_default()
}

/// All there is to know about a step that a run is at.
pub(super) fn about(said: &Said<'_>, at: &At<'_>) -> Vec<Section> {
    let mut sections = match (at.state(said.run), at.action(said.run)) {
        (StepState::Asking, Deed::Manual { text: what, checklist }) => {
            let mut sections = vec![headed(at, &said.text(what))];
            if !checklist.is_empty() {
                let items = checklist.iter().enumerate().map(|(n, item)| tick(said, at, (n, &said.text(item))));
                sections.push(Section::List(items.collect()));
            }
            sections
        }
        (StepState::Asking, Deed::Ask { question, .. }) => vec![headed(at, &said.text(question))],
        (StepState::Asking, Deed::Comms { audience, text: what }) => {
            let words = format!("To {audience}. Say when it is out:");
            vec![headed(at, &words), Section::Text(vec![text(said.text(what))])]
        }
        (StepState::Asking, Deed::Approve { .. }) => approval(said, at),
        (StepState::Unknown { reason }, _) => {
            let words = "Nobody knows whether it took effect. Look, then say so: it took effect, do it again, or skip it.";
            vec![headed(at, reason), Section::Text(vec![text(words)])]
        }
        (StepState::Failed { reason }, _) => vec![headed(at, reason)],
        (_, _) => Vec::new(),
    };
    sections.extend(tail(&at.now.tail));
    sections
}

fn headed(at: &At<'_>, words: &str) -> Section {
    Section::Text(vec![strong(format!("{}. {}", at.number, at.step.name)), text(": "), text(words)])
}

fn tick(said: &Said<'_>, at: &At<'_>, (n, item): (usize, &str)) -> Item {
    let ticked = at.now.ticked.contains(&n);
    let mark = if ticked { "✓" } else { "○" };
    let call = to_step(said.run, at, "tick").with("item", (n + 1).to_string());
    let action = Action::run("Tick", call);
    Item { line: vec![text(format!("{mark} {}. {item}", n + 1))], action: (!ticked).then_some(action) }
}

/// What is to be allowed, exactly, and by whom.
fn approval(said: &Said<'_>, at: &At<'_>) -> Vec<Section> {
    let Deed::Approve { who, count, within, covers, text: what, .. } = &at.step.action else { return Vec::new() };
    let covered = said.covered(covers);
    let full = covered.iter().map(|step| format!("{}\n  {}", step.name, in_full(step, &|text| said.text(text))));
    let full = full.collect::<Vec<_>>().join("\n");
    let mut rules: Line = vec![text(match count {
        1 => "Whoever approves has not asked for it, and is one of: ".to_owned(),
        _ => format!("{count} people must approve who have not asked for it, each one of: "),
    })];
    rules.push(text(any_of(who, said.org)));
    for (n, approval) in at.now.approvals.iter().enumerate() {
        rules.push(text(if n == 0 { ". Approved by " } else { ", " }));
        rules.push(Span::Person { id: approval.by.person.clone(), name: approval.by.name.clone() });
    }
    if let Some(asked) = at.now.changed_at {
        let until = asked + TimeDelta::from_std(*within).unwrap_or_default();
        rules.extend([text(". Good until "), time(until, TimeStyle::Clock)]);
    }
    let exactly = vec![text("This is what is done, and nothing else. Its mark is "), code(said.mark(at))];
    let cut = cut(&full, ALLOWED);
    let mut sections = vec![headed(at, &said.text(what)), Section::Text(exactly), Section::Code(cut.0)];
    if cut.1 {
        let words = "That is not all: read the rest in the console before you approve.";
        sections.push(Section::Text(vec![strong(words)]));
    }
    sections.push(Section::Text(rules));
    sections
}

/// The beginning of a text, and whether there is more.
fn cut(whole: &str, most: usize) -> (String, bool) {
    let whole = clean(whole);
    let start: String = whole.chars().take(most).collect();
    let has_more = start.len() < whole.len();
    (start, has_more)
}

/// The last lines that a machine has said.
pub(super) fn tail(lines: &[String]) -> Option<Section> {
    let last = lines.iter().rev().take(LINES).rev().map(|line| clean(line)).collect::<Vec<_>>().join("\n");
    let length = last.chars().count();
    let shown: String = last.chars().skip(length.saturating_sub(TAIL)).collect();
    (!shown.trim().is_empty()).then_some(Section::Code(shown))
}
