//! `muster runner`: steps of runbooks, carried out in a network that Muster does not reach. It only calls, and nobody calls it.

mod line;

use crate::config::RunnerConfig;
use crate::serve::{machine, telemetry};
use crate::setting;
use anyhow::Context;
use line::Wire;
use muster_core::clock::{Clock, SystemClock, SystemEntropy};
use muster_runbooks::execute::Machine;
use muster_runbooks::remote::{Journal, Ports, Runner, Stop};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Runs until a signal says stop.
pub(crate) fn run(path: &Path) -> anyhow::Result<ExitCode> {
    let config = setting::load_runner(path)?;
    telemetry::log_to_stderr(config.log)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let code = runtime.block_on(serve(config));
    runtime.shutdown_background();
    code
}

async fn serve(config: RunnerConfig) -> anyhow::Result<ExitCode> {
    let stop = stops()?;
    let shown = config.state.display();
    let journal = Journal::open(&config.state, SystemClock.now())
        .with_context(|| format!("the journal in {shown} cannot be used"))?;
    let line = Arc::new(Wire::new(&config.muster, config.key.0.clone())?);
    for warning in &config.runbooks.warnings {
        tracing::warn!("{warning}");
    }
    let outside = machine::outside(&config.runbooks);
    let executor = Arc::new(Machine::new(config.runbooks.settings, outside, Arc::new(SystemClock)));
    let ports = Ports { line, executor, clock: Arc::new(SystemClock), entropy: Arc::new(SystemEntropy) };
    let labels = config.gate.labels.join(", ");
    tracing::info!(name = config.gate.name, labels, muster = config.muster, journal = %shown, "this runner asks for work");
    Runner::new(config.gate, journal, config.places, ports).run(stop).await;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

/// SIGTERM and SIGINT: the first lets what is under way end, the second ends it.
fn stops() -> anyhow::Result<watch::Receiver<Stop>> {
    let listen = |kind| signal(kind).context("signals cannot be listened for");
    let (mut terminate, mut interrupt) = (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
    let (tell, stop) = watch::channel(Stop::No);
    tokio::spawn(async move {
        for how in [Stop::Drain, Stop::Now] {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            tracing::info!(?how, "told to stop");
            tell.send_replace(how);
        }
        // As long as somebody could say more, the channel is open.
        std::future::pending::<()>().await;
    });
    Ok(stop)
}
