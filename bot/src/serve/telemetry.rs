//! Log lines and metrics.

use crate::config::{Log, LogFormat};
use anyhow::Context;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::io::IsTerminal;
use std::time::Duration;
use tracing_subscriber::EnvFilter;

/// The environment variable that goes before the config's level; it may name parts, `info,muster_core=debug`.
const VARIABLE: &str = "MUSTER_LOG";
/// Libraries that say too much at the level one wants of Muster. The last three would repeat what people wrote in chats.
const QUIET: &str = "hyper=warn,hyper_util=warn,sqlx=warn,reqwest=warn,rustls=warn,\
                     serenity=warn,slack_morphism=warn,tungstenite=warn,tokio_tungstenite=warn";
/// How often histograms are folded, so that they do not grow while nobody reads them.
const UPKEEP: Duration = Duration::from_secs(5);
/// From half a millisecond to the longest request.
const BUCKETS: [f64; 13] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Logs to standard error.
pub(crate) fn log_to_stderr(log: Log) -> anyhow::Result<()> {
    let wanted = std::env::var(VARIABLE).unwrap_or_else(|_| log.level.to_owned());
    let filter = EnvFilter::try_new(format!("{QUIET},{wanted}"))
        .with_context(|| format!("{VARIABLE} is not a filter; write it as info or info,muster_core=debug"))?;
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let set = match log.format {
        LogFormat::Text => subscriber.with_ansi(std::io::stderr().is_terminal()).with_target(false).try_init(),
        LogFormat::Json => subscriber.json().flatten_event(true).try_init(),
    };
    set.map_err(|error| anyhow::anyhow!("logging cannot be set up: {error}"))
}

/// Collects metrics; the handle renders them.
pub(super) fn metrics() -> anyhow::Result<PrometheusHandle> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS)
        .and_then(PrometheusBuilder::install_recorder)
        .context("metrics cannot be set up")
}

/// Keeps the metrics small, for ever.
pub(super) async fn upkeep(metrics: PrometheusHandle) {
    loop {
        tokio::time::sleep(UPKEEP).await;
        metrics.run_upkeep();
    }
}
