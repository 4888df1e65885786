//! Inputs, from what people type to values; and which run and step they mean.

use super::values::read;
use super::which::{Named, meant};
use crate::command::inputs::{fields, gathered, lacks, offers, pairs};
use crate::command::words::split;
use crate::command::{Invocation, verb_of};
use crate::decide::runs::Word;
use crate::ids::IncidentId;
use crate::org::Organisation;
use crate::runbook::{Run, Runbook};
use serde_json::{Value, json};
use std::sync::Arc;

/// A runbook that asks for one of everything.
fn book() -> Runbook {
    let input = |id: &str, kind: Value, required: bool, default: Value| {
        let mut input =
            json!({ "id": id, "label": id.to_uppercase(), "help": "", "required": required, "default": default });
        input.as_object_mut().unwrap().extend(kind.as_object().unwrap().clone());
        input
    };
    let grant = json!([{ "who": [{ "who": "responders" }], "severities": [] }]);
    let step = |id: &str, action: Value| {
        json!({ "id": id, "name": id, "condition": null, "action": action, "who": [], "runner": null, "timeout": null,
            "retry": null, "idempotent": false, "on_failure": "ask", "outputs": [], "undo": null })
    };
    let ask = json!({ "does": "ask", "question": "Which?", "choices": [{ "value": "adyen", "label": "Adyen" }] });
    let manual = json!({ "does": "manual", "text": "Call them", "checklist": ["a", "b"] });
    let book = json!({
        "id": "failover", "name": "Fail over", "description": "", "owner": null, "services": [], "triggers": [],
        "inputs": [
            input("note", json!({ "type": "text", "max": 10, "pattern": "[a-z ]+", "long": false }), false, json!(null)),
            input("region", json!({ "type": "choice", "options": ["eu", "us"] }), true, json!(null)),
            input("count", json!({ "type": "number", "min": 1, "max": 9 }), false, json!(3)),
            input("loud", json!({ "type": "toggle" }), false, json!(true)),
            input("pause", json!({ "type": "span" }), false, json!(null)),
        ],
        "permissions": { "run": grant, "drive": grant },
        "steps": [step("which", ask), step("call", manual)],
    });
    serde_json::from_value(book).expect("a runbook")
}

fn org() -> Organisation {
    let mut org = Organisation::empty("", "");
    org.runbooks.books = vec![Arc::new(book())];
    org
}

fn refused(text: &str) -> String {
    read(&book(), pairs(text), &org()).expect_err(text).sentence
}

#[test]
fn what_is_typed_becomes_values_of_their_types() {
    let inputs =
        read(&book(), pairs("region=EU note=\"two words\" count=4 loud=no pause=15m"), &org()).expect("they are right");
    let shown = json!(inputs.values);
    assert_eq!(shown, json!({ "region": "eu", "note": "two words", "count": 4, "loud": false, "pause": "15m" }));
    let few = read(&book(), pairs(""), &org()).expect("nothing is wrong");
    assert_eq!(few.missing, ["region (eu, us)"]);
    assert_eq!(json!(few.values), json!({ "count": 3, "loud": true }));
}

#[test]
fn every_mistake_says_what_may_be_typed() {
    assert_eq!(refused("region=moon"), "“moon” is not a value of region: there are eu, us");
    assert_eq!(
        refused("bogus=1"),
        "“bogus” is not an input of failover: there are note=…, region=…, count=…, loud=…, pause=…"
    );
    assert_eq!(
        refused("region"),
        "“region” is not an input of failover: there are note=…, region=…, count=…, loud=…, pause=…"
    );
    assert_eq!(refused("region=eu region=us"), "The input region is there twice");
    assert_eq!(
        refused("note=\"much too long for it\""),
        "The input note has 20 characters and may have 10: shorten it"
    );
    assert_eq!(refused("note=UPPER"), "“UPPER” is not a value of note: it must look like [a-z ]+");
    assert_eq!(refused("note=\"a\u{202e}b\nc;d\""), "“ab c;d” is not a value of note: it must look like [a-z ]+");
    assert_eq!(refused("count=ten"), "“ten” is not a value of count: write a whole number such as 3");
    assert_eq!(refused("count=10"), "“10” is not a value of count: it may be at most 9");
    assert_eq!(refused("loud=maybe"), "“maybe” is not a value of loud: write yes or no");
    assert_eq!(refused("pause=soon"), "“soon” is not a value of pause: write 30m, 2h or 1d");
}

#[test]
fn the_fields_of_a_form_become_one_argument_and_come_back_as_fields() {
    let start = || Invocation::of("runbook run").with("runbook", "failover");
    let sent = start()
        .with("inputs", "region=us count=4")
        .with("inputs.region", "eu")
        .with("inputs.note", "a \"b\" c")
        .with("inputs.count", " ");
    let call = gathered(sent);
    assert_eq!(call, start().with("inputs", "\"note=a \\\"b\\\" c\" region=eu"));
    assert_eq!(Invocation::from_line(&call.to_line()), Some(call.clone()), "a button holds it");
    let shown: Vec<_> =
        fields(&call, &org()).into_iter().map(|field| (field.name, field.value, field.required)).collect();
    let field = |name: &str, value: Option<&str>, required| (name.to_owned(), value.map(str::to_owned), required);
    assert_eq!(
        shown,
        [
            field("inputs.region", Some("eu"), true),
            field("inputs.note", Some("a \"b\" c"), false),
            field("inputs.count", Some("3"), false),
            field("inputs.loud", Some("yes"), false),
            field("inputs.pause", None, false),
        ]
    );
}

#[test]
fn a_form_opens_only_where_something_is_missing() {
    let call = Invocation::of("runbook run").with("runbook", "failover");
    assert!(lacks(&call, &org()));
    assert!(!lacks(&call.clone().with("inputs", "region=eu"), &org()));
    assert!(!lacks(&call.with("runbook", "unknown"), &org()));
}

#[test]
fn inputs_are_offered_with_their_values_until_they_are_given() {
    let verb = verb_of(&Invocation::of("runbook run")).expect("it is in the table");
    let offered = |line: &str| {
        let offers = offers(verb, &split(line), &org()).unwrap_or_default();
        offers.into_iter().map(|(value, _)| value).collect::<Vec<_>>()
    };
    assert_eq!(offered("failover"), ["region=eu", "region=us", "count=3", "loud=yes", "loud=no"]);
    assert_eq!(offered("failover region=eu loud=no"), ["count=3"]);
    assert_eq!(offered("unknown"), Vec::<&str>::new());
}

/// A run of the runbook, at its first step.
fn run(number: i64, first: &str, second: &str) -> Run {
    let step = |id: &str, is: &str| {
        json!({ "id": id, "state": { "is": is }, "attempt": 1, "began_at": null, "changed_at": null, "outputs": {},
            "tail": [], "asked": [], "ticked": [], "approvals": [], "undo": null, "undo_attempt": 0 })
    };
    let run = json!({
        "incident": "INC-7", "number": number, "book": book(), "inputs": {}, "started_by": { "person": "alice", "name": "Alice" },
        "started_at": "2026-11-27T10:00:00Z", "requesters": [], "by_step": false, "rehearsal": false, "parent": null,
        "state": { "is": "running" }, "ended_at": null, "steps": [step("which", first), step("call", second)],
    });
    serde_json::from_value(run).expect("a run")
}

fn found(runs: &[Run], named: &Named, word: &Word) -> Result<(i64, Option<String>), String> {
    let runs: Vec<_> = runs.iter().collect();
    meant(&runs, named, word, IncidentId(7)).map(|(run, step)| (run.number, step)).map_err(|refusal| refusal.sentence)
}

#[test]
fn whoever_names_nothing_means_the_only_one_to_which_it_makes_sense() {
    let (asks, calls) = (run(1, "asking", "pending"), run(2, "done", "asking"));
    let both = [asks.clone(), calls.clone()];
    let nothing = Named::default();
    let answer = Word::Answer("adyen".to_owned());
    assert_eq!(found(&both, &nothing, &answer), Ok((1, Some("which".to_owned()))));
    assert_eq!(found(&both, &nothing, &Word::Tick(0)), Ok((2, Some("call".to_owned()))));
    assert_eq!(found(&both, &nothing, &Word::Next), Ok((2, Some("call".to_owned()))), "a question is answered");
    assert_eq!(found(&both, &nothing, &Word::Pause), Err("Which run? Say --run 1 or --run 2".to_owned()));
    assert_eq!(found(std::slice::from_ref(&asks), &nothing, &Word::Pause), Ok((1, None)));
    let held = run(3, "held", "held");
    assert_eq!(found(&[held], &nothing, &Word::Next), Err("Which step? Say --step which or --step call".to_owned()));
    assert_eq!(
        found(std::slice::from_ref(&asks), &nothing, &Word::Retry),
        Err("No step of run 1 has failed, or has an unknown outcome".to_owned())
    );
    assert_eq!(found(&[], &nothing, &Word::Next), Err("No runbook has run in INC-7 yet".to_owned()));
    let named = |run, step: Option<&str>| Named { run, step: step.map(str::to_owned) };
    assert_eq!(
        found(std::slice::from_ref(&asks), &named(None, Some("2")), &Word::Next),
        Ok((1, Some("call".to_owned()))),
        "by its place"
    );
    assert_eq!(found(&[asks], &named(Some(9), None), &Word::Next), Err("INC-7 has no run 9".to_owned()));
}
