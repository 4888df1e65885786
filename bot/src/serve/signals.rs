//! SIGTERM and SIGINT: the first stops in good order, the second at once.

use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// The exit code of a process that was told to stop at once.
const AT_ONCE: i32 = 130;

/// Cancels `stop` at the first signal.
pub(super) fn watch(stop: &CancellationToken) -> anyhow::Result<()> {
    let listen = |kind| signal(kind).context("signals cannot be listened for");
    let (mut terminate, mut interrupt) = (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
    let stop = stop.clone();
    tokio::spawn(async move {
        let mut next = async || {
            tokio::select! {
                _ = terminate.recv() => "SIGTERM",
                _ = interrupt.recv() => "SIGINT",
            }
        };
        let name = next().await;
        tracing::info!("{name}: stopping; requests under way are answered first");
        stop.cancel();
        let name = next().await;
        tracing::warn!("{name} again: stopping at once");
        std::process::exit(AT_ONCE);
    });
    Ok(())
}
