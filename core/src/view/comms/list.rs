//! Messages in lists: what customers were told and what waits, the templates there are to write with.

use super::buttons::look;
use super::{audience_name, heading};
use crate::command::Invocation;
use crate::comms::template::{Purpose, Template};
use crate::comms::{Brief, Next};
use crate::incident::Incident;
use crate::org::Organisation;
use crate::view::{Action, Item, Line, Section, TimeStyle, Tone, View, card, code, command, strong, text, time};
use std::sync::Arc;

/// So many messages, templates and texts stand in a view.
const SHOWN: usize = 20;

/// What was said and what waits, the latest first, and when customers are due a word.
#[must_use]
pub fn overview(incident: &Incident, org: &Organisation) -> View {
    let id = incident.id;
    let title = vec![text("What is told outside of "), card::named(incident)];
    let view = View::titled(Tone::Neutral, title).with(Section::Text(clock(incident)));
    let item = |brief: &Brief| Item { line: listed(brief, incident, org), action: Some(look((id, brief.number))) };
    let items: Vec<_> = incident.messages.iter().rev().take(SHOWN).map(item).collect();
    let mut view = view.with(if items.is_empty() {
        Section::Text(vec![text("No message has been written yet.")])
    } else {
        Section::List(items)
    });
    let is_begun = !incident.messages.is_empty();
    if !is_begun && org.comms.holding(incident).is_some() {
        view = view.offering(Action::run("Holding statement", Invocation::of("comms holding").on(id)).primary());
    } else if !is_begun
        && incident.severity.is_none()
        && org.comms.templates.iter().any(|one| one.purpose == Purpose::Holding)
    {
        let line = vec![
            text("The holding statement depends on how bad it is: say so first, with "),
            command("sev …"),
            text("."),
        ];
        view = view.with(Section::Text(line));
    }
    view.offering(Action::run("Draft a message", Invocation::of("comms draft").on(id)))
}

fn listed(brief: &Brief, incident: &Incident, org: &Organisation) -> Line {
    let mut line = heading(brief, incident, org);
    line.extend((!brief.title.is_empty()).then(|| text(format!(" · {}", brief.title))));
    line
}

fn clock(incident: &Incident) -> Line {
    let told = &incident.comms_clock;
    let mut line = match told.last_at {
        None => vec![text("Customers have not been told anything yet")],
        Some(at) => vec![text("Customers were last told at "), time(at, TimeStyle::Clock)],
    };
    line.extend(match told.next {
        Next::Over => vec![text(": that it is over")],
        Next::Promised(at) => vec![text("; they are promised the next word at "), time(at, TimeStyle::Clock)],
        Next::ByRule(at) => vec![text("; they are due a word at "), time(at, TimeStyle::Clock)],
        Next::Nothing => Line::new(),
    });
    line.push(text("."));
    line
}

/// The templates that fit, for whoever has named none.
#[must_use]
pub fn choices(incident: &Incident, fitting: &[&Arc<Template>], call: &Invocation, org: &Organisation) -> View {
    let title = vec![text("What is it to say? "), card::named(incident)];
    let view = View::titled(Tone::Neutral, title);
    if fitting.is_empty() {
        return view.with(Section::Text(vec![text("No template of the config fits this incident.")]));
    }
    let item = |template: &&Arc<Template>| {
        let line = vec![
            strong(template.name.clone()),
            text(format!(" · {} · {} ", audience_name(&template.audience, org), template.status.word())),
            code(template.id.clone()),
        ];
        let call = call.clone().on(incident.id).with("template", template.id.clone());
        Item { line, action: Some(Action::open("Write", call)) }
    };
    let more = fitting.len().saturating_sub(SHOWN);
    let view = view.with(Section::List(fitting.iter().take(SHOWN).map(item).collect()));
    if more == 0 {
        return view;
    }
    let words = format!("and {more} more: name an audience or a status to see fewer.");
    view.with(Section::Text(vec![text(words)]))
}

/// What is on its way to those outside, and not there yet.
#[must_use]
pub fn waiting(incident: &Incident, org: &Organisation) -> Vec<Line> {
    incident.messages.iter().filter(|brief| brief.stage.is_open()).map(|brief| listed(brief, incident, org)).collect()
}
