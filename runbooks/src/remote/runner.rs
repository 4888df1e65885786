//! A runner: takes what it is sure of, one order a place, attends to each until it has ended, and reports.

use super::attend::{Outcome, attend};
use super::gate::{Gate, Refused, claims};
use super::journal::Journal;
use super::line::{Line, LineError};
use super::pause::Pause;
use muster_core::clock::{Clock, Entropy};
use muster_core::ports::executor::Executor;
use muster_core::runbook::{End, Ended, JobId, Order, Report, Signed, Take};
use std::collections::BTreeSet;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

/// Whether a runner is to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stop {
    /// It is not.
    No,
    /// It takes nothing more, and ends what it has.
    Drain,
    /// It ends what it has at once.
    Now,
}

/// Returns when it is to stop, at least as soon as that.
pub(super) async fn stops(stop: &mut watch::Receiver<Stop>, how: Stop) {
    if stop.wait_for(|now| *now >= how).await.is_err() {
        // Nobody is left who could say so.
        std::future::pending().await
    }
}

/// For how long it is tried to report once the runner is to stop.
const LAST_WORDS: Duration = Duration::from_secs(30);

/// What a runner needs of the world.
pub struct Ports {
    /// The line to Muster.
    pub line: Arc<dyn Line>,
    /// What carries the steps out.
    pub executor: Arc<dyn Executor>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The randomness.
    pub entropy: Arc<dyn Entropy>,
}

/// A runner.
pub struct Runner {
    gate: Gate,
    journal: Arc<Mutex<Journal>>,
    pub(super) ports: Ports,
    pub(super) life: String,
    places: Arc<Semaphore>,
    at: Mutex<BTreeSet<JobId>>,
}

impl Runner {
    /// A runner that does as many jobs at once as it has `places`.
    #[must_use]
    pub fn new(gate: Gate, journal: Journal, places: usize, ports: Ports) -> Arc<Self> {
        let mut life = [0; 12];
        ports.entropy.fill(&mut life);
        Arc::new(Self {
            gate,
            journal: Arc::new(Mutex::new(journal)),
            life: life.iter().map(|byte| format!("{byte:02x}")).collect(),
            places: Arc::new(Semaphore::new(places)),
            at: Mutex::default(),
            ports,
        })
    }

    /// Takes work and does it, until it is to stop and all that is under way has ended.
    pub async fn run(self: Arc<Self>, mut stop: watch::Receiver<Stop>) {
        let mut under_way = JoinSet::new();
        let mut pause = Pause::default();
        let mut is_reached = None;
        loop {
            let place = tokio::select! {
                biased;
                () = stops(&mut stop, Stop::Drain) => break,
                place = Arc::clone(&self.places).acquire_owned() => place,
            };
            while under_way.try_join_next().is_some() {}
            let (asked, ask) = (Instant::now(), self.ask());
            // It is waited for the answer also when it is to stop in good order: it may bring work that is ours then.
            let taken = tokio::select! {
                taken = self.ports.line.take(&ask) => taken,
                () = stops(&mut stop, Stop::Now) => break,
            };
            tell_whether_reached(&mut is_reached, &taken);
            let goes_well = match taken {
                Ok(None) => true,
                Ok(Some(signed)) => match self.accept(&signed).await {
                    Some(order) => {
                        let (this, stop) = (Arc::clone(&self), stop.clone());
                        under_way.spawn(async move {
                            this.carry_out(order, asked, stop).await;
                            drop(place);
                        });
                        true
                    }
                    None => false,
                },
                Err(_) => false,
            };
            if goes_well {
                pause = Pause::default();
                continue;
            }
            tokio::select! {
                () = stops(&mut stop, Stop::Drain) => break,
                () = sleep(pause.next(self.ports.entropy.as_ref())) => {}
            }
        }
        tracing::info!(
            under_way = self.jobs().len(),
            "this runner takes nothing more; what is under way is ended first"
        );
        while under_way.join_next().await.is_some() {}
    }

    fn ask(&self) -> Take {
        Take { life: self.life.clone(), at: self.jobs().iter().cloned().collect() }
    }

    fn jobs(&self) -> MutexGuard<'_, BTreeSet<JobId>> {
        self.at.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The order, if it is one, is ours, and was never begun. It is in the journal then.
    async fn accept(&self, signed: &Signed) -> Option<Order> {
        let now = self.ports.clock.now();
        let why = match self.gate.check(signed, now) {
            Ok(order) => match self.begin(&order.task.id).await {
                Ok(true) => {
                    self.jobs().insert(order.task.id.clone());
                    return Some(order);
                }
                Ok(false) => Refused::Replayed.to_string(),
                Err(error) => format!("the journal of this runner cannot be written: {error}"),
            },
            Err(refused) => refused.to_string(),
        };
        let job = claims(signed);
        let shown = job.as_ref().map_or_else(|| "something".to_owned(), JobId::to_string);
        tracing::warn!(job = shown, "refused: {why}");
        // Muster is told, so that people learn it. But of what is or was done here nothing is said that could be wrong.
        if let Some(job) = job.filter(|job| !self.has_begun(job)) {
            let ended = Ended::Badly { reason: format!("the runner {} refused it: {why}", self.gate.name) };
            let report = Report { ended, output: String::new(), cut: false };
            let end = End { life: self.life.clone(), job, report };
            if let Err(error) = self.ports.line.end(&end).await {
                tracing::warn!(job = shown, "that it was refused could not be told: {error}");
            }
        }
        None
    }

    fn has_begun(&self, job: &JobId) -> bool {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner).begun(job).is_some()
    }

    async fn begin(&self, job: &JobId) -> io::Result<bool> {
        let (journal, job, now) = (Arc::clone(&self.journal), job.clone(), self.ports.clock.now());
        let begin = move || journal.lock().unwrap_or_else(PoisonError::into_inner).begin(&job, now);
        tokio::task::spawn_blocking(begin).await.map_err(io::Error::other)?
    }

    async fn carry_out(&self, order: Order, asked: Instant, mut stop: watch::Receiver<Stop>) {
        let job = &order.task.id;
        let _at = At(self, job);
        tracing::info!(%job, label = order.label, "begun");
        match attend(self, &order, asked, &mut stop).await {
            Outcome::Ended(report) => {
                tracing::info!(%job, "{}", in_words(&report.ended));
                let end = End { life: self.life.clone(), job: job.clone(), report };
                let too_late = async {
                    stops(&mut stop, Stop::Drain).await;
                    sleep(LAST_WORDS).await;
                };
                tokio::select! {
                    () = self.report(&end) => {}
                    () = too_late => tracing::error!(%job, "how it ended could not be reported"),
                }
            }
            Outcome::NotOurs => tracing::warn!(%job, "ended: Muster says that it is not ours any more"),
        }
    }

    async fn report(&self, end: &End) {
        let mut pause = Pause::default();
        loop {
            match self.ports.line.end(end).await {
                Ok(()) => return,
                Err(error @ LineError::Refused(_)) => {
                    tracing::error!(job = %end.job, "how it ended could not be reported: {error}");
                    return;
                }
                Err(error @ LineError::Down(_)) => {
                    tracing::warn!(job = %end.job, "how it ended is reported later: {error}");
                    sleep(pause.next(self.ports.entropy.as_ref())).await;
                }
            }
        }
    }
}

/// A job that a runner is at, until this is dropped.
struct At<'a>(&'a Runner, &'a JobId);

impl Drop for At<'_> {
    fn drop(&mut self) {
        self.0.jobs().remove(self.1);
    }
}

fn in_words(ended: &Ended) -> String {
    match ended {
        Ended::Well { .. } => "done".to_owned(),
        Ended::Badly { reason } => format!("failed: {reason}"),
        Ended::Unclear { reason } => format!("nobody knows whether it took effect: {reason}"),
    }
}

/// Only a change is worth a line.
fn tell_whether_reached(is_reached: &mut Option<bool>, taken: &Result<Option<Signed>, LineError>) {
    if *is_reached == Some(taken.is_ok()) {
        return;
    }
    *is_reached = Some(taken.is_ok());
    match taken {
        Ok(_) => tracing::info!("Muster is reached"),
        Err(error) => tracing::warn!("{error}; it is tried again and again"),
    }
}
