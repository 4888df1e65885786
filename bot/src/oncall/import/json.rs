//! Reading exports leniently: whatever else is in them, what is looked for is found.

use anyhow::Context;
use serde_json::{Map, Value};

/// Every object of an export, whether it is one answer of an API or several after one another, and whether they are lists,
/// or wrapped in one: `{"schedules": […]}`, `{"data": […]}`, `[{"schedule": {…}}]`.
pub(super) fn objects(text: &str) -> anyhow::Result<Vec<Value>> {
    let mut found = Vec::new();
    for value in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
        unwrap(value.context("it is not JSON")?, &mut found);
    }
    Ok(found)
}

/// The wrappers that answers come in.
const WRAPPERS: [&str; 9] = [
    "schedule",
    "schedules",
    "escalation_policy",
    "escalation_policies",
    "user",
    "users",
    "data",
    "results",
    "on_call_shifts",
];

fn unwrap(value: Value, found: &mut Vec<Value>) {
    match value {
        Value::Array(all) => all.into_iter().for_each(|one| unwrap(one, found)),
        Value::Object(mut object) if !object.contains_key("id") => {
            let wrapped: Vec<Value> = WRAPPERS.iter().filter_map(|wrapper| object.remove(*wrapper)).collect();
            if wrapped.is_empty() {
                found.push(Value::Object(object));
            }
            wrapped.into_iter().for_each(|one| unwrap(one, found));
        }
        Value::Object(_) => found.push(value),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The text under a key; empty when there is none.
pub(super) fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The whole number under a key.
pub(super) fn number(value: &Value, key: &str) -> Option<i64> {
    value.get(key).and_then(Value::as_i64)
}

/// The list under a key; empty when there is none.
pub(super) fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Those that have a key.
pub(super) fn with<'v>(objects: &'v [Value], key: &str) -> impl Iterator<Item = &'v Value> {
    objects.iter().filter(move |object| object.as_object().is_some_and(|object: &Map<_, _>| object.contains_key(key)))
}
