//! A process that tells subscribers is begun and killed again and again, at random moments; the last one is let live.

use muster_core::comms::Tally;
use muster_core::ids::IncidentId;
use muster_core::ports::store::Store;
use muster_tests::process::{eventually, number_from, seed};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::sync::Arc;
use std::time::Duration;

/// How often it is killed, unless `MUSTER_KILLS` says otherwise.
const KILLS: u64 = 6;
/// On PostgreSQL what was under way in a process that was killed is tried again a minute later, and may wait behind another that was.
const DRAIN: Duration = Duration::from_secs(200);

/// How often something is killed.
pub(crate) fn kills() -> u64 {
    number_from("MUSTER_KILLS").unwrap_or(KILLS)
}

/// Returns once that is so.
pub(crate) async fn comes_to(what: &str, is_so: impl AsyncFn() -> bool) {
    eventually(what, DRAIN, async || {
        tokio::time::sleep(Duration::from_millis(2)).await;
        is_so().await.then_some(())
    })
    .await;
}

/// Something that tells subscribers, and those who are told.
pub(crate) trait Teller {
    /// It while it runs.
    type Process;

    /// Begins its next life.
    async fn begin(&self, life: u64) -> Self::Process;

    /// kill -9.
    fn kill(process: Self::Process);

    /// How much has arrived in all its lives.
    fn arrived(&self) -> usize;
}

/// A message on its way to many.
pub(crate) struct Told<'a> {
    pub(crate) store: &'a Arc<dyn Store>,
    pub(crate) incident: IncidentId,
    pub(crate) message: i64,
    pub(crate) people: usize,
}

impl Told<'_> {
    /// How it stands with them.
    pub(crate) async fn tally(&self) -> Tally {
        self.store.tally(self.incident, self.message).await.unwrap()
    }

    /// Whether everybody has it.
    pub(crate) async fn is_over(&self) -> bool {
        self.tally().await == Tally { done: self.people as i64, ..Tally::default() }
    }
}

/// How many kills came before everybody had it, and before it was laid out for everybody.
pub(crate) struct Cut {
    pub(crate) short: usize,
    pub(crate) unlaid: usize,
}

/// Kills it at random moments, each at most `life` after it is ready or after something has arrived. Gives what is begun then.
pub(crate) async fn killed_at_random<T: Teller>(
    teller: &T,
    told: &Told<'_>,
    (test, life): (&str, Duration),
) -> (Cut, T::Process) {
    let mut rng = StdRng::seed_from_u64(seed(test));
    let mut cut = Cut { short: 0, unlaid: 0 };
    for number in 0..kills() {
        let before = teller.arrived();
        let process = teller.begin(number).await;
        // Every other life is cut as soon as it has begun: then on its way are a command, the handing over, the laying out.
        if number % 2 != 0 {
            comes_to("something arrives", async || teller.arrived() > before || told.is_over().await).await;
        }
        // The moment of the kill is the point: nothing is waited for.
        tokio::time::sleep(rng.random_range(Duration::ZERO..life)).await;
        T::kill(process);
        cut.short += usize::from(teller.arrived() < told.people);
        let laid = told.tally().await;
        cut.unlaid += usize::from(laid.done + laid.waiting + laid.retrying < told.people as i64);
    }
    (cut, teller.begin(kills()).await)
}
