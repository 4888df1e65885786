//! Muster's own heartbeat: while it works, it says so to an address outside, and whoever listens there notices its death.

use crate::config::Watchdog;
use axum::http::{Method, Request};
use muster_core::app::Muster;
use muster_core::ports::outside::Outside;
use std::sync::Arc;

/// Says so for ever. Muster works when its database can be written to.
pub(super) async fn run(muster: Arc<Muster>, outside: Arc<dyn Outside>, watchdog: Watchdog) {
    loop {
        match muster.store().ping().await {
            Ok(()) => beat(outside.as_ref(), &watchdog).await,
            Err(error) => tracing::error!(%error, "the watchdog is not told that all is well, since it is not"),
        }
        tokio::time::sleep(watchdog.every).await;
    }
}

async fn beat(outside: &dyn Outside, watchdog: &Watchdog) {
    let request = Request::builder().method(Method::GET).uri(watchdog.url.reveal()).body(Vec::new());
    let sent = match request {
        Ok(request) => outside.send(request).await.map_err(|error| error.to_string()),
        Err(_) => Err("its address cannot be used".to_owned()),
    };
    let trouble = match sent {
        Ok(answer) if answer.status().is_success() => return,
        Ok(answer) => format!("it answered {}", answer.status()),
        Err(reason) => reason,
    };
    tracing::warn!("the watchdog could not be told that all is well: {trouble}");
}
