//! What a runbook would do, in words: for dry runs, and for those who approve.

use super::{
    Action, Body, Call, Expr, Input, Known, Name, Program, Run, RunState, Runbook, Scope, Step, StepRun, Text, Who,
    scope,
};
use crate::ids::PersonId;
use crate::incident::entry::Author;
use crate::incident::{Incident, Kind};
use crate::org::Organisation;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// Something a step does, with a label: `POST`, `https://…`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// What it is.
    pub label: String,
    /// With its values filled in, secrets by their names.
    pub text: String,
}

/// A step as it would be carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How deep it is: steps within others, and those of other runbooks, are deeper by one.
    pub depth: usize,
    /// Its condition as it was written.
    pub condition: Option<String>,
    /// Whether that holds, as far as is known now.
    pub holds: Option<bool>,
    /// What it does.
    pub does: Vec<Detail>,
    /// Whom it is for.
    pub who: Vec<Who>,
    /// Where it runs, if not within Muster.
    pub runner: Option<String>,
    /// How long it may take.
    pub timeout: Option<Duration>,
    /// What takes it back.
    pub undo: Vec<Detail>,
}

/// What the runbook would do with these inputs, step by step. Outputs are their examples, or stand as `‹step.output›`.
#[must_use]
pub fn plan(book: &Runbook, inputs: &BTreeMap<String, Value>, incident: &Incident, org: &Organisation) -> Vec<Planned> {
    plan_at(book, inputs, (incident, org), 0)
}

fn plan_at(
    book: &Runbook,
    inputs: &BTreeMap<String, Value>,
    (incident, org): (&Incident, &Organisation),
    depth: usize,
) -> Vec<Planned> {
    let number = incident.runs.last().map_or(1, |last| last.number + 1);
    let run = imagined(book, inputs, (incident, if depth == 0 { number } else { 0 }));
    let scope = scope(&run, incident, Known::Planned);
    let unknown: Vec<_> = run.steps.iter().map(|step| step.id.clone()).collect();
    book.steps.iter().flat_map(|step| planned(step, (&scope, &unknown), (incident, org), depth)).collect()
}

/// A step as it would be carried out, and those it holds or starts. Nothing is known of what the steps of these ids find out.
pub(crate) fn planned(
    step: &Step,
    (scope, unknown): (&Scope, &[String]),
    (incident, org): (&Incident, &Organisation),
    depth: usize,
) -> Vec<Planned> {
    let within = match &step.action {
        Action::Parallel { steps } => {
            let of = |step| planned(step, (scope, unknown), (incident, org), depth + 1);
            steps.iter().flat_map(of).collect()
        }
        Action::Runbook { book, inputs } => {
            plan_at(book, &child_inputs(book, inputs, scope), (incident, org), depth + 1)
        }
        Action::Manual { .. }
        | Action::Http(_)
        | Action::Run(_)
        | Action::Probe(_)
        | Action::Page { .. }
        | Action::Role { .. }
        | Action::Update { .. }
        | Action::Comms { .. }
        | Action::Severity { .. }
        | Action::Status { .. }
        | Action::Wait { .. }
        | Action::Ask { .. }
        | Action::Approve { .. } => Vec::new(),
    };
    std::iter::once(alone(step, scope, unknown, depth)).chain(within).collect()
}

fn alone(step: &Step, scope: &Scope, unknown: &[String], depth: usize) -> Planned {
    let is_unknown =
        |name: &Name| matches!(name.path.as_slice(), [first, id, ..] if first == "steps" && unknown.contains(id));
    let holds = |expr: &Expr| match expr.names().iter().any(is_unknown) {
        true => None,
        false => expr.holds(scope).ok(),
    };
    Planned {
        id: step.id.clone(),
        name: step.name.clone(),
        depth,
        condition: step.condition.as_ref().map(|expr| expr.as_str().to_owned()),
        holds: step.condition.as_ref().and_then(holds),
        does: describe(&step.action, scope),
        who: step.whom().to_vec(),
        runner: step.runner.clone(),
        timeout: step.timeout,
        undo: step.undo.as_ref().map(|undo| describe(&undo.action, scope)).unwrap_or_default(),
    }
}

/// The inputs of another runbook. What has no value yet stands as it was written.
pub(crate) fn child_inputs(book: &Runbook, given: &BTreeMap<String, Text>, scope: &Scope) -> BTreeMap<String, Value> {
    let value = |input: &Input| match given.get(&input.id) {
        Some(text) => Some(text.value(scope).unwrap_or_else(|_| Value::String(String::from(text.clone())))),
        None => input.default.clone(),
    };
    book.inputs.iter().filter_map(|input| Some((input.id.clone(), value(input)?))).collect()
}

/// A run that has not begun.
fn imagined(book: &Runbook, inputs: &BTreeMap<String, Value>, (incident, number): (&Incident, i64)) -> Run {
    Run {
        incident: incident.id,
        number,
        steps: book.flat().into_iter().map(StepRun::of).collect(),
        book: book.clone(),
        inputs: inputs.clone(),
        started_by: Author { person: PersonId::from("nobody"), name: "nobody".to_owned() },
        started_at: incident.changed_at,
        requesters: Vec::new(),
        by_step: false,
        rehearsal: incident.kind == Kind::Drill,
        parent: None,
        state: RunState::Running,
        ended_at: None,
    }
}

fn detail(label: &str, text: impl Into<String>) -> Detail {
    Detail { label: label.to_owned(), text: text.into() }
}

/// A text with its values; as it was written, where one is missing.
fn shown(text: &Text, scope: &Scope) -> String {
    text.render(scope).map_or_else(|_| String::from(text.clone()), |rendered| rendered.shown())
}

/// What an action does, in words.
#[must_use]
pub fn describe(action: &Action, scope: &Scope) -> Vec<Detail> {
    let say = |label: &str, text: &Text| detail(label, shown(text, scope));
    match action {
        Action::Manual { text, checklist } => {
            std::iter::once(say("by hand", text)).chain(checklist.iter().map(|item| say("check", item))).collect()
        }
        Action::Http(call) => of_call(call, scope),
        Action::Run(program) => of_program(program, scope),
        Action::Probe(probe) => {
            let holds = probe.holds.iter().map(|expr| detail("until", expr.as_str()));
            of_call(&probe.call, scope).into_iter().chain(holds).collect()
        }
        Action::Page { target, message, .. } => vec![say("page", target), say("because", message)],
        Action::Role { role, person } => vec![say(role.as_str(), person)],
        Action::Update { text, .. } => vec![say("update", text)],
        Action::Comms { audience, text } => vec![detail("to", audience.clone()), say("message", text)],
        Action::Severity { to, reason } => std::iter::once(detail("severity", to.as_str()))
            .chain(reason.iter().map(|why| say("because", why)))
            .collect(),
        Action::Status { to, note } => {
            std::iter::once(detail("status", to.word())).chain(note.iter().map(|note| say("note", note))).collect()
        }
        Action::Wait { until } => vec![say("wait", until)],
        Action::Ask { question, choices } => {
            let labels: Vec<_> = choices.iter().map(|choice| choice.label.as_str()).collect();
            vec![say("ask", question), detail("answers", labels.join(", "))]
        }
        Action::Approve { text, covers, count, .. } => {
            vec![say("approve", text), detail("people needed", count.to_string()), detail("covers", covers.join(", "))]
        }
        Action::Runbook { book, inputs } => {
            let given = inputs.iter().map(|(name, text)| say(name, text));
            std::iter::once(detail("runbook", book.id.clone())).chain(given).collect()
        }
        Action::Parallel { steps } => {
            let names: Vec<_> = steps.iter().map(|step| step.name.as_str()).collect();
            vec![detail("at once", names.join(", "))]
        }
    }
}

fn of_call(call: &Call, scope: &Scope) -> Vec<Detail> {
    let headers = call.headers.iter().map(|(name, text)| detail(name, shown(text, scope)));
    let body = call.body.iter().map(|body| match body {
        Body::Text(text) => detail("body", shown(text, scope)),
        Body::Json(value) => detail("json", json_shown(value, scope).to_string()),
    });
    std::iter::once(detail(&call.method, shown(&call.url, scope))).chain(headers).chain(body).collect()
}

/// JSON with its texts filled in; what is nothing but an expression is its value.
fn json_shown(value: &Value, scope: &Scope) -> Value {
    match value {
        Value::String(template) => match Text::parse(template) {
            Ok(text) if text.render(scope).is_ok_and(|rendered| rendered.shown().contains("‹secret ")) => {
                Value::String(shown(&text, scope))
            }
            Ok(text) => text.value(scope).unwrap_or_else(|_| value.clone()),
            Err(_) => value.clone(),
        },
        Value::Array(items) => Value::Array(items.iter().map(|item| json_shown(item, scope)).collect()),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(name, value)| (name.clone(), json_shown(value, scope))).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

fn of_program(program: &Program, scope: &Scope) -> Vec<Detail> {
    let args = program.args.iter().map(|arg| detail("argument", shown(arg, scope)));
    let env = program.env.iter().map(|(name, text)| detail(name, shown(text, scope)));
    std::iter::once(detail("run", program.program.clone())).chain(args).chain(env).collect()
}
