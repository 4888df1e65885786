//! Datadog's webhook. Its payload is the customer's own: both the usual one and the one our docs recommend are read.
//! <https://docs.datadoghq.com/integrations/webhooks/>

use crate::draft::{links, signal, tags};
use crate::field;
use crate::receive::Letter;
use crate::refusal::Unreadable;
use crate::words;
use muster_core::alert::{Action, Level, Signal};
use serde_json::Value;

pub(crate) fn read(letter: &Letter<'_>) -> Result<Vec<Signal>, Unreadable> {
    let body: Value = field::parse(letter.body)?;
    let said = |name: &str| field::text(&body, name).filter(|text| !is_variable(text));
    let Some(title) = said("/title").or_else(|| said("/alert_title")) else {
        return Err(Unreadable::new("There is no `title`: see the payload that Muster's docs recommend"));
    };
    let (bracket, name) = unbracketed(&title);
    let (state, scope) = bracket.split_once(" on ").unwrap_or((bracket, ""));
    let state = said("/alert_transition").unwrap_or_else(|| state.trim().to_owned());
    // The usual payload has no id that a monitor keeps; its name and scope are what stays.
    let lasting = ["/aggreg_key", "/alert_cycle_key", "/alert_id"].iter().find_map(|pointer| said(pointer));
    let key = lasting.unwrap_or_else(|| format!("{name} {scope}"));
    let is_over = state.to_ascii_lowercase().contains("recovered") || words::action(&state) == Some(Action::Resolve);
    let priority = said("/priority").or_else(|| said("/alert_priority"));
    let level = priority.as_deref().and_then(priority_level).or_else(|| level_of(&said("/alert_type")?, &state));
    let mut labels = tags(said("/tags").unwrap_or_default().split(','));
    for (label, pointer) in [("host", "/hostname"), ("monitor", "/alert_id"), ("scope", "/alert_scope")] {
        labels.extend(said(pointer).map(|value| (label.to_owned(), value)));
    }
    let at = ["/last_updated", "/date"].iter().find_map(|pointer| body.pointer(pointer).and_then(field::moment));
    Ok(vec![Signal {
        action: if is_over { Action::Resolve } else { Action::Trigger },
        text: said("/body").or_else(|| said("/text")),
        level,
        labels,
        links: links([("Datadog", said("/link").or_else(|| said("/url"))), ("Snapshot", said("/snapshot"))]),
        at,
        ..signal(letter.source, &key, name)
    }])
}

/// A variable that Datadog did not fill: `$ALERT_ID`.
fn is_variable(text: &str) -> bool {
    text.strip_prefix('$').is_some_and(|name| name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'))
}

/// The bracket that `[P1] [Recovered on {host:web-1}] Disk is full` begins with, and the rest.
fn unbracketed(title: &str) -> (&str, &str) {
    let title = without_priority(title).unwrap_or(title);
    let parts = title.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    parts.map_or(("", title), |(bracket, rest)| (bracket, rest.trim()))
}

/// A title without the priority that some begin with.
fn without_priority(title: &str) -> Option<&str> {
    let (priority, rest) = title.strip_prefix("[P")?.split_once(']')?;
    priority.bytes().all(|b| b.is_ascii_digit()).then(|| rest.trim_start())
}

/// A monitor's own priority; `normal` and `low` are those of events, and say nothing.
fn priority_level(word: &str) -> Option<Level> {
    word.strip_prefix(['P', 'p']).and_then(|_| words::level(word))
}

fn level_of(kind: &str, state: &str) -> Option<Level> {
    if state.to_ascii_lowercase().contains("warn") { Some(Level::Warning) } else { words::level(kind) }
}
