//! What runs beside the requests. A loop that ends has broken, and Muster does not go on without it.

use chrono::TimeDelta;
use muster_core::app::Muster;
use muster_core::clock::{Entropy, SystemEntropy};
use muster_core::ports::store::OutboxState;
use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::{AbortHandle, Id, JoinSet};

/// How long a kept reply answers the same request again, and a code can be asked for.
const KEEP: TimeDelta = TimeDelta::days(7);
/// How often the old ones are swept away.
const SWEEP: Duration = Duration::from_hours(1);
/// When they are swept first: a start has better things to do.
const FIRST_SWEEP: Duration = Duration::from_mins(1);
/// How long a delivery under way may take once Muster is to stop.
const GRACE: Duration = Duration::from_secs(5);
/// How often it is looked whether everybody is looked after.
const UPKEEP: Duration = Duration::from_mins(1);
/// How often what waits is counted.
const MEASURE: Duration = Duration::from_secs(10);
/// How many at once, so that nobody waits for the sweeper.
const SWEPT: i64 = 1_000;

/// The loops under way.
#[derive(Default)]
pub(super) struct Loops {
    tasks: JoinSet<()>,
    names: HashMap<Id, &'static str>,
    endless: Vec<AbortHandle>,
}

impl Loops {
    /// Starts a loop that may be cut off anywhere.
    pub(super) fn start(&mut self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        let task = self.tasks.spawn(work);
        self.names.insert(task.id(), name);
        self.endless.push(task);
    }

    /// Starts a loop that ends by itself once Muster is to stop.
    pub(super) fn start_stoppable(&mut self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        let id = self.tasks.spawn(work).id();
        self.names.insert(id, name);
    }

    /// Waits until a loop breaks, which none should; says which and how.
    pub(super) async fn broken(&mut self) -> String {
        let name = |names: &HashMap<Id, &'static str>, id| names.get(&id).copied().unwrap_or("loop");
        match self.tasks.join_next_with_id().await {
            Some(Ok((id, ()))) => format!("the {} ended", name(&self.names, id)),
            Some(Err(error)) => format!("the {} broke: {error}", name(&self.names, error.id())),
            None => std::future::pending().await,
        }
    }

    /// Stops them all: those that end by themselves get [`GRACE`], the others none.
    pub(super) async fn stop(mut self) {
        self.endless.iter().for_each(AbortHandle::abort);
        let ended = tokio::time::timeout(GRACE, async { while self.tasks.join_next().await.is_some() {} }).await;
        if ended.is_err() {
            tracing::warn!("what was being delivered is cut off; it is tried again after the next start");
        }
        self.tasks.shutdown().await;
    }
}

/// Begins to look after those who are on call, which goes on by a timer.
pub(super) async fn look_after_those_on_call(muster: Arc<Muster>) {
    loop {
        if let Err(error) = muster.begin_watch().await {
            tracing::warn!(%error, "those on call cannot be looked after yet; trying again");
        }
        tokio::time::sleep(UPKEEP).await;
    }
}

/// Sweeps away what is old, for ever.
pub(super) async fn sweep(muster: Arc<Muster>) {
    tokio::time::sleep(FIRST_SWEEP).await;
    loop {
        match muster.store().sweep(muster.now() - KEEP, SWEPT).await {
            Ok(swept) if i64::try_from(swept).is_ok_and(|swept| swept >= SWEPT) => {
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "old replies could not be swept away; trying again later"),
        }
        tokio::time::sleep(SWEEP).await;
    }
}

/// Measures what waits, for ever, so that an operator can be warned of what was given up.
pub(super) async fn measure(muster: Arc<Muster>) {
    metrics::gauge!("muster_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    loop {
        tokio::time::sleep(MEASURE).await;
        let store = muster.store();
        let counts = [
            ("muster_outbox_dead", store.count(OutboxState::Dead).await),
            ("muster_outbox_waiting", store.count(OutboxState::Waiting).await),
            ("muster_timers_pending", store.pending().await),
            ("muster_signals_waiting", store.count_waiting().await),
        ];
        for (name, count) in counts {
            match count {
                Ok(count) => metrics::gauge!(name).set(f64::from(i32::try_from(count).unwrap_or(i32::MAX))),
                Err(error) => tracing::debug!(%error, name, "could not be counted"),
            }
        }
    }
}

/// A name for this process among all that share the store: never the same twice.
pub(super) fn worker_name() -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host = if host.trim().is_empty() { "muster" } else { host.trim() };
    let mut bytes = [0; 4];
    SystemEntropy.fill(&mut bytes);
    format!("{host}/{}/{:08x}", std::process::id(), u32::from_le_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_loop_that_panics_is_named() {
        let mut loops = Loops::default();
        loops.start("good loop", std::future::pending());
        loops.start("timer loop", async { panic!("out of time") });
        let broken = loops.broken().await;
        assert!(broken.starts_with("the timer loop broke: ") && broken.contains("out of time"), "{broken}");
        loops.stop().await;
    }

    #[test]
    fn no_two_processes_have_one_name() {
        assert_ne!(worker_name(), worker_name());
    }
}
