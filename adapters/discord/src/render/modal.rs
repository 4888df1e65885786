//! Forms as modals. <https://docs.discord.com/developers/components/using-modal-components>

use super::markup::mere;
use super::submitted::Kept;
use super::{limits, words};
use muster_core::chat::asked::{self, ON};
use muster_core::chat::fit::{cut, is_kept, length};
use muster_core::plain::clean;
use muster_core::view::form::{Choice, Form, FormField, Input};
use serde_json::{Value, json};
use std::collections::HashSet;

/// A form as the `data` of an answer of type 9. A modal has few places: what is required comes first, then what was
/// given already, then the others in order; those that find none are kept with what they hold.
#[must_use]
pub fn modal(form: &Form) -> Value {
    let (title, says_all) = asked::title(form, limits::MODAL_TITLE);
    let fields = shown(&form.fields);
    let above = match fields.len() {
        0 if says_all => Some("There is nothing to fill in"),
        0..limits::MODAL_COMPONENTS if !says_all => Some(form.title.as_str()),
        _ => None,
    };
    let above = above.map(|text| mere(&words::label(text, limits::TITLE), limits::TITLE));
    let above = above.map(|text| json!({ "type": 10, "content": text }));
    let names: Vec<_> = fields.iter().map(|field| field.name.as_str()).collect();
    let ids = Kept::of(form, &names).ids(&names);
    let inputs = fields.iter().zip(&ids.fields).map(|(field, id)| input(field, id));
    json!({
        "title": words::label(&title, limits::MODAL_TITLE),
        "custom_id": ids.modal,
        "components": above.into_iter().chain(inputs).collect::<Vec<_>>(),
    })
}

/// The fields there is place for, in the form's own order.
fn shown(fields: &[FormField]) -> Vec<&FormField> {
    let mut ranked: Vec<_> = fields.iter().enumerate().collect();
    ranked.sort_by_key(|(_, field)| (!field.required, field.aside, field.value.is_none()));
    ranked.truncate(limits::MODAL_COMPONENTS);
    ranked.sort_by_key(|(place, _)| *place);
    ranked.into_iter().map(|(_, field)| field).collect()
}

fn input(field: &FormField, id: &str) -> Value {
    let (mut component, note) = match &field.input {
        Input::Line { max } => text(field, *max, 1),
        Input::Paragraph { max } => text(field, *max, 2),
        Input::Select(choices) | Input::Person(choices) => select(field, choices, false),
        Input::MultiSelect(choices) => select(field, choices, true),
        Input::Each { of, .. } => {
            let (input, note) = text(field, limits::INPUT, 1);
            (input, [note, asked::named(of)].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(". "))
        }
        Input::Toggle => (json!({ "type": 23, "default": field.value.as_deref() == Some(ON) }), String::new()),
    };
    component["custom_id"] = id.into();
    let mut label = json!({ "type": 18, "label": words::label(&field.label, limits::LABEL), "component": component });
    let hint = [note.as_str(), &field.hint].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>();
    if let Some(hint) = words::plain(&hint.join(". "), limits::HINT) {
        label["description"] = hint.into();
    }
    label
}

/// A text input, and what must be said about it.
fn text(field: &FormField, max: usize, style: u8) -> (Value, String) {
    let max = max.clamp(1, limits::INPUT);
    let given = clean(field.value.as_deref().unwrap_or_default());
    let note = if length(&given) > max { asked::CUT } else { "" };
    let mut input = json!({ "type": 4, "style": style, "required": field.required, "max_length": max });
    if !given.trim().is_empty() {
        input["value"] = cut(&given, max).into();
    }
    (input, note.to_owned())
}

/// A select, or where it has no options or too many, a text input that shows how they look.
fn select(field: &FormField, choices: &[Choice], many: bool) -> (Value, String) {
    let mut seen = HashSet::new();
    let held = choices.iter().filter(|choice| is_kept(&choice.value, limits::OPTION_VALUE));
    let held: Vec<_> = held.filter(|choice| seen.insert(&choice.value)).collect();
    if held.is_empty() || held.len() > limits::OPTIONS {
        let (mut input, note) = text(field, limits::INPUT, 1);
        let examples: Vec<_> = held.iter().take(4).map(|choice| choice.label.as_str()).collect();
        if let Some(examples) = words::plain(&examples.join(", "), limits::INPUT_PLACEHOLDER - 1) {
            input["placeholder"] = format!("{}…", examples.trim_end_matches('…')).into();
        }
        return (input, note);
    }
    let lacks = held.len() < choices.len();
    let note = if lacks { asked::LACKING } else { "" };
    let chosen: Vec<_> = asked::chosen(field, choices, many).map(|choice| &choice.value).collect();
    let chosen = &chosen[..chosen.len().min(if many { limits::OPTIONS } else { 1 })];
    let option = |choice: &&Choice| {
        let label = words::label(&choice.label, limits::OPTION);
        json!({ "label": label, "value": choice.value, "default": chosen.contains(&&choice.value) })
    };
    let select = json!({
        "type": 3,
        "required": field.required,
        "min_values": u8::from(field.required),
        "max_values": if many { held.len() } else { 1 },
        "options": held.iter().map(option).collect::<Vec<_>>(),
    });
    (select, note.to_owned())
}
