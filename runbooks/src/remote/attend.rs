//! An order under way: Muster hears that it lives, and it is ended where nobody may go on with it.

use super::runner::{Runner, Stop, stops};
use muster_core::runbook::{Ended, Keep, Order, Report};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

/// How many times Muster hears of it before it would take us for lost.
const BEATS: u32 = 3;
/// How soon it is tried again when Muster did not hear us.
const SOON: Duration = Duration::from_secs(2);

/// How it ended.
pub(super) enum Outcome {
    /// So, and Muster is to know.
    Ended(Report),
    /// It was taken from us.
    NotOurs,
}

/// Carries an order out, which was asked for at that moment. Whatever ends it otherwise leaves nothing running.
pub(super) async fn attend(
    runner: &Runner,
    order: &Order,
    asked: Instant,
    stop: &mut watch::Receiver<Stop>,
) -> Outcome {
    let (tail, said) = watch::channel(Vec::new());
    let unclear = |reason: &str| {
        let reason = format!("{reason}, and ended it");
        Outcome::Ended(Report { ended: Ended::Unclear { reason }, output: String::new(), cut: false })
    };
    tokio::select! {
        report = runner.ports.executor.execute(&order.task, &tail) => Outcome::Ended(report),
        why = beat(runner, order, asked, said) => match why {
            Why::NotOurs => Outcome::NotOurs,
            Why::CutOff => unclear("the runner could not reach Muster for too long"),
        },
        () = stops(stop, Stop::Now) => unclear("the runner was told to stop at once"),
    }
}

/// Why it must end.
enum Why {
    /// It is not ours any more.
    NotOurs,
    /// We were not heard for so long that somebody else may do it.
    CutOff,
}

/// Says that it lives, with the last of what it says. What somebody else would do again is ended before they can begin: a
/// runner counts from when it began to say so, and Muster from when it heard it.
async fn beat(runner: &Runner, order: &Order, asked: Instant, mut said: watch::Receiver<Vec<String>>) -> Why {
    let every = order.lost_after / BEATS;
    let mut heard = asked;
    let mut rest = every;
    loop {
        let end = heard + order.lost_after - every / 2;
        let is_cut_off = || order.passes_on && Instant::now() >= end;
        sleep(if order.passes_on { rest.min(end.saturating_duration_since(Instant::now())) } else { rest }).await;
        if is_cut_off() {
            return Why::CutOff;
        }
        let tail = said.has_changed().unwrap_or(false).then(|| said.borrow_and_update().clone());
        let keep = Keep { life: runner.life.clone(), job: order.task.id.clone(), tail };
        let saying = Instant::now();
        let patience = if order.passes_on { every.min(end.saturating_duration_since(saying)) } else { every };
        match timeout(patience, runner.ports.line.keep(&keep)).await {
            Ok(Ok(true)) => (heard, rest) = (saying, every),
            Ok(Ok(false)) => return Why::NotOurs,
            Ok(Err(error)) => {
                tracing::warn!(job = %order.task.id, "{error}");
                said.mark_changed();
                rest = SOON.min(every);
            }
            Err(_) => {
                tracing::warn!(job = %order.task.id, "Muster does not answer in time");
                said.mark_changed();
                rest = SOON.min(every);
            }
        }
    }
}
