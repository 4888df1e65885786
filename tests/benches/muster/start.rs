//! Starting the real binary: from the moment it is spawned to the first 200 of `/readyz`.

use crate::Extent;
use crate::bare::Bare;
use crate::declare::address;
use crate::http::{alone, ready};
use crate::report::{Figure, Report, Times, ratio, shown};
use muster_tests::process::Installation;
use std::process::Command;
use std::time::{Duration, Instant};

/// Measures it with much data, and with none.
pub(crate) fn measure(report: &mut Report, extent: Extent, large: &Installation) {
    report.chapter("Starting the real binary, until the first 200 of /readyz (files in the page cache)");
    let nothing = spawning(extent);
    let bare = alone(bare(extent));
    let empty = Installation::on_sqlite();
    let first = alone(once(&empty));
    report.remark(&format!("the very first start, which makes the database, took {}", shown(first)));
    let aims = [(&empty, "empty", 30), (large, "with all that data", 150)];
    for (installation, what, aim) in aims {
        let times = alone(async {
            let mut times = Times::new();
            for _ in 0..extent.starts {
                times.add(once(installation).await);
            }
            times
        });
        let aim = Duration::from_millis(aim);
        report.add(Figure {
            what: format!("start, {what}, p50"),
            measured: format!("{} (worst {})", shown(times.p50()), shown(times.at(1.0))),
            raw: format!("bare axum {}; /bin/true {}", shown(bare), shown(nothing)),
            ratio: Some(ratio(times.p50(), bare)),
            aim: shown(aim),
            met: Some(times.p50() <= aim),
        });
    }
}

async fn once(installation: &Installation) -> Duration {
    let began = Instant::now();
    let server = installation.spawn();
    ready(address(installation)).await;
    let took = began.elapsed();
    server.terminate().await;
    took
}

async fn bare(extent: Extent) -> Duration {
    let mut times = Times::new();
    for _ in 0..extent.starts {
        let began = Instant::now();
        let bare = Bare::spawn();
        ready(bare.address).await;
        times.add(began.elapsed());
    }
    times.p50()
}

fn spawning(extent: Extent) -> Duration {
    let mut times = Times::new();
    for _ in 0..extent.starts {
        let began = Instant::now();
        Command::new("/bin/true").status().expect("it can be started");
        times.add(began.elapsed());
    }
    times.p50()
}
