//! What a step does, in words: as it was written, or as it would be carried out. By whom, for how long, how often.

use crate::org::{Organisation, Right};
use crate::runbook::{Detail, Planned, Scope, Step, Text, Who, describe};
use crate::view::{Item, Line, code, strong, text};
use std::time::Duration;

/// What a step does, as it was written.
pub(super) fn as_written(step: &Step) -> Planned {
    Planned {
        id: step.id.clone(),
        name: step.name.clone(),
        depth: 0,
        condition: step.condition.as_ref().map(|condition| condition.as_str().to_owned()),
        holds: None,
        does: describe(&step.action, &Scope::default()),
        who: step.whom().to_vec(),
        runner: step.runner.clone(),
        timeout: step.timeout,
        undo: step.undo.as_ref().map(|undo| describe(&undo.action, &Scope::default())).unwrap_or_default(),
    }
}

/// Details on one line: `POST https://… · json {…}`. The arguments of a program stand one by one, each in its own bounds.
pub(super) fn on_one_line(details: &[Detail]) -> Line {
    let mut line = Line::new();
    for (n, detail) in details.iter().enumerate() {
        let is_argument = detail.label == "argument";
        line.extend((n > 0).then(|| text(if is_argument { " " } else { " · " })));
        line.extend((!is_argument).then(|| text(format!("{} ", detail.label))));
        line.push(code(detail.text.clone()));
    }
    line
}

/// Details, each on a line of its own.
pub(super) fn in_full(step: &Planned) -> String {
    let indent = "  ".repeat(step.depth);
    let mut lines = vec![format!("{indent}{}", step.name)];
    let mut add = |label: &str, said: &str| lines.push(format!("{indent}  {label}: {said}"));
    step.does.iter().for_each(|detail| add(&detail.label, &detail.text));
    step.condition.iter().for_each(|condition| add("only if", condition));
    step.runner.iter().for_each(|runner| add("on the runner", runner));
    lines.join("\n")
}

/// A step as an item of a list: `4. Switch the provider: run payctl …`.
pub(super) fn item(number: usize, step: &Planned, org: &Organisation) -> Item {
    let indent = "  ".repeat(step.depth);
    let mut line = vec![text(format!("{indent}{number}. ")), strong(step.name.clone()), text(": ")];
    line.extend(on_one_line(&step.does));
    if let Some(condition) = &step.condition {
        line.push(text(match step.holds {
            Some(true) => " · is needed, since ",
            Some(false) => " · is not needed, unless ",
            None => " · only if ",
        }));
        line.push(code(condition.clone()));
    }
    line.extend((!step.who.is_empty()).then(|| text(format!(" · by {}", any_of(&step.who, org)))));
    line.extend(step.runner.as_ref().map(|runner| text(format!(" · on the runner {runner}"))));
    line.extend(step.timeout.map(|most| text(format!(" · {} at most", span(most)))));
    line.extend((!step.undo.is_empty()).then(|| text(" · can be taken back")));
    Item { line, action: None }
}

/// A stretch of time as one types it: `90s`, `15m`, `2h`.
pub(super) fn span(span: Duration) -> String {
    let seconds = span.as_secs();
    match seconds {
        0 => format!("{}ms", span.as_millis()),
        _ if seconds.is_multiple_of(3_600) => format!("{}h", seconds / 3_600),
        _ if seconds.is_multiple_of(60) => format!("{}m", seconds / 60),
        _ => format!("{seconds}s"),
    }
}

/// A text as it is written.
pub(super) fn written(text: &Text) -> String {
    String::from(text.clone())
}

/// Somebody, by what they are.
fn who(who: &Who, org: &Organisation) -> String {
    match who {
        Who::Responders => "anybody who responds".to_owned(),
        Who::Role { role } => org.role_name(role).to_owned(),
        Who::Team { team } => org.team(team).map_or_else(|| team.clone(), |team| team.name.clone()),
        Who::Person { person } => org.person(person).map_or_else(|| person.to_string(), |person| person.name.clone()),
        Who::Right { right } => match right {
            Right::None | Right::View => "anybody who may look".to_owned(),
            Right::Respond => "anybody who responds".to_owned(),
            Right::Admin => "an operator of Muster".to_owned(),
        },
    }
}

/// Several, of whom any will do.
pub fn any_of(all: &[Who], org: &Organisation) -> String {
    let names: Vec<_> = all.iter().map(|one| who(one, org)).collect();
    names.join(" or ")
}
