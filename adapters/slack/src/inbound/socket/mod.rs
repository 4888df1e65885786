//! Socket Mode: Slack over a connection that Muster opens, so that nothing of Muster need be reachable from outside.
//!
//! The loop is our own. The SDK acknowledges an envelope after its callback has returned and reads the next one only
//! then, so that one slow command holds up everybody's; and nothing of its reconnecting has a time limit.
//! <https://docs.slack.dev/apis/events-api/using-socket-mode>

mod envelope;
mod session;

use crate::Slack;
use muster_core::clock::Entropy;
use session::Session;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

/// A connection that held so long was a good one: when it is lost, the next is opened at once.
const STEADY: Duration = Duration::from_secs(30);
/// The shortest pause before another attempt, once there is one.
const SHORTEST: Duration = Duration::from_millis(500);
/// The longest.
const LONGEST: Duration = Duration::from_secs(30);

impl Slack {
    /// Listens over Socket Mode until `stop`, then finishes what is under way within 5 s.
    pub async fn listen(self: Arc<Self>, stop: impl Future<Output = ()> + Send) {
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
                    self.inbox.tasks.spawn(session.serve(Arc::clone(self), ended.clone(), wanted));
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

/// None after the first failure, then longer and longer; half of it is chance, so that many who lost Slack at once do
/// not come back at once.
fn pause(failures: u32, entropy: &dyn Entropy) -> Duration {
    if failures < 2 {
        return Duration::ZERO;
    }
    let whole = SHORTEST.saturating_mul(2_u32.saturating_pow(failures - 2)).min(LONGEST);
    let mut dice = [0];
    entropy.fill(&mut dice);
    whole / 2 + (whole / 2).mul_f64(f64::from(dice[0]) / 255.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Dice(u8);
    impl Entropy for Dice {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn the_first_attempt_comes_at_once_and_the_later_ones_ever_more_rarely() {
        let most: Vec<_> = (0..12).map(|failures| pause(failures, &Dice(255)).as_millis()).collect();
        let expected = [0, 0, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000];
        assert_eq!(most, expected);
        assert_eq!(pause(u32::MAX, &Dice(0)), LONGEST / 2, "half of it is chance");
    }
}
