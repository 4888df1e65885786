//! An incident for the archive: as a document for people, or as data.

use crate::app::look::Seen;
use crate::incident::entry::{Amended, Entry};
use crate::incident::task::Task;
use crate::org::Organisation;
use crate::view::{Section, card, entry, run, text::line};
use chrono_tz::Tz;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The timeline as it stands: the latest form of each entry that was not removed, by time.
#[must_use]
pub fn timeline(log: &[Entry]) -> Vec<&Entry> {
    let mut latest = BTreeMap::new();
    for entry in log {
        latest.insert(entry.number, entry);
    }
    let mut entries: Vec<_> = latest.into_values().filter(|entry| !entry.is_removal()).collect();
    entries.sort_by_key(|entry| (entry.at, entry.number));
    entries
}

/// An incident as data: its state, its timeline as it stands, and the whole log behind it.
#[must_use]
pub fn json(seen: &Seen, org: &Organisation) -> Value {
    let rows = timeline(&seen.entries);
    let lines = rows.iter().map(|row| {
        json!({
            "number": row.number,
            "at": row.at,
            "by": row.by,
            "text": line(&entry::sentence(row, org), Tz::UTC),
            "edited": row.amendment.is_some(),
        })
    });
    json!({ "incident": seen.incident, "timeline": lines.collect::<Vec<_>>(), "log": seen.entries, "runs": seen.runs })
}

/// An incident as a Markdown document, times in UTC. What people wrote is escaped: it is text, not markup.
#[must_use]
pub fn markdown(seen: &Seen, org: &Organisation) -> String {
    let incident = &seen.incident;
    let view = card::headline(incident, org, incident.changed_at);
    let mut out = format!("# {}\n", escape(&line(&view.title, Tz::UTC)));
    let utc = |at: crate::clock::Timestamp| at.format("%Y-%m-%d %H:%M:%S").to_string();
    for section in &view.sections {
        if let Section::Fields(fields) = section {
            out.push('\n');
            for field in fields.iter().filter(|field| field.label != "Next update") {
                let _ = writeln!(out, "- **{}:** {}", escape(&field.label), escape(&line(&field.value, Tz::UTC)));
            }
        }
    }
    let _ =
        writeln!(out, "- **Declared:** {} UTC by {}", utc(incident.declared_at), escape(&incident.declared_by.name));
    if let Some(at) = incident.resolved_at {
        let lasted = crate::time::in_words(at - incident.declared_at);
        let _ = writeln!(out, "- **Resolved:** {} UTC, after {lasted}", utc(at));
    }
    if let Some(summary) = &incident.summary {
        let _ = write!(out, "\n## Summary\n\n{}\n", escape(summary));
    }
    if !incident.roles.is_empty() {
        let _ = write!(out, "\n## Roles\n\n");
    }
    for one in &incident.roles {
        let _ = writeln!(out, "- {}: {}", escape(org.role_name(&one.role)), escape(&one.name));
    }
    list(&mut out, "Tasks", &incident.tasks);
    list(&mut out, "Follow-ups", &incident.followups);
    runs(&mut out, seen, org);
    let _ = write!(out, "\n## Timeline (UTC)\n\n");
    for row in timeline(&seen.entries) {
        let late =
            if row.is_backdated() { format!(" *(written down at {})*", utc(row.recorded_at)) } else { String::new() };
        let sentence = escape(&line(&entry::sentence(row, org), Tz::UTC));
        let _ = writeln!(out, "- {} **#{}** {sentence}{late}", utc(row.at), row.number);
    }
    let removed = seen
        .entries
        .iter()
        .filter(|row| row.amendment.as_ref().is_some_and(|amendment| amendment.how == Amended::Removed));
    let numbers: Vec<_> = removed.map(|row| format!("#{}", row.number)).collect();
    if !numbers.is_empty() {
        let _ = write!(out, "\nTaken off the timeline, kept in the log: {}.\n", numbers.join(", "));
    }
    out
}

/// The runs of runbooks, every step of them.
fn runs(out: &mut String, seen: &Seen, org: &Organisation) {
    for run in &seen.runs {
        let view = run::whole(run, &seen.incident, org);
        let _ = write!(out, "\n## {}\n", escape(&line(&view.title, Tz::UTC)));
        for section in &view.sections {
            match section {
                Section::Text(spans) => {
                    let _ = write!(out, "\n{}\n", escape(&line(spans, Tz::UTC)));
                }
                Section::List(items) => {
                    out.push('\n');
                    for item in items {
                        let _ = writeln!(out, "- {}", escape(line(&item.line, Tz::UTC).trim()));
                    }
                }
                Section::Heading(_) | Section::Fields(_) | Section::Code(_) => {}
            }
        }
    }
}

fn list(out: &mut String, heading: &str, tasks: &[Task]) {
    if tasks.is_empty() {
        return;
    }
    let _ = write!(out, "\n## {heading}\n\n");
    for task in tasks {
        let mark = if task.done_at.is_some() { "x" } else { " " };
        let who = task.assignee.as_ref().map(|one| format!(" ({})", escape(&one.name))).unwrap_or_default();
        let _ = writeln!(out, "- [{mark}] {}. {}{who}", task.number, escape(&task.text));
    }
}

/// Text that Markdown shows as it is, on one line. What means nothing to it is left alone, since many read it raw:
/// `_` inside a word, and `!` without a link.
fn escape(text: &str) -> String {
    let text = text.replace('\n', " ");
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    let mut in_word = false;
    while let Some(c) = rest.next() {
        let joins_words = c == '_' && in_word && rest.peek().is_some_and(|next| next.is_alphanumeric());
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '~' | '&') && !joins_words {
            out.push('\\');
        }
        in_word = c.is_alphanumeric();
        out.push(c);
    }
    out
}
