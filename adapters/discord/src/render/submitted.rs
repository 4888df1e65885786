//! What comes back from a modal: the command it stood for, with the fields as they were filled in. A modal carries nothing
//! but ids, so what it keeps is spread over its own and those of its fields.

use super::limits;
use muster_core::chat::asked::ON;
use muster_core::chat::fit::length;
use muster_core::command::Invocation;
use muster_core::view::form::Form;
use serde_json::Value;
use std::collections::BTreeMap;

/// What every id of ours ends with, so that no white space is lost at its end; and what parts it.
const END: char = '|';

/// How the ids of our forms begin.
const FORM: &str = "f3";

/// A modal is not one of our forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this modal is not one of our forms")]
pub struct Unreadable;

/// What a modal keeps: the command, and the arguments that none of its fields shows.
pub(super) struct Kept(Invocation);

/// The ids of a modal.
pub(super) struct Ids {
    pub(super) modal: String,
    pub(super) fields: Vec<String>,
}

impl Kept {
    pub(super) fn of(form: &Form, shown: &[&str]) -> Self {
        let mut target = form.target.clone();
        for field in &form.fields {
            if let Some(value) = &field.value {
                target.args.insert(field.name.clone(), value.clone());
            }
        }
        target.args.retain(|name, _| !shown.contains(&name.as_str()));
        Self(target)
    }

    /// The ids of a modal and of its fields: `f3|INC-1 update|2|…|` and `text|…|`. The number says how many fields hold a
    /// part of what is kept. Where not all of it fits the longest arguments are given up; the command itself always fits.
    pub(super) fn ids(mut self, fields: &[&str]) -> Ids {
        let bare = Invocation { args: BTreeMap::new(), ..self.0.clone() }.to_line();
        let head = format!("{FORM}{END}{bare}{END}{}{END}", fields.len());
        let heads: Vec<_> = std::iter::once(head).chain(fields.iter().map(|name| format!("{name}{END}"))).collect();
        loop {
            let kept = if self.0.args.is_empty() { String::new() } else { json(&self.0.args) };
            if let Some(ids) = spread(&kept, &heads) {
                return ids;
            }
            let longest = self.0.args.iter().max_by_key(|(_, value)| value.len()).map(|(name, _)| name.clone());
            let Some(longest) = longest else { return Ids { modal: heads[0].clone(), fields: heads[1..].to_vec() } };
            self.0.args.remove(&longest);
        }
    }
}

fn json(args: &BTreeMap<String, String>) -> String {
    serde_json::to_string(args).unwrap_or_default()
}

/// The heads with as much of the text after each as fits; `None` when it does not fit altogether.
fn spread(text: &str, heads: &[String]) -> Option<Ids> {
    let mut rest = text;
    let mut ids = heads.iter().map(|head| {
        let mut room = limits::ID.saturating_sub(length(head) + 1);
        let end = rest.char_indices().find_map(|(at, c)| {
            let fits = c.len_utf16() <= room;
            room = room.saturating_sub(c.len_utf16());
            (!fits).then_some(at)
        });
        let (part, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after;
        format!("{head}{part}{END}")
    });
    let modal = ids.next()?;
    let fields = ids.collect();
    rest.is_empty().then_some(Ids { modal, fields })
}

/// The command of a submitted modal, by the `data` of the interaction. Optional fields left empty are not among its
/// arguments. <https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-modal-submit-data-structure>
///
/// # Errors
/// When the modal is not one that [`super::modal`] made.
pub fn submitted(data: &Value) -> Result<Invocation, Unreadable> {
    let id = data["custom_id"].as_str().and_then(|id| id.strip_suffix(END)).ok_or(Unreadable)?;
    let mut parts = id.splitn(4, END);
    let (Some(FORM), Some(bare), Some(count), Some(first)) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(Unreadable);
    };
    let mut call = Invocation::from_line(bare).ok_or(Unreadable)?;
    let labels = data["components"].as_array().into_iter().flatten().map(|label| &label["component"]);
    let fields: Vec<_> = labels.filter_map(|field| Some((name_and_part(field)?, field))).collect();
    if count.parse() == Ok(fields.len()) {
        let kept: String = std::iter::once(first).chain(fields.iter().map(|((_, part), _)| *part)).collect();
        call.args = serde_json::from_str(&kept).unwrap_or_default();
    }
    for ((name, _), field) in fields {
        call.args.remove(name);
        if let Some(value) = filled_in(field) {
            call.args.insert(name.to_owned(), value);
        }
    }
    Ok(call)
}

/// The name of a field, and what part of what is kept its id holds.
fn name_and_part(field: &Value) -> Option<(&str, &str)> {
    field["custom_id"].as_str()?.strip_suffix(END)?.split_once(END)
}

/// The value of a field; `None` if it was left empty or is of a type that we do not make.
/// <https://docs.discord.com/developers/components/reference#label-label-interaction-response-child-components>
fn filled_in(field: &Value) -> Option<String> {
    let chosen = || field["values"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let value = match field["type"].as_u64()? {
        4 => field["value"].as_str()?.to_owned(),
        3 => chosen().collect::<Vec<_>>().join(","),
        23 => (field["value"] == true).then(|| ON.to_owned())?,
        _ => return None,
    };
    (!value.trim().is_empty()).then_some(value)
}
