//! Conditions that can never hold: every answer that is possible is tried, where these are few.

use super::super::fault::Place;
use super::Builder;
use super::known::Known;
use muster_core::incident::status::Phase;
use muster_core::runbook::{Expr, InputKind, Scope};
use serde_json::{Map, Value};

/// The most cases that are tried.
const CASES: usize = 512;

impl Builder<'_> {
    /// Whether a condition is true or false, and not always false. What is not known makes no case: it could be anything.
    pub(super) fn can_hold(&self, expr: &Expr, place: &Place, known: &Known) -> bool {
        let names = expr.names();
        let mut cases: Vec<Vec<(Vec<String>, Value)>> = vec![Vec::new()];
        let mut all_known = true;
        for name in &names {
            if cases[0].iter().any(|(path, _)| *path == name.path) {
                continue;
            }
            let Some(values) = self.values(&name.path, known) else {
                all_known = false;
                continue;
            };
            if name.tested || cases.len() * values.len() > CASES {
                return true;
            }
            let more = |case: &Vec<(Vec<String>, Value)>| {
                let with = |value: &Value| case.iter().cloned().chain([(name.path.clone(), value.clone())]).collect();
                values.iter().map(with).collect::<Vec<Vec<(Vec<String>, Value)>>>()
            };
            cases = cases.iter().flat_map(more).collect();
        }
        if names.iter().any(|name| name.tested) {
            return true;
        }
        let outcomes: Vec<_> = cases.iter().map(|case| expr.value(&scope(case))).collect();
        if let Some(other) = outcomes.iter().flatten().find(|value| !value.is_boolean()) {
            let hint = format!("compare it with something: `{} == {other}`", expr.as_str());
            self.fault(place, "this is neither true nor false", &hint);
            return false;
        }
        if outcomes.iter().all(|outcome| *outcome == Ok(Value::Bool(false))) {
            let may_be: Vec<_> =
                names.iter().filter_map(|name| Some((name, self.values(&name.path, known)?))).collect();
            let hint = match may_be.first() {
                Some((name, values)) => {
                    let values: Vec<_> = values.iter().map(ToString::to_string).collect();
                    format!("`{}` is one of {}", name.path.join("."), values.join(", "))
                }
                None => "take the step away".to_owned(),
            };
            self.fault(place, "this is never true, so that the step is never reached", &hint);
            return false;
        }
        if let (true, Some(Err(error))) = (all_known, outcomes.first())
            && outcomes.iter().all(Result::is_err)
        {
            super::known::note(self.faults, place, error);
            return false;
        }
        true
    }

    /// All that something can be, if that is a few things.
    fn values(&self, path: &[String], known: &Known) -> Option<Vec<Value>> {
        let texts = |all: &[&str]| Some(all.iter().map(|text| Value::from(*text)).collect());
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        match path.as_slice() {
            ["inputs", id] => match &known.inputs.iter().find(|input| input.id == *id)?.kind {
                InputKind::Toggle => Some(vec![Value::Bool(true), Value::Bool(false)]),
                InputKind::Choice { options } => {
                    Some(options.iter().map(|option| Value::from(option.as_str())).collect())
                }
                InputKind::Text { .. }
                | InputKind::Number { .. }
                | InputKind::Service
                | InputKind::Site
                | InputKind::Team
                | InputKind::Person
                | InputKind::Span => None,
            },
            ["steps", id, "outputs", "answer"] => {
                let answers = known.step(id)?.answers.as_ref()?;
                Some(answers.iter().map(|answer| Value::from(answer.as_str())).collect())
            }
            ["steps", _, "state"] => texts(&["done", "failed", "skipped", "not_needed"]),
            ["run", "rehearsal"] | ["incident", "drill"] => Some(vec![Value::Bool(true), Value::Bool(false)]),
            ["incident", "status"] => texts(
                &[
                    Phase::Triage,
                    Phase::Investigating,
                    Phase::Identified,
                    Phase::Monitoring,
                    Phase::Resolved,
                    Phase::Closed,
                    Phase::Cancelled,
                    Phase::Merged,
                ]
                .map(Phase::word),
            ),
            ["incident", "severity"] => {
                let known = self.org?.severities.iter().map(|severity| Value::from(severity.key.as_str()));
                Some(known.chain([Value::from("")]).collect())
            }
            _ => None,
        }
    }
}

/// What is known in a case.
fn scope(case: &[(Vec<String>, Value)]) -> Scope {
    let mut scope = Map::new();
    for (path, value) in case {
        put(&mut scope, path, value);
    }
    Scope(scope)
}

fn put(into: &mut Map<String, Value>, path: &[String], value: &Value) {
    match path {
        [] => {}
        [last] => {
            into.insert(last.clone(), value.clone());
        }
        [first, rest @ ..] => {
            let inner = into.entry(first.clone()).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}
