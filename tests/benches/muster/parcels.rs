//! What is on its way to subscribers: laid out for each of many, leased and settled, beside bare inserts of the same rows.

use crate::Extent;
use crate::cells::{self, Cell, Table};
use crate::memory::resident;
use crate::report::{Figure, Report, Times, rate, shown};
use chrono::TimeDelta;
use muster_core::clock::{Clock, SystemClock};
use muster_core::comms::{Bulk, Bulletin, Channel, Consignment, ParcelOutcome, Subscriber};
use muster_core::ports::store::Store;
use muster_core::ports::subscribers::{ParcelLease, ParcelSettlement, Stays};
use muster_tests::fixtures::{bulletin, subscriber};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// As many as the depot lays out at a time.
const BATCH: i64 = 2_000;
/// As many as it carries at once.
const AT_ONCE: i64 = 64;
/// A page that is raised meanwhile waits no longer than this, nearly always.
const PAGE: Duration = Duration::from_millis(100);

const PARCELS: Table = Table("parcels", "consignment, subscriber, channel, question, state, due_at, attempts");

/// Measures it, in this process.
pub(crate) fn measure(report: &mut Report, extent: Extent) {
    report.chapter("Subscribers");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let folder = tempfile::Builder::new().prefix("muster-bench-").tempdir().expect("a folder");
    runtime.expect("a runtime").block_on(async {
        let many = extent.incidents;
        let raw = inserted(&folder.path().join("raw.db"), many).await;
        let url = format!("sqlite:{}", folder.path().join("muster.db").display());
        let store = muster_store::connect(&url).await.expect("the store opens");
        subscribe(&store, many).await;
        laid_out(report, &store, (many, raw)).await;
        carried(report, &store, many.min(20_000), raw).await;
    });
}

/// How long bare inserts of as many rows take, in as many transactions.
async fn inserted(path: &Path, many: i64) -> Duration {
    let mut connection = cells::fresh(path).await;
    let row = |subscriber: i64| -> [Cell; 7] {
        [1.into(), subscriber.into(), "email".into(), 0.into(), "waiting".into(), 0.into(), 0.into()]
    };
    let rows: Vec<_> = (1..=many).flat_map(row).collect();
    let began = Instant::now();
    for batch in rows.chunks(usize::try_from(BATCH).expect("not negative") * 7) {
        cells::run(&mut connection, "BEGIN IMMEDIATE", Vec::new()).await;
        PARCELS.fill(&mut connection, batch).await;
        cells::run(&mut connection, "COMMIT", Vec::new()).await;
    }
    began.elapsed()
}

async fn subscribe(store: &Arc<dyn Store>, many: i64) {
    let now = SystemClock.now();
    let person = |number| Subscriber { since: now, ..subscriber(&format!("p{number}")) };
    for first in (0..many).step_by(500) {
        let people: Vec<_> = (first..(first + 500).min(many)).map(person).collect();
        store.subscribe(&people, Stays::Nobody).await.expect("they are kept");
    }
}

fn consignment() -> Consignment {
    let now = SystemClock.now();
    let bulletin = Bulletin { concerns: ["checkout".to_owned(), "stores".to_owned()].into(), at: now, ..bulletin() };
    Consignment { key: "INC-7/1/0".to_owned(), bulk: Bulk::Bulletin(Box::new(bulletin)), at: now }
}

async fn laid_out(report: &mut Report, store: &Arc<dyn Store>, (many, raw): (i64, Duration)) {
    let is_over = Arc::new(AtomicBool::new(false));
    let pages = tokio::spawn({
        let (store, is_over) = (Arc::clone(store), Arc::clone(&is_over));
        async move {
            let mut times = Times::new();
            while !is_over.load(Ordering::Relaxed) {
                let began = Instant::now();
                store.ping().await.expect("the store writes");
                times.add(began.elapsed());
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            times
        }
    });
    let before = resident(std::process::id());
    let mut most = before;
    let began = Instant::now();
    let consignment = consignment();
    store.hand_over(&consignment).await.expect("it is taken");
    while !store.spread(&consignment.key, BATCH).await.expect("it is laid out") {
        most = most.max(resident(std::process::id()));
    }
    let took = began.elapsed();
    is_over.store(true, Ordering::Relaxed);
    let pages = pages.await.expect("the pages go on");
    let aim = Duration::from_secs(5);
    report.add(Figure {
        what: format!("a message handed over, and laid out for {many} subscribers"),
        measured: format!("{} ({:.0}/s)", shown(took), rate(many.unsigned_abs(), took)),
        raw: format!("bare inserts {} ({:.0}/s)", shown(raw), rate(many.unsigned_abs(), raw)),
        ratio: Some(took.as_secs_f64() / raw.as_secs_f64()),
        aim: format!("under {}", shown(aim)),
        met: Some(took < aim),
    });
    report.add(Figure {
        what: "memory meanwhile".to_owned(),
        measured: format!("at most {most:.1} MiB"),
        raw: format!("{before:.1} MiB before"),
        ratio: Some(most / before),
        aim: "flat: 8 MiB more".to_owned(),
        met: Some(most - before <= 8.0),
    });
    report.add(Figure {
        what: "a small write meanwhile, p99".to_owned(),
        measured: format!("{} (p50 {}, worst {})", shown(pages.p99()), shown(pages.p50()), shown(pages.at(1.0))),
        raw: "none".to_owned(),
        ratio: None,
        aim: shown(PAGE),
        met: Some(pages.p99() < PAGE),
    });
}

async fn carried(report: &mut Report, store: &Arc<dyn Store>, many: i64, raw: Duration) {
    let began = Instant::now();
    let mut count = 0;
    while count < many {
        let now = SystemClock.now();
        let lease = ParcelLease {
            worker: "bench".to_owned(),
            channel: Channel::Email,
            now,
            until: now + TimeDelta::seconds(60),
            limit: AT_ONCE,
            questions: 0,
        };
        let leased = store.lease_parcels(&lease).await.expect("parcels can be leased");
        let settled: Vec<_> = leased
            .iter()
            .map(|parcel| ParcelSettlement {
                consignment: parcel.consignment.clone(),
                subscriber: parcel.subscriber.id,
                worker: lease.worker.clone(),
                attempt: parcel.attempt,
                at: now,
                outcome: ParcelOutcome::Done,
            })
            .collect();
        assert_eq!(store.settle_parcels(&settled).await.expect("parcels can be settled"), settled.len() as u64);
        assert!(!leased.is_empty(), "there are enough");
        count += i64::try_from(leased.len()).expect("few");
    }
    let took = began.elapsed();
    report.add(Figure {
        what: format!("parcels leased and settled, {AT_ONCE} at a time"),
        measured: format!("{:.0}/s", rate(many.unsigned_abs(), took)),
        raw: format!("bare inserts, {BATCH} at a time, took {}", shown(raw)),
        ratio: None,
        aim: "1,000/s: faster than a mail server takes letters".to_owned(),
        met: Some(rate(many.unsigned_abs(), took) >= 1_000.0),
    });
}
