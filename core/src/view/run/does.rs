//! What a step does, in a line; by whom, for how long, and how often.

use crate::org::{Loudness, Organisation, Right};
use crate::runbook::{Action, Body, Call, Step, Text, Who};
use crate::view::{Line, code, text};
use std::time::Duration;

/// How texts of a runbook are shown: as they are written, or with what is filled in.
pub(super) type Say<'a> = &'a dyn Fn(&Text) -> String;

/// A text as it is written.
pub(super) fn written(text: &Text) -> String {
    String::from(text.clone())
}

/// What a step does.
pub(super) fn does(action: &Action, say: Say<'_>) -> Line {
    let after = |word: &str, what: String| vec![text(format!("{word} ")), code(what)];
    match action {
        Action::Manual { text: what, .. } => vec![text(say(what))],
        Action::Http(call) => after("sends", request(call, say)),
        Action::Run(program) => {
            let words = program.args.iter().map(|arg| word(&say(arg)));
            after("runs", std::iter::once(program.program.clone()).chain(words).collect::<Vec<_>>().join(" "))
        }
        Action::Probe(probe) => {
            let mut line = after("checks", request(&probe.call, say));
            if let Some(holds) = &probe.holds {
                line.extend([text(" until "), code(holds.as_str())]);
            }
            let often = if probe.times > 1 { format!(", {} times in a row", probe.times) } else { String::new() };
            line.push(text(format!(", every {}{often}", span(probe.every))));
            line
        }
        Action::Page { target, loudness, message } => {
            let quietly = match loudness {
                Loudness::High => "",
                Loudness::Low => " (can wait)",
            };
            vec![text(format!("pages {}{quietly}: {}", say(target), say(message)))]
        }
        Action::Role { role, person } => vec![text(format!("makes {} {role}", say(person)))],
        Action::Update { text: what, next } => {
            let next = next.map(|next| format!(" (next in {})", span(next))).unwrap_or_default();
            vec![text(format!("writes an update{next}: {}", say(what)))]
        }
        Action::Comms { audience, text: what } => {
            vec![text(format!("asks for a message to {audience}: {}", say(what)))]
        }
        Action::Severity { to, reason } => {
            vec![text(format!("sets the severity to {to}{}", because(reason.as_ref(), say)))]
        }
        Action::Status { to, note } => {
            vec![text(format!("sets the status to {}{}", to.word(), because(note.as_ref(), say)))]
        }
        Action::Wait { until } => vec![text(format!("waits: {}", say(until)))],
        Action::Ask { question, .. } => vec![text(format!("asks: {}", say(question)))],
        Action::Approve { text: what, count, .. } => {
            let people = if *count == 1 { "another person".to_owned() } else { format!("{count} other people") };
            vec![text(format!("needs {people} to approve: {}", say(what)))]
        }
        Action::Runbook { book, inputs } => {
            let inputs = inputs.iter().map(|(name, value)| format!(" {name}={}", word(&say(value))));
            after("runs the runbook", format!("{}{}", book.id, inputs.collect::<String>()))
        }
        Action::Parallel { steps } => vec![text(format!("does {} things at once", steps.len()))],
    }
}

fn because(reason: Option<&Text>, say: Say<'_>) -> String {
    reason.map(|reason| format!(": {}", say(reason))).unwrap_or_default()
}

fn request(call: &Call, say: Say<'_>) -> String {
    format!("{} {}", call.method, say(&call.url))
}

/// An argument as one reads it: one that is not a plain word is in quotes, so that nobody takes it for several.
fn word(argument: &str) -> String {
    let is_plain = !argument.is_empty() && argument.chars().all(|c| !c.is_whitespace() && c != '"' && c != '\\');
    if is_plain { argument.to_owned() } else { format!("{argument:?}") }
}

/// All that would go out, for somebody who is to allow it.
pub(super) fn in_full(step: &Step, say: Say<'_>) -> String {
    let mut lines = vec![crate::view::text::line(&does(&step.action, say), chrono_tz::Tz::UTC).replace('`', "")];
    let (call, env) = match &step.action {
        Action::Http(call) => (Some(call), &[][..]),
        Action::Probe(probe) => (Some(&probe.call), &[][..]),
        Action::Run(program) => (None, program.env.as_slice()),
        Action::Manual { .. }
        | Action::Page { .. }
        | Action::Role { .. }
        | Action::Update { .. }
        | Action::Comms { .. }
        | Action::Severity { .. }
        | Action::Status { .. }
        | Action::Wait { .. }
        | Action::Ask { .. }
        | Action::Approve { .. }
        | Action::Runbook { .. }
        | Action::Parallel { .. } => (None, &[][..]),
    };
    for (name, value) in call.into_iter().flat_map(|call| &call.headers) {
        lines.push(format!("  {name}: {}", say(value)));
    }
    match call.and_then(|call| call.body.as_ref()) {
        Some(Body::Json(json)) => lines.push(format!("  {json}")),
        Some(Body::Text(body)) => lines.push(format!("  {}", say(body))),
        None => {}
    }
    lines.extend(env.iter().map(|(name, value)| format!("  {name}={}", say(value))));
    lines.extend(step.runner.as_ref().map(|runner| format!("  on the runner {runner}")));
    lines.join("\n")
}

/// A stretch of time as one types it: `90s`, `15m`, `2h`.
pub(super) fn span(span: Duration) -> String {
    let seconds = span.as_secs();
    match seconds {
        0 => format!("{}ms", span.as_millis()),
        _ if seconds % 3_600 == 0 => format!("{}h", seconds / 3_600),
        _ if seconds % 60 == 0 => format!("{}m", seconds / 60),
        _ => format!("{seconds}s"),
    }
}

/// Somebody, by what they are.
pub(super) fn who(who: &Who, org: &Organisation) -> String {
    match who {
        Who::Responders => "anybody who responds".to_owned(),
        Who::Role { role } => org.role_name(role).to_owned(),
        Who::Team { team } => org.team(team).map_or_else(|| team.clone(), |team| team.name.clone()),
        Who::Person { person } => org.person(person).map_or_else(|| person.to_string(), |person| person.name.clone()),
        Who::Right { right } => match right {
            Right::None | Right::View => "anybody who may look".to_owned(),
            Right::Respond => "anybody who responds".to_owned(),
            Right::Admin => "operators of Muster".to_owned(),
        },
    }
}

/// Several, of whom any will do.
pub(super) fn any_of(all: &[Who], org: &Organisation) -> String {
    let names: Vec<_> = all.iter().map(|one| who(one, org)).collect();
    names.join(" or ")
}
