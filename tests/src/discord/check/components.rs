//! Components of messages. <https://docs.discord.com/developers/components/reference>

use super::super::refused::Wrong;
use super::{below, items, length, needed};
use serde_json::Value;
use std::collections::HashSet;

/// Rows of a message without `IS_COMPONENTS_V2`.
/// <https://docs.discord.com/developers/components/reference#legacy-message-component-behavior>
const ROWS: usize = 5;
/// Components of a message with it. <https://docs.discord.com/developers/components/reference>
const ALL: usize = 40;

pub(super) fn faults(components: &Value, is_v2: bool, at: &str, wrong: &mut Vec<Wrong>) {
    let tops = items(components, at);
    let mut ids = HashSet::new();
    let mut count = 0;
    if !is_v2 && tops.len() > ROWS {
        wrong.push(Wrong::at(at, "Must be between 1 and 5 in length."));
    }
    for (top, at) in tops {
        if !is_v2 && top["type"] != 1 {
            wrong.push(Wrong::at(&at, "a message without IS_COMPONENTS_V2 holds action rows only"));
        }
        component(top, &at, &mut (&mut ids, &mut count), wrong);
    }
    if is_v2 && count > ALL {
        wrong.push(Wrong::at(at, "The maximum number of components in a message is 40"));
    }
}

/// What is known of all components of a message: their custom ids, and how many there are.
type Seen<'s> = (&'s mut HashSet<String>, &'s mut usize);

fn component(one: &Value, at: &str, seen: &mut Seen<'_>, wrong: &mut Vec<Wrong>) {
    *seen.1 += 1;
    if let Some(id) = one["custom_id"].as_str() {
        length(&one["custom_id"], (1, 100), &below(at, "custom_id"), wrong);
        if !seen.0.insert(id.to_owned()) {
            wrong.push(Wrong::at(below(at, "custom_id"), "Component custom id cannot be duplicated"));
        }
    }
    match one["type"].as_u64() {
        Some(1) => row(one, at, seen, wrong),
        Some(2) => button(one, at, wrong),
        Some(3 | 5..=8) => select(one, at, wrong),
        Some(9 | 17) => {
            for (inner, at) in items(&one["components"], &below(at, "components")) {
                component(inner, &at, seen, wrong);
            }
            if one["accessory"].is_object() {
                component(&one["accessory"], &below(at, "accessory"), seen, wrong);
            }
        }
        Some(10) => length(&one["content"], (1, 4000), &below(at, "content"), wrong),
        Some(11..=14) => {}
        Some(_) | None => wrong.push(Wrong::at(below(at, "type"), "it is no component of a message")),
    }
}

/// <https://docs.discord.com/developers/components/reference#action-row>
fn row(row: &Value, at: &str, seen: &mut Seen<'_>, wrong: &mut Vec<Wrong>) {
    let inner = items(&row["components"], &below(at, "components"));
    let selects = inner.iter().filter(|(one, _)| one["type"] != 2).count();
    if inner.is_empty() || inner.len() > 5 || (selects > 0 && inner.len() > 1) {
        wrong.push(Wrong::at(below(at, "components"), "a row holds 1 to 5 buttons or one select"));
    }
    for (one, at) in inner {
        if !matches!(one["type"].as_u64(), Some(2 | 3 | 5..=8)) {
            wrong.push(Wrong::at(&at, "only buttons and selects stand in the row of a message"));
        }
        component(one, &at, seen, wrong);
    }
}

/// <https://docs.discord.com/developers/components/reference#button>
fn button(button: &Value, at: &str, wrong: &mut Vec<Wrong>) {
    length(&button["label"], (1, 80), &below(at, "label"), wrong);
    length(&button["url"], (1, 512), &below(at, "url"), wrong);
    if !button["label"].is_string() && !button["emoji"].is_object() {
        wrong.push(Wrong::at(at, "A button must have a label or an emoji"));
    }
    let fits = match button["style"].as_u64() {
        Some(1..=4) => button["custom_id"].is_string() && button["url"].is_null(),
        Some(5) => button["url"].is_string() && button["custom_id"].is_null(),
        Some(_) | None => false,
    };
    if !fits {
        wrong.push(Wrong::at(at, "a link button has a url, another one a custom_id, and none has both"));
    }
    if button["url"]
        .as_str()
        .is_some_and(|url| !["http://", "https://", "discord://"].iter().any(|s| url.starts_with(s)))
    {
        wrong.push(Wrong::at(below(at, "url"), "Scheme must be one of ('http', 'https', 'discord')."));
    }
}

/// <https://docs.discord.com/developers/components/reference#string-select>
pub(super) fn select(select: &Value, at: &str, wrong: &mut Vec<Wrong>) {
    needed(&select["custom_id"], (1, 100), &below(at, "custom_id"), wrong);
    length(&select["placeholder"], (0, 150), &below(at, "placeholder"), wrong);
    let least = select["min_values"].as_u64().unwrap_or(1);
    let most = select["max_values"].as_u64().unwrap_or(1);
    if least > 25 || most > 25 || least > most {
        wrong.push(Wrong::at(below(at, "min_values"), "min_values and max_values are within 25, and in order"));
    }
    if select["type"] != 3 {
        return;
    }
    let options = items(&select["options"], &below(at, "options"));
    if options.is_empty() || options.len() > 25 {
        wrong.push(Wrong::at(below(at, "options"), "Must be between 1 and 25 in length."));
    }
    if most > options.len() as u64 {
        wrong.push(Wrong::at(below(at, "max_values"), "there are fewer options than that"));
    }
    let defaults = options.iter().filter(|(option, _)| option["default"] == true).count() as u64;
    if defaults > most {
        wrong.push(Wrong::at(below(at, "options"), "more options are on than may be chosen"));
    }
    let mut values = HashSet::new();
    for (option, at) in options {
        needed(&option["label"], (1, 100), &below(&at, "label"), wrong);
        needed(&option["value"], (1, 100), &below(&at, "value"), wrong);
        length(&option["description"], (1, 100), &below(&at, "description"), wrong);
        if !values.insert(option["value"].as_str().unwrap_or_default()) {
            wrong.push(Wrong::at(below(&at, "value"), "The specified option value is already used"));
        }
    }
}
