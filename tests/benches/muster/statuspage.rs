//! The status page: how long a word that is published takes to be in every file, and how many readers a second are answered meanwhile.

use crate::Extent;
use crate::http::{Load, alone, flight};
use crate::report::{Figure, Report, Times, rate, ratio, shown};
use axum::Router;
use axum::http::header;
use axum::routing::get;
use muster_core::comms::PublicIncident;
use muster_core::decide::Needs;
use muster_core::ids::IncidentId;
use muster_core::ports::store::Incidents;
use muster_core::record::Record;
use muster_outside::{Allowed, WayOut};
use muster_statuspage::{Export, File, Model, Press, Ready, Shelf, Statuspage, StatuspageConfig, files};
use muster_tests::fixtures::{record, write};
use muster_tests::memory::MemoryStore;
use muster_tests::sample::retailer;
use muster_tests::statuspage::{model, now, open, past, planned, rules};
use muster_tests::world::World;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

/// So much of the past is shown.
const PAST: i64 = 300;
/// So many readers at a time.
const READERS: u64 = 32;
/// So often something is published while they read.
const EVERY: Duration = Duration::from_millis(100);

/// Measures both.
pub(crate) fn measure(report: &mut Report, extent: Extent) {
    report.chapter("The status page: three languages, 300 incidents of the past");
    published(report, extent.times.min(100));
    let (raw, _) = served("raw", extent.load / 2, false);
    let (quiet, _) = served("page", extent.load, false);
    let (busy, publications) = served("page", extent.load, true);
    report.remark(&format!("{publications} times something was published meanwhile"));
    for (what, load) in [("nothing happens", quiet), ("an incident is being published", busy)] {
        let (measured, limit) = (rate(load.times.count(), load.took), rate(raw.times.count(), raw.took));
        report.add(Figure {
            what: format!("GET of the page while {what}, {READERS} readers"),
            measured: format!("{measured:.0}/s, p99 {}", shown(load.times.p99())),
            raw: format!("a static file of the same server {limit:.0}/s, p99 {}", shown(raw.times.p99())),
            ratio: Some(measured / limit),
            aim: "half of it".to_owned(),
            met: Some(measured * 2.0 >= limit),
        });
    }
}

/// Everything of the past, planned work, and an incident that says something new each time.
fn incidents(word: u64) -> Vec<PublicIncident> {
    let before: Vec<_> = past();
    let many = (1..=PAST).zip(before.into_iter().cycle());
    let over = many.map(|(number, one)| PublicIncident { incident: IncidentId(number), ..one });
    over.chain([planned_later(), saying(word)]).collect()
}

fn planned_later() -> PublicIncident {
    PublicIncident { incident: IncidentId(PAST + 1), ..planned() }
}

fn saying(word: u64) -> PublicIncident {
    let mut incident = PublicIncident { incident: IncidentId(PAST + 2), ..open() };
    for written in incident.posts.iter_mut().flat_map(|post| post.texts.values_mut()) {
        written.body = format!("{} ({word})", written.body);
    }
    incident
}

/// From what is public to files that are served: page, feeds and API.
fn published(report: &mut Report, times: u64) {
    let mut press = Press::default();
    let mut shelf = Shelf::of(press.print(&model(incidents(0))), &Shelf::default());
    let (mut whole, mut hashing) = (Times::new(), Times::new());
    for word in 1..=times {
        let model = Model::new(Arc::new(rules()), incidents(word), now());
        let began = Instant::now();
        let after = Shelf::of(press.print(&model), &shelf);
        whole.add(began.elapsed());
        let changed = after.iter().filter(|(path, file)| shelf.get(path) != Some(*file));
        let file = |(path, ready): (&String, &Arc<Ready>)| {
            (path.clone(), File { media_type: ready.media_type, bytes: ready.bytes.clone() })
        };
        let changed = changed.map(file).collect();
        let began = Instant::now();
        let packed = Shelf::of(changed, &Shelf::default());
        hashing.add(began.elapsed());
        assert!(!packed.is_empty(), "something has changed");
        shelf = after;
    }
    report.add(Figure {
        what: format!("published to page, feeds and JSON: {} files", shelf.iter().count()),
        measured: format!("{}, p99 {}", shown(whole.p50()), shown(whole.p99())),
        raw: format!("hashing and packing those that change {}", shown(hashing.p50())),
        ratio: Some(ratio(whole.p50(), hashing.p50())),
        aim: "50 ms".to_owned(),
        met: Some(whole.p50() <= Duration::from_millis(50)),
    });
}

/// A server on threads of its own, read by this one for that long; and how often something was published.
fn served(path: &str, lasts: Duration, publish: bool) -> (Load, u64) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let (address, store, world) = runtime.block_on(open_house());
    let publications = Arc::new(AtomicU64::new(0));
    if publish {
        let (muster, count) = (Arc::clone(&world.muster), Arc::clone(&publications));
        runtime.spawn(async move {
            loop {
                let word = count.fetch_add(1, Ordering::Relaxed) + 1;
                keep(&store, &saying(word), i64::try_from(word).expect("a number") + 1).await;
                muster.reconfigure(muster.org().as_ref().clone());
                tokio::time::sleep(EVERY).await;
            }
        });
    }
    let request = format!("GET /{path}/ HTTP/1.1\r\nhost: localhost\r\n\r\n").into_bytes();
    let load = alone(flight(address, READERS, lasts, |_| request.clone()));
    runtime.shutdown_background();
    (load, publications.load(Ordering::Relaxed))
}

async fn keep(store: &MemoryStore, incident: &PublicIncident, version: i64) {
    let making = write(&format!("{}/{version}", incident.incident));
    let making = making.change(record(version, Record::Public(Box::new(incident.clone()))));
    let unit = store.begin(&Needs::default()).await.expect("it can be written");
    unit.commit(making.0).await.expect("it is written");
}

async fn open_house() -> (SocketAddr, MemoryStore, World) {
    let store = MemoryStore::default();
    let mut org = retailer();
    org.comms = rules();
    let world = World::over(Arc::new(store.clone()), org, Box::new(()));
    world.clock.begin(now());
    for incident in incidents(0) {
        keep(&store, &incident, 1).await;
    }
    let outside = Arc::new(WayOut::new(Allowed::default()));
    let config = StatuspageConfig { key: None, export: Export::default(), outside };
    let page = Statuspage::new(Arc::clone(&world.muster), config);
    let made = files(&model(incidents(0)));
    let index = made.get("index.html").expect("there is a page").bytes.clone();
    let raw = get(async move || ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], index.clone()));
    let router = Router::new().route("/raw/", raw).nest_service("/page/", page.router());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let mut shelves = page.watch();
    tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
    tokio::spawn(page.keep_up());
    shelves.changed().await.expect("the files are made");
    (address, store, world)
}
