//! The memory that the real binary holds, idle and under load.

use crate::Extent;
use crate::bare::{Bare, TOKEN};
use crate::declare::{IN_FLIGHT, address, declaration};
use crate::http::{alone, flight};
use crate::report::{Figure, Report};
use muster_tests::process::Installation;
use std::time::Duration;

/// How long after the start a process counts as idle.
const SETTLED: Duration = Duration::from_millis(1_500);

/// The resident memory of a process, in MiB.
pub(crate) fn resident(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<f64>().ok());
    kilobytes.expect("Linux tells") / 1_024.0
}

/// Samples memory during a load.
async fn watched(pid: u32, lasts: Duration, load: impl Future<Output = crate::http::Load>) -> Vec<f64> {
    let samples = async {
        let mut samples = Vec::new();
        for _ in 0..40 {
            tokio::time::sleep(lasts / 40).await;
            samples.push(resident(pid));
        }
        samples
    };
    futures::join!(samples, load).0
}

/// Measures both, and the bare server beside.
pub(crate) fn measure(report: &mut Report, extent: Extent) {
    report.chapter("Memory");
    let (bare_idle, bare_loaded) = alone(async {
        let bare = Bare::start().await;
        tokio::time::sleep(SETTLED).await;
        let idle = resident(bare.pid());
        let lasts = extent.watch / 4;
        let load = flight(bare.address, IN_FLIGHT, lasts, |number| declaration("m", number, TOKEN));
        (idle, most(&watched(bare.pid(), lasts, load).await))
    });
    let installation = Installation::on_sqlite();
    let (idle, samples) = alone(async {
        let server = installation.start().await;
        let token = installation.token("alice");
        tokio::time::sleep(SETTLED).await;
        let idle = resident(server.pid());
        let load = flight(address(&installation), IN_FLIGHT, extent.watch, |number| declaration("m", number, &token));
        let samples = watched(server.pid(), extent.watch, load).await;
        server.terminate().await;
        (idle, samples)
    });
    report.add(Figure {
        what: "resident memory, idle".to_owned(),
        measured: format!("{idle:.1} MiB"),
        raw: format!("bare axum {bare_idle:.1} MiB"),
        ratio: Some(idle / bare_idle),
        aim: "20 MiB".to_owned(),
        met: Some(idle <= 20.0),
    });
    let most = most(&samples);
    let (middle, end) = (mean(&samples[10..20]), mean(&samples[30..]));
    report.add(Figure {
        what: format!("resident memory, {IN_FLIGHT} declares in flight"),
        measured: format!("at most {most:.1} MiB"),
        raw: format!("bare axum {bare_loaded:.1} MiB"),
        ratio: Some(most / bare_loaded),
        aim: "64 MiB".to_owned(),
        met: Some(most <= 64.0),
    });
    report.add(Figure {
        what: format!("the same over {} s: last quarter, of the second", extent.watch.as_secs()),
        measured: format!("{end:.1} of {middle:.1} MiB"),
        raw: "flat".to_owned(),
        ratio: Some(end / middle),
        aim: "flat: within 1.1".to_owned(),
        met: Some(end / middle <= 1.1),
    });
}

fn most(samples: &[f64]) -> f64 {
    samples.iter().copied().fold(0.0, f64::max)
}

#[expect(clippy::cast_precision_loss, reason = "there are few samples")]
fn mean(samples: &[f64]) -> f64 {
    samples.iter().sum::<f64>() / samples.len() as f64
}
