//! A runner without a Muster: the test is at the other end of the line, and in place of what carries steps out.

use async_trait::async_trait;
use muster_core::clock::{Clock, SystemEntropy, Timestamp};
use muster_core::ports::executor::Executor;
use muster_core::ports::signer::Signer;
use muster_core::runbook::{End, Ended, Keep, Order, Report, Signed, Take, Task};
use muster_runbooks::remote::{Gate, Journal, Line, LineError, Ports, Runner, SigningKey, Stop, Trusted};
use muster_tests::fixtures::{at, job};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::{Mutex as Turns, Notify, mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// After how long of silence a runner is taken for lost.
pub(crate) const LOST_AFTER: Duration = Duration::from_millis(900);

/// It stands still.
struct Still;

#[async_trait]
impl Clock for Still {
    fn now(&self) -> Timestamp {
        at(0)
    }

    async fn sleep_until(&self, _: Timestamp) {
        std::future::pending().await
    }
}

/// What carries steps out: it begins them, and ends them when it is let.
#[derive(Default)]
pub(crate) struct Hands {
    /// What was begun, by the names of the jobs.
    pub(crate) begun: Mutex<Vec<String>>,
    /// How many were dropped before they ended.
    pub(crate) dropped: AtomicU32,
    /// Lets one end.
    pub(crate) end: Notify,
    /// Whether each ends by itself.
    pub(crate) quick: AtomicBool,
}

struct Dropped<'a>(&'a AtomicU32);

impl Drop for Dropped<'_> {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[async_trait]
impl Executor for Hands {
    async fn execute(&self, task: &Task, tail: &watch::Sender<Vec<String>>) -> Report {
        self.begun.lock().unwrap().push(task.id.to_string());
        tail.send_replace(vec!["half way".to_owned()]);
        let dropped = Dropped(&self.dropped);
        if !self.quick.load(Ordering::SeqCst) {
            self.end.notified().await;
        }
        std::mem::forget(dropped);
        Report { ended: Ended::Well { outputs: BTreeMap::new() }, output: "done".to_owned(), cut: false }
    }
}

/// The other end of the line.
pub(crate) struct Far {
    orders: Turns<mpsc::UnboundedReceiver<Signed>>,
    ends: mpsc::UnboundedSender<End>,
    keeps: mpsc::UnboundedSender<Keep>,
    /// Told of each call that does not get through.
    lost: mpsc::UnboundedSender<()>,
    /// Whether nothing gets through.
    pub(crate) is_cut: AtomicBool,
    /// Whether a runner is to go on.
    pub(crate) go_on: AtomicBool,
}

impl Far {
    fn through(&self) -> Result<(), LineError> {
        if !self.is_cut.load(Ordering::SeqCst) {
            return Ok(());
        }
        let _ = self.lost.send(());
        Err(LineError::Down("the line is cut".to_owned()))
    }
}

#[async_trait]
impl Line for Far {
    async fn take(&self, _: &Take) -> Result<Option<Signed>, LineError> {
        self.through()?;
        // For as long as a Muster waits for work.
        let waits = timeout(Duration::from_millis(50), async { self.orders.lock().await.recv().await });
        Ok(waits.await.unwrap_or(None))
    }

    async fn keep(&self, keep: &Keep) -> Result<bool, LineError> {
        self.through()?;
        let _ = self.keeps.send(keep.clone());
        Ok(self.go_on.load(Ordering::SeqCst))
    }

    async fn end(&self, end: &End) -> Result<(), LineError> {
        self.through()?;
        let _ = self.ends.send(end.clone());
        Ok(())
    }
}

/// A runner, all around it in the hands of the test. Its name is `warehouse-1`, its label `warehouse`.
pub(crate) struct Alone {
    pub(crate) key: SigningKey,
    pub(crate) far: Arc<Far>,
    pub(crate) hands: Arc<Hands>,
    pub(crate) stop: watch::Sender<Stop>,
    orders: mpsc::UnboundedSender<Signed>,
    ends: mpsc::UnboundedReceiver<End>,
    keeps: mpsc::UnboundedReceiver<Keep>,
    lost: mpsc::UnboundedReceiver<()>,
    folder: TempDir,
    running: JoinHandle<()>,
}

impl Alone {
    pub(crate) fn starts() -> Self {
        let key = SigningKey::generate(&SystemEntropy);
        Self::starts_in(tempfile::tempdir().unwrap(), key)
    }

    fn starts_in(folder: TempDir, key: SigningKey) -> Self {
        let (orders, ordered) = mpsc::unbounded_channel();
        let (ends_in, ends) = mpsc::unbounded_channel();
        let (keeps_in, keeps) = mpsc::unbounded_channel();
        let (lost_in, lost) = mpsc::unbounded_channel();
        let far = Arc::new(Far {
            orders: Turns::new(ordered),
            ends: ends_in,
            keeps: keeps_in,
            lost: lost_in,
            is_cut: AtomicBool::new(false),
            go_on: AtomicBool::new(true),
        });
        let hands = Arc::new(Hands::default());
        let mut trusted = Trusted::default();
        trusted.add(&SigningKey::generate(&SystemEntropy).public()).unwrap();
        trusted.add(&key.public()).unwrap();
        let gate = Gate { name: "warehouse-1".to_owned(), labels: vec!["warehouse".to_owned()], trusted };
        let journal = Journal::open(folder.path(), at(0)).unwrap();
        let ports = Ports {
            line: Arc::clone(&far) as Arc<dyn Line>,
            executor: Arc::clone(&hands) as Arc<dyn Executor>,
            clock: Arc::new(Still),
            entropy: Arc::new(SystemEntropy),
        };
        let (stop, stops) = watch::channel(Stop::No);
        let running = tokio::spawn(Runner::new(gate, journal, 4, ports).run(stops));
        Self { key, far, hands, stop, orders, ends, keeps, lost, folder, running }
    }

    /// It is gone at once, and another life begins with its journal.
    pub(crate) async fn dies_and_starts_again(self) -> Self {
        self.running.abort();
        let _ = self.running.await;
        Self::starts_in(self.folder, self.key)
    }

    pub(crate) fn is_sent(&self, signed: &Signed) {
        self.orders.send(signed.clone()).unwrap();
    }

    pub(crate) fn signs(&self, order: &Order) -> Signed {
        let order = serde_json::to_string(order).unwrap();
        Signed { signature: self.key.sign(&order), order }
    }

    /// What Muster is told next.
    pub(crate) async fn tells(&mut self) -> End {
        self.ends.recv().await.unwrap()
    }

    pub(crate) async fn says_that_it_lives(&mut self) -> Keep {
        self.keeps.recv().await.unwrap()
    }

    /// It tries to say something, and it does not get through.
    pub(crate) async fn is_not_heard(&mut self) {
        self.lost.recv().await.unwrap();
    }

    /// Whether Muster was told anything more.
    pub(crate) fn has_told(&mut self) -> bool {
        self.ends.try_recv().is_ok()
    }

    pub(crate) fn has_begun(&self) -> Vec<String> {
        self.hands.begun.lock().unwrap().clone()
    }

    /// It is to stop so, and has.
    pub(crate) async fn stops(self, how: Stop) -> (Arc<Hands>, mpsc::UnboundedReceiver<End>) {
        self.stop.send_replace(how);
        self.running.await.unwrap();
        (self.hands, self.ends)
    }
}

/// An order for `warehouse-1` about that step, which nobody else does if it is lost.
pub(crate) fn order(step: &str) -> Order {
    Order {
        runner: "warehouse-1".to_owned(),
        label: "warehouse".to_owned(),
        issued_at: at(-1),
        expires_at: at(100),
        lost_after: LOST_AFTER,
        passes_on: false,
        task: job(7, step, 1).task,
    }
}

pub(crate) fn reason(end: &End) -> &str {
    match &end.report.ended {
        Ended::Badly { reason } | Ended::Unclear { reason } => reason,
        Ended::Well { .. } => "it went well",
    }
}
