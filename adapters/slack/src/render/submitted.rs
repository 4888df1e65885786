//! What comes back from a modal: the command it stood for, with the fields as they were filled in.

use super::limits;
use super::text::plain;
use super::{Names, result_modal};
use muster_core::chat::asked::ON;
use muster_core::chat::fit::length;
use muster_core::command::Invocation;
use muster_core::ids::IncidentId;
use muster_core::view::form::Form;
use muster_core::view::{Tone, View, text};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What a modal carries besides its command, so that the answer finds its way.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// The channel from which it was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// The incident whose room that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<IncidentId>,
    /// Where an answer can be sent for half an hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_url: Option<String>,
}

/// Why a submission cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// The modal is not one of our forms.
    #[error("this modal is not one of our forms")]
    NotAForm,
    /// What it carries is not what we write.
    #[error("this modal does not carry a command")]
    Metadata,
}

/// What is written in `private_metadata`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    target: Invocation,
    #[serde(default)]
    carried: Carried,
}

impl Kept {
    /// The fields that are shown come back by themselves; only the other arguments are kept.
    pub(super) fn of(form: &Form, carried: &Carried) -> Self {
        let mut target = form.target.clone();
        target.args.retain(|name, _| !form.fields.iter().any(|field| &field.name == name));
        Self { target, carried: carried.clone() }
    }

    /// As text within [`limits::METADATA`]. What does not fit is given up, the least needed first: arguments that no
    /// field shows, then the way back. The command itself always fits.
    pub(super) fn to_text(&self) -> String {
        let target = Invocation { args: BTreeMap::new(), ..self.target.clone() };
        let bare = Self { target: target.clone(), carried: self.carried.clone() };
        let barest = Self { target, carried: Carried::default() };
        let texts = [self, &bare, &barest].map(|kept| serde_json::to_string(kept).unwrap_or_default());
        texts.into_iter().find(|text| length(text) <= limits::METADATA).unwrap_or_default()
    }
}

/// The command of a submitted modal (the `view` of a `view_submission`), and what the modal carried. Optional fields
/// left empty are not among its arguments.
///
/// # Errors
/// When the modal is not one that [`super::modal`] made.
pub fn submitted(view: &Value) -> Result<(Invocation, Carried), Unreadable> {
    if view["callback_id"].as_str() != Some(super::FORM) {
        return Err(Unreadable::NotAForm);
    }
    let kept = view["private_metadata"].as_str().and_then(|text| serde_json::from_str::<Kept>(text).ok());
    let Some(Kept { mut target, carried }) = kept else { return Err(Unreadable::Metadata) };
    for (name, elements) in view["state"]["values"].as_object().into_iter().flatten() {
        target.args.remove(name);
        if let Some(value) = filled_in(&elements[name.as_str()]) {
            target.args.insert(name.clone(), value);
        }
    }
    Ok((target, carried))
}

/// The value of a field; `None` if it was left empty or is of a type that we do not make.
/// <https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload#view_submission>
fn filled_in(element: &Value) -> Option<String> {
    let value_of = |option: &Value| option["value"].as_str().map(ToOwned::to_owned);
    let chosen = || element["selected_options"].as_array().into_iter().flatten().filter_map(value_of);
    let value = match element["type"].as_str()? {
        "plain_text_input" => element["value"].as_str()?.to_owned(),
        "static_select" | "external_select" => value_of(&element["selected_option"])?,
        "multi_static_select" | "multi_external_select" => chosen().collect::<Vec<_>>().join(","),
        "checkboxes" => chosen().find(|value| value == ON)?,
        _ => return None,
    };
    (!value.trim().is_empty()).then_some(value)
}

/// The answer to a submission that was refused: the sentence under its field, or over the form if it is about none.
/// <https://docs.slack.dev/surfaces/modals#displaying_errors>
#[must_use]
pub fn errors(field: Option<&str>, sentence: &str) -> Value {
    let said = plain(sentence, limits::LABEL).map_or_else(|| "This cannot be done".to_owned(), |text| text.text);
    match field {
        Some(field) => json!({ "response_action": "errors", "errors": { field: said } }),
        None => {
            let view = View::titled(Tone::Warning, vec![text(said)]);
            json!({ "response_action": "push", "view": result_modal(&view, &Names::unknown("")) })
        }
    }
}
