//! Runbooks by chance: every kind of step, in any order, within what the format allows.

use muster_core::ids::{RoleKey, SeverityKey};
use muster_core::incident::status::Phase;
use muster_core::org::Loudness;
use muster_core::runbook::{
    Action, Call, Choice, Expr, Grant, Limits, OnFailure, Output, Permissions, Probe, Program, Retry, Runbook, Source,
    StatusRange, Step, Text, Undo, Who,
};
use muster_tests::dice::Dice;
use std::collections::BTreeMap;
use std::time::Duration;

/// What every request and every program of a fuzzed step carries, so that it can be told what was approved.
pub(crate) const SEEN: &str = "${{ incident.title }}";

fn text(text: &str) -> Text {
    Text::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn grants(who: Vec<Who>) -> Vec<Grant> {
    vec![Grant { who, severities: Vec::new() }]
}

/// A runbook of that id, with steps within each other at most so deep.
pub(crate) fn book(dice: &mut Dice, id: &str, depth: usize) -> Runbook {
    let count = 2 + dice.below(7);
    let mut steps = Vec::new();
    for n in 1..=count {
        let mut step = step(dice, &format!("{id}{n}"), depth, &steps);
        if n == 1 && matches!(step.action, Action::Approve { .. }) {
            step.action = manual();
        }
        steps.push(step);
    }
    let mut book = Runbook {
        id: id.to_owned(),
        name: format!("Book {id}"),
        description: String::new(),
        owner: None,
        services: Vec::new(),
        triggers: Vec::new(),
        inputs: Vec::new(),
        permissions: Permissions { run: grants(vec![Who::Responders]), drive: grants(vec![Who::Responders]) },
        steps,
    };
    cover(dice, &mut book.steps);
    book
}

/// What an approval covers comes after it; where nothing does, nothing is to be approved.
fn cover(dice: &mut Dice, steps: &mut [Step]) {
    let ids: Vec<_> = steps.iter().map(|step| step.id.clone()).collect();
    for (at, step) in steps.iter_mut().enumerate() {
        let after = &ids[at + 1..];
        let Action::Approve { covers, .. } = &mut step.action else { continue };
        *covers = after.iter().filter(|_| dice.percent(60)).cloned().collect();
        covers.extend(after.first().filter(|_| covers.is_empty()).cloned());
        if covers.is_empty() {
            step.action = manual();
        }
    }
}

fn manual() -> Action {
    Action::Manual { text: text("Look"), checklist: vec![text("once"), text("twice")] }
}

fn call(dice: &mut Dice) -> Call {
    Call {
        method: dice.one_of(&["GET", "POST"]).to_owned(),
        url: text("https://gateway.example.com/"),
        headers: vec![("X-Title".to_owned(), text(SEEN))],
        body: None,
        expect: vec![StatusRange { from: 200, to: 299 }],
    }
}

fn machine(dice: &mut Dice) -> Action {
    match dice.below(3) {
        0 => Action::Http(call(dice)),
        1 => Action::Run(Program {
            program: "payctl".to_owned(),
            args: vec![text(SEEN)],
            env: Vec::new(),
            limits: Limits { output: 65_536, memory: 268_435_456, processes: 32 },
        }),
        _ => Action::Probe(Probe { call: call(dice), holds: None, every: Duration::from_secs(10), times: 1 }),
    }
}

fn action(dice: &mut Dice, id: &str, depth: usize) -> Action {
    match dice.below(if depth > 0 { 20 } else { 17 }) {
        0..=6 => machine(dice),
        7 => manual(),
        8 => Action::Role { role: RoleKey::commander(), person: text(dice.one_of(&["bob", "carol", "nobody"])) },
        9 => Action::Update { text: text(SEEN), next: None },
        10 => Action::Comms { audience: "customers".to_owned(), text: text(SEEN) },
        11 => Action::Severity { to: SeverityKey::from(dice.one_of(&["SEV1", "SEV2"])), reason: None },
        12 => Action::Status { to: [Phase::Identified, Phase::Monitoring][dice.below(2)], note: None },
        13 => Action::Wait { until: text("15m") },
        14 => {
            let choice = |value: &str| Choice { value: value.to_owned(), label: value.to_uppercase() };
            Action::Ask { question: text("Which?"), choices: vec![choice("a"), choice("b")] }
        }
        15 => Action::Page {
            target: text(dice.one_of(&["payments", "nobody at all"])),
            loudness: Loudness::Low,
            message: text("Come"),
        },
        16 | 17 => Action::Approve {
            who: vec![Who::Responders],
            count: 1 + u32::from(dice.percent(30)),
            within: Duration::from_secs(3_600),
            valid_for: Duration::from_secs(1_800),
            covers: Vec::new(),
            text: text("May it be?"),
        },
        18 => Action::Runbook { book: Box::new(book(dice, &format!("{id}x"), depth - 1)), inputs: BTreeMap::new() },
        _ => {
            let count = 2 + dice.below(2);
            Action::Parallel { steps: (1..=count).map(|n| inner(dice, &format!("{id}p{n}"))).collect() }
        }
    }
}

/// One of several at once: it holds no others, and nothing is approved there.
fn inner(dice: &mut Dice, id: &str) -> Step {
    let mut step = step(dice, id, 0, &[]);
    if matches!(step.action, Action::Approve { .. }) {
        step.action = manual();
    }
    step
}

fn step(dice: &mut Dice, id: &str, depth: usize, before: &[Step]) -> Step {
    let action = action(dice, id, depth);
    let is_machine = action.is_automation();
    let idempotent = is_machine && dice.percent(40);
    let plain = before.iter().rfind(|step| !matches!(step.action, Action::Approve { .. }));
    let condition = plain.filter(|_| dice.percent(15)).map(|step| format!("steps.{}.state == \"done\"", step.id));
    let who = [vec![], vec![Who::Team { team: "stores".to_owned() }], vec![Who::Role { role: RoleKey::commander() }]];
    let found = Output { name: "found".to_owned(), from: Source::Json("/found".to_owned()), example: None };
    let undo = |dice: &mut Dice| Undo {
        action: match dice.below(3) {
            0 => manual(),
            1 => Action::Http(call(dice)),
            _ => Action::Severity { to: SeverityKey::from("SEV3"), reason: None },
        },
        timeout: None,
        idempotent: dice.percent(50),
    };
    Step {
        id: id.to_owned(),
        name: format!("Step {id}"),
        condition: condition.map(|text| Expr::parse(&text).expect("an expression")),
        who: who[dice.below(3)].clone(),
        runner: None,
        timeout: is_machine.then_some(Duration::from_secs(60)),
        retry: (idempotent && dice.percent(50)).then_some(Retry { attempts: 3, wait: Duration::from_secs(30) }),
        idempotent,
        on_failure: [OnFailure::Stop, OnFailure::Continue, OnFailure::Ask, OnFailure::Undo][dice.below(4)],
        outputs: if is_machine && dice.percent(40) { vec![found] } else { Vec::new() },
        undo: dice.percent(60).then(|| undo(dice)),
        action,
    }
}
