//! What people see of silences and maintenance windows.

use super::{Action, Field, Item, Line, Section, Span, TimeStyle, Tone, View, code, strong, text, time};
use crate::alert::{Silence, SilenceKind};
use crate::command::Invocation;
use crate::decide::Ctx;
use crate::ids::PersonId;

fn name(silence: &Silence) -> String {
    match silence.kind {
        SilenceKind::Silence => format!("Silence {}", silence.number),
        SilenceKind::Maintenance => format!("Maintenance {}", silence.number),
    }
}

fn conditions(silence: &Silence) -> Line {
    let matchers: Vec<_> = silence.matchers.iter().map(ToString::to_string).collect();
    vec![code(matchers.join(", "))]
}

fn person(id: &PersonId, ctx: &Ctx<'_>) -> Span {
    let name = ctx.org.person(id).map_or_else(|| id.to_string(), |person| person.name.clone());
    Span::Person { id: id.clone(), name }
}

fn end(silence: &Silence) -> Action {
    Action::run("End", Invocation::of("silence end").with("number", silence.number.to_string()))
}

/// One that was just made.
#[must_use]
pub fn one(silence: &Silence, ctx: &Ctx<'_>) -> View {
    let field = |label: &str, value: Line| Field { label: label.to_owned(), value };
    let begins = (silence.from > ctx.now).then(|| field("From", vec![time(silence.from, TimeStyle::Full)]));
    let rest = [
        field("Until", vec![time(silence.until, TimeStyle::Full)]),
        field("Alerts", conditions(silence)),
        field("Why", vec![text(silence.reason.clone())]),
    ];
    View::titled(Tone::Neutral, vec![strong(name(silence))])
        .with(Section::Fields(begins.into_iter().chain(rest).collect()))
        .with(Section::Text(vec![text(
            "Alerts like these are recorded and disturb nobody. They are heard when it ends.",
        )]))
        .offering(end(silence))
}

/// Those that hold or are to come.
#[must_use]
pub fn list<'a>(silences: impl Iterator<Item = &'a Silence>, ctx: &Ctx<'_>) -> View {
    let item = |silence: &Silence| {
        let mut line = vec![strong(name(silence)), text(" · ")];
        line.extend(conditions(silence));
        if silence.from > ctx.now {
            line.extend([text(" · from "), time(silence.from, TimeStyle::Full)]);
        }
        line.extend([text(" · until "), time(silence.until, TimeStyle::Full), text(" · ")]);
        line.extend([person(&silence.by, ctx), text(": "), text(silence.reason.clone())]);
        Item { line, action: Some(end(silence)) }
    };
    let items: Vec<_> = silences.map(item).collect();
    let view = View::titled(Tone::Neutral, vec![text("Silences and maintenance windows")]);
    if items.is_empty() {
        return view.with(Section::Text(vec![text("None: every alert is heard.")]));
    }
    view.with(Section::List(items))
}

/// One that was just ended.
#[must_use]
pub fn ended(silence: &Silence) -> View {
    View::titled(Tone::Good, vec![strong(name(silence)), text(" has ended; what is firing is heard")])
}
