//! What a text or an expression may speak of at its place, and how it is read there.

use super::super::fault::{Faults, Hint, Place, did_you_mean, typed};
use super::super::field::{At, Field, Many, Words};
use super::super::raw::RawStep;
use super::Builder;
use muster_core::runbook::{Expr, ExprError, Input, Name, Part, Text};
use serde_json::Value;
use std::collections::BTreeMap;

/// A step that has been before.
#[derive(Debug, Clone)]
pub(super) struct Before {
    /// Its id.
    pub(super) id: String,
    /// What it finds out, and what that is in a dry run.
    pub(super) outputs: Vec<(String, Option<Value>)>,
    /// If it asks something, the answers.
    pub(super) answers: Option<Vec<String>>,
}

/// What is known at a place of the file.
#[derive(Debug)]
pub(super) struct Known {
    /// The inputs.
    pub(super) inputs: Vec<Input>,
    /// The ids of all inputs, those included with which something is wrong.
    pub(super) asked: Vec<String>,
    /// The steps before, in order.
    pub(super) before: Vec<Before>,
    /// All steps there are, with their places.
    pub(super) all: BTreeMap<String, Place>,
    /// What a probe knows beside.
    pub(super) probe: bool,
}

/// What is known of an incident and of a run.
const INCIDENT: [&str; 8] = ["id", "title", "severity", "status", "services", "sites", "commander", "drill"];
const RUN: [&str; 2] = ["number", "rehearsal"];
/// What a probe knows of the answer.
const ANSWER: [&str; 3] = ["status", "body", "json"];

/// Who gets to see a text, and whether a secret may be in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    /// A machine, which keeps it to itself.
    Privately,
    /// People.
    ByPeople,
    /// Whoever lists the processes of a machine.
    InProcesses,
    /// Whoever keeps a log of requests.
    InUrls,
}

impl Known {
    pub(super) fn new((inputs, asked): (Vec<Input>, Vec<String>), steps: &Field<Many<RawStep>>) -> Self {
        Self { inputs, asked, before: Vec::new(), all: super::written(steps), probe: false }
    }

    /// The same, for what a probe asks of an answer.
    pub(super) fn of_probe(&self) -> Self {
        Self {
            inputs: self.inputs.clone(),
            asked: self.asked.clone(),
            before: self.before.clone(),
            all: self.all.clone(),
            probe: true,
        }
    }

    pub(super) fn step(&self, id: &str) -> Option<&Before> {
        self.before.iter().find(|step| step.id == id)
    }

    /// What is wrong with a name, and the way out.
    fn check(&self, name: &Name, tested: &[&Name]) -> Option<(String, Hint)> {
        let path: Vec<&str> = name.path.iter().map(String::as_str).collect();
        let whole = path.join(".");
        match path.as_slice() {
            ["inputs", id, ..] => {
                if self.asked.iter().any(|asked| asked == id) && !self.inputs.iter().any(|input| input.id == *id) {
                    return None;
                }
                let Some(input) = self.inputs.iter().find(|input| input.id == *id) else {
                    let known = self.inputs.iter().map(|input| input.id.as_str());
                    return Some((format!("there is no input {}", typed(id)), did_you_mean(id, known)));
                };
                let may_be_missing = !input.required && input.default.is_none() && !name.tested;
                (may_be_missing && !tested.iter().any(|other| other.path[..] == name.path[..])).then(|| {
                    let hint = format!("give the input a default, or write `has(inputs.{id}) ? … : …`");
                    (format!("nobody has to say what `inputs.{id}` is, so that it may not be there"), hint.into())
                })
            }
            ["steps", id, rest @ ..] => self.check_step(id, rest),
            ["incident", fact, ..] if INCIDENT.contains(fact) => None,
            ["run", fact] if RUN.contains(fact) => None,
            ["incident", fact, ..] => {
                Some((format!("of the incident, {} is not known", typed(fact)), did_you_mean(fact, INCIDENT)))
            }
            ["run", fact, ..] => Some((format!("of the run, {} is not known", typed(fact)), did_you_mean(fact, RUN))),
            [word @ ("inputs" | "steps" | "incident" | "run")] => {
                Some((format!("`{word}` alone is no value"), format!("name one: `{word}.…`").into()))
            }
            [first, ..] if self.probe && ANSWER.contains(first) => None,
            [first, ..] => {
                let roots =
                    ["inputs", "steps", "incident", "run"].into_iter().chain(ANSWER.into_iter().filter(|_| self.probe));
                let hint = if self.inputs.iter().any(|input| input.id == *first) {
                    Hint::from(format!("write `inputs.{first}`"))
                } else if self.all.contains_key(*first) {
                    Hint::from(format!("write `steps.{first}.outputs.…`"))
                } else if path.len() == 1 {
                    Hint::from(format!("put quotes around a text: `\"{first}\"`"))
                } else {
                    did_you_mean(first, roots)
                };
                Some((format!("nothing is called {}", typed(&whole)), hint))
            }
            [] => None,
        }
    }

    fn check_step(&self, id: &str, rest: &[&str]) -> Option<(String, Hint)> {
        let Some(step) = self.step(id) else {
            return Some(match self.all.get(id) {
                Some(place) => (
                    format!("step `{id}` (line {}) has not been when this is needed", place.line),
                    "move it before this one".into(),
                ),
                None => (
                    format!("there is no step {}", typed(id)),
                    did_you_mean(id, self.before.iter().map(|step| step.id.as_str())),
                ),
            });
        };
        match rest {
            ["state"] => None,
            ["outputs", name, ..] => (!step.outputs.iter().any(|(output, _)| output == name)).then(|| {
                let known = step.outputs.iter().map(|(output, _)| output.as_str());
                (format!("step `{id}` has no output {}", typed(name)), did_you_mean(name, known))
            }),
            [name, ..] if step.outputs.iter().any(|(output, _)| output == name) => Some((
                format!("`steps.{id}` has `state` and `outputs`"),
                format!("write `steps.{id}.outputs.{name}`").into(),
            )),
            _ => {
                let hint = match step.outputs.first() {
                    Some((output, _)) => format!("write `steps.{id}.outputs.{output}` or `steps.{id}.state`"),
                    None => format!("write `steps.{id}.state`"),
                };
                Some((format!("`steps.{id}` has `state` and `outputs`"), hint.into()))
            }
        }
    }
}

/// Notes why something cannot be read; what comes after a semicolon is the way out.
pub(super) fn note(faults: &Faults<'_>, place: &Place, error: &ExprError) {
    match error.sentence.split_once("; ") {
        Some((sentence, hint)) => faults.add(place, sentence, hint),
        None => faults.add(place, error.sentence.as_str(), Hint::default()),
    }
}

impl Builder<'_> {
    /// An expression, every name of which is known here.
    pub(super) fn expr(&self, at: &At<Words>, known: &Known) -> Option<Expr> {
        let text = at.value.0.trim();
        if text.contains("${{") {
            let hint = "write it without the braces: `if: inputs.region == \"eu\"`";
            self.fault(&at.place, "this is an expression already, into which nothing is filled", hint);
            return None;
        }
        match Expr::parse(text) {
            Ok(expr) => self.names(&expr, &at.place, known).then_some(expr),
            Err(error) => {
                note(self.faults, &at.place, &error);
                None
            }
        }
    }

    /// A text, every name of which is known here.
    pub(super) fn text(&self, at: &At<Words>, known: &Known, seen: Seen) -> Option<Text> {
        self.template(&at.value.0, &at.place, (known, seen))
    }

    /// A text people read, which must say something.
    pub(super) fn said(&self, at: &At<Words>, known: &Known) -> Option<Text> {
        if at.value.0.trim().is_empty() {
            self.fault(&at.place, "this says nothing", "write what people are to read");
            return None;
        }
        self.text(at, known, Seen::ByPeople)
    }

    pub(super) fn template(&self, text: &str, place: &Place, (known, seen): (&Known, Seen)) -> Option<Text> {
        let text = match Text::parse(text) {
            Ok(text) => text,
            Err(error) => {
                note(self.faults, place, &error);
                return None;
            }
        };
        let mut fine = true;
        for part in text.parts() {
            fine &= match part {
                Part::Literal(_) => true,
                Part::Value(expr) => self.names(expr, place, known),
                Part::Secret(name) => self.may_hold(name, place, seen),
            };
        }
        fine.then_some(text)
    }

    fn may_hold(&self, secret: &str, place: &Place, seen: Seen) -> bool {
        let (sentence, hint) = match seen {
            Seen::Privately => return true,
            Seen::ByPeople => {
                ("people read this, and would read the secret", "take it away; name what it opens instead".to_owned())
            }
            Seen::InProcesses => (
                "whoever lists the processes of the machine would read the secret",
                format!("give it to the program in `env: {{ {secret}: \"${{{{ secrets.{secret} }}}}\" }}`"),
            ),
            Seen::InUrls => (
                "servers write addresses into their logs, and the secret with them",
                format!("put it into a header: `headers: {{ Authorization: \"Bearer ${{{{ secrets.{secret} }}}}\" }}`"),
            ),
        };
        self.fault(place, sentence, &hint);
        false
    }

    fn names(&self, expr: &Expr, place: &Place, known: &Known) -> bool {
        let names = expr.names();
        let tested: Vec<&Name> = names.iter().filter(|name| name.tested).collect();
        let wrong = names.iter().find_map(|name| known.check(name, &tested));
        if let Some((sentence, hint)) = &wrong {
            self.faults.add(place, sentence.as_str(), hint.clone());
        }
        wrong.is_none()
    }
}
