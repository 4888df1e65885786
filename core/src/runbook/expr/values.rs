//! Values on their way into expressions and out of them.

use serde_json::{Map, Number, Value};
use std::collections::HashMap;
use std::sync::Arc;

/// JSON as expressions know it. A whole number is an `int` where it fits, whoever wrote it.
pub(super) fn known(value: &Value) -> cel::Value {
    match value {
        Value::Null => cel::Value::Null,
        Value::Bool(yes) => cel::Value::Bool(*yes),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => cel::Value::Int(whole),
            None => cel::Value::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        Value::String(text) => cel::Value::String(Arc::new(text.clone())),
        Value::Array(items) => cel::Value::List(Arc::new(items.iter().map(known).collect())),
        Value::Object(fields) => {
            let fields: HashMap<String, cel::Value> =
                fields.iter().map(|(name, value)| (name.clone(), known(value))).collect();
            cel::Value::Map(fields.into())
        }
    }
}

/// What an expression came to, as JSON; the fields of objects in order. `None` for what JSON has no word for.
pub(super) fn told(value: &cel::Value) -> Option<Value> {
    if let cel::Value::Bool(yes) = value {
        Some(Value::Bool(*yes))
    } else if let cel::Value::String(text) = value {
        Some(Value::String(text.to_string()))
    } else if let cel::Value::Int(whole) = value {
        Some(Value::from(*whole))
    } else if let cel::Value::Float(number) = value {
        Number::from_f64(*number).map(Value::Number)
    } else if let cel::Value::List(items) = value {
        items.iter().map(told).collect::<Option<Vec<_>>>().map(Value::Array)
    } else if let cel::Value::Map(fields) = value {
        let mut all = fields
            .map
            .iter()
            .map(|(name, value)| Some((name.to_string(), told(value)?)))
            .collect::<Option<Vec<_>>>()?;
        all.sort_by(|(one, _), (other, _)| one.cmp(other));
        Some(Value::Object(Map::from_iter(all)))
    } else if matches!(value, cel::Value::Null) {
        Some(Value::Null)
    } else {
        None
    }
}

/// What kind of thing a value is, with its article.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
