//! The JSON Schema that editors use: what is fine passes, what has the wrong form does not.

use crate::good;
use serde_json::{Value, json};

fn value(text: &str) -> Value {
    serde_saphyr::from_str(text).expect("YAML")
}

#[test]
fn good_files_fit_the_schema() {
    let schema = jsonschema::draft202012::new(&muster_runbooks::schema()).expect("a schema");
    for (name, text) in good() {
        let wrong: Vec<_> =
            schema.iter_errors(&value(&text)).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(wrong.is_empty(), "{name}: {wrong:#?}");
    }
}

#[test]
fn wrong_forms_do_not() {
    let schema = jsonschema::draft202012::new(&muster_runbooks::schema()).expect("a schema");
    let (_, text) = good().into_iter().find(|(name, _)| name == "payment-failover").expect("it is there");
    let fine = value(&text);
    type Change = fn(&mut Value);
    let changes: [(&str, Change); 12] = [
        ("no version", |book| drop(book.as_object_mut().and_then(|book| book.remove("apiVersion")))),
        ("another version", |book| book["apiVersion"] = json!("v9")),
        ("an unknown key", |book| book["stepps"] = json!([])),
        ("steps that are a map", |book| book["steps"] = json!(7)),
        ("a step that does nothing", |book| book["steps"][0] = json!({ "id": "x" })),
        ("a step that does two things", |book| book["steps"][1]["wait"] = json!("5m")),
        ("no time limit", |book| drop(book["steps"][0].as_object_mut().and_then(|step| step.remove("timeout")))),
        ("a question without answers", |book| {
            drop(book["steps"][1].as_object_mut().and_then(|step| step.remove("choices")))
        }),
        ("a time limit that is none", |book| book["steps"][0]["timeout"] = json!("soon")),
        ("an input of no type", |book| book["inputs"]["region"]["type"] = json!("colour")),
        ("an id with capitals", |book| book["id"] = json!("Payments")),
        ("an output from nowhere", |book| book["steps"][0]["outputs"]["active"] = json!({})),
    ];
    assert!(schema.is_valid(&fine));
    for (name, change) in changes {
        let mut broken = fine.clone();
        change(&mut broken);
        assert!(!schema.is_valid(&broken), "{name}");
    }
}

#[test]
fn every_key_has_help() {
    fn look(schema: &Value, at: &str, silent: &mut Vec<String>) {
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            if property["description"].as_str().is_none_or(str::is_empty) {
                silent.push(format!("{at}.{name}"));
            }
        }
    }
    let schema = muster_runbooks::schema();
    let mut silent = Vec::new();
    look(&schema, "", &mut silent);
    for (name, inner) in schema["$defs"].as_object().into_iter().flatten() {
        look(inner, name, &mut silent);
    }
    assert_eq!(silent, Vec::<String>::new());
}
