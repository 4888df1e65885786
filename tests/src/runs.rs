//! Runbooks and runs made by hand: one of every kind of step, in every state.

use crate::fixtures::{at, author};
use muster_core::ids::{IncidentId, PersonId, RoleKey};
use muster_core::incident::event::Subject;
use muster_core::runbook::{
    Action, Approval, Asks, Call, Choice, Detail, Expr, Grant, Input, InputKind, Limits, OnFailure, Output,
    Permissions, Planned, Probe, Program, Run, RunState, Runbook, Source, StatusRange, Step, StepRun, StepState, Text,
    Undo, Who,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// A text of a runbook.
///
/// # Panics
/// When it cannot be read.
#[must_use]
pub fn said(text: &str) -> Text {
    Text::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// A step that does that, and nothing special.
#[must_use]
pub fn step(id: &str, name: &str, action: Action) -> Step {
    let timeout = action.is_automation().then_some(Duration::from_secs(60));
    Step {
        id: id.to_owned(),
        name: name.to_owned(),
        condition: None,
        action,
        who: Vec::new(),
        runner: None,
        timeout,
        retry: None,
        idempotent: false,
        on_failure: OnFailure::Ask,
        outputs: Vec::new(),
        undo: None,
    }
}

/// A step for people.
#[must_use]
pub fn manual(text: &str, checklist: &[&str]) -> Action {
    Action::Manual { text: said(text), checklist: checklist.iter().map(|item| said(item)).collect() }
}

fn call(method: &str, url: &str) -> Call {
    let expect = vec![StatusRange { from: 200, to: 299 }];
    let headers = vec![("Authorization".to_owned(), said("Bearer ${{ secrets.GATEWAY }}"))];
    Call { method: method.to_owned(), url: said(url), headers, body: None, expect }
}

fn program(args: &[&str]) -> Action {
    Action::Run(Program {
        program: "payctl".to_owned(),
        args: args.iter().map(|arg| said(arg)).collect(),
        env: vec![("TOKEN".to_owned(), said("${{ secrets.PAYCTL }}"))],
        limits: Limits { output: 65_536, memory: 268_435_456, processes: 32 },
    })
}

fn responders() -> Vec<Grant> {
    vec![Grant { who: vec![Who::Responders], severities: Vec::new() }]
}

fn input(id: &str, label: &str, kind: InputKind) -> Input {
    Input { id: id.to_owned(), label: label.to_owned(), help: String::new(), kind, required: false, default: None }
}

/// A runbook of these steps, which asks for nothing and lets everybody.
#[must_use]
pub fn book(id: &str, name: &str, steps: Vec<Step>) -> Runbook {
    Runbook {
        id: id.to_owned(),
        name: name.to_owned(),
        description: String::new(),
        owner: None,
        services: Vec::new(),
        triggers: Vec::new(),
        inputs: Vec::new(),
        permissions: Permissions { run: responders(), drive: responders() },
        steps,
    }
}

/// Moves card payments to the second provider: it looks, asks, has it allowed, does it, and looks again.
#[must_use]
pub fn payment_failover() -> Runbook {
    let mut health = step(
        "health",
        "Ask the gateway how it is",
        Action::Http(call("GET", "https://gateway.example.com/v1/${{ inputs.region }}/health")),
    );
    health.idempotent = true;
    health.on_failure = OnFailure::Continue;
    health.outputs = vec![Output {
        name: "active".to_owned(),
        from: Source::Json("/active".to_owned()),
        example: Some(json!("primary")),
    }];
    let choice = |value: &str, label: &str| Choice { value: value.to_owned(), label: label.to_owned() };
    let choices = vec![choice("adyen", "Adyen"), choice("stripe", "Stripe")];
    let mut which =
        step("which", "Choose the provider", Action::Ask { question: said("Which provider takes over?"), choices });
    which.who = vec![Who::Role { role: RoleKey::from("commander") }];
    let approve = Action::Approve {
        who: vec![Who::Team { team: "payments".to_owned() }, Who::Role { role: RoleKey::from("commander") }],
        count: 1,
        within: Duration::from_secs(900),
        valid_for: Duration::from_secs(3_600),
        covers: vec!["switch".to_owned()],
        text: said("Payments move to ${{ steps.which.outputs.answer }}"),
    };
    let mut switch =
        step("switch", "Switch the provider", program(&["switch", "--to", "${{ steps.which.outputs.answer }}"]));
    switch.runner = Some("warehouse".to_owned());
    switch.undo = Some(Undo {
        action: program(&["switch", "--to", "primary"]),
        timeout: Some(Duration::from_secs(60)),
        idempotent: true,
    });
    let probe = Probe {
        call: call("GET", "https://gateway.example.com/v1/rate"),
        holds: None,
        every: Duration::from_secs(10),
        times: 3,
    };
    let mut region = input("region", "Region", InputKind::Choice { options: vec!["eu".to_owned(), "us".to_owned()] });
    region.required = true;
    region.help = "Where payments fail".to_owned();
    let note = input("note", "Note", InputKind::Text { max: 200, pattern: None, long: false });
    Runbook {
        description: "Moves card payments to the second provider, and back.".to_owned(),
        owner: Some("payments".to_owned()),
        inputs: vec![note, region],
        ..book(
            "payment-failover",
            "Fail payments over",
            vec![
                health,
                which,
                step("allow", "A second person allows it", approve),
                switch,
                step("works", "Card payments succeed", Action::Probe(probe)),
                step(
                    "stores",
                    "Tell the stores",
                    manual("Call the three biggest stores", &["Stockholm", "Gothenburg"]),
                ),
            ],
        )
    }
}

/// The runbooks of the retailer.
#[must_use]
pub fn books() -> Vec<Arc<Runbook>> {
    let by_hand = book(
        "call-round",
        "Call round",
        vec![step("call", "Call the stores", manual("Call the three biggest stores", &["Stockholm", "Gothenburg"]))],
    );
    vec![Arc::new(by_hand), Arc::new(payment_failover())]
}

/// Runbooks of one step each: a question, something to be allowed, something that fails at once.
#[must_use]
pub fn small_books() -> Vec<Arc<Runbook>> {
    let choice = |value: &str| Choice { value: value.to_owned(), label: value.to_owned() };
    let choices = vec![choice("adyen"), choice("stripe")];
    let ask =
        step("which", "Choose the provider", Action::Ask { question: said("Which provider takes over?"), choices });
    let approve = Action::Approve {
        who: vec![Who::Responders],
        count: 1,
        within: Duration::from_secs(900),
        valid_for: Duration::from_secs(3_600),
        covers: vec!["call".to_owned()],
        text: said("The stores are called at night"),
    };
    let gate = vec![
        step("allow", "A second person allows it", approve),
        step("call", "Call the stores", manual("Call the three biggest stores", &[])),
    ];
    let nobody = Action::Role { role: RoleKey::from("scribe"), person: said("nobody-at-all") };
    let books = [
        book("which-provider", "Which provider", vec![ask]),
        book("night-calls", "Calls at night", gate),
        book("name-a-scribe", "Name a scribe", vec![step("name", "Name a scribe", nobody)]),
    ];
    books.map(Arc::new).into()
}

/// A run of a runbook in INC-1 that `alice` has just started.
#[must_use]
pub fn run(book: Runbook, inputs: BTreeMap<String, Value>) -> Run {
    Run {
        incident: IncidentId(1),
        number: 1,
        steps: book.flat().into_iter().map(StepRun::of).collect(),
        book,
        inputs,
        started_by: author("alice"),
        started_at: at(0),
        requesters: vec![PersonId::from("alice")],
        by_step: false,
        rehearsal: false,
        parent: None,
        state: RunState::Running,
        ended_at: None,
    }
}

/// A run of the failover whose first steps are done, at the step of that id, which stands there.
///
/// # Panics
/// When there is no such step.
#[must_use]
pub fn failover_at(id: &str, state: StepState) -> Run {
    let mut run = run(payment_failover(), BTreeMap::from([("region".to_owned(), json!("eu"))]));
    let place = run.steps.iter().position(|step| step.id == id).unwrap_or_else(|| panic!("no step {id}"));
    for step in &mut run.steps[..place] {
        step.state = StepState::Done;
        step.attempt = 1;
        step.changed_at = Some(at(60));
        match step.id.as_str() {
            "health" => drop(step.outputs.insert("active".to_owned(), json!("primary"))),
            "which" => drop(step.outputs.insert("answer".to_owned(), json!("adyen"))),
            _ => {}
        }
    }
    let step = &mut run.steps[place];
    step.state = state;
    step.attempt = 1;
    step.began_at = Some(at(90));
    step.changed_at = Some(at(90));
    step.asks = asks(id);
    if step.state == StepState::Asking {
        step.asked = vec![Subject { person: PersonId::from("bob"), name: "Bob Lind".to_owned() }];
    }
    run
}

/// What people are asked at a step of the failover.
fn asks(id: &str) -> Option<Asks> {
    let text = |text: &str| Asks { text: text.to_owned(), ..Asks::default() };
    let detail = |label: &str, text: &str| Detail { label: label.to_owned(), text: text.to_owned() };
    let switch = Planned {
        id: "switch".to_owned(),
        name: "Switch the provider".to_owned(),
        depth: 0,
        condition: None,
        holds: None,
        does: vec![
            detail("run", "payctl"),
            detail("argument", "switch"),
            detail("argument", "--to"),
            detail("argument", "adyen"),
            detail("TOKEN", "‹secret PAYCTL›"),
        ],
        who: Vec::new(),
        runner: Some("warehouse".to_owned()),
        timeout: Some(Duration::from_secs(60)),
        undo: Vec::new(),
    };
    match id {
        "which" => Some(text("Which provider takes over?")),
        "allow" => {
            let hash = Some("1a2b3c4d5e6f70819203a4b5c6d7e8f901122334455667788990011223344556".to_owned());
            Some(Asks { covers: vec![switch], hash, ..text("Payments move to adyen") })
        }
        "stores" => {
            let checklist = vec!["Stockholm".to_owned(), "Gothenburg".to_owned()];
            Some(Asks { checklist, ..text("Call the three biggest stores") })
        }
        _ => None,
    }
}

/// Somebody has approved.
#[must_use]
pub fn approval(person: &str) -> Approval {
    let by = author(person);
    Approval { by: Subject { person: by.person, name: by.name }, at: at(100), hash: "1a2b3c4d".to_owned() }
}

/// A request without headers, which is to be answered 200 to 299.
#[must_use]
pub fn http(method: &str, url: &str) -> Action {
    Action::Http(Call { headers: Vec::new(), ..call(method, url) })
}

/// A request until an expression about its answer is true.
///
/// # Panics
/// When that cannot be read.
#[must_use]
pub fn probe(url: &str, holds: &str) -> Action {
    Action::Probe(Probe {
        call: Call { headers: Vec::new(), ..call("GET", url) },
        holds: Some(Expr::parse(holds).expect("an expression")),
        every: Duration::from_millis(20),
        times: 2,
    })
}

/// A question with these answers.
#[must_use]
pub fn ask(question: &str, answers: &[(&str, &str)]) -> Action {
    let choice = |(value, label): &(&str, &str)| Choice { value: (*value).to_owned(), label: (*label).to_owned() };
    Action::Ask { question: said(question), choices: answers.iter().map(choice).collect() }
}

/// One of these people approves these steps, within a quarter of an hour, for an hour.
#[must_use]
pub fn approve(text: &str, who: Vec<Who>, covers: &[&str]) -> Action {
    Action::Approve {
        who,
        count: 1,
        within: Duration::from_secs(900),
        valid_for: Duration::from_secs(3_600),
        covers: covers.iter().map(|id| (*id).to_owned()).collect(),
        text: said(text),
    }
}

/// Something a step finds out.
#[must_use]
pub fn output(name: &str, pointer: &str, example: Value) -> Output {
    Output { name: name.to_owned(), from: Source::Json(pointer.to_owned()), example: Some(example) }
}
