//! Runners and a Muster: what waits for a label goes to who has it, once, whatever is cut or killed between them.

use crate::alone::Hands;
use async_trait::async_trait;
use muster_core::app::Muster;
use muster_core::clock::{Clock, SystemEntropy};
use muster_core::ids::IncidentId;
use muster_core::org::{Organisation, Runner as Known};
use muster_core::ports::executor::Executor;
use muster_core::ports::store::StoreError;
use muster_core::record::Wanted;
use muster_core::runbook::{
    Action, Call, End, Grant, JobId, Keep, Permissions, RunState, Runbook, Signed, StatusRange, Step, Take, Who,
};
use muster_runbooks::remote::{Gate, Journal, Line, LineError, Ports, Runner, SigningKey, Stop, Trusted};
use muster_tests::memory::MemoryStore;
use muster_tests::process::{SOON, eventually};
use muster_tests::runs::{said, step};
use muster_tests::sample;
use muster_tests::world::World;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, RwLock};
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// The line to a Muster in this process, which can be cut, and lose an answer.
struct Wire {
    muster: RwLock<Arc<Muster>>,
    runner: Known,
    key: SigningKey,
    is_cut: AtomicBool,
    loses_an_order: AtomicBool,
}

impl Wire {
    fn muster(&self) -> Result<Arc<Muster>, LineError> {
        let down = || LineError::Down("the line is cut".to_owned());
        let muster = || Arc::clone(&self.muster.read().unwrap());
        (!self.is_cut.load(Ordering::SeqCst)).then(muster).ok_or_else(down)
    }
}

fn down(error: StoreError) -> LineError {
    LineError::Down(error.to_string())
}

#[async_trait]
impl Line for Wire {
    async fn take(&self, take: &Take) -> Result<Option<Signed>, LineError> {
        let order = self.muster()?.order(&self.runner, take, &self.key).await.map_err(down)?;
        if order.is_none() {
            // As long as an answer takes.
            sleep(Duration::from_millis(5)).await;
        } else if self.loses_an_order.swap(false, Ordering::SeqCst) {
            return Err(LineError::Down("the answer is lost".to_owned()));
        }
        Ok(order)
    }

    async fn keep(&self, keep: &Keep) -> Result<bool, LineError> {
        self.muster()?.keep_for(&self.runner, keep).await.map_err(down)
    }

    async fn end(&self, end: &End) -> Result<(), LineError> {
        self.muster()?.end_for(&self.runner, end.clone()).await.map_err(down)
    }
}

struct Running {
    wire: Arc<Wire>,
    hands: Arc<Hands>,
    task: JoinHandle<()>,
    _stop: watch::Sender<Stop>,
    _folder: TempDir,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A runner of that name and label, which trusts Muster and believes it has that label.
fn runner(world: &World, key: &SigningKey, name: &str, label: &str) -> Running {
    let known = Known { name: name.to_owned(), labels: vec![label.to_owned()] };
    let wire = Arc::new(Wire {
        muster: RwLock::new(Arc::clone(&world.muster)),
        runner: known,
        key: key.clone(),
        is_cut: AtomicBool::new(false),
        loses_an_order: AtomicBool::new(false),
    });
    let hands = Arc::new(Hands::default());
    let mut trusted = Trusted::default();
    trusted.add(&key.public()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let ports = Ports {
        line: Arc::clone(&wire) as Arc<dyn Line>,
        executor: Arc::clone(&hands) as Arc<dyn Executor>,
        clock: Arc::clone(&world.clock) as Arc<dyn Clock>,
        entropy: Arc::new(SystemEntropy),
    };
    let journal = Journal::open(folder.path(), world.clock.now()).unwrap();
    let gate = Gate { name: name.to_owned(), labels: vec![label.to_owned()], trusted };
    let (stop, stops) = watch::channel(Stop::No);
    let task = tokio::spawn(Runner::new(gate, journal, 4, ports).run(stops));
    Running { wire, hands, task, _stop: stop, _folder: folder }
}

/// A runbook of so many steps for the runners of the label `warehouse`, of which each is done once.
fn book(steps: usize) -> Runbook {
    let call = || {
        let expect = vec![StatusRange { from: 200, to: 299 }];
        Action::Http(Call {
            method: "POST".to_owned(),
            url: said("https://stock.internal/"),
            headers: Vec::new(),
            body: None,
            expect,
        })
    };
    let grant = || vec![Grant { who: vec![Who::Responders], severities: Vec::new() }];
    let one = |n| Step { runner: Some("warehouse".to_owned()), ..step(&format!("step-{n}"), "Switch", call()) };
    Runbook {
        id: "switch".to_owned(),
        name: "Switch".to_owned(),
        description: String::new(),
        owner: None,
        services: Vec::new(),
        triggers: Vec::new(),
        inputs: Vec::new(),
        permissions: Permissions { run: grant(), drive: grant() },
        steps: (1..=steps).map(one).collect(),
    }
}

/// A Muster with that runbook, which Alice has started.
pub(crate) async fn started(steps: usize) -> World {
    let mut org: Organisation = sample::retailer();
    org.runbooks.books.push(Arc::new(book(steps)));
    let world = World::over(Arc::new(MemoryStore::default()), org, Box::new(()));
    let alice = world.person("alice");
    alice.types("new sev1 checkout is down").await.ok();
    alice.in_room("INC-1").types("runbook run switch").await.ok();
    world
}

async fn state(muster: &Muster) -> RunState {
    let needs = muster_core::decide::Needs { records: vec![Wanted::RunsOf(IncidentId(1))], ..Default::default() };
    let records = muster.store().load(&needs).await.unwrap().records;
    records.run(IncidentId(1), 1).unwrap().state.clone()
}

pub(crate) async fn becomes(muster: &Muster, wanted: RunState) {
    eventually("the run goes on", SOON, async || (state(muster).await == wanted).then_some(())).await;
}

fn begun(hands: &Hands) -> Vec<String> {
    hands.begun.lock().unwrap().clone()
}

async fn begins(hands: &Hands) {
    eventually("it begins", SOON, async || (!begun(hands).is_empty()).then_some(())).await;
}

#[tokio::test]
async fn two_runners_of_one_label_do_each_step_once() {
    let world = started(30).await;
    let key = SigningKey::generate(&SystemEntropy);
    let both = ["warehouse-1", "warehouse-2"].map(|name| runner(&world, &key, name, "warehouse"));
    both.iter().for_each(|one| one.hands.quick.store(true, Ordering::SeqCst));
    becomes(&world.muster, RunState::Done).await;
    let mut all: Vec<_> = both.iter().flat_map(|one| begun(&one.hands)).collect();
    all.sort();
    let mut expected: Vec<_> = (1..=30).map(|n| format!("INC-1/1/step-{n}/1")).collect();
    expected.sort();
    assert_eq!(all, expected);
}

/// Whoever has stolen its key gets nothing but what is for its label.
#[tokio::test]
async fn a_runner_of_another_label_gets_nothing() {
    let world = started(1).await;
    let key = SigningKey::generate(&SystemEntropy);
    let known = Known { name: "payments-1".to_owned(), labels: vec!["payments".to_owned()] };
    let job = JobId { incident: IncidentId(1), run: 1, step: "step-1".to_owned(), undo: false, attempt: 1 };
    for at in [Vec::new(), vec![job]] {
        let take = Take { life: "0123456789".to_owned(), at };
        assert_eq!(world.muster.order(&known, &take, &key).await.unwrap(), None);
    }
    let theirs = runner(&world, &key, "warehouse-1", "warehouse");
    begins(&theirs.hands).await;
    // Nor may it say how that ended, also if it knows which life is at it.
    let report = muster_core::runbook::Report {
        ended: muster_core::runbook::Ended::Badly { reason: "says who".to_owned() },
        output: String::new(),
        cut: false,
    };
    let job = JobId { incident: IncidentId(1), run: 1, step: "step-1".to_owned(), undo: false, attempt: 1 };
    world.muster.end_for(&known, End { life: "0123456789".to_owned(), job, report }).await.unwrap();
    assert_eq!(state(&world.muster).await, RunState::Running);
    theirs.hands.end.notify_one();
    becomes(&world.muster, RunState::Done).await;
}

#[tokio::test]
async fn an_order_that_is_lost_on_the_way_is_given_again_and_done_once() {
    let world = started(2).await;
    let key = SigningKey::generate(&SystemEntropy);
    let one = runner(&world, &key, "warehouse-1", "warehouse");
    one.wire.loses_an_order.store(true, Ordering::SeqCst);
    one.hands.quick.store(true, Ordering::SeqCst);
    becomes(&world.muster, RunState::Done).await;
    assert!(!one.wire.loses_an_order.load(Ordering::SeqCst), "one was lost");
    assert_eq!(begun(&one.hands), ["INC-1/1/step-1/1", "INC-1/1/step-2/1"]);
}

/// People are asked meanwhile, and the report answers.
#[tokio::test]
async fn a_runner_that_is_cut_off_and_comes_back_says_how_it_ended() {
    let world = started(1).await;
    let key = SigningKey::generate(&SystemEntropy);
    let one = runner(&world, &key, "warehouse-1", "warehouse");
    begins(&one.hands).await;
    one.wire.is_cut.store(true, Ordering::SeqCst);
    world.pass(2).await;
    assert_eq!(state(&world.muster).await, RunState::Stopped, "nobody knows");
    let other = runner(&world, &key, "warehouse-2", "warehouse");
    one.hands.end.notify_one();
    one.wire.is_cut.store(false, Ordering::SeqCst);
    becomes(&world.muster, RunState::Done).await;
    assert_eq!((begun(&one.hands).len(), begun(&other.hands).len()), (1, 0), "nobody else has begun it");
}

#[tokio::test]
async fn a_muster_that_is_killed_hears_from_the_runner_after_its_restart() {
    let world = started(1).await;
    let key = SigningKey::generate(&SystemEntropy);
    let one = runner(&world, &key, "warehouse-1", "warehouse");
    begins(&one.hands).await;
    one.wire.is_cut.store(true, Ordering::SeqCst);
    one.hands.end.notify_one();
    let org = (*world.muster.org()).clone();
    let clock = Arc::clone(&world.clock) as Arc<dyn Clock>;
    let anew = Muster::new(Arc::clone(world.muster.store()), clock, Arc::new(SystemEntropy), org);
    anew.lose_orphans("another life of Muster").await.unwrap();
    assert_eq!(state(&anew).await, RunState::Running, "what a runner is at is not lost with Muster");
    *one.wire.muster.write().unwrap() = Arc::clone(&anew);
    one.wire.is_cut.store(false, Ordering::SeqCst);
    becomes(&anew, RunState::Done).await;
    assert_eq!(begun(&one.hands).len(), 1);
}

/// The journal has it, and no report: people are asked, and nothing is begun by itself.
#[tokio::test]
async fn a_runner_that_is_killed_at_work_leaves_a_step_that_people_decide_about() {
    let world = started(1).await;
    let key = SigningKey::generate(&SystemEntropy);
    let one = runner(&world, &key, "warehouse-1", "warehouse");
    begins(&one.hands).await;
    drop(one);
    let next = runner(&world, &key, "warehouse-1", "warehouse");
    world.pass(2).await;
    assert_eq!(state(&world.muster).await, RunState::Stopped);
    assert_eq!(begun(&next.hands), [""; 0]);
    next.hands.quick.store(true, Ordering::SeqCst);
    world.person("alice").in_room("INC-1").types("runbook retry").await.ok();
    becomes(&world.muster, RunState::Done).await;
    assert_eq!(begun(&next.hands), ["INC-1/1/step-1/2"], "a person has said so");
}
