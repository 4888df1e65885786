//! The runbooks of these stories, against a gateway that is really there.

use muster_core::ids::RoleKey;
use muster_core::runbook::{
    Action, Body, Call, Expr, Grant, Input, InputKind, OnFailure, Permissions, Runbook, Start, StatusRange, Step,
    Trigger, TriggerOn, Undo, Who,
};
use muster_tests::gateway::Gateway;
use muster_tests::runs::{approve, ask, book, http, manual, output, probe, said, step};
use serde_json::{Value, json};
use std::time::Duration;

pub(crate) fn commander() -> Who {
    Who::Role { role: RoleKey::commander() }
}

pub(crate) fn payments() -> Who {
    Who::Team { team: "payments".to_owned() }
}

/// A request with a body of JSON.
pub(crate) fn post(url: &str, json: Value) -> Action {
    Action::Http(Call {
        method: "POST".to_owned(),
        url: said(url),
        headers: Vec::new(),
        body: Some(Body::Json(json)),
        expect: vec![StatusRange { from: 200, to: 299 }],
    })
}

/// A step that asks the gateway to do something. It may be done once, and can be taken back.
pub(crate) fn deed(gateway: &Gateway, id: &str) -> Step {
    let undo = Undo {
        action: http("POST", &gateway.url(&format!("/undo/{id}"))),
        timeout: Some(Duration::from_secs(20)),
        idempotent: true,
    };
    Step { undo: Some(undo), ..step(id, &format!("Do {id}"), http("POST", &gateway.url(&format!("/do/{id}")))) }
}

/// A step by hand.
pub(crate) fn by_hand(id: &str) -> Step {
    step(id, &format!("By hand: {id}"), manual(&format!("Do {id} by hand"), &[]))
}

/// Bob or Alice allow these steps.
pub(crate) fn allow(covers: &[&str]) -> Step {
    step("allow", "A second person allows it", approve("It will be done", vec![payments(), commander()], covers))
}

/// When card payments fail.
pub(crate) fn when_declared(start: Start) -> Trigger {
    Trigger {
        on: TriggerOn::Declare,
        severities: vec!["SEV1".into()],
        categories: Vec::new(),
        services: vec!["payment".to_owned()],
        sites: Vec::new(),
        start,
    }
}

/// What a runbook asks for when it is about a region.
pub(crate) fn region() -> Input {
    Input {
        id: "region".to_owned(),
        label: "Region".to_owned(),
        help: "Where payments fail".to_owned(),
        kind: InputKind::Choice { options: vec!["eu".to_owned(), "us".to_owned()] },
        required: true,
        default: None,
    }
}

/// Moves card payments to another provider, and back.
pub(crate) fn failover(gateway: &Gateway) -> Runbook {
    let path = |rest: &str| gateway.url(&format!("/v1/${{{{ inputs.region }}}}/{rest}"));
    let health = Step {
        idempotent: true,
        on_failure: OnFailure::Continue,
        outputs: vec![output("active", "/active", json!("primary"))],
        ..step("health", "Ask the gateway how it is", http("GET", &path("health")))
    };
    let which = Step {
        who: vec![commander()],
        ..step(
            "which",
            "Choose the provider",
            ask("Which provider takes over?", &[("adyen", "Adyen"), ("stripe", "Stripe")]),
        )
    };
    let text = "Payments move to ${{ steps.which.outputs.answer }}";
    let allow = step("allow", "A second person allows it", approve(text, vec![payments(), commander()], &["switch"]));
    let back = Undo {
        action: post(&path("switch"), json!({ "to": "${{ steps.health.outputs.active }}" })),
        timeout: Some(Duration::from_secs(20)),
        idempotent: true,
    };
    let differs = "steps.health.outputs.active != steps.which.outputs.answer";
    let switch = Step {
        condition: Some(Expr::parse(differs).expect("an expression")),
        undo: Some(back),
        ..step(
            "switch",
            "Switch the provider",
            post(&path("switch"), json!({ "to": "${{ steps.which.outputs.answer }}" })),
        )
    };
    let works = Step {
        idempotent: true,
        ..step("works", "Card payments succeed", probe(&path("rate"), "json.success_rate > 0.97"))
    };
    Runbook {
        description: "Moves card payments to the second provider, and back.".to_owned(),
        owner: Some("payments".to_owned()),
        triggers: vec![when_declared(Start::Suggested)],
        inputs: vec![region()],
        ..book("payment-failover", "Fail payments over", vec![health, which, allow, switch, works])
    }
}

/// The runbook, which only these people may run, and only those drive.
pub(crate) fn permitted(book: Runbook, run: Vec<Who>, drive: Vec<Who>) -> Runbook {
    let grants = |who| vec![Grant { who, severities: Vec::new() }];
    Runbook { permissions: Permissions { run: grants(run), drive: grants(drive) }, ..book }
}

/// A condition that does not hold.
pub(crate) fn never() -> Expr {
    Expr::parse("incident.severity == 'SEV4'").expect("an expression")
}
