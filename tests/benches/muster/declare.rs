//! Declaring incidents through HTTP, on SQLite: one after another, and 32 at a time.

use crate::bare::{Bare, TOKEN};
use crate::http::{Load, alone, flight, line, sequence};
use crate::replay::Declarations;
use crate::report::{Figure, Report, rate, ratio, shown};
use crate::{Extent, cells};
use muster_tests::process::Installation;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// What is declared.
pub(crate) const DECLARATION: &str = "new sev2 checkout is slow for one in ten customers --service checkout";
/// How many at a time.
pub(crate) const IN_FLIGHT: u64 = 32;

/// A declaration, under a key of its own.
pub(crate) fn declaration(run: &str, number: u64, token: &str) -> Vec<u8> {
    line(DECLARATION, &format!("{run}-{number}"), token)
}

/// Where an installation serves.
pub(crate) fn address(installation: &Installation) -> SocketAddr {
    installation.url().trim_start_matches("http://").parse().expect("an address")
}

/// Measures both.
pub(crate) fn measure(report: &mut Report, extent: Extent) {
    report.chapter("Declaring through HTTP, on SQLite");
    report.remark("the real binary with its dispatcher and timers, which share the cores with the load generator");
    let http = alone(async {
        let bare = Bare::start().await;
        sequence(bare.address, extent.times, |number| declaration("s", number, TOKEN)).await.times.p50()
    });
    one_after_another(report, extent, http);
    many_at_a_time(report, extent);
}

fn one_after_another(report: &mut Report, extent: Extent, http: Duration) {
    let installation = Installation::on_sqlite();
    let load = alone(async {
        let server = installation.start().await;
        let token = installation.token("alice");
        warm(&installation, &token).await;
        let load = sequence(address(&installation), extent.times, |number| declaration("s", number, &token)).await;
        server.terminate().await;
        load
    });
    let (raw, rows) = alone(async {
        let declarations = Declarations::read(&installation.database()).await;
        (declarations.replay(installation.folder(), 1, extent.load).await, declarations.rows_each())
    });
    let transaction = raw.times.p50();
    let limit = transaction + http;
    report.add(Figure {
        what: "declare, one after another, p50".to_owned(),
        measured: format!("{} (p99 {})", shown(load.times.p50()), shown(load.times.p99())),
        raw: format!(
            "{} = transaction of {rows} rows {} + verified request {}",
            shown(limit),
            shown(transaction),
            shown(http)
        ),
        ratio: Some(ratio(load.times.p50(), limit)),
        aim: "within 3x of raw".to_owned(),
        met: Some(ratio(load.times.p50(), limit) <= 3.0),
    });
}

fn many_at_a_time(report: &mut Report, extent: Extent) {
    let installation = Installation::on_sqlite();
    let (load, drained) = alone(async {
        let server = installation.start().await;
        let token = installation.token("alice");
        warm(&installation, &token).await;
        let make = |number| declaration("f", number, &token);
        let load = flight(address(&installation), IN_FLIGHT, extent.load, make).await;
        let drained = drain(&installation).await;
        server.terminate().await;
        (load, drained)
    });
    let raw = alone(async {
        let declarations = Declarations::read(&installation.database()).await;
        let together = usize::try_from(IN_FLIGHT).expect("a small number");
        declarations.replay(installation.folder(), together, extent.load).await.rate()
    });
    let Load { times, took } = load;
    let measured = rate(times.count(), took);
    let shown_rate = format!("{measured:.0}/s (p50 {}, p99 {})", shown(times.p50()), shown(times.p99()));
    let raw_shown = format!("{raw:.0}/s in batches of {IN_FLIGHT}");
    report.add(Figure {
        what: format!("durable declares, {IN_FLIGHT} in flight"),
        measured: shown_rate.clone(),
        raw: raw_shown.clone(),
        ratio: Some(measured / raw),
        aim: "10,000/s on 2 cores".to_owned(),
        met: Some(measured >= 10_000.0),
    });
    report.add(Figure {
        what: "the same, of raw group commit".to_owned(),
        measured: shown_rate,
        raw: raw_shown,
        ratio: Some(measured / raw),
        aim: "at least 0.3 of raw".to_owned(),
        met: Some(measured / raw >= 0.3),
    });
    report.remark(&format!("every effect was made {} after the last declaration", shown(drained)));
}

/// The first commands pay for connections and caches.
pub(crate) async fn warm(installation: &Installation, token: &str) {
    flight(address(installation), 4, Duration::from_millis(200), |number| declaration("w", number, token)).await;
}

/// Waits until every effect is made.
async fn drain(installation: &Installation) -> Duration {
    let began = Instant::now();
    let mut connection = cells::open(&installation.database()).await;
    let waiting = "SELECT 1 FROM outbox WHERE state = 'waiting' LIMIT 1";
    while !cells::rows(&mut connection, waiting, Vec::new()).await.is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    began.elapsed()
}
