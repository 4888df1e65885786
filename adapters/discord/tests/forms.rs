//! A form that is filled in and sent is the command it stood for, with what was filled in and what it kept.

use muster_core::chat::fit::length;
use muster_core::command::Invocation;
use muster_core::ids::IncidentId;
use muster_core::view::form::{Choice, Form, FormField, Input};
use muster_discord::render::{self, Unreadable};
use serde_json::{Value, json};

fn field(name: &str, input: Input, value: Option<&str>) -> FormField {
    FormField {
        name: name.to_owned(),
        label: name.to_owned(),
        hint: String::new(),
        input,
        required: false,
        aside: false,
        value: value.map(str::to_owned),
    }
}

fn line(name: &str, value: Option<&str>) -> FormField {
    field(name, Input::Line { max: 40 }, value)
}

fn form(fields: Vec<FormField>, target: Invocation) -> Form {
    Form {
        title: "Write an internal update for everybody in INC-1 today".to_owned(),
        submit: "Update".to_owned(),
        target,
        fields,
    }
}

fn choices(count: usize) -> Vec<Choice> {
    (0..count).map(|n| Choice { value: format!("v{n}"), label: format!("Choice {n}") }).collect()
}

fn update() -> Invocation {
    Invocation::of("update").on(IncidentId(1))
}

/// The data of a modal that comes back with these values, by the names of its fields.
fn sent(modal: &Value, values: &Value) -> Value {
    let filled = |label: &Value| {
        let component = &label["component"];
        let id = component["custom_id"].as_str().expect("a field has an id");
        let name = id.split('|').next().expect("an id begins with a name");
        let mut back = json!({ "type": component["type"], "id": 2, "custom_id": id });
        back[if component["type"] == 3 { "values" } else { "value" }] = values[name].clone();
        json!({ "type": 18, "id": 1, "component": back })
    };
    let labels = modal["components"].as_array().expect("a modal has components");
    let labels: Vec<_> = labels.iter().filter(|part| part["type"] == 18).map(filled).collect();
    json!({ "custom_id": modal["custom_id"], "components": labels })
}

#[test]
fn fields_begin_as_they_were_typed_where_that_can_be_chosen() {
    let fields = vec![
        field("severity", Input::Select(choices(3)), Some("V1")),
        field("service", Input::MultiSelect(choices(3)), Some("v2, choice 0")),
        field("person", Input::Person(choices(26)), Some("@v25")),
        field("private", Input::Toggle, Some("yes")),
        field("none", Input::Select(Vec::new()), Some("as typed")),
    ];
    let modal = render::modal(&form(fields, update()));
    assert_eq!(modal["title"], "Update · INC-1");
    let component = |n: usize| modal["components"][n]["component"].clone();
    let on = |n: usize| {
        let options = component(n)["options"].as_array().cloned().unwrap_or_default();
        let on = options.iter().filter(|option| option["default"] == true).map(|option| option["value"].clone());
        Value::Array(on.collect())
    };
    assert_eq!(on(0), json!(["v1"]));
    assert_eq!((&component(0)["min_values"], &component(0)["required"]), (&json!(0), &json!(false)));
    assert_eq!((on(1), &component(1)["max_values"]), (json!(["v0", "v2"]), &json!(3)));
    assert_eq!((&component(2)["type"], &component(2)["value"]), (&json!(4), &json!("@v25")));
    assert_eq!(component(2)["placeholder"], "Choice 0, Choice 1, Choice 2, Choice 3…");
    assert_eq!((&component(3)["type"], &component(3)["default"]), (&json!(23), &json!(true)));
    assert_eq!((&component(4)["type"], &component(4)["value"]), (&json!(4), &json!("as typed")));
}

#[test]
fn a_title_that_is_too_long_for_a_modal_is_said_in_it() {
    let modal = render::modal(&form(vec![line("text", None)], update()));
    assert_eq!(
        modal["components"][0],
        json!({ "type": 10, "content": "Write an internal update for everybody in INC-1 today" })
    );
    assert_eq!(modal["components"][1]["label"], "text");
}

#[test]
fn what_is_required_has_a_place_first_and_then_what_was_given() {
    let mut fields: Vec<_> = ["a", "b", "c", "d", "e", "f", "g"].iter().map(|name| line(name, None)).collect();
    fields[6].required = true;
    fields[5].value = Some("given".to_owned());
    let modal = render::modal(&form(fields, update()));
    let labels: Vec<_> = modal["components"].as_array().expect("some").iter().map(|label| &label["label"]).collect();
    assert_eq!(labels, ["a", "b", "c", "f", "g"]);
}

#[test]
fn a_submission_is_the_command_with_what_was_filled_in_and_what_has_no_field() {
    let fields = vec![
        line("text", Some("as typed before")),
        field("severity", Input::Select(choices(2)), None),
        field("service", Input::MultiSelect(choices(3)), None),
        field("private", Input::Toggle, Some("yes")),
        field("public", Input::Toggle, None),
        line("sixth", None),
    ];
    let target = update().with("text", "as typed before").with("private", "yes").with("hidden", "kept | \"\n ü ");
    let modal = render::modal(&form(fields, target));
    let values = json!({
        "text": "we are on it", "severity": ["v1"], "service": ["v0", "v2"], "private": false, "public": true,
    });
    let call = render::submitted(&sent(&modal, &values)).expect("it is ours");
    let meant = update().with("text", "we are on it").with("severity", "v1").with("service", "v0,v2");
    assert_eq!(call, meant.with("public", "yes").with("hidden", "kept | \"\n ü "));
}

#[test]
fn what_is_left_empty_is_no_argument() {
    let fields = vec![line("text", Some("before")), field("severity", Input::Select(choices(2)), Some("v1"))];
    let modal = render::modal(&form(fields, update().with("text", "before").with("severity", "v1")));
    let call = render::submitted(&sent(&modal, &json!({ "text": " ", "severity": [] }))).expect("it is ours");
    assert_eq!(call, update());
}

#[test]
fn what_a_modal_keeps_is_spread_over_its_ids_and_comes_back_whole() {
    let names = ["a", "b", "c", "d", "e"];
    let fields = || names.iter().map(|name| line(name, None)).collect();
    let long = "kept ü ".repeat(50);
    let target = update().with("hidden", long.trim()).with("other", "too");
    let modal = render::modal(&form(fields(), target.clone()));
    let ids = modal["components"].as_array().expect("some").iter().map(|label| &label["component"]["custom_id"]);
    for id in ids.chain([&modal["custom_id"]]) {
        assert!(id.as_str().is_some_and(|id| length(id) <= 100), "{id}");
    }
    assert_eq!(render::submitted(&sent(&modal, &json!({}))), Ok(target));
    let longer = update().with("hidden", "x".repeat(9_000)).with("other", "too");
    let modal = render::modal(&form(fields(), longer));
    assert_eq!(render::submitted(&sent(&modal, &json!({}))), Ok(update().with("other", "too")));
}

#[test]
fn a_field_that_does_not_come_back_takes_nothing_but_what_was_kept() {
    let modal = render::modal(&form(vec![line("a", None), line("b", None)], update().with("hidden", "x".repeat(90))));
    let mut data = sent(&modal, &json!({ "a": "one", "b": "two" }));
    data["components"].as_array_mut().expect("some").pop();
    assert_eq!(render::submitted(&data), Ok(update().with("a", "one")));
}

#[test]
fn a_modal_that_is_not_ours_is_refused() {
    for id in
        [json!(null), json!(7), json!(""), json!("f3"), json!("f3|"), json!("f3|nonsense|0||"), json!("f2|list|0||")]
    {
        assert_eq!(render::submitted(&json!({ "custom_id": id })), Err(Unreadable), "{id}");
    }
    let odd =
        json!({ "custom_id": "f3|list|1|not json|", "components": [1, { "component": { "custom_id": "a" } }, {}] });
    assert_eq!(render::submitted(&odd), Ok(Invocation::of("list")));
}
