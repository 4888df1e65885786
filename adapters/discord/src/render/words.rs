//! Lines and labels where Discord reads no markdown: mere text, on one line.

use crate::commands::typed;
use muster_core::chat::fit::{cut, is_blank};
use muster_core::clock::Timestamp;
use muster_core::plain::clean;
use muster_core::view::{Line, Span, TimeStyle};

/// A line as mere text. There nobody is shown their own time, so the zone is said.
pub(super) fn of(line: &Line) -> String {
    let words: String = line.iter().map(word).collect();
    clean(&words).replace('\n', " ")
}

fn word(span: &Span) -> String {
    match span {
        Span::Text(text) | Span::Strong(text) | Span::Code(text) => text.clone(),
        Span::Command(line) => typed(line),
        Span::Person { name, .. } => name.clone(),
        Span::Mention { name, .. } => format!("@{name}"),
        Span::Incident(id) => id.to_string(),
        Span::Time { at, style } => moment(*at, *style),
        Span::Link { label, .. } => label.clone(),
    }
}

fn moment(at: Timestamp, style: TimeStyle) -> String {
    let format = match style {
        TimeStyle::Clock => "%H:%M UTC",
        TimeStyle::Full | TimeStyle::Relative => "%Y-%m-%d %H:%M UTC",
    };
    at.format(format).to_string()
}

/// A label, which is never empty.
pub(super) fn label(text: &str, limit: usize) -> String {
    plain(text, limit).unwrap_or_else(|| "…".to_owned())
}

/// A text on one line; `None` if there is nothing to see.
pub(super) fn plain(text: &str, limit: usize) -> Option<String> {
    let text = clean(text).replace('\n', " ");
    let text = cut(text.trim(), limit);
    (!is_blank(&text)).then_some(text)
}
