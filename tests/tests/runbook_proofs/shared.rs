//! Two processes on one PostgreSQL share runs, one of them dies, the line to the database is cut: no step is done twice.

use crate::crew::Crew;
use crate::ledger::Ledger;
use crate::twenty::Yard;
use muster_core::runbook::{Run, RunState, StepState};
use muster_tests::pg;
use muster_tests::process::stall::{Line, Proxy, Stall};
use muster_tests::process::{eventually, seed, tell};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// An incident has no more runs open than this.
const EACH: usize = 5;
const INCIDENTS: usize = 10;
const CUTS: usize = 6;
/// What was taken for lost is waited for first.
const LONG: Duration = Duration::from_mins(3);
/// A deed takes so long, so that processes and connections die in the middle of one.
const DEED: Duration = Duration::from_millis(80);
/// The pause between two looks.
const LOOK: Duration = Duration::from_millis(20);

/// Everybody does what they are asked to until all runs are over.
async fn all_are_over(crew: &Crew<'_>, incidents: &[String]) -> Vec<Run> {
    let began = Instant::now();
    let mut over = Vec::new();
    for incident in incidents {
        loop {
            let runs = crew.look(incident).await.unwrap_or_default();
            for run in &runs {
                crew.attend(run).await;
            }
            if !runs.is_empty() && runs.iter().all(|run| !run.state.is_open()) {
                over.extend(runs);
                break;
            }
            assert!(began.elapsed() < LONG, "{incident}: {runs:#?}");
            tokio::time::sleep(LOOK).await;
        }
    }
    over
}

/// How often each step of each run was done. Of programs the file knows.
fn counts(ledger: &Ledger, yard: &Yard) -> BTreeMap<String, usize> {
    let told = ledger.deeds().into_iter().filter(|deed| deed.what != "f2").map(|deed| deed.key);
    let mut counts = BTreeMap::new();
    for key in told.chain(yard.lines().into_iter().map(|(_, key)| key)) {
        let (step, _attempt) = key.rsplit_once('/').expect("an attempt");
        *counts.entry(step.to_owned()).or_default() += 1;
    }
    counts
}

/// Every step of every run was done, and once unless that is as good as twice.
fn each_once(runs: &[Run], counts: &BTreeMap<String, usize>) -> usize {
    let mut again = 0;
    for run in runs {
        assert_eq!(run.state, RunState::Done, "{run:#?}");
        for step in &run.steps {
            assert_eq!(step.state, StepState::Done);
            let key = format!("{}/{}/{}", run.incident, run.number, step.id);
            let count = counts.get(&key).copied().unwrap_or(0);
            assert!(count == 1 || step.id == "f3" && count > 1, "{key} was done {count} times");
            again += count - 1;
        }
    }
    assert_eq!(counts.len(), runs.len() * 4, "nothing else was done");
    again
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_share_fifty_runs_and_do_each_step_once() {
    let Some(url) = pg::database("two processes, fifty runs").await else { return };
    let ledger = Ledger::open().await;
    let yard = Yard::of(&ledger);
    let (one, other) = (yard.installation(&url, &ledger), yard.installation(&url, &ledger));
    let (_first, _second) = (one.start().await, other.start().await);
    let crew = Crew::of(&one, &ledger, &yard);
    let began = Instant::now();
    let mut incidents = Vec::new();
    for _ in 0..INCIDENTS {
        incidents.push(crew.starts("four", EACH).await);
    }
    let runs = all_are_over(&crew, &incidents).await;
    assert_eq!(runs.len(), INCIDENTS * EACH);
    assert_eq!(each_once(&runs, &counts(&ledger, &yard)), 0, "nobody was lost, so nothing was done again");
    assert!(crew.asked().is_empty(), "nothing was in doubt: {:?}", crew.asked());
    tell(&format!("two processes: {} runs of four steps in {:.1?}, each step once", runs.len(), began.elapsed()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_process_was_at_when_it_was_killed_is_asked_about_or_done_by_the_other() {
    let Some(url) = pg::database("two processes with runs, one killed").await else { return };
    let ledger = Ledger::open().await;
    let yard = Yard::of(&ledger);
    let (one, other) = (yard.installation(&url, &ledger), yard.installation(&url, &ledger));
    let (_first, second) = (one.start().await, other.start().await);
    ledger.takes(DEED);
    let crew = Crew::of(&one, &ledger, &yard);
    let mut incidents = Vec::new();
    for _ in 0..4 {
        incidents.push(crew.starts("four", EACH).await);
    }
    eventually("some is done", LONG, async || (ledger.deeds().len() > 10).then_some(())).await;
    second.kill();
    let runs = all_are_over(&crew, &incidents).await;
    let again = each_once(&runs, &counts(&ledger, &yard));
    tell(&format!(
        "two processes, one killed: {} runs done, people were asked {} times, {again} idempotent steps done again",
        runs.len(),
        crew.asked().len()
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cut_off_from_its_database_no_step_is_done_twice() {
    let test = "runbooks, cut off from PostgreSQL";
    let Some(url) = pg::database(test).await else { return };
    let mut rng = StdRng::seed_from_u64(seed(test));
    let ledger = Ledger::open().await;
    let yard = Yard::of(&ledger);
    let mut proxy = Proxy::before(&url, &[Line::Cut]).await;
    let installation = yard.installation(proxy.store(), &ledger);
    let server = installation.start().await;
    ledger.takes(DEED);
    let crew = Crew::of(&installation, &ledger, &yard);
    let mut incidents = Vec::new();
    for _ in 0..2 {
        incidents.push(crew.starts("four", EACH).await);
    }
    let cuts = async {
        for _ in 0..CUTS {
            tokio::time::sleep(rng.random_range(Duration::ZERO..Duration::from_millis(60))).await;
            proxy.begin().await;
            tokio::time::sleep(rng.random_range(Duration::ZERO..Duration::from_millis(400))).await;
            proxy.end().await;
        }
    };
    let (runs, ()) = tokio::join!(all_are_over(&crew, &incidents), cuts);
    let again = each_once(&runs, &counts(&ledger, &yard));
    server.terminate().await;
    tell(&format!(
        "{test}: {CUTS} cuts, {} runs done, people were asked {} times, {again} idempotent steps done again",
        runs.len(),
        crew.asked().len()
    ));
}
