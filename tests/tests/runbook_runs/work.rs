//! Muster at work: what machines do is done once, beside everything else, and asked about where nobody knows.

use async_trait::async_trait;
use chrono::TimeDelta;
use muster_core::decide::Needs;
use muster_core::ids::IncidentId;
use muster_core::ports::executor::Executor;
use muster_core::record::Wanted;
use muster_core::runbook::{
    Action, Call, Ended, Grant, JobId, JobState, OnFailure, Permissions, Report, Run, RunState, Runbook, Step,
    StepState, Task, Text, Who,
};
use muster_tests::memory::MemoryStore;
use muster_tests::sample;
use muster_tests::world::World;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// Longer than any of this takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// More turns than any task needs to come to rest.
const MOVES: usize = 1_000;

/// Carries out nothing, and counts what it is given. It ends at once, or never.
#[derive(Default)]
struct Counter {
    begun: Mutex<Vec<String>>,
    dropped: Mutex<Vec<String>>,
    news: Notify,
    never_ends: bool,
}

impl Counter {
    fn endless() -> Arc<Self> {
        Arc::new(Self { never_ends: true, ..Self::default() })
    }

    fn begun(&self) -> Vec<String> {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn dropped(&self) -> Vec<String> {
        self.dropped.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until that holds.
    async fn until(&self, holds: impl Fn(&Self) -> bool) {
        let wait = async {
            loop {
                let news = self.news.notified();
                if holds(self) {
                    return;
                }
                news.await;
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.unwrap_or_else(|_| panic!("{:?}", self.begun()));
    }
}

/// Tells when what it stands for is let go before its end.
struct Guard<'a>(&'a Counter, JobId, bool);

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        if !self.2 {
            self.0.dropped.lock().unwrap_or_else(PoisonError::into_inner).push(self.1.to_string());
            self.0.news.notify_waiters();
        }
    }
}

#[async_trait]
impl Executor for Counter {
    async fn execute(&self, task: &Task, _: &watch::Sender<Vec<String>>) -> Report {
        let mut guard = Guard(self, task.id.clone(), false);
        self.begun.lock().unwrap_or_else(PoisonError::into_inner).push(task.id.to_string());
        self.news.notify_waiters();
        if self.never_ends {
            std::future::pending::<()>().await;
        }
        guard.2 = true;
        Report { ended: Ended::Well { outputs: BTreeMap::new() }, output: "well".to_owned(), cut: false }
    }
}

fn step(id: &str, idempotent: bool) -> Step {
    let call = Call {
        method: "POST".into(),
        url: Text::parse(&format!("https://gateway.internal/{id}")).expect("a text"),
        headers: Vec::new(),
        body: None,
        expect: Vec::new(),
    };
    Step {
        id: id.to_owned(),
        name: id.to_uppercase(),
        condition: None,
        action: Action::Http(call),
        who: Vec::new(),
        runner: None,
        timeout: Some(PATIENCE),
        retry: None,
        idempotent,
        on_failure: OnFailure::Ask,
        outputs: Vec::new(),
        undo: None,
    }
}

fn world(steps: Vec<Step>) -> World {
    let responders = || vec![Grant { who: vec![Who::Responders], severities: Vec::new() }];
    let book = Runbook {
        id: "failover".into(),
        name: "Failover".into(),
        description: String::new(),
        owner: None,
        services: Vec::new(),
        triggers: Vec::new(),
        inputs: Vec::new(),
        permissions: Permissions { run: responders(), drive: responders() },
        steps,
    };
    let mut org = sample::retailer();
    org.runbooks.books = vec![Arc::new(book)];
    World::over(Arc::new(MemoryStore::default()), org, Box::new(()))
}

async fn started(world: &World) {
    let alice = world.person("alice").in_room("INC-1");
    world.person("alice").types("new sev1 checkout is down").await.ok();
    alice.types("runbook run failover").await.ok();
    assert_eq!(run(world).await.state, RunState::Running);
}

async fn run(world: &World) -> Run {
    let needs = Needs { records: vec![Wanted::RunsOf(IncidentId(1))], ..Needs::default() };
    let state = world.muster.store().load(&needs).await.expect("the store answers");
    state.records.run(IncidentId(1), 1).cloned().expect("the run")
}

/// Waits until that is true of the run.
async fn until(world: &World, holds: impl Fn(&Run) -> bool) -> Run {
    let wait = async {
        let mut changes = world.muster.watch();
        loop {
            let run = run(world).await;
            if holds(&run) {
                return run;
            }
            changes.recv().await.expect("Muster lives");
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.expect("it comes to that")
}

fn at_work(world: &World, executor: &Arc<Counter>, worker: &str) -> tokio::task::JoinHandle<()> {
    let executor: Arc<dyn Executor> = Arc::clone(executor) as Arc<dyn Executor>;
    tokio::spawn(Arc::clone(&world.muster).work(executor, worker.to_owned(), vec![None]))
}

#[tokio::test]
async fn one_step_after_another_each_once() {
    let world = world(vec![step("one", false), step("two", false), step("three", false)]);
    started(&world).await;
    let counter = Arc::new(Counter::default());
    let work = at_work(&world, &counter, "first");
    until(&world, |run| run.state == RunState::Done).await;
    assert_eq!(counter.begun(), ["INC-1/1/one/1", "INC-1/1/two/1", "INC-1/1/three/1"]);
    work.abort();
}

#[tokio::test]
async fn whoever_gives_a_run_up_ends_what_is_under_way() {
    let world = world(vec![step("one", false)]);
    started(&world).await;
    let counter = Counter::endless();
    let work = at_work(&world, &counter, "first");
    counter.until(|counter| counter.begun().len() == 1).await;
    world.person("alice").in_room("INC-1").types("runbook abort wrong one").await.ok();
    // The next beat finds that the job is gone.
    for _ in 0..MOVES {
        world.clock.advance(TimeDelta::seconds(1));
        tokio::task::yield_now().await;
    }
    assert_eq!(counter.dropped(), ["INC-1/1/one/1"]);
    assert_eq!(run(&world).await.state, RunState::Aborted);
    work.abort();
}

#[tokio::test]
async fn a_long_step_is_kept_alive() {
    let world = world(vec![step("one", false)]);
    started(&world).await;
    let counter = Counter::endless();
    let work = at_work(&world, &counter, "first");
    counter.until(|counter| counter.begun().len() == 1).await;
    for _ in 0..30 {
        let before = deadline(&world).await;
        world.clock.advance(TimeDelta::seconds(10));
        for _ in 0..MOVES {
            tokio::task::yield_now().await;
        }
        assert!(deadline(&world).await > before, "whoever is at it has said that they live");
        world.settle().await;
    }
    assert!(matches!(run(&world).await.steps[0].state, StepState::Working { .. }));
    work.abort();
}

/// Until when whoever is at the only job is believed to live.
async fn deadline(world: &World) -> Option<muster_core::clock::Timestamp> {
    let wanted = vec![Wanted::JobsOf(IncidentId(1))];
    let state =
        world.muster.store().load(&Needs { records: wanted, ..Needs::default() }).await.expect("the store answers");
    state.records.jobs().find_map(|job| {
        let JobState::Held { until, .. } = &job.state else { return None };
        Some(*until)
    })
}

#[tokio::test]
async fn after_a_sudden_end_what_is_as_good_twice_goes_on_and_the_rest_is_asked_about() {
    for idempotent in [true, false] {
        let world = world(vec![step("one", idempotent)]);
        started(&world).await;
        let before = Counter::endless();
        let work = at_work(&world, &before, "first");
        before.until(|counter| counter.begun().len() == 1).await;
        work.abort();
        before.until(|counter| counter.dropped().len() == 1).await;

        let after = Arc::new(Counter::default());
        let work = at_work(&world, &after, "second");
        if idempotent {
            until(&world, |run| run.state == RunState::Done).await;
            assert_eq!(after.begun(), ["INC-1/1/one/2"]);
        } else {
            let stopped = until(&world, |run| run.state == RunState::Stopped).await;
            assert!(matches!(stopped.steps[0].state, StepState::Unknown { .. }));
            assert_eq!(after.begun(), Vec::<String>::new(), "nobody begins it unasked");
            world.person("alice").in_room("INC-1").types("runbook retry").await.ok();
            until(&world, |run| run.state == RunState::Done).await;
            assert_eq!(after.begun(), ["INC-1/1/one/2"]);
        }
        work.abort();
    }
}
