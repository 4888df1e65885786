//! The variables of a template as fields of a form, offered while somebody types, and filled with what a message says already.

use super::SPEC;
use super::values::{field as name_of, typed};
use super::which::{is_open, meant};
use crate::command::Invocation;
use crate::command::inputs::{Pair, line, pairs, written};
use crate::comms::template::{Template, Variable, VariableKind};
use crate::comms::{ComponentState, Locale, Message, PublicStatus, words};
use crate::decide::{Needs, State, comms};
use crate::inbound::Place;
use crate::org::Organisation;
use crate::view::form::{Choice, FormField, Input};

/// A text that may be longer than this gets several lines in a form.
const LINE: usize = 160;

/// The verb whose form is filled with what the message says.
const EDIT: &str = "edit";

fn is_needed(variable: &Variable) -> bool {
    variable.required && variable.default.is_none()
}

/// Whether something is missing without which the template makes no sense.
pub(in crate::command) fn lacks(template: &Template, given: &str) -> bool {
    let given = pairs(given);
    let is_given = |variable: &Variable| {
        let value = given.iter().find(|(name, _)| name.eq_ignore_ascii_case(&variable.name));
        value.is_some_and(|(_, value)| value.as_ref().is_some_and(|value| !value.trim().is_empty()))
    };
    template.variables.iter().any(|variable| is_needed(variable) && !is_given(variable))
}

/// Whether a message is to be changed, and nobody has said how: its form asks.
pub(in crate::command) fn changes_nothing(call: &Invocation) -> bool {
    call.command == SPEC.name && call.verb == EDIT && call.args.keys().all(|name| name == "number")
}

/// A field for each variable, and for each language of one that takes words; those without which it makes no sense first.
pub(in crate::command) fn fields(template: &Template, given: &[Pair], org: &Organisation) -> Vec<FormField> {
    let locales = org.comms.locales_of(&template.audience);
    let first = locales.first();
    let mut asked: Vec<(&Variable, &Locale)> = Vec::new();
    for locale in locales.iter() {
        let texts = template.variables.iter().filter(|one| locale == first || one.is_text());
        asked.extend(texts.map(|variable| (variable, locale)));
    }
    asked.sort_by_key(|(variable, locale)| (!is_needed(variable), *locale != first));
    let waits = org.comms.audience(&template.audience).is_some_and(|audience| audience.waits_for_all);
    let field = |(variable, locale): (&Variable, &Locale)| {
        let name = name_of(variable, locale, first);
        let value = given.iter().find(|(other, _)| *other == name).and_then(|(_, value)| value.clone());
        let is_first = locale == first;
        FormField {
            label: if is_first { variable.label.clone() } else { format!("{} ({locale})", variable.label) },
            hint: if is_first || !waits { "" } else { "the message waits until it says so in this language, too" }
                .to_owned(),
            input: input(variable, locale),
            required: is_needed(variable) && is_first,
            aside: !is_needed(variable) || !(is_first || waits),
            value: value.or_else(|| variable.default.clone().filter(|_| is_first)),
            name,
        }
    };
    asked.into_iter().map(field).collect()
}

/// Where things can stand by the message of a call: planned work has words of its own.
pub(in crate::command) fn statuses(call: &Invocation, org: &Organisation) -> Vec<Choice> {
    let template = call.args.get("template").and_then(|id| org.comms.template(id.trim()));
    let fits = |status: &&PublicStatus| {
        template.is_none_or(|one| one.status.is_of_maintenance() == status.is_of_maintenance())
    };
    let english = words(&Locale::english());
    let choice =
        |status: &PublicStatus| Choice { value: status.word().to_owned(), label: english.status(*status).to_owned() };
    PublicStatus::ALL.iter().filter(fits).map(choice).collect()
}

/// The components of the organisation and how each can do.
pub(in crate::command) fn states(org: &Organisation) -> Input {
    let (rules, english) = (&org.comms, words(&Locale::english()));
    let of = rules.components.iter();
    let of = of
        .map(|one| Choice { value: one.id.clone(), label: one.name(rules.locales.first(), rules).to_owned() })
        .collect();
    let is = ComponentState::ALL.iter();
    let is = is.map(|state| Choice { value: state.word().to_owned(), label: english.state(*state).to_owned() });
    Input::Each { of, is: is.collect() }
}

fn input(variable: &Variable, locale: &Locale) -> Input {
    match &variable.kind {
        VariableKind::Text { max } if *max > LINE => Input::Paragraph { max: *max },
        VariableKind::Text { max } => Input::Line { max: *max },
        VariableKind::Choice { options } => {
            let choice = |(value, words): &(String, std::collections::BTreeMap<Locale, String>)| Choice {
                value: value.clone(),
                label: words.get(locale).unwrap_or(value).clone(),
            };
            Input::Select(options.iter().map(choice).collect())
        }
        VariableKind::Number | VariableKind::Duration | VariableKind::Moment => Input::Line { max: 40 },
        VariableKind::Url => Input::Line { max: 500 },
    }
}

/// Its variables with their values, but for those that are given.
pub(in crate::command) fn offers(template: &Template, given: &[String], org: &Organisation) -> Vec<(String, String)> {
    let locale = org.comms.locales_of(&template.audience).first();
    let offer = |variable: &Variable| -> Vec<(String, String)> {
        let pair = |value: &str, help: String| (written(&(variable.name.clone(), Some(value.to_owned()))), help);
        match &variable.kind {
            VariableKind::Choice { options } => {
                let help = |value: &String, words: Option<&String>| {
                    pair(value, format!("{}: {}", variable.label, words.unwrap_or(value)))
                };
                options.iter().map(|(value, words)| help(value, words.get(locale))).collect()
            }
            VariableKind::Text { .. }
            | VariableKind::Number
            | VariableKind::Duration
            | VariableKind::Moment
            | VariableKind::Url => vec![pair(variable.default.as_deref().unwrap_or_default(), variable.label.clone())],
        }
    };
    template.variables.iter().filter(|one| !given.contains(&one.name)).flat_map(offer).collect()
}

/// What must be read before the form of a call can be filled; nothing if it needs nothing.
pub(in crate::command) fn needs(call: &Invocation, place: &Place) -> Option<Needs> {
    let is_edit = call.command == SPEC.name && call.verb == EDIT && !call.args.contains_key("template");
    let incident = call.incident.or(place.incident).filter(|_| is_edit)?;
    Some(Needs { incident: Some(incident), records: comms::records(incident), ..Needs::default() })
}

/// The call with what its message says now, so that its form shows it.
pub(in crate::command) fn known(mut call: Invocation, state: &State, org: &Organisation) -> Invocation {
    let Some(incident) = &state.incident else { return call };
    let number = call.args.get("number").and_then(|typed| typed.trim_start_matches('#').parse().ok());
    let Ok(number) = meant(number, "edit", incident, state, is_open) else { return call };
    let Ok(message) = comms::latest(incident.id, number, state) else { return call };
    let Some(template) = org.comms.template(&message.template) else { return call };
    let mut values = typed(template, &message.values, org);
    for pair in pairs(call.args.get("values").map_or("", String::as_str)) {
        values.retain(|(name, _)| *name != pair.0);
        values.push(pair);
    }
    let said = [
        ("number", number.to_string()),
        ("template", template.id.clone()),
        ("values", line(&values)),
        ("status", message.status.word().to_owned()),
        ("components", components(message)),
    ];
    for (name, value) in said {
        if matches!(name, "values" | "number") || !call.args.contains_key(name) {
            call.args.insert(name.to_owned(), value);
        }
    }
    call
}

fn components(message: &Message) -> String {
    let each = message.components.iter().map(|(id, state)| format!("{id}={}", state.word()));
    each.collect::<Vec<_>>().join(",")
}
