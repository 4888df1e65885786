//! Socket Mode: Slack over a connection that Muster opens, so that nothing of Muster need be reachable from outside.
//!
//! The loop is our own. The SDK acknowledges an envelope after its callback has returned and reads the next one only
//! then, so that one slow command holds up everybody's; and nothing of its reconnecting has a time limit.
//! <https://docs.slack.dev/apis/events-api/using-socket-mode>

mod envelope;
mod session;

use crate::Slack;
use muster_core::chat::backoff::{STEADY, pause};
use session::Session;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

impl Slack {
    /// Listens over Socket Mode until `stop`, then finishes what is under way within 5 s. Without an app token Slack calls
    /// the routes, and there is nothing to listen to.
    pub async fn listen(self: Arc<Self>, stop: impl Future<Output = ()> + Send) {
        if self.config.app_token.is_none() {
            stop.await;
            return self.finish().await;
        }
        let ended = CancellationToken::new();
        tokio::select! {
            () = stop => {}
            () = self.stay_connected(&ended) => {}
        }
        ended.cancel();
        self.finish().await;
    }

    /// Opens a connection, and the next one when that is lost or about to be closed: before it is closed, if Slack says
    /// so in time.
    async fn stay_connected(self: &Arc<Self>, ended: &CancellationToken) {
        let mut failures = 0;
        loop {
            match Session::open(self).await {
                Ok(session) => {
                    let opened = Instant::now();
                    tracing::info!("connected to Slack");
                    let (wanted, next) = oneshot::channel();
                    self.inbox.go_on(session.serve(Arc::clone(self), ended.clone(), wanted));
                    // Whether it says so or just ends, the next one is wanted now.
                    let _ = next.await;
                    failures = if opened.elapsed() > STEADY { 0 } else { failures + 1 };
                }
                Err(error) => {
                    failures += 1;
                    metrics::counter!("muster_slack_connection_failures_total").increment(1);
                    tracing::warn!(%error, failures, "no connection to Slack");
                }
            }
            tokio::time::sleep(pause(failures, self.muster.entropy())).await;
        }
    }
}
