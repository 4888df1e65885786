//! The variables of a template: `[variables.impact]`.

use super::super::facts::FACTS;
use super::super::lint::unseen;
use super::super::tags::is_name;
use super::super::{Purpose, Variable, VariableKind};
use crate::clock::Timestamp;
use crate::comms::Locale;
use crate::plain::one_line;
use crate::section::Section;
use crate::section::problem::did_you_mean;
use chrono_tz::Tz;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;

/// So many a form can ask for.
const MOST: usize = 20;
/// So many options a menu can offer.
const MOST_OPTIONS: usize = 25;
/// The longest words of one's own, and how long they may be unless the template says.
const LONGEST: i64 = 2_000;
const USUAL: usize = 500;
/// The longest label, value or option, in characters.
const LABEL: usize = 100;
/// Names that mean something to the language of templates.
const RESERVED: [&str; 9] = ["this", "else", "as", "if", "unless", "each", "true", "false", "null"];

#[derive(Clone, Copy)]
enum Type {
    Text,
    Choice,
    Number,
    Duration,
    Moment,
    Url,
}

const TYPES: [(&str, Type); 6] = [
    ("text", Type::Text),
    ("choice", Type::Choice),
    ("number", Type::Number),
    ("duration", Type::Duration),
    ("moment", Type::Moment),
    ("url", Type::Url),
];

/// What can be chosen: values, each with its words in every language.
pub(super) type Options = Vec<(String, BTreeMap<Locale, String>)>;

/// Lists of options that several templates share, by name; `None` where something is wrong with one.
pub(super) type Lists = BTreeMap<String, Option<Options>>;

/// A variable, and where it is.
pub(super) struct Declared {
    pub(super) variable: Variable,
    pub(super) at: Range<usize>,
}

/// All of them, in the order of the file.
pub(super) fn all(root: &Section<'_, '_>, purpose: Purpose, preapproved: bool, lists: &Lists) -> Vec<Declared> {
    let Some(table) = root.table("variables") else { return Vec::new() };
    let sections = table.sections();
    if sections.len() > MOST {
        table.problem(table.at(), "", format!("a form asks for at most {MOST} variables; leave some out"));
    }
    let mut declared = Vec::new();
    for (name, section) in sections {
        let variable = one(&name, &section, lists);
        if let Some(what) = variable.as_ref().and_then(|variable| unseen(variable, purpose, preapproved)) {
            section.problem(section.place("type"), "", what);
        }
        declared.extend(variable.map(|variable| Declared { variable, at: name.span() }));
    }
    declared
}

fn one(name: &Spanned<String>, section: &Section<'_, '_>, lists: &Lists) -> Option<Variable> {
    let word = name.get_ref();
    if !is_name(word) {
        section.problem(name.span(), "", "a name is of small letters, digits and underscores; write it as next_step");
    } else if FACTS.iter().any(|(fact, _)| fact == word) || RESERVED.contains(&word.as_str()) {
        section.problem(name.span(), "", format!("`{word}` is a name of Muster's own; take another one"));
    }
    let label = section.required("label", "What does not work").map(|label| short(section, "label", &label));
    section.required("type", "choice")?;
    // Which keys there are depends on the type: with none, nothing can be said of the others.
    let kind = match section.choice("type", &TYPES)? {
        Type::Text => {
            let max = section.number("max", 1..=LONGEST).and_then(|max| usize::try_from(max).ok());
            VariableKind::Text { max: max.unwrap_or(USUAL) }
        }
        Type::Choice => VariableKind::Choice { options: options(section, lists) },
        Type::Number => VariableKind::Number,
        Type::Duration => VariableKind::Duration,
        Type::Moment => VariableKind::Moment,
        Type::Url => VariableKind::Url,
    };
    let required = section.flag("required").unwrap_or(false);
    let default = section.text("default");
    section.finish();
    let mut variable = Variable { name: word.clone(), label: label?, kind, required, default: None };
    variable.default = default.and_then(|typed| preset(section, &variable, &typed));
    Some(variable)
}

/// What is filled in unless somebody says otherwise.
fn preset(section: &Section<'_, '_>, variable: &Variable, typed: &Spanned<String>) -> Option<String> {
    match variable.kind {
        VariableKind::Text { .. } | VariableKind::Moment => {
            let what = "a text or moment has no default, which would be the same in every language and at every time; leave it out";
            section.problem(typed.span(), "default", what);
            None
        }
        VariableKind::Choice { .. } | VariableKind::Number | VariableKind::Duration | VariableKind::Url => {
            let kept = variable.read(typed.get_ref(), Tz::UTC, Timestamp::UNIX_EPOCH);
            section.taken("default", typed, kept)
        }
    }
}

/// The options of a choice: written beside it, or a list that is named.
fn options(section: &Section<'_, '_>, lists: &Lists) -> Options {
    if !section.is_text("options") {
        return listed(section, "options");
    }
    let Some(name) = section.text("options") else { return Options::new() };
    let file = format!("choices/{}.toml", name.get_ref());
    let near = || did_you_mean(name.get_ref(), lists.keys().map(String::as_str));
    let list = match lists.get(name.get_ref()) {
        Some(Some(options)) => Ok(options.clone()),
        Some(None) => Err(format!("{file} is at fault itself; mend it")),
        None => Err(format!("there is no {file}{}", near())),
    };
    section.taken("options", &name, list).unwrap_or_default()
}

/// A list that templates share: the file `choices/impact.toml`.
pub(super) fn list(root: &Section<'_, '_>) -> Options {
    let options = listed(root, "option");
    root.finish();
    options
}

fn listed(section: &Section<'_, '_>, key: &'static str) -> Options {
    let tables = section.tables(key).unwrap_or_default();
    if tables.is_empty() || tables.len() > MOST_OPTIONS {
        let sample = "{ value = \"card\", en = \"You may not be able to pay by card.\" }";
        let what = format!("there are between 1 and {MOST_OPTIONS} options to choose from; one is {sample}");
        section.problem(section.place(key), key, what);
    }
    let mut options = Options::new();
    for table in tables {
        let value = table.required("value", "card").map(|value| short(&table, "value", &value)).unwrap_or_default();
        if options.iter().any(|(other, _)| *other == value) {
            table.problem(table.at(), "value", format!("`{value}` is there twice; leave one out"));
        }
        let words = table.pairs().into_iter().filter(|(key, _)| key.get_ref() != "value").filter_map(|(key, words)| {
            let locale = key.get_ref().parse::<Locale>().map_err(|error| error.to_string());
            let locale = table.taken(key.get_ref(), &key, locale)?;
            Some((locale, short(&table, key.get_ref(), &words)))
        });
        options.push((value, words.collect()));
    }
    options
}

/// A text that menus and forms show: one line.
pub(super) fn short(section: &Section<'_, '_>, key: &str, text: &Spanned<String>) -> String {
    let typed = text.get_ref();
    if typed.chars().count() > LABEL || one_line(typed) != *typed {
        let what = format!("this is one line of at most {LABEL} characters that can be shown; shorten it");
        section.problem(text.span(), key, what);
    }
    typed.clone()
}
