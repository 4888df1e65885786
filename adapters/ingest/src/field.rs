//! Looking into JSON whose shape is somebody else's: what is missing or of another type is not there.

use crate::refusal::Unreadable;
use chrono::{DateTime, Datelike, SubsecRound, Utc};
use muster_core::clock::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;

/// From here on a number cannot be seconds since 1970, so that it is milliseconds.
const MILLISECONDS: f64 = 1e11;

/// The body as JSON.
pub(crate) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Unreadable> {
    serde_json::from_slice(body).map_err(|error| {
        use serde_json::error::Category;
        let (line, column) = (error.line(), error.column());
        Unreadable(match error.classify() {
            Category::Data => format!("The JSON is not of the shape expected here, see line {line}, column {column}"),
            Category::Syntax | Category::Eof | Category::Io => {
                format!("The body is not JSON, see line {line}, column {column}")
            }
        })
    })
}

/// A text, number or truth at a JSON pointer; nothing empty.
pub(crate) fn text(value: &Value, pointer: &str) -> Option<String> {
    value.pointer(pointer).and_then(plain)
}

/// The first of several pointers at which there is something.
pub(crate) fn first(value: &Value, pointers: &[&str]) -> Option<String> {
    pointers.iter().find_map(|pointer| text(value, pointer))
}

/// What can be shown as it is.
pub(crate) fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// What an object says plainly.
pub(crate) fn labels(value: Option<&Value>) -> BTreeMap<String, String> {
    let fields = value.and_then(Value::as_object).into_iter().flatten();
    fields.filter_map(|(name, value)| Some((name.clone(), plain(value)?))).collect()
}

/// Labels of those names, as far as there is something at their pointers.
pub(crate) fn named(value: &Value, pointers: &[(&str, &str)]) -> BTreeMap<String, String> {
    let label = |(name, pointer): &(&str, &str)| Some(((*name).to_owned(), text(value, pointer)?));
    pointers.iter().filter_map(label).collect()
}

/// A moment: in the form of RFC 3339, or as seconds or milliseconds since 1970.
pub(crate) fn moment(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => written(text),
        Value::Number(number) => {
            let number = number.as_f64()?;
            let seconds = if number.abs() < MILLISECONDS { number } else { number / 1e3 };
            // A float beyond the range becomes its end, which is no moment of ours.
            sensible(DateTime::from_timestamp_micros((seconds * 1e6) as i64)?)
        }
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A moment in the form of RFC 3339, whose offset may lack its colon.
pub(crate) fn written(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let moment_in = DateTime::parse_from_rfc3339(text).or_else(|_| DateTime::parse_from_str(text, "%FT%T%.f%z"));
    match moment_in {
        Ok(moment) => sensible(moment.with_timezone(&Utc)),
        Err(_) => text.parse::<f64>().ok().and_then(|number| moment(&serde_json::json!(number))),
    }
}

/// Some systems say "never" with the year 1.
fn sensible(moment: Timestamp) -> Option<Timestamp> {
    (2000..2200).contains(&moment.year()).then(|| moment.trunc_subsecs(6))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_moment_is_understood_in_the_ways_it_is_written() {
        let moments = [
            json!("2026-11-27T10:42:00Z"),
            json!("2026-11-27T11:42:00.000000+01:00"),
            json!("2026-11-27T10:42:00.000+0000"),
            json!(1_795_776_120),
            json!(1_795_776_120_000_i64),
            json!("1795776120000"),
        ];
        for moment_as in moments {
            assert_eq!(moment(&moment_as).map(|at| at.to_rfc3339()).as_deref(), Some("2026-11-27T10:42:00+00:00"));
        }
        for odd in [json!("0001-01-01T00:00:00Z"), json!(""), json!(1e300), json!(-1e300), json!(0), json!("NaN")] {
            assert_eq!(moment(&odd), None, "{odd}");
        }
    }
}
