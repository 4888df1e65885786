//! A runbook on its way out, as a file that people go on with.

use crate::format::{Source, read};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write;

/// The most characters of a text, and the most things of a checklist.
const TEXT: usize = 6_000;
const CHECKLIST: usize = 25;

/// What is to be written.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) description: String,
    /// Id and what it is, line by line.
    pub(super) inputs: Vec<(String, Vec<(&'static str, Value)>)>,
    pub(super) steps: Vec<DraftStep>,
}

/// A step on its way out.
#[derive(Debug, Default)]
pub(super) struct DraftStep {
    pub(super) name: String,
    /// What people should know of where it comes from.
    pub(super) comment: Vec<String>,
    /// What a machine would do, line by line, if it can.
    pub(super) machine: Option<Vec<String>>,
    /// What a person would do.
    pub(super) text: String,
    pub(super) checklist: Vec<String>,
}

impl Draft {
    /// The file. What our own checks do not like as a machine's step becomes one by hand, and says why.
    pub(super) fn finish(mut self) -> Result<String, String> {
        self.steps = self.steps.into_iter().flat_map(DraftStep::in_parts).collect();
        if self.steps.is_empty() {
            return Err("there is nothing to be done in it, so that there is no step to make".to_owned());
        }
        for _ in 0..=self.steps.len() + self.inputs.len() {
            let text = self.to_yaml();
            let source = Source { file: "import".to_owned(), text };
            let Err(faults) = read(std::slice::from_ref(&source), None) else { return Ok(source.text) };
            let mut mended = false;
            for fault in &faults {
                let index =
                    fault.key.strip_prefix("steps[").and_then(|rest| rest.split(']').next()?.parse::<usize>().ok());
                if let Some(step) = index.and_then(|at| self.steps.get_mut(at)).filter(|step| step.machine.is_some()) {
                    step.machine = None;
                    step.comment.push(format!("By hand: {}.", fault.sentence));
                    mended = true;
                }
            }
            if !mended {
                let all: Vec<_> = faults.iter().map(ToString::to_string).collect();
                return Err(format!("it cannot be made a runbook: {}", all.join("; ")));
            }
        }
        Err("it cannot be made a runbook".to_owned())
    }

    fn to_yaml(&self) -> String {
        let mut out = String::from("apiVersion: muster/v1\n");
        let id = slug(&self.name, '-');
        let id = if id.is_empty() { "imported".to_owned() } else { id };
        let _ = writeln!(out, "id: {}", quoted(&id));
        let _ = writeln!(out, "name: {}", quoted(self.name.trim()));
        if !self.description.trim().is_empty() {
            let _ = writeln!(out, "description: {}", block(&self.description, 2));
        }
        if !self.inputs.is_empty() {
            out.push_str("inputs:\n");
        }
        for (id, lines) in &self.inputs {
            let _ = writeln!(out, "  {id}:");
            for (key, value) in lines {
                let _ = writeln!(out, "    {key}: {value}");
            }
        }
        out.push_str("steps:\n");
        let mut taken = BTreeSet::new();
        for (at, step) in self.steps.iter().enumerate() {
            step.write(&mut out, &unique(&step.name, at, &mut taken));
        }
        out
    }
}

impl DraftStep {
    /// A long list is several steps.
    fn in_parts(mut self) -> Vec<Self> {
        let mut parts = Vec::new();
        while self.checklist.len() > CHECKLIST {
            let rest = self.checklist.split_off(CHECKLIST);
            let name = format!("{}, continued", self.name.trim_end_matches(", continued"));
            let next = Self { name, checklist: rest, ..Self::default() };
            parts.push(std::mem::replace(&mut self, next));
        }
        parts.push(self);
        parts
    }

    fn write(&self, out: &mut String, id: &str) {
        for line in self.comment.iter().flat_map(|comment| comment.lines()) {
            let _ = writeln!(out, "  # {}", line.chars().filter(|c| !c.is_control()).collect::<String>());
        }
        let _ = writeln!(out, "  - id: {id}\n    name: {}", quoted(one_line(&self.name).trim()));
        if let Some(machine) = &self.machine {
            for line in machine {
                let _ = writeln!(out, "    {line}");
            }
            return;
        }
        let text = if self.text.trim().is_empty() { one_line(&self.name) } else { self.text.clone() };
        let _ = writeln!(out, "    manual: {}", block(&plain(&text), 6));
        if !self.checklist.is_empty() {
            out.push_str("    checklist:\n");
        }
        for item in &self.checklist {
            let _ = writeln!(out, "      - {}", quoted(&plain(&one_line(item))));
        }
    }
}

/// A text that means nothing but itself.
fn plain(text: &str) -> String {
    let cut: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).take(TEXT).collect();
    cut.replace("${{", "$\u{1}")
        .replace("{{", "\u{1}")
        .replace("{%", "\u{2}")
        .replace('\u{1}', "${{ \"{{\" }}")
        .replace('\u{2}', "${{ \"{%\" }}")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect()
}

/// A text in double quotes, which YAML reads as JSON does.
pub(super) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// A text over several lines, or in quotes on one.
fn block(text: &str, indent: usize) -> String {
    let text = text.trim().replace('\t', "    ");
    let odd = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}');
    if !text.contains('\n') || text.contains(odd) {
        return quoted(&text);
    }
    let pad = " ".repeat(indent);
    let lines = text
        .lines()
        .map(|line| if line.trim().is_empty() { String::new() } else { format!("{pad}{}", line.trim_end()) });
    format!("|\n{}", lines.collect::<Vec<_>>().join("\n"))
}

/// Letters, digits and dashes.
pub(super) fn slug(text: &str, dash: char) -> String {
    let letters: String =
        text.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    let words = letters.split_whitespace().collect::<Vec<_>>().join(&dash.to_string());
    words.chars().take(36).collect::<String>().trim_end_matches(dash).to_owned()
}

/// An id that no other step has.
fn unique(name: &str, at: usize, taken: &mut BTreeSet<String>) -> String {
    let made = slug(name, '_');
    let made = if made.starts_with(|c: char| c.is_ascii_lowercase()) { made } else { format!("step_{}", at + 1) };
    let mut id = made.clone();
    let mut number = 2;
    while !taken.insert(id.clone()) || matches!(id.as_str(), "in" | "true" | "false" | "null" | "has") {
        id = format!("{made}_{number}");
        number += 1;
    }
    id
}
