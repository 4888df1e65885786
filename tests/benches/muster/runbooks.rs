//! Runs of runbooks in this process: steps that are durable, and what deciding about one costs.

use crate::Extent;
use crate::cells::{Cell, fresh, run as statement};
use crate::report::{Figure, Report, Times, rate, ratio, shown};
use async_trait::async_trait;
use muster_core::app::Muster;
use muster_core::clock::{Clock, SystemClock, SystemEntropy};
use muster_core::command::Invocation;
use muster_core::decide::{Ctx, Needs, State, runs};
use muster_core::ids::{IncidentId, PersonId, PlatformId, RequestId};
use muster_core::inbound::{Actor, Ask, Caller, Inbound, Place};
use muster_core::org::{Organisation, Right};
use muster_core::ports::executor::Executor;
use muster_core::ports::store::Store;
use muster_core::runbook::{Action, Ended, Report as Outcome, RunState, Task};
use muster_tests::memory::MemoryStore;
use muster_tests::runs::{book, step};
use muster_tests::sample::retailer;
use muster_tests::shown::Shown;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// Steps of a run, as most have at most.
const STEPS: usize = 20;
/// So many runs at once keep the disk busy.
const AT_ONCE: u64 = 32;
/// A step is queued, begun and done: each is a transition, two of them are a commit together.
const TRANSITIONS: u64 = 3;

/// Measures them all.
pub(crate) fn measure(report: &mut Report, extent: Extent) {
    report.chapter("Runbooks: steps of machines that do nothing, on SQLite");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let folder = tempfile::Builder::new().prefix("muster-bench-").tempdir().expect("a folder");
    let raw = runtime.block_on(commits(&folder.path().join("raw.db"), extent.load));
    for (at_once, aim) in [(1, None), (AT_ONCE, Some(0.5))] {
        let store = format!("sqlite:{}", folder.path().join(format!("{at_once}.db")).display());
        let (steps, took) = runtime.block_on(carried_out(&store, at_once, extent.load));
        let measured = rate(steps * TRANSITIONS, took);
        report.add(Figure {
            what: format!("durable transitions of steps, {at_once} runs at once"),
            measured: format!("{measured:.0}/s ({:.0} steps a second)", rate(steps, took)),
            raw: format!("{raw:.0} commits a second of one small row"),
            ratio: Some(measured / raw),
            aim: aim.map_or("none".to_owned(), |aim| format!("at least {aim} of raw")),
            met: aim.map(|aim| measured >= aim * raw),
        });
    }
    deciding(report, extent, &runtime);
}

/// Somebody who carries nothing out, at once.
struct Nothing;

#[async_trait]
impl Executor for Nothing {
    async fn execute(&self, _: &Task, _: &watch::Sender<Vec<String>>) -> Outcome {
        Outcome { ended: Ended::Well { outputs: BTreeMap::new() }, output: "{}".to_owned(), cut: false }
    }
}

/// One that has that many steps for machines.
fn organisation(steps: usize) -> Organisation {
    let call = json!({ "does": "http", "method": "POST", "url": "https://gateway.example.com/${{ incident.id }}",
                       "headers": [["X-Run", "${{ run.number }}"]], "body": null, "expect": [{ "from": 200, "to": 299 }] });
    let action: Action = serde_json::from_value(call).expect("an action");
    let steps = (1..=steps).map(|n| step(&format!("s{n}"), &format!("Step {n}"), action.clone()));
    let mut org = retailer();
    org.runbooks.books = vec![Arc::new(book("work", "Work", steps.collect()))];
    org
}

/// Somebody gives a command; which incident it was about.
async fn says(muster: &Arc<Muster>, key: String, incident: Option<IncidentId>, call: Invocation) -> IncidentId {
    let place = Place { platform: PlatformId::console(), incident, address: None, forms: false };
    let caller = Caller::Person(PersonId::from("alice"));
    let inbound = Inbound { caller, place, request: RequestId::new(key), ask: Ask::Call(call) };
    let answer = muster.execute(inbound).await;
    Shown::answer(answer).incident().expect("it is about one")
}

/// Declares an incident of that name, and starts a run in it.
async fn started(muster: &Arc<Muster>, name: &str) -> IncidentId {
    let call = Invocation::of("new").with("title", "checkout is down").with("severity", "SEV1");
    let incident = says(muster, format!("new-{name}"), None, call).await;
    let call = Invocation::of("runbook run").with("runbook", "work");
    says(muster, format!("run-{name}"), Some(incident), call).await
}

/// Incidents, each with one run after another, for so long: how many steps were carried out.
async fn carried_out(url: &str, at_once: u64, lasts: Duration) -> (u64, Duration) {
    let store = muster_store::connect(url).await.expect("the store opens");
    let muster = Muster::new(store, Arc::new(SystemClock), Arc::new(SystemEntropy), organisation(STEPS));
    let working = tokio::spawn(Arc::clone(&muster).work(Arc::new(Nothing), "bench".to_owned(), vec![None]));
    let began = Instant::now();
    let mut callers = tokio::task::JoinSet::new();
    for caller in 0..at_once {
        let muster = Arc::clone(&muster);
        callers.spawn(async move {
            let mut runs = 0;
            while began.elapsed() < lasts {
                let mut signals = muster.watch();
                let incident = started(&muster, &format!("{caller}-{runs}")).await;
                runs += 1;
                while !is_done(&muster, incident).await {
                    // Whoever has missed some looks, too.
                    while matches!(signals.recv().await, Ok(signal) if signal.incident != incident) {}
                }
            }
            runs
        });
    }
    let runs: u64 = callers.join_all().await.into_iter().sum();
    let took = began.elapsed();
    working.abort();
    (runs * u64::try_from(STEPS).expect("a small number"), took)
}

async fn is_done(muster: &Arc<Muster>, incident: IncidentId) -> bool {
    let needs = Needs { incident: Some(incident), ..Needs::default() };
    let state = muster.store().load(&needs).await.expect("the store answers");
    state.incident.is_some_and(|incident| incident.runs.iter().all(|brief| brief.state == RunState::Done))
}

/// Commits of one small row, one after another.
async fn commits(path: &Path, lasts: Duration) -> f64 {
    let mut connection = fresh(path).await;
    let sql = "INSERT INTO signals (id, at, body) VALUES (?, ?, ?)";
    let (mut count, began) = (0, Instant::now());
    while began.elapsed() < lasts {
        statement(&mut connection, sql, vec![Cell::from(count), Cell::from(count), Cell::from("{}")]).await;
        count += 1;
    }
    rate(count.unsigned_abs(), began.elapsed())
}

/// What a decision costs, beside the reading and the writing: that a machine begins, and that it has ended.
fn deciding(report: &mut Report, extent: Extent, runtime: &tokio::runtime::Runtime) {
    let [small, large] = [10, 100].map(|steps| {
        let org = organisation(steps);
        let state = runtime.block_on(at_work(&org));
        decisions(&state, &org, extent.times)
    });
    let aim = Duration::from_millis(1);
    report.add(Figure {
        what: "deciding that a step has ended, and what follows; a run of 100 steps, p50".to_owned(),
        measured: format!("{} (p99 {})", shown(large.p50()), shown(large.p99())),
        raw: format!("{} with 10 steps", shown(small.p50())),
        ratio: Some(ratio(large.p50(), small.p50())),
        aim: format!("{}, and no worse than linear", shown(aim)),
        met: Some(large.p50() <= aim && ratio(large.p50(), small.p50()) <= 10.0),
    });
}

/// A run whose first step somebody is at.
async fn at_work(org: &Organisation) -> State {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
    let muster = Muster::new(Arc::clone(&store), Arc::new(SystemClock), Arc::new(SystemEntropy), org.clone());
    let incident = started(&muster, "one").await;
    let waiting = muster.waiting_jobs(&[None]).await.expect("the store answers");
    let [job] = waiting.as_slice() else { panic!("one job waits: {waiting:?}") };
    muster.take_job(&job.task.id, "bench").await.expect("the store answers");
    let needs = Needs { incident: Some(incident), records: runs::records(incident), ..Needs::default() };
    store.load(&needs).await.expect("the store answers")
}

fn decisions(state: &State, org: &Organisation, times: u64) -> Times {
    let id = &state.records.jobs().next().expect("somebody is at one").task.id;
    let actor = Actor {
        person: PersonId::from("muster"),
        name: "Muster".to_owned(),
        right: Right::Admin,
        handle: None,
        known: false,
        teams: Vec::new(),
    };
    let place = Place { platform: PlatformId::system(), incident: Some(id.incident), address: None, forms: false };
    let request = RequestId::from("bench");
    let ctx = Ctx { now: SystemClock.now(), actor: &actor, place: &place, request: &request, org };
    let ended = Ended::Well { outputs: BTreeMap::new() };
    let outcome = Outcome { ended, output: "{}".to_owned(), cut: false };
    let mut taken = Times::new();
    for _ in 0..times {
        let began = Instant::now();
        let decision = runs::report((id, "bench"), &outcome, state, &ctx);
        taken.add(began.elapsed());
        assert!(decision.is_some(), "it is theirs");
    }
    taken
}
