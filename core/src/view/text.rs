//! A view as plain text: for shells, logs, and wherever nothing better can be shown.

use super::{Action, Does, Line, Section, Span, TimeStyle, View};
use crate::command::Invocation;
use crate::time::clock;
use chrono_tz::Tz;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A line as plain text, times in `zone`.
#[must_use]
pub fn line(line: &Line, zone: Tz) -> String {
    line.iter().map(|span| word(span, zone)).collect()
}

fn word(span: &Span, zone: Tz) -> String {
    match span {
        Span::Text(text) | Span::Strong(text) => text.clone(),
        Span::Code(code) | Span::Command(code) => format!("`{code}`"),
        Span::Person { name, .. } => name.clone(),
        Span::Mention { name, .. } => format!("@{name}"),
        Span::Incident(id) => id.to_string(),
        Span::Time { at, style } => match style {
            TimeStyle::Clock => clock(*at, zone),
            TimeStyle::Full | TimeStyle::Relative => at.with_timezone(&zone).format("%Y-%m-%d %H:%M %Z").to_string(),
        },
        Span::Link { label, url } => format!("{label}: {url}"),
    }
}

/// A view as plain text, times in `zone`. Actions are shown as what one would type.
#[must_use]
pub fn plain(view: &View, zone: Tz) -> String {
    let mut out = line(&view.title, zone);
    for section in &view.sections {
        out.push('\n');
        match section {
            Section::Text(spans) => out.push_str(&line(spans, zone)),
            Section::Heading(heading) => {
                let _ = write!(out, "\n{heading}");
            }
            Section::Fields(fields) => {
                let rows = fields.iter().map(|field| format!("  {:<12} {}", field.label, line(&field.value, zone)));
                out.push_str(&rows.collect::<Vec<_>>().join("\n"));
            }
            Section::List(items) => {
                let rows = items.iter().map(|item| format!("  {}", line(&item.line, zone)));
                out.push_str(&rows.collect::<Vec<_>>().join("\n"));
            }
            Section::Code(code) => {
                let rows = code.lines().map(|row| format!("    {row}"));
                out.push_str(&rows.collect::<Vec<_>>().join("\n"));
            }
        }
    }
    let hints: Vec<_> = view.actions.iter().filter_map(hint).collect();
    if !hints.is_empty() {
        let _ = write!(out, "\n\nNext: {}", hints.join(" · "));
    }
    if !view.footer.is_empty() {
        let _ = write!(out, "\n{}", line(&view.footer, zone));
    }
    out
}

fn hint(action: &Action) -> Option<String> {
    match &action.does {
        Does::Run(call) => Some(call.to_line()),
        Does::Open(call) => Some(format!("{} …", call.to_line())),
        Does::Choose(choices) => choices.first().map(|choice| {
            let call = Invocation { args: BTreeMap::new(), ..choice.run.clone() };
            format!("{} …", call.to_line())
        }),
        Does::Visit(url) => Some(url.clone()),
    }
}
