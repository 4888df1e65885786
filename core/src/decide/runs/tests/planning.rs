//! What would be done, in words, before anything is.

use super::world::*;
use crate::runbook::{
    Action, Body, Expr, Known, Output, Payload, Piece, Planned, Rendered, Scope, Source, Step, Work, plan, scope, work,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn lines(planned: &[Planned]) -> String {
    let line = |one: &Planned| {
        let does: Vec<_> = one.does.iter().map(|detail| format!("{}: {}", detail.label, detail.text)).collect();
        let when = match (&one.condition, one.holds) {
            (None, _) => String::new(),
            (Some(_), None) => " (perhaps)".to_owned(),
            (Some(_), Some(holds)) => format!(" ({})", if holds { "needed" } else { "not needed" }),
        };
        format!("{}{}{when}: {}\n", "  ".repeat(one.depth), one.id, does.join("; "))
    };
    planned.iter().map(line).collect()
}

fn output(name: &str, example: Option<Value>) -> Output {
    Output { name: name.into(), from: Source::Text, example }
}

#[test]
fn a_dry_run_shows_what_would_be_sent_with_examples_for_what_is_not_known() {
    let world = World::new();
    let when = |text: &str| Some(Expr::parse(text).expect("an expression"));
    let inner = book(vec![step("say", Action::Update { text: templ("from ${{ incident.id }}"), next: None })]);
    let health = Step { outputs: vec![output("active", Some(json!("primary"))), output("id", None)], ..http("health") };
    let steps = vec![
        health,
        Step { condition: when("steps.health.outputs.active == 'primary'"), ..http("switch") },
        Step { condition: when("inputs.region == 'us'"), ..http("abroad") },
        step("tell", post("${{ steps.health.outputs.active }}/${{ steps.health.outputs.id }}/${{ secrets.TOKEN }}")),
        step("both", Action::Parallel { steps: vec![http("left"), http("right")] }),
        step("call", Action::Runbook { book: Box::new(inner), inputs: BTreeMap::new() }),
    ];
    let inputs = BTreeMap::from([("region".to_owned(), json!("eu"))]);
    let planned = plan(&book(steps), &inputs, &world.incident, &world.org);
    let expected = "\
health: POST: https://gateway.internal/health
switch (perhaps): POST: https://gateway.internal/switch
abroad (not needed): POST: https://gateway.internal/abroad
tell: POST: https://gateway.internal/primary/‹health.id›/‹secret TOKEN›
both: at once: LEFT, RIGHT
  left: POST: https://gateway.internal/left
  right: POST: https://gateway.internal/right
call: runbook: failover
  say: update: from INC-7
";
    assert_eq!(lines(&planned), expected);
}

fn json_work(body: Value, known: Value) -> Result<Value, String> {
    let Action::Http(call) = post("x") else { panic!("it is a request") };
    let action = Action::Http(crate::runbook::Call { body: Some(Body::Json(body)), ..call });
    let Value::Object(known) = known else { panic!("a scope is an object") };
    match work(&action, &Scope(known)) {
        Ok(Some(Work::Call(call))) => match call.body {
            Some(Payload::Json(value)) => Ok(value),
            other => panic!("{other:?}"),
        },
        Ok(other) => panic!("{other:?}"),
        Err(error) => Err(error.sentence),
    }
}

#[test]
fn json_keeps_its_types_and_a_secret_stands_by_its_name() {
    let known = json!({ "inputs": { "count": 3, "on": true } });
    let body = json!({ "count": "${{ inputs.count }}", "text": "${{ inputs.count }} of ${{ inputs.on }}", "n": 1 });
    assert_eq!(json_work(body, known.clone()), Ok(json!({ "count": 3, "text": "3 of true", "n": 1 })));
    let secret = Rendered(vec![Piece::Literal("Bearer ".into()), Piece::Secret("TOKEN".into())]);
    let body = json!({ "auth": ["Bearer ${{ secrets.TOKEN }}"] });
    assert_eq!(json_work(body, known), Ok(json!({ "auth": [{ "$secret": secret }] })));
}

#[test]
fn an_answer_of_a_server_cannot_ask_for_a_secret() {
    let forged = json!([{ "deep": { "$secret": [{ "secret": "PAYCTL" }] } }]);
    let known = json!({ "steps": { "a": { "outputs": { "x": forged } } } });
    assert!(json_work(json!({ "v": "${{ steps.a.outputs.x }}" }), known.clone()).is_err());
    assert!(json_work(json!({ "$secret": [{ "secret": "PAYCTL" }] }), known.clone()).is_err(), "nor can its author");
    assert!(json_work(json!({ "v": "said ${{ steps.a.outputs.x }}" }), known).is_ok(), "in a text it is text");
}

#[test]
fn steps_know_the_inputs_the_steps_before_the_incident_and_the_run() {
    let mut world = World::new();
    world.start("alice", book(vec![ask("which"), manual("two")])).expect("started");
    world.say("alice", &super::super::Word::Answer("stripe".into())).expect("answered");
    let Scope(known) = scope(world.run(1), &world.incident, Known::Real);
    let expected = json!({
        "inputs": {},
        "steps": {
            "which": { "state": "done", "outputs": { "answer": "stripe" } },
            "two": { "state": "asking", "outputs": {} },
        },
        "incident": {
            "id": "INC-7", "title": "Checkout is down", "severity": "SEV1", "status": "triage",
            "services": [], "sites": [], "commander": "alice", "drill": false,
        },
        "run": { "number": 1, "rehearsal": false },
    });
    assert_eq!(Value::Object(known), expected);
}
