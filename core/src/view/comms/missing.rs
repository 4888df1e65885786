//! What a message lacks, and how one says it.

use super::preview::language;
use crate::comms::template::{Template, Variable, VariableKind};
use crate::comms::{Locale, Message, Missing};
use crate::org::Organisation;
use crate::view::{Item, Section, command, text};
use std::collections::BTreeSet;

/// So many choices are named, and so many gaps in one line.
const NAMED: usize = 3;

/// What it lacks, language by language, and the line that says it.
pub(super) fn missing(message: &Message, org: &Organisation) -> Vec<Section> {
    if message.missing.is_empty() {
        return Vec::new();
    }
    let items = message.missing.iter().map(|one| Item { line: vec![text(sentence(one))], action: None }).collect();
    let mut sections = vec![Section::List(items)];
    let gaps = gaps(message, org);
    if !gaps.is_empty() {
        let line = format!("comms edit {} {}", message.number, gaps.join(" "));
        sections.push(Section::Text(vec![text("Say it with "), command(line), text(".")]));
    }
    sections
}

fn sentence(one: &Missing) -> String {
    let instead = if one.blocks { "" } else { "; the text of the first language is sent instead" };
    format!("Missing in {}: {}{instead}", language(&one.locale), one.what)
}

/// What can be typed for the gaps that nobody has filled in, each once.
fn gaps(message: &Message, org: &Organisation) -> Vec<String> {
    let Some(template) = org.comms.template(&message.template) else { return Vec::new() };
    let first = org.comms.locales_of(&message.audience).first();
    let mut seen = BTreeSet::new();
    let gap = |one: &Missing| {
        let variable = called(template, &one.what)?;
        Some(typed(variable, &one.locale, one.locale == *first))
    };
    let all = message.missing.iter().filter_map(gap).filter(|typed| seen.insert(typed.clone()));
    all.take(NAMED).collect()
}

fn called<'a>(template: &'a Template, label: &str) -> Option<&'a Variable> {
    template.variables.iter().find(|variable| variable.label == label)
}

/// `impact=card-stores|card-online|…`, `details.sv="…"`
fn typed(variable: &Variable, locale: &Locale, is_first: bool) -> String {
    let name = &variable.name;
    match &variable.kind {
        VariableKind::Text { .. } if is_first => format!("{name}=\"…\""),
        VariableKind::Text { .. } => format!("{name}.{locale}=\"…\""),
        VariableKind::Choice { options } => {
            let mut values: Vec<_> = options.iter().take(NAMED).map(|(value, _)| value.as_str()).collect();
            values.extend((options.len() > NAMED).then_some("…"));
            format!("{name}={}", values.join("|"))
        }
        VariableKind::Number => format!("{name}=42"),
        VariableKind::Duration => format!("{name}=30m"),
        VariableKind::Moment => format!("{name}=18:00"),
        VariableKind::Url => format!("{name}=https://…"),
    }
}
