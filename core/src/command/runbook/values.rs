//! What was typed for an input becomes a value of its type, or one sentence says what may be typed.

use crate::command::args::named;
use crate::org::{Organisation, Right};
use crate::plain::{echo, one_line, trimmed};
use crate::refusal::Refusal;
use crate::runbook::{Input, InputKind, Runbook};
use crate::time::parse_span;
use regex::Regex;
use serde_json::Value;
use std::collections::BTreeMap;

/// The inputs of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Inputs {
    /// Each of its type, the defaults included.
    pub values: BTreeMap<String, Value>,
    /// What is missing, in words.
    pub missing: Vec<String>,
}

/// Reads all that was typed for a runbook: names, and what was given for each.
///
/// # Errors
/// One sentence about the first mistake.
pub fn read(book: &Runbook, pairs: Vec<(String, Option<String>)>, org: &Organisation) -> Result<Inputs, Refusal> {
    let mut given = BTreeMap::new();
    for (name, value) in pairs {
        let (Some(input), Some(value)) = (book.inputs.iter().find(|input| input.id == name), value) else {
            return Err(unknown(book, &name));
        };
        if given.insert(input.id.clone(), value).is_some() {
            return Err(Refusal::invalid(format!("The input {} is there twice", input.id)));
        }
    }
    let mut inputs = Inputs { values: BTreeMap::new(), missing: Vec::new() };
    for input in &book.inputs {
        let typed = given.get(&input.id).map(|typed| trimmed(typed)).filter(|typed| !typed.is_empty());
        match (typed, &input.default) {
            (Some(typed), _) => {
                inputs.values.insert(input.id.clone(), value(input, &typed, org)?);
            }
            (None, Some(default)) => {
                inputs.values.insert(input.id.clone(), default.clone());
            }
            (None, None) if input.required => inputs.missing.push(wanted(input, org)),
            (None, None) => {}
        }
    }
    Ok(inputs)
}

fn unknown(book: &Runbook, typed: &str) -> Refusal {
    if book.inputs.is_empty() {
        return Refusal::invalid(format!("“{}” says nothing to {}: it asks for nothing", echo(typed), book.id));
    }
    let known = named(book.inputs.iter().map(|input| format!("{}=…", input.id)));
    Refusal::invalid(format!("“{}” is not an input of {}: {known}", echo(typed), book.id))
}

/// An input that is missing: `region (eu, us)`.
fn wanted(input: &Input, org: &Organisation) -> String {
    let values = choices(&input.kind, org);
    let values: Vec<_> = values.iter().take(8).map(|(value, _)| value.as_str()).collect();
    if values.is_empty() { input.id.clone() } else { format!("{} ({})", input.id, values.join(", ")) }
}

/// What an input may be, each with its name, where that is a few known things.
pub(super) fn choices(kind: &InputKind, org: &Organisation) -> Vec<(String, String)> {
    let pair = |id: &str, name: &str| (id.to_owned(), name.to_owned());
    match kind {
        InputKind::Toggle => vec![pair("yes", "Yes"), pair("no", "No")],
        InputKind::Choice { options } => options.iter().map(|option| pair(option, option)).collect(),
        InputKind::Service => org.services.iter().map(|service| pair(&service.id, &service.name)).collect(),
        InputKind::Site => org.sites.iter().map(|site| pair(&site.id, &site.name)).collect(),
        InputKind::Team => org.teams.iter().map(|team| pair(&team.id, &team.name)).collect(),
        InputKind::Person => org.responders().map(|person| pair(person.id.as_str(), &person.name)).collect(),
        InputKind::Text { .. } | InputKind::Number { .. } | InputKind::Span => Vec::new(),
    }
}

/// A value as people type and read it.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(on) => if *on { "yes" } else { "no" }.to_owned(),
        Value::Null => String::new(),
        Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

fn value(input: &Input, typed: &str, org: &Organisation) -> Result<Value, Refusal> {
    let id = &input.id;
    let wrong = |why: String| Refusal::invalid(format!("“{}” is not a value of {id}: {why}", echo(typed)));
    let none_of = || wrong(named(choices(&input.kind, org).into_iter().map(|(value, _)| value)));
    let text = |found: Option<String>| found.map(Value::String).ok_or_else(none_of);
    match &input.kind {
        InputKind::Text { max, pattern, long } => {
            let typed = if *long { typed.to_owned() } else { one_line(typed) };
            let length = typed.chars().count();
            if length > *max {
                let sentence = format!("The input {id} has {length} characters and may have {max}: shorten it");
                return Err(Refusal::invalid(sentence));
            }
            match pattern.as_ref().filter(|pattern| !fits(pattern, &typed)) {
                Some(pattern) => Err(wrong(format!("it must look like {pattern}"))),
                None => Ok(Value::String(typed)),
            }
        }
        InputKind::Number { min, max } => {
            let number = typed.parse::<i64>().map_err(|_| wrong("write a whole number such as 3".to_owned()))?;
            match (min.filter(|min| number < *min), max.filter(|max| number > *max)) {
                (Some(min), _) => Err(wrong(format!("it must be at least {min}"))),
                (None, Some(max)) => Err(wrong(format!("it may be at most {max}"))),
                (None, None) => Ok(Value::from(number)),
            }
        }
        InputKind::Toggle => match typed.to_lowercase().as_str() {
            "yes" | "true" | "on" | "1" => Ok(Value::Bool(true)),
            "no" | "false" | "off" | "0" => Ok(Value::Bool(false)),
            _ => Err(wrong("write yes or no".to_owned())),
        },
        InputKind::Choice { options } => text(options.iter().find(|one| one.eq_ignore_ascii_case(typed)).cloned()),
        InputKind::Service => text(org.find_service(typed).map(|service| service.id.clone())),
        InputKind::Site => text(org.find_site(typed).map(|site| site.id.clone())),
        InputKind::Team => text(org.team(typed).map(|team| team.id.clone())),
        InputKind::Person => {
            let person = org.find_person(typed).filter(|person| person.right >= Right::Respond);
            text(person.map(|person| person.id.to_string()))
        }
        InputKind::Span if parse_span(typed).is_none() => Err(wrong("write 30m, 2h or 1d".to_owned())),
        InputKind::Span => Ok(Value::String(typed.to_lowercase())),
    }
}

/// Whether a text is all that a pattern says. Patterns were checked when the runbook was read.
fn fits(pattern: &str, text: &str) -> bool {
    Regex::new(&format!(r"\A(?:{pattern})\z")).is_ok_and(|pattern| pattern.is_match(text))
}
