//! What expressions and texts of a run know: its inputs, the steps before, the incident.

use super::{Action, Run, Scope, StepRun, StepState};
use crate::incident::{Incident, Kind};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// How much is taken for known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known<'a> {
    /// What there is.
    Real,
    /// The same, but these steps have not begun: what people have allowed must not change because a part of it has been done.
    /// What a machine has found out in one of them is known all the same: nobody has allowed what is made of it.
    Sealed(&'a [String]),
    /// A dry run: what no step has found out yet is its example, or `‹step.output›`.
    Planned,
}

/// What an expression in that run knows now.
#[must_use]
pub fn scope(run: &Run, incident: &Incident, known: Known<'_>) -> Scope {
    let flat = run.book.flat();
    let steps: Map<_, _> = flat
        .iter()
        .zip(&run.steps)
        .map(|(step, at)| {
            let open = || (StepState::Pending, imagined(step, known));
            let (state, outputs) = match known {
                Known::Sealed(ids) if ids.contains(&step.id) && !is_word(&step.action) => {
                    let (state, mut outputs) = open();
                    outputs.extend(found(at));
                    (state, outputs)
                }
                Known::Planned if at.state == StepState::Pending => open(),
                Known::Real | Known::Sealed(_) | Known::Planned => (at.state.clone(), found(at)),
            };
            (step.id.clone(), json!({ "state": state.word(), "outputs": outputs }))
        })
        .collect();
    let inputs: Map<_, _> = run.inputs.iter().map(|(id, value)| (id.clone(), value.clone())).collect();
    let run_facts = json!({ "number": run.number, "rehearsal": run.rehearsal });
    let facts = [
        ("inputs", Value::Object(inputs)),
        ("steps", Value::Object(steps)),
        ("incident", of_incident(incident)),
        ("run", run_facts),
    ];
    Scope(facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// What comes of it is a person's word, which is never taken as allowed before it is said.
fn is_word(action: &Action) -> bool {
    matches!(action, Action::Ask { .. })
}

fn found(step: &StepRun) -> BTreeMap<String, Value> {
    step.outputs.clone()
}

fn imagined(step: &super::Step, known: Known<'_>) -> BTreeMap<String, Value> {
    let unknown = |name: &str| Value::String(format!("‹{}.{name}›", step.id));
    let example = |output: &super::Output| match known {
        Known::Planned => output.example.clone().unwrap_or_else(|| unknown(&output.name)),
        Known::Real | Known::Sealed(_) => unknown(&output.name),
    };
    let answer = is_word(&step.action).then(|| ("answer".to_owned(), unknown("answer")));
    step.outputs.iter().map(|output| (output.name.clone(), example(output))).chain(answer).collect()
}

fn of_incident(incident: &Incident) -> Value {
    json!({
        "id": incident.id.to_string(),
        "title": incident.title,
        "severity": incident.severity.as_ref().map_or("", |key| key.as_str()),
        "status": incident.status.phase().word(),
        "services": incident.services,
        "sites": incident.sites,
        "commander": incident.commander().map_or("", |holder| holder.person.as_str()),
        "drill": incident.kind == Kind::Drill,
    })
}
