//! Signals taken in by the store: one in each call, many in each call, and a burst.

use crate::Extent;
use crate::cells::{Cell, Table, fresh, run};
use crate::report::{Figure, Report, Times, rate, shown};
use muster_core::alert::Waiting;
use muster_core::ports::store::Store;
use muster_tests::fixtures::signal;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

const SIGNALS: Table = Table("signals", "id, at, body");

/// Who calls how.
#[derive(Clone, Copy)]
struct Shape {
    callers: i64,
    /// How many signals each call brings.
    each: i64,
}

/// How many signals a burst has.
const BURST: i64 = 10_000;

/// Measures them all, in this process.
pub(crate) fn measure(report: &mut Report, extent: Extent) {
    report.chapter("Alerts: signals taken in by the store, on SQLite");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let folder = tempfile::Builder::new().prefix("muster-bench-").tempdir().expect("a folder");
    for (shape, aim) in [(Shape { callers: 32, each: 1 }, Some(30_000.0)), (Shape { callers: 8, each: 100 }, None)] {
        let (times, took) = runtime.block_on(taken_in(folder.path(), shape, extent.load));
        let raw = runtime.block_on(raw(folder.path(), shape.callers * shape.each, extent.load));
        let measured = rate(times.count(), took) * f64::from(i32::try_from(shape.each).expect("a small number"));
        report.add(Figure {
            what: format!("signals taken in, {} in each call of {} callers", shape.each, shape.callers),
            measured: format!("{measured:.0}/s (p50 {}, p99 {})", shown(times.p50()), shown(times.p99())),
            raw: format!("{raw:.0}/s in transactions of {}", shape.callers * shape.each),
            ratio: Some(measured / raw),
            aim: aim.map_or("none".to_owned(), |aim| format!("{aim:.0}/s")),
            met: aim.map(|aim| measured >= aim),
        });
    }
    burst(report, runtime.block_on(bursting(folder.path())));
}

fn burst(report: &mut Report, took: Duration) {
    let aim = Duration::from_millis(300);
    report.add(Figure {
        what: format!("a burst of {BURST} signals, 100 in each call"),
        measured: shown(took),
        raw: "the figure above".to_owned(),
        ratio: None,
        aim: shown(aim),
        met: Some(took <= aim),
    });
}

async fn store(folder: &Path, name: &str) -> Arc<dyn Store> {
    let url = format!("sqlite:{}", folder.join(name).display());
    muster_store::connect(&url).await.expect("the store opens")
}

/// Signals that nobody else takes in.
fn signals(next: &AtomicI64, count: i64) -> Vec<Waiting> {
    let from = next.fetch_add(count, Ordering::Relaxed);
    (from..from + count).map(signal).collect()
}

/// Everybody calls again as soon as they have their answer.
async fn taken_in(folder: &Path, shape: Shape, lasts: Duration) -> (Times, Duration) {
    let store = store(folder, &format!("taken-{}-{}.db", shape.callers, shape.each)).await;
    let next = Arc::new(AtomicI64::new(0));
    let began = Instant::now();
    let mut callers = JoinSet::new();
    for _ in 0..shape.callers {
        let (store, next) = (Arc::clone(&store), Arc::clone(&next));
        callers.spawn(async move {
            let mut times = Vec::new();
            while began.elapsed() < lasts {
                let signals = signals(&next, shape.each);
                let begins = Instant::now();
                store.take_in(&signals).await.expect("signals are taken in");
                times.push(begins.elapsed());
            }
            times
        });
    }
    let mut times = Times::new();
    callers.join_all().await.into_iter().flatten().for_each(|took| times.add(took));
    (times, began.elapsed())
}

/// All of it comes at once.
async fn bursting(folder: &Path) -> Duration {
    let store = store(folder, "burst.db").await;
    let next = AtomicI64::new(0);
    let calls: Vec<_> = (0..BURST / 100).map(|_| signals(&next, 100)).collect();
    let began = Instant::now();
    let mut callers = JoinSet::new();
    for signals in calls {
        let store = Arc::clone(&store);
        callers.spawn(async move { store.take_in(&signals).await.expect("signals are taken in") });
    }
    callers.join_all().await;
    began.elapsed()
}

/// The same rows in transactions of so many: signals a second.
async fn raw(folder: &Path, together: i64, lasts: Duration) -> f64 {
    let mut connection = fresh(&folder.join(format!("raw-{together}.db"))).await;
    let next = AtomicI64::new(0);
    let (mut written, mut took) = (0, Duration::ZERO);
    while took < lasts {
        let mut cells = Vec::new();
        for waiting in signals(&next, together) {
            let body = serde_json::to_string(&waiting.signal).expect("a signal is JSON");
            cells.extend([Cell::from(waiting.id.0), waiting.at.timestamp_micros().into(), body.into()]);
        }
        // To put the rows together is no part of writing them.
        let begins = Instant::now();
        run(&mut connection, "BEGIN IMMEDIATE", Vec::new()).await;
        SIGNALS.fill(&mut connection, &cells).await;
        run(&mut connection, "COMMIT", Vec::new()).await;
        took += begins.elapsed();
        written += together.unsigned_abs();
    }
    rate(written, took)
}
