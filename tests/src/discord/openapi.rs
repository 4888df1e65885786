//! Every request against Discord's own description of its API. What it does not name may not be sent.

use super::ask::Ask;
use super::refused::Wrong;
use crate::vendor;
use serde_json::{Map, Value, json};
use std::sync::OnceLock;

/// Permissions are integers in the description and strings of digits in the documentation, as they are on the wire.
/// <https://docs.discord.com/developers/topics/permissions#permissions>
const DIGITS: [&str; 3] = ["allow", "deny", "default_member_permissions"];

fn description() -> Option<&'static Value> {
    static DESCRIPTION: OnceLock<Option<Value>> = OnceLock::new();
    DESCRIPTION.get_or_init(|| vendor::document("discord-openapi.json")).as_ref()
}

/// What is wrong with a request to a route, written as in the description: `/channels/{channel_id}`.
pub(super) fn faults(method: &str, route: &str, ask: &Ask) -> Vec<Wrong> {
    let Some(description) = description() else { return Vec::new() };
    let path = &description["paths"][route];
    let operation = &path[method.to_ascii_lowercase()];
    if !operation.is_object() {
        return vec![Wrong::at("", format!("{method} {route} is no route that Discord describes"))];
    }
    let mut faults = Vec::new();
    let described = [&path["parameters"], &operation["parameters"]];
    let described: Vec<_> = described.into_iter().flat_map(|all| all.as_array().into_iter().flatten()).collect();
    for (name, value) in &ask.query {
        let known = described.iter().find(|param| param["in"] == "query" && param["name"] == **name);
        match known {
            Some(param) => check(&param["schema"], &typed(&param["schema"], value), name, &mut faults),
            None => faults.push(Wrong::at(name, "it is no parameter of this route")),
        }
    }
    for (name, value) in &ask.places {
        if let Some(param) = described.iter().find(|param| param["in"] == "path" && param["name"] == *name) {
            check(&param["schema"], &json!(value), name, &mut faults);
        }
    }
    let body = &operation["requestBody"]["content"]["application/json"]["schema"];
    match (&ask.body, body.is_object()) {
        (Value::Null, true) if operation["requestBody"]["required"] == true => {
            faults.push(Wrong::at("", "it needs a body"));
        }
        (Value::Null, _) => {}
        (_, false) => faults.push(Wrong::at("", "it takes no body")),
        (given, true) => {
            let mut given = given.clone();
            // The files of a multipart body stand beside its JSON, not in it.
            if let Some(map) = given.as_object_mut() {
                map.remove("files");
                // The SDK repeats the id of the path, which Discord passes over.
                if route.ends_with("/permissions/{overwrite_id}") {
                    map.remove("id");
                }
            }
            check(body, &given, "", &mut faults);
        }
    }
    faults
}

/// A value of a query, of the type it is to have.
fn typed(schema: &Value, text: &str) -> Value {
    match resolved(schema)["type"].as_str() {
        Some("integer") => text.parse::<i64>().map_or_else(|_| json!(text), |number| json!(number)),
        Some("boolean") if ["true", "True", "1"].contains(&text) => json!(true),
        Some("boolean") if ["false", "False", "0"].contains(&text) => json!(false),
        Some(_) | None => json!(text),
    }
}

fn resolved(schema: &Value) -> &Value {
    let name = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next());
    match (name, description()) {
        (Some(name), Some(description)) => resolved(&description["components"]["schemas"][name]),
        (Some(_) | None, _) => schema,
    }
}

fn check(schema: &Value, value: &Value, at: &str, faults: &mut Vec<Wrong>) {
    let schema = resolved(schema);
    for several in ["oneOf", "anyOf"] {
        if let Some(alternatives) = schema[several].as_array() {
            one_of(alternatives, value, at, faults);
        }
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        check(part, value, at, faults);
    }
    let mut wrong = |why: String| faults.push(Wrong::at(at, why));
    if !of_type(&schema["type"], value, at) {
        return wrong(format!("{value} is not of type {}", schema["type"]));
    }
    if let Some(constant) = schema.get("const").filter(|constant| *constant != value) {
        return wrong(format!("{value} is not {constant}"));
    }
    if let Some(choices) = schema["enum"].as_array().filter(|choices| !choices.contains(value)) {
        return wrong(format!("{value} is none of {choices:?}"));
    }
    match value {
        Value::String(text) => string(schema, text, at, faults),
        Value::Number(number) => {
            let number = number.as_f64().unwrap_or_default();
            if schema["minimum"].as_f64().is_some_and(|least| number < least)
                || schema["maximum"].as_f64().is_some_and(|most| number > most)
            {
                wrong(format!("{number} is out of bounds"));
            }
        }
        Value::Array(items) => {
            within(schema, "Items", items.len(), at, faults);
            if schema["uniqueItems"] == true && (1..items.len()).any(|n| items[..n].contains(&items[n])) {
                faults.push(Wrong::at(at, "something is there twice"));
            }
            for (n, item) in items.iter().enumerate().filter(|_| schema["items"].is_object()) {
                check(&schema["items"], item, &below(at, &n.to_string()), faults);
            }
        }
        Value::Object(map) => object(schema, map, at, faults),
        Value::Null | Value::Bool(_) => {}
    }
}

/// The value fits one of them, or what is told is what is wrong by the one it comes nearest to.
fn one_of(alternatives: &[Value], value: &Value, at: &str, faults: &mut Vec<Wrong>) {
    let tried = alternatives.iter().map(|alternative| {
        let mut wrong = Vec::new();
        check(alternative, value, at, &mut wrong);
        let kind = &resolved(alternative)["properties"]["type"];
        let is_meant = value.get("type").is_some_and(|given| {
            let mut other = Vec::new();
            check(kind, given, at, &mut other);
            kind.is_object() && other.is_empty()
        });
        (!is_meant, wrong)
    });
    let best = tried.min_by_key(|(is_other, wrong)| (!wrong.is_empty(), *is_other, wrong.len()));
    faults.extend(best.map(|(_, wrong)| wrong).unwrap_or_default());
}

fn of_type(types: &Value, value: &Value, at: &str) -> bool {
    let is = |kind: &str| match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => {
            let name = at.rsplit('.').next().unwrap_or_default();
            let in_digits = DIGITS.contains(&name) && value.as_str().is_some_and(|text| text.parse::<u64>().is_ok());
            value.is_i64() || value.is_u64() || in_digits
        }
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    };
    match types {
        Value::String(kind) => is(kind),
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).any(is),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => true,
    }
}

fn string(schema: &Value, text: &str, at: &str, faults: &mut Vec<Wrong>) {
    within(schema, "Length", text.chars().count(), at, faults);
    let fits = match schema["format"].as_str() {
        Some("snowflake") => !text.is_empty() && text.parse::<u64>().is_ok(),
        Some("date-time") => chrono::DateTime::parse_from_rfc3339(text).is_ok(),
        Some("uri") => reqwest::Url::parse(text).is_ok(),
        Some(_) | None => true,
    };
    if !fits {
        faults.push(Wrong::at(at, format!("“{text}” is no {}", schema["format"])));
    }
}

fn within(schema: &Value, what: &str, count: usize, at: &str, faults: &mut Vec<Wrong>) {
    let bound = |side: &str| schema[format!("{side}{what}")].as_u64();
    if bound("min").is_some_and(|least| (count as u64) < least) || bound("max").is_some_and(|most| count as u64 > most)
    {
        let (least, most) = (bound("min").unwrap_or_default(), bound("max"));
        let most = most.map_or_else(|| "∞".to_owned(), |most| most.to_string());
        faults.push(Wrong::at(at, format!("Must be between {least} and {most} in length, and is {count}")));
    }
}

fn object(schema: &Value, map: &Map<String, Value>, at: &str, faults: &mut Vec<Wrong>) {
    within(schema, "Properties", map.len(), at, faults);
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if !map.contains_key(name) {
            faults.push(Wrong::at(below(at, name), "This field is required"));
        }
    }
    for (name, value) in map {
        match (schema["properties"].get(name), &schema["additionalProperties"]) {
            (Some(known), _) => check(known, value, &below(at, name), faults),
            (None, Value::Object(_)) => check(&schema["additionalProperties"], value, &below(at, name), faults),
            (None, Value::Bool(true)) => {}
            (None, _) if !schema["properties"].is_object() => {}
            (None, _) => faults.push(Wrong::at(below(at, name), "it is no field that Discord describes")),
        }
    }
}

fn below(at: &str, name: &str) -> String {
    if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") }
}
