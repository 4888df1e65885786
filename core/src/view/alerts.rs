//! What people see of alerts: the card of an incident, lists, one alert, what the timeline says of them.

use super::{Action, Field, Item, Line, Section, Span, TimeStyle, Tone, View, code, strong, text, time};
use crate::alert::{Alert, AlertState, Pending};
use crate::command::Invocation;
use crate::incident::Incident;

/// `12 alerts`, `1 alert`.
fn count(many: i64, what: &str) -> String {
    if many == 1 { format!("1 {what}") } else { format!("{many} {what}s") }
}

/// `1 alert`, `all 12 alerts`.
#[must_use]
pub(super) fn all(total: i64) -> String {
    if total == 1 { "the alert".to_owned() } else { format!("all {}", count(total, "alert")) }
}

/// The first alerts of their kinds, in words.
pub(super) fn fired(kinds: &[String]) -> Line {
    let mut line = vec![text("heard an alert: ")];
    for (n, kind) in kinds.iter().enumerate() {
        line.extend((n > 0).then(|| text(", ")));
        line.push(strong(kind.clone()));
    }
    line
}

/// What has been counted, in words.
pub(super) fn counted(counts: &Pending, firing: i64) -> Line {
    let parts = [(counts.fired, "fired"), (counts.resolved, "resolved"), (counts.acknowledged, "acknowledged")];
    let mut line = vec![text("counted more alerts: ")];
    for (n, (many, what)) in parts.into_iter().filter(|(many, _)| *many > 0).enumerate() {
        line.extend((n > 0).then(|| text(", ")));
        line.extend([strong(many.to_string()), text(format!(" {what}"))]);
    }
    line.push(text(match firing {
        0 => "; none is firing now".to_owned(),
        _ => format!("; {firing} firing now"),
    }));
    line
}

/// What the alerts of an incident come to, as it stands in its rooms.
#[must_use]
pub fn card(incident: &Incident) -> View {
    let tally = &incident.alerts;
    let (tone, standing) = match tally.firing {
        0 => (Tone::Good, "No alert is firing".to_owned()),
        1 => (Tone::Warning, "1 alert is firing".to_owned()),
        many => (Tone::Warning, format!("{many} alerts are firing")),
    };
    let mut view = View::titled(tone, vec![strong(standing), text(format!(" of {} so far", tally.total))]);
    let kinds = tally.kinds.iter().map(|kind| vec![text(format!("{} × ", kind.count)), text(kind.name.clone())]);
    let others = (tally.others() > 0).then(|| vec![text(format!("{} of other kinds", tally.others()))]);
    let items: Vec<_> = kinds.chain(others).map(|line| Item { line, action: None }).collect();
    if !items.is_empty() {
        view.sections.push(Section::List(items));
    }
    let quiet = [(tally.silenced, "silenced"), (tally.flapping, "flapping")];
    let quiet: Vec<_> =
        quiet.iter().filter(|(many, _)| *many > 0).map(|(many, what)| format!("{many} {what}")).collect();
    if !quiet.is_empty() {
        view.sections.push(Section::Text(vec![text(format!("Not told of: {}", quiet.join(", ")))]));
    }
    if let Some(like) = tally.like.filter(|_| incident.status.is_open()) {
        view.sections.push(Section::Text(vec![text("This looks like "), Span::Incident(like), text(".")]));
        let merge = Invocation::of("merge").on(incident.id).with("into", like.to_string());
        view.actions.push(Action::run(&format!("Merge into {like}"), merge).danger());
    }
    view.offering(Action::run("Alerts", Invocation::of("alert").with("of", incident.id.to_string())))
}

/// All is quiet: is it over?
#[must_use]
pub fn calm(incident: &Incident) -> View {
    let title = vec![text("All alerts of "), Span::Incident(incident.id), text(" are resolved")];
    View::titled(Tone::Good, title)
        .with(Section::Text(vec![text("Is it over?")]))
        .offering(Action::open("Resolve", Invocation::of("resolve").on(incident.id)).primary())
}

fn standing(alert: &Alert) -> &'static str {
    match (alert.state, alert.silenced_by, alert.acknowledged) {
        (AlertState::Resolved, _, _) => "resolved",
        (AlertState::Firing, Some(_), _) => "silenced",
        (AlertState::Firing, None, Some(_)) => "acknowledged",
        (AlertState::Firing, None, None) => "firing",
    }
}

/// An alert in one line.
pub(super) fn line(alert: &Alert) -> Line {
    let level = alert.level.map(|level| format!("{} · ", level.word())).unwrap_or_default();
    vec![
        code(alert.id.code()),
        text(format!(" {} · {level}", standing(alert))),
        strong(alert.title.clone()),
        text(format!(" · {} · since ", alert.id.source)),
        time(alert.since, TimeStyle::Relative),
    ]
}

/// Alerts in a list.
#[must_use]
pub fn list(heading: Line, alerts: &[Alert]) -> View {
    let view = View::titled(Tone::Neutral, heading);
    if alerts.is_empty() {
        return view.with(Section::Text(vec![text("None.")]));
    }
    let item = |alert: &Alert| {
        let show = Invocation::of("alert show").with("alert", alert.id.code());
        Item { line: line(alert), action: Some(Action::run("Show", show)) }
    };
    view.with(Section::List(alerts.iter().map(item).collect()))
}

/// One alert.
#[must_use]
pub fn one(alert: &Alert) -> View {
    let tone = match alert.state {
        AlertState::Firing => Tone::Warning,
        AlertState::Resolved => Tone::Good,
    };
    let field = |label: &str, value: Line| Field { label: label.to_owned(), value };
    let mut fields = vec![
        field("State", vec![text(standing(alert))]),
        field("Since", vec![time(alert.since, TimeStyle::Relative)]),
        field("Source", vec![text(alert.id.source.clone())]),
        field("Heard", vec![text(count(alert.count, "time"))]),
    ];
    fields.extend(alert.level.map(|level| field("Level", vec![text(level.word())])));
    fields.extend(alert.silenced_by.map(|number| field("Silence", vec![text(number.to_string())])));
    let mut view = View::titled(tone, vec![code(alert.id.code()), text(" "), strong(alert.title.clone())]);
    view.sections.push(Section::Fields(fields));
    view.sections.extend(alert.text.clone().map(|words| Section::Text(vec![text(words)])));
    let labels: Vec<_> = alert.labels.iter().map(|(name, value)| format!("{name}={value}")).collect();
    if !labels.is_empty() {
        view.sections.push(Section::Code(labels.join("\n")));
    }
    for link in &alert.links {
        let span = Span::Link { label: link.label.clone(), url: link.url.clone() };
        view.sections.push(Section::Text(vec![span]));
    }
    let silence = Invocation::of("silence add").with("match", format!("title={}", alert.title));
    view.offering(Action::open("Silence", silence))
}
