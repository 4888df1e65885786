//! Messages in lists: what customers were told and what waits, the templates there are to write with, how a message once read.

use super::buttons::look;
use super::{audience_name, heading, title};
use crate::command::Invocation;
use crate::comms::template::{Purpose, Template};
use crate::comms::{Brief, Message, Revision};
use crate::incident::Incident;
use crate::org::Organisation;
use crate::view::{Action, Item, Line, Section, Span, TimeStyle, Tone, View, card, code, strong, text, time};
use std::sync::Arc;

/// So many messages, templates and texts stand in a view.
const SHOWN: usize = 20;

/// What was said and what waits, the latest first, and when customers are due a word.
#[must_use]
pub fn overview(incident: &Incident, org: &Organisation) -> View {
    let id = incident.id;
    let title = vec![text("What is told outside of "), card::named(incident)];
    let view = View::titled(Tone::Neutral, title).with(Section::Text(clock(incident)));
    let item = |brief: &Brief| {
        let mut line = heading(brief, incident, org);
        line.extend((!brief.title.is_empty()).then(|| text(format!(" · {}", brief.title))));
        Item { line, action: Some(look((id, brief.number))) }
    };
    let items: Vec<_> = incident.messages.iter().rev().take(SHOWN).map(item).collect();
    let mut view = view.with(if items.is_empty() {
        Section::Text(vec![text("No message has been written yet.")])
    } else {
        Section::List(items)
    });
    let holding = org.comms.templates.iter().any(|one| one.purpose == Purpose::Holding);
    if incident.told.first_at.is_none() && holding && incident.messages.is_empty() {
        view = view.offering(Action::run("Holding statement", Invocation::of("comms holding").on(id)).primary());
    }
    view.offering(Action::run("Draft a message", Invocation::of("comms draft").on(id)))
}

fn clock(incident: &Incident) -> Line {
    let told = &incident.told;
    let mut line = match told.last_at {
        None => vec![text("Customers have not been told anything yet")],
        Some(at) => vec![text("Customers were last told at "), time(at, TimeStyle::Clock)],
    };
    line.extend(match (told.over, told.due, told.promised) {
        (true, _, _) => vec![text(": that it is over")],
        (false, Some(due), true) => vec![text("; they are promised the next word at "), time(due, TimeStyle::Clock)],
        (false, Some(due), false) => vec![text("; they are due a word at "), time(due, TimeStyle::Clock)],
        (false, None, _) => Line::new(),
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

/// How a message once read, and what became of it.
#[must_use]
pub fn history(message: &Message, others: &[&Message], incident: &Incident, org: &Organisation) -> View {
    let mut view = View::titled(Tone::Neutral, [vec![text("History of ")], title(message, incident, org)].concat());
    for revision in message.history.iter().rev().take(SHOWN) {
        view.sections.extend(text_of(revision, org));
    }
    if let Some(approval) = &message.approval {
        let by = Span::Person { id: approval.by.person.clone(), name: approval.by.name.clone() };
        let seal: String = approval.seal.chars().take(12).collect();
        let line =
            vec![text("Approved by "), by, text(" at "), time(approval.at, TimeStyle::Full), text(": "), code(seal)];
        view.sections.push(Section::Text(line));
    }
    if let crate::comms::Stage::Retracted { at, reason, .. } = &message.stage {
        let line = vec![text("Taken back at "), time(*at, TimeStyle::Full), text(format!(": {reason}"))];
        view.sections.push(Section::Text(line));
    }
    let corrections = others.iter().filter(|one| one.corrects == Some(message.number));
    let items: Vec<_> = corrections
        .map(|one| Item { line: title(one, incident, org), action: Some(look((one.incident, one.number))) })
        .collect();
    if !items.is_empty() {
        view = view.with(Section::Heading("What came after".to_owned())).with(Section::List(items));
    }
    view
}

fn text_of(revision: &Revision, org: &Organisation) -> Vec<Section> {
    let by = Span::Person { id: revision.by.person.clone(), name: revision.by.name.clone() };
    let mut sections = vec![Section::Text(vec![time(revision.at, TimeStyle::Full), text(" "), by])];
    let mut texts: Vec<_> = revision.texts.iter().collect();
    texts.sort_by_key(|(locale, _)| org.comms.locales.place(locale));
    for (locale, written) in texts {
        sections.push(Section::Code(format!("[{locale}] {}\n{}", written.title, written.body)));
    }
    sections
}
