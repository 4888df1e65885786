//! Modals. <https://docs.discord.com/developers/components/using-modal-components>

use super::super::refused::Wrong;
use super::{below, components, items, length, needed};
use serde_json::Value;
use std::collections::HashSet;

pub(super) fn faults(modal: &Value, at: &str) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    // https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-modal
    needed(&modal["title"], (1, 45), &below(at, "title"), &mut wrong);
    needed(&modal["custom_id"], (1, 100), &below(at, "custom_id"), &mut wrong);
    let tops = items(&modal["components"], &below(at, "components"));
    if tops.is_empty() || tops.len() > 5 {
        wrong.push(Wrong::at(below(at, "components"), "Must be between 1 and 5 in length."));
    }
    let mut ids = HashSet::new();
    for (top, at) in tops {
        let field = match top["type"].as_u64() {
            Some(18) => {
                // https://docs.discord.com/developers/components/reference#label-label-structure
                needed(&top["label"], (1, 45), &below(&at, "label"), &mut wrong);
                length(&top["description"], (0, 100), &below(&at, "description"), &mut wrong);
                &top["component"]
            }
            // A row with one text input is deprecated and still taken.
            // https://docs.discord.com/developers/components/reference#text-input
            Some(1) if top["components"].as_array().is_some_and(|inner| inner.len() == 1) => {
                needed(&top["components"][0]["label"], (1, 45), &below(&at, "label"), &mut wrong);
                &top["components"][0]
            }
            Some(10) => continue,
            Some(_) | None => {
                wrong.push(Wrong::at(&at, "a modal holds labels, texts and rows of one input"));
                continue;
            }
        };
        if !ids.insert(field["custom_id"].as_str().unwrap_or_default()) {
            wrong.push(Wrong::at(&at, "Component custom id cannot be duplicated"));
        }
        self::field(field, &at, &mut wrong);
    }
    wrong
}

fn field(field: &Value, at: &str, wrong: &mut Vec<Wrong>) {
    needed(&field["custom_id"], (1, 100), &below(at, "custom_id"), wrong);
    if !field["disabled"].is_null() {
        wrong.push(Wrong::at(at, "a modal cannot have disabled components"));
    }
    match field["type"].as_u64() {
        Some(4) => text(field, at, wrong),
        Some(3 | 5..=8) => {
            components::select(field, at, wrong);
            if field["required"] != false && field["min_values"] == 0 {
                wrong.push(Wrong::at(below(at, "min_values"), "must be at least 1 where the field is required"));
            }
        }
        Some(21 | 22) => options(field, at, wrong),
        Some(19 | 23) => {}
        Some(_) | None => wrong.push(Wrong::at(below(at, "type"), "it is no field of a modal")),
    }
}

/// <https://docs.discord.com/developers/components/reference#text-input-text-input-structure>
fn text(field: &Value, at: &str, wrong: &mut Vec<Wrong>) {
    length(&field["placeholder"], (0, 100), &below(at, "placeholder"), wrong);
    length(&field["value"], (0, 4000), &below(at, "value"), wrong);
    let least = field["min_length"].as_u64().unwrap_or_default();
    let most = field["max_length"].as_u64().unwrap_or(4000);
    if most == 0 || most > 4000 || least > most {
        wrong.push(Wrong::at(below(at, "max_length"), "must be between 1 and 4000, and not below min_length"));
    }
    if field["value"].as_str().is_some_and(|value| value.chars().count() as u64 > most) {
        wrong.push(Wrong::at(below(at, "value"), "it is longer than max_length"));
    }
}

/// <https://docs.discord.com/developers/components/reference#radio-group>
fn options(field: &Value, at: &str, wrong: &mut Vec<Wrong>) {
    let options = items(&field["options"], &below(at, "options"));
    let least = if field["type"] == 21 { 2 } else { 1 };
    if options.len() < least || options.len() > 10 {
        wrong.push(Wrong::at(below(at, "options"), format!("Must be between {least} and 10 in length.")));
    }
    for (option, at) in options {
        needed(&option["label"], (1, 100), &below(&at, "label"), wrong);
        needed(&option["value"], (1, 100), &below(&at, "value"), wrong);
        length(&option["description"], (1, 100), &below(&at, "description"), wrong);
    }
}
