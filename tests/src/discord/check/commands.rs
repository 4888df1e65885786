//! Commands as they are registered.
//! <https://docs.discord.com/developers/interactions/application-commands#application-command-object>

use super::super::refused::Wrong;
use super::{below, items, length, needed};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// Of names, descriptions and values of one command.
/// <https://docs.discord.com/developers/interactions/application-commands#slash-commands>
const COMMAND_TEXT: usize = 8000;

pub(super) fn faults(commands: &Value) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    let mut names = HashSet::new();
    let mut counts = HashMap::new();
    for (one, at) in items(commands, "") {
        let kind = one["type"].as_u64().unwrap_or(1);
        let name = one["name"].as_str().unwrap_or_default();
        if !names.insert((kind, name)) {
            wrong.push(Wrong::at(&at, "Application command names must be unique"));
        }
        *counts.entry(kind).or_insert(0_usize) += 1;
        command(one, kind, &at, &mut wrong);
    }
    // https://docs.discord.com/developers/interactions/application-commands#registering-a-command
    for (kind, most) in [(1, 100), (2, 15), (3, 15)] {
        if counts.get(&kind).is_some_and(|count| *count > most) {
            wrong.push(Wrong::at("", format!("Maximum number of application commands reached ({most})")));
        }
    }
    wrong
}

fn command(one: &Value, kind: u64, at: &str, wrong: &mut Vec<Wrong>) {
    needed(&one["name"], (1, 32), &below(at, "name"), wrong);
    if kind != 1 {
        // A context-menu command has a name of any letters, and neither description nor options.
        if one["description"].as_str().is_some_and(|text| !text.is_empty()) || one["options"].is_array() {
            wrong.push(Wrong::at(at, "Context menu commands cannot have description or options"));
        }
        return;
    }
    named(&one["name"], &below(at, "name"), wrong);
    needed(&one["description"], (1, 100), &below(at, "description"), wrong);
    let nested = is_nested(one);
    options(&one["options"], if nested { Depth::Groups } else { Depth::Leaf }, &below(at, "options"), wrong);
    if text(one) > COMMAND_TEXT {
        wrong.push(Wrong::at(at, format!("Command exceeds maximum size (8000): {}", text(one))));
    }
}

fn is_nested(one: &Value) -> bool {
    one["options"]
        .as_array()
        .is_some_and(|options| options.iter().any(|option| matches!(option["type"].as_u64(), Some(1 | 2))))
}

/// What may stand in a list of options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// Groups and subcommands.
    Groups,
    /// Subcommands.
    Subcommands,
    /// Options that people fill in.
    Leaf,
}

fn options(list: &Value, depth: Depth, at: &str, wrong: &mut Vec<Wrong>) {
    let all = items(list, at);
    if all.len() > 25 {
        wrong.push(Wrong::at(at, "Must be 25 or fewer in length."));
    }
    let mut names = HashSet::new();
    let mut optional = false;
    for (option, at) in all {
        named(&option["name"], &below(&at, "name"), wrong);
        needed(&option["description"], (1, 100), &below(&at, "description"), wrong);
        if !names.insert(option["name"].as_str().unwrap_or_default()) {
            wrong.push(Wrong::at(&at, "Option names must be unique"));
        }
        match (option["type"].as_u64(), depth) {
            (Some(1), Depth::Groups | Depth::Subcommands) => {
                options(&option["options"], Depth::Leaf, &below(&at, "options"), wrong);
            }
            (Some(2), Depth::Groups) => options(&option["options"], Depth::Subcommands, &below(&at, "options"), wrong),
            (Some(3..=11), Depth::Leaf) => {
                leaf(option, &at, wrong);
                if option["required"] == true && optional {
                    wrong.push(Wrong::at(&at, "Required options must be placed before non-required options"));
                }
                optional |= option["required"] != true;
            }
            (_, Depth::Groups | Depth::Subcommands | Depth::Leaf) => {
                wrong.push(Wrong::at(below(&at, "type"), "an option of that type cannot stand here"));
            }
        }
    }
}

/// <https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-option-structure>
fn leaf(option: &Value, at: &str, wrong: &mut Vec<Wrong>) {
    let kind = option["type"].as_u64().unwrap_or_default();
    let has_choices = option["choices"].as_array().is_some_and(|choices| !choices.is_empty());
    if has_choices && option["autocomplete"] == true {
        wrong.push(Wrong::at(at, "Autocomplete and choices exclude each other"));
    }
    if (has_choices || option["autocomplete"] == true) && !matches!(kind, 3 | 4 | 10) {
        wrong.push(Wrong::at(at, "only texts and numbers have choices or autocomplete"));
    }
    if kind != 3 && (option["min_length"].is_u64() || option["max_length"].is_u64()) {
        wrong.push(Wrong::at(at, "only a text has a length"));
    }
    if option["min_length"].as_u64().is_some_and(|n| n > 6000)
        || option["max_length"].as_u64().is_some_and(|n| n == 0 || n > 6000)
    {
        wrong.push(Wrong::at(at, "a length is within 6000"));
    }
    wrong.extend(choices(&option["choices"], &below(at, "choices")));
}

/// Choices of an option, or of an autocompletion.
pub(super) fn choices(list: &Value, at: &str) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    let all = items(list, at);
    if all.len() > 25 {
        wrong.push(Wrong::at(at, "Must be 25 or fewer in length."));
    }
    for (choice, at) in all {
        needed(&choice["name"], (1, 100), &below(&at, "name"), &mut wrong);
        length(&choice["value"], (0, 100), &below(&at, "value"), &mut wrong);
        if choice["value"].is_null() {
            wrong.push(Wrong::at(below(&at, "value"), "This field is required"));
        }
    }
    wrong
}

/// <https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-naming>
fn named(name: &Value, at: &str, wrong: &mut Vec<Wrong>) {
    needed(name, (1, 32), at, wrong);
    let name = name.as_str().unwrap_or_default();
    let fits = |c: char| c == '-' || c == '_' || c == '\'' || c.is_alphanumeric();
    if !name.chars().all(fits) || name.to_lowercase() != name {
        wrong.push(Wrong::at(at, format!("Command name is invalid: “{name}”")));
    }
}

/// The characters of a command that count; of translations the longest.
fn text(one: &Value) -> usize {
    let count = |value: &Value| value.as_str().map_or(0, |text| text.chars().count());
    let longest = |name: &str| {
        let translated = one[format!("{name}_localizations")].as_object().into_iter().flatten();
        translated.map(|(_, text)| count(text)).chain([count(&one[name])]).max().unwrap_or_default()
    };
    let inner = ["options", "choices"].iter().flat_map(|list| one[*list].as_array().into_iter().flatten());
    longest("name") + longest("description") + count(&one["value"]) + inner.map(text).sum::<usize>()
}
