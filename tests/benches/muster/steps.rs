//! Steps that run a program: what the guard in between costs over starting the program alone.

use crate::Extent;
use crate::report::{Figure, Report, Times, ratio, shown};
use muster_core::clock::SystemClock;
use muster_core::ids::IncidentId;
use muster_core::ports::executor::Executor;
use muster_core::runbook::{Ended, JobId, Limits, ProgramWork, Task, Work};
use muster_outside::{Allowed, WayOut};
use muster_runbooks::execute::{Machine, NOBODY, Secrets, Settings, User};
use muster_tests::process::binary;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::process::Command;
use tokio::sync::watch;

/// A program that does nothing.
const TRUE: &str = "/bin/true";

/// Measures it.
pub(crate) fn measure(report: &mut Report, extent: Extent) {
    report.chapter("A step that runs a program, one after another: /bin/true, with its output read");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let (bare, guarded) = runtime.expect("a runtime").block_on(async { (bare(extent).await, guarded(extent).await) });
    let over = guarded.p50().saturating_sub(bare.p50());
    let aim = Duration::from_millis(2);
    report.add(Figure {
        what: "a program under its guard, over a bare spawn, p50".to_owned(),
        measured: format!("{} more: {} (p99 {})", shown(over), shown(guarded.p50()), shown(guarded.p99())),
        raw: format!("a bare spawn {} (p99 {})", shown(bare.p50()), shown(bare.p99())),
        ratio: Some(ratio(guarded.p50(), bare.p50())),
        aim: format!("{} more", shown(aim)),
        met: Some(over < aim),
    });
}

async fn bare(extent: Extent) -> Times {
    let mut times = Times::new();
    for _ in 0..extent.times.min(500) {
        let began = Instant::now();
        let output = Command::new(TRUE).stdin(Stdio::null()).output().await.expect("it can be started");
        assert!(output.status.success());
        times.add(began.elapsed());
    }
    times
}

async fn guarded(extent: Extent) -> Times {
    let settings = Settings {
        programs: BTreeMap::from([("true".to_owned(), PathBuf::from(TRUE))]),
        secrets: Secrets::default(),
        user: Some(User::own()).filter(|own| !own.is_root()).unwrap_or(NOBODY),
        guard: binary().to_owned(),
    };
    let machine = Machine::new(settings, Arc::new(WayOut::new(Allowed::default())), Arc::new(SystemClock));
    let limits = Limits { output: 64 << 10, memory: 256 << 20, processes: 32 };
    let task = Task {
        id: JobId { incident: IncidentId(1), run: 1, step: "nothing".to_owned(), undo: false, attempt: 1 },
        work: Work::Program(ProgramWork { program: "true".to_owned(), args: Vec::new(), env: Vec::new(), limits }),
        timeout: Duration::from_secs(10),
        outputs: Vec::new(),
        rehearsal: false,
    };
    let mut times = Times::new();
    for _ in 0..extent.times.min(500) {
        let began = Instant::now();
        let report = machine.execute(&task, &watch::Sender::default()).await;
        assert!(matches!(report.ended, Ended::Well { .. }), "{report:?}");
        times.add(began.elapsed());
    }
    times
}
