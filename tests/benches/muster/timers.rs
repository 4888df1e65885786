//! Timers: many pending, and how late each is fired; fired means that what it led to is durable.

use crate::report::{Figure, Report, Times, ratio, shown};
use crate::{Extent, seed};
use chrono::TimeDelta;
use muster_core::app::Muster;
use muster_core::app::dispatch::Dispatcher;
use muster_core::clock::{Clock, SystemClock, SystemEntropy, Timestamp};
use muster_core::ids::IncidentId;
use muster_tests::sample::retailer;
use muster_web::ConsoleChat;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::broadcast::error::RecvError;

/// How long after its making the first timer is due.
const LEAD: TimeDelta = TimeDelta::seconds(2);
/// A thousand timers a second are due.
const EVERY: TimeDelta = TimeDelta::milliseconds(1);

/// Measures it, in this process, with the machine's clock.
pub(crate) fn measure(report: &mut Report, extent: Extent) {
    report.chapter("Timers");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let folder = tempfile::Builder::new().prefix("muster-bench-").tempdir().expect("a folder");
    let raw = runtime.block_on(sleeping(extent));
    let times = runtime.block_on(lateness(&folder.path().join("muster.db"), extent));
    let aim = Duration::from_millis(5);
    report.add(Figure {
        what: format!("{} timers, 1,000 due a second: lateness, p99", extent.timers),
        measured: format!("{} (p50 {}, worst {})", shown(times.p99()), shown(times.p50()), shown(times.at(1.0))),
        raw: format!("a bare sleep {} (p50 {})", shown(raw.p99()), shown(raw.p50())),
        ratio: Some(ratio(times.p99(), raw.p99())),
        aim: format!("{}, durable", shown(aim)),
        met: Some(times.p99() <= aim),
    });
}

/// How many timers that are not due wait beside those that are looked for, at least.
const FEW: usize = 100;

/// Measures what it costs to look for timers that are due, among few and among a hundred thousand that are not.
pub(crate) fn sweep(report: &mut Report, extent: Extent) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let folder = tempfile::Builder::new().prefix("muster-bench-").tempdir().expect("a folder");
    let many = usize::try_from(extent.incidents).expect("not negative");
    let [few, all] =
        [FEW, many].map(|count| runtime.block_on(looking(&folder.path().join(format!("{count}.db")), count, extent)));
    report.add(Figure {
        what: format!("looking for timers that are due, {many} pending, p50"),
        measured: format!("{} (p99 {})", shown(all.p50()), shown(all.p99())),
        raw: format!("{} with {FEW} pending", shown(few.p50())),
        ratio: Some(ratio(all.p50(), few.p50())),
        aim: "independent of how many are not due: within 1.5".to_owned(),
        met: Some(ratio(all.p50(), few.p50()) <= 1.5),
    });
}

async fn looking(path: &Path, count: usize, extent: Extent) -> Times {
    let far = SystemClock.now() + TimeDelta::days(365);
    seed::reminders(path, &vec![far; count]).await;
    let store = muster_store::connect(&format!("sqlite:{}", path.display())).await.expect("the store opens");
    let mut times = Times::new();
    for _ in 0..extent.times {
        let began = Instant::now();
        let due = store.due(SystemClock.now(), 100).await.expect("timers can be read");
        times.add(began.elapsed());
        assert!(due.is_empty(), "none is due");
    }
    times
}

/// How late a bare sleep of the runtime ends.
async fn sleeping(extent: Extent) -> Times {
    let mut times = Times::new();
    for _ in 0..extent.times / 2 {
        let due = Instant::now() + Duration::from_micros(1_300);
        tokio::time::sleep_until(due.into()).await;
        times.add(due.elapsed());
    }
    times
}

async fn lateness(path: &Path, extent: Extent) -> Times {
    let count = i32::try_from(extent.timers).expect("not that many");
    let moments = |first: Timestamp| (0..count).map(|number| first + EVERY * number).collect::<Vec<_>>();
    // The rows must be there before the first is due, however long it takes to make them.
    let began = Instant::now();
    seed::reminders(path, &moments(SystemClock.now())).await;
    let took = TimeDelta::from_std(began.elapsed()).expect("not that long");
    let _ = std::fs::remove_file(path);
    let due = moments(SystemClock.now() + took * 2 + LEAD);
    seed::reminders(path, &due).await;

    let store = muster_store::connect(&format!("sqlite:{}", path.display())).await.expect("the store opens");
    let muster = Muster::new(store, Arc::new(SystemClock), Arc::new(SystemEntropy), retailer());
    let console = Arc::new(ConsoleChat::new(Arc::clone(&muster)));
    let dispatcher = Dispatcher::new(Arc::clone(&muster), "bench".to_owned(), vec![console]);
    let mut signals = muster.watch();
    let loops = [
        tokio::spawn(async move { dispatcher.run(std::future::pending()).await }),
        tokio::spawn({
            let muster = Arc::clone(&muster);
            async move { muster.keep_time().await }
        }),
    ];
    // The first signal of an incident is the commit of its reminder; the next is the delivery in the console.
    let mut pending: HashMap<IncidentId, Timestamp> =
        (1..).zip(&due).map(|(number, due)| (IncidentId(number * 20), *due)).collect();
    let mut times = Times::new();
    while !pending.is_empty() {
        match tokio::time::timeout(Duration::from_secs(30), signals.recv()).await.expect("all timers are fired") {
            Ok(signal) => {
                if let Some(due) = pending.remove(&signal.incident) {
                    times.add((SystemClock.now() - due).to_std().unwrap_or_default());
                }
            }
            Err(RecvError::Lagged(missed)) => panic!("{missed} signals were missed"),
            Err(RecvError::Closed) => break,
        }
    }
    for task in loops {
        task.abort();
    }
    times
}
