//! Runbooks and runs: the card in every state, what is asked and exactly what is approved, forms of inputs, lists.

use crate::Page;
use muster_core::runbook::{Run, RunState, StepState, Transcript};
use muster_core::view::run as shown;
use muster_tests::fixtures::{at, incident};
use muster_tests::runs::{approval, failover_at, payment_failover};
use muster_tests::sample;
use serde_json::json;
use std::collections::BTreeMap;

fn failed() -> StepState {
    StepState::Failed { reason: "payctl ended with status 3".to_owned() }
}

fn unknown() -> StepState {
    StepState::Unknown { reason: "the runner warehouse has been silent for 30 seconds".to_owned() }
}

fn working() -> StepState {
    StepState::Working { worker: "w1".to_owned() }
}

fn with_tail(mut run: Run) -> Run {
    for step in &mut run.steps {
        if step.id == "switch" {
            step.tail = ["draining 3 connections", "draining 1 connection", "switching"].map(str::to_owned).into();
        }
    }
    run
}

fn in_state(run: Run, state: RunState) -> Run {
    Run { state, ..run }
}

#[test]
fn the_card_of_a_run_in_every_state() {
    let org = sample::retailer();
    let ended = |run: Run, state| Run { ended_at: Some(at(720)), ..in_state(run, state) };
    let done = || {
        let mut run = failover_at("stores", StepState::Done);
        run.steps[5].ticked = vec![0, 1];
        run
    };
    let mut undoing = failover_at("works", failed());
    undoing.steps[3].undo = Some(working());
    undoing.state = RunState::Undoing;
    let mut approved = failover_at("allow", StepState::Asking);
    approved.steps[2].approvals = vec![approval("bob")];
    let mut ticked = failover_at("stores", StepState::Asking);
    ticked.steps[5].ticked = vec![0];
    let mut undone = done();
    undone.steps[3].undo = Some(StepState::Done);
    let states = [
        ("a machine is at it", with_tail(failover_at("switch", working()))),
        ("nobody has taken it yet", failover_at("switch", StepState::Queued)),
        ("a question", failover_at("which", StepState::Asking)),
        ("an approval", failover_at("allow", StepState::Asking)),
        ("an approval that one has given", approved),
        ("something to do by hand", ticked),
        ("step by step", failover_at("switch", StepState::Held)),
        ("another attempt soon", failover_at("works", StepState::Waiting { until: at(300) })),
        ("it has failed", in_state(with_tail(failover_at("switch", failed())), RunState::Stopped)),
        ("nobody knows", in_state(with_tail(failover_at("switch", unknown())), RunState::Stopped)),
        ("paused", in_state(failover_at("works", StepState::Pending), RunState::Paused)),
        ("being taken back", undoing),
        ("done", ended(done(), RunState::Done)),
        ("taken back", ended(undone, RunState::Undone)),
        ("given up", ended(failover_at("which", StepState::Pending), RunState::Aborted)),
        ("practice", Run { rehearsal: true, ..failover_at("switch", working()) }),
    ];
    let mut page = Page::default();
    for (caption, run) in &states {
        page.view(caption, &shown::card(run, &org));
    }
    page.view("in its room, in one line", &shown::brief(&failover_at("allow", StepState::Asking)));
    insta::assert_snapshot!(page.0);
}

#[test]
fn runbooks_and_runs_as_one_looks_them_up() {
    let org = sample::retailer();
    let mut incident = incident(1);
    let book = payment_failover();
    let run = with_tail(failover_at("switch", working()));
    let mut page = Page::default();
    page.view("all runbooks", &shown::catalogue(&org.runbooks.books));
    page.view("in an incident", &shown::list(&incident, &[], &org));
    incident.suggested = vec!["payment-failover".to_owned()];
    page.view("in an incident that one fits", &shown::list(&incident, &[&run], &org));
    page.view("offered", &shown::suggestion(&book, &incident));
    page.view("a runbook", &shown::book(&book, Some(&incident), &org));
    let inputs = BTreeMap::from([("region".to_owned(), json!("eu"))]);
    page.view("a dry run", &shown::plan(&book, &inputs, &incident, &org));
    page.view("a whole run", &shown::whole(&run, &incident, &org));
    page.view("what a step has said", &shown::output(&run, &run.steps[3], None, &org));
    page.view("what a step has not said", &shown::output(&run, &run.steps[0], None, &org));
    let job = muster_core::runbook::JobId {
        incident: run.incident,
        run: 1,
        step: "switch".to_owned(),
        undo: false,
        attempt: 1,
    };
    let long = Transcript { job, text: format!("{}\nthe end", "draining connections ".repeat(400)), cut: true };
    page.view("very much", &shown::output(&run, &run.steps[3], Some(&long), &org));
    insta::assert_snapshot!(page.0);
}
