//! Keeping Discord's limits before it has to remind us: the SDK's buckets, one for each method and route as Discord has
//! them, and the limit on everything.

use super::{Call, Gate};
use serenity::http::{Ratelimit, Request};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex as Lock, PoisonError};
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::time::Instant;

/// Waits up to this are sat out; for longer ones the work goes back to where it is not lost.
const SHORT: Duration = Duration::from_secs(1);
/// So many requests a bot may make in a second. <https://discord.com/developers/docs/topics/rate-limits#global-rate-limit>
const A_SECOND: usize = 50;
/// So many buckets are remembered before those that are full again are forgotten.
const MANY: usize = 1_024;

/// A bucket of the SDK's, and until when what it says is good; `None` before Discord has ever said it.
#[derive(Debug, Default)]
pub(super) struct Bucket {
    limit: Ratelimit,
    until: Option<Instant>,
}

impl Bucket {
    /// Whether more calls may go out before this one is back. The SDK lets everybody through whom an empty bucket has kept
    /// waiting, and whoever comes before it knows of a limit.
    fn is_shared(&self) -> bool {
        self.until.is_some() && self.limit.remaining() > 0
    }

    /// Whether an answer with so many left is older than what we know: those that are still under way are not in it.
    fn is_ahead_of(&self, left: Option<i64>) -> bool {
        let is_good = self.until.is_some_and(|until| Instant::now() < until);
        is_good && left.is_some_and(|left| left > self.limit.remaining())
    }
}

/// A bucket, kept to itself by a call: the others wait for what it learns.
pub(super) type Turn = Option<OwnedMutexGuard<Bucket>>;

/// The limits as far as we know them. The SDK's own loop around its buckets is not used: it repeats what was refused by
/// itself, out of sight of the budget, and lets others go on while everything is limited.
#[derive(Debug, Default)]
pub(super) struct Limiter {
    buckets: Lock<HashMap<Gate, Arc<Mutex<Bucket>>>>,
    latest: Lock<VecDeque<Instant>>,
}

impl Limiter {
    /// Waits until the call may be made.
    ///
    /// # Errors
    /// How long that takes, when it is long.
    pub(super) async fn wait(&self, gate: Gate, call: &Call<'_>) -> Result<Turn, Duration> {
        let (tell, told) = tokio::sync::oneshot::channel();
        let tell = Lock::new(Some(tell));
        let notice = |info: serenity::http::RatelimitInfo| {
            if let Some(tell) = tell.lock().unwrap_or_else(PoisonError::into_inner).take() {
                // Nobody listens any more once the turn has come.
                tell.send(info.timeout).ok();
            }
        };
        let turn = async {
            let mut bucket = self.bucket(gate).lock_owned().await;
            bucket.limit.pre_hook(&bare(call), &notice).await;
            (!bucket.is_shared()).then_some(bucket)
        };
        let long = async {
            match told.await {
                Ok(wait) if wait > SHORT => wait,
                Ok(_) | Err(_) => std::future::pending().await,
            }
        };
        let turn = tokio::select! {
            biased;
            turn = turn => turn,
            wait = long => return Err(wait),
        };
        tokio::time::sleep(self.pace(Instant::now())).await;
        Ok(turn)
    }

    /// Learns from an answer. One that asks us to wait is the gates' business.
    pub(super) async fn learn(&self, gate: Gate, call: &Call<'_>, turn: Turn, answer: &reqwest::Response) {
        if answer.status() == reqwest::StatusCode::TOO_MANY_REQUESTS {
            return;
        }
        // Whoever keeps it to themselves learns later than we.
        let Some(mut bucket) = turn.or_else(|| self.bucket(gate).try_lock_owned().ok()) else { return };
        let left = answer.headers().get("x-ratelimit-remaining").and_then(|left| left.to_str().ok()?.parse().ok());
        if bucket.is_ahead_of(left) {
            return;
        }
        if bucket.limit.post_hook(answer, &bare(call), &|_| {}, false).await.is_err() {
            tracing::warn!(route = call.name(), "Discord's limits could not be read");
        }
        bucket.until = Some(Instant::now() + bucket.limit.reset_after().unwrap_or_default());
    }

    fn bucket(&self, gate: Gate) -> Arc<Mutex<Bucket>> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MANY {
            // One that somebody holds is in use; one that has requests left has nothing to say.
            buckets.retain(|_, bucket| bucket.try_lock().map_or(true, |bucket| bucket.limit.remaining() == 0));
        }
        Arc::clone(buckets.entry(gate).or_default())
    }

    /// How long the next request must wait so that no second has too many.
    fn pace(&self, now: Instant) -> Duration {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        let earliest = match latest.len() {
            A_SECOND.. => latest.pop_front().map_or(now, |first| first + Duration::from_secs(1)),
            _ => now,
        };
        let at = earliest.max(now);
        latest.push_back(at);
        at - now
    }
}

/// The call without what it carries: the SDK writes whole requests to the log.
fn bare<'a>(call: &Call<'a>) -> Request<'a> {
    Request::new(call.route, call.method)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_second_has_more_requests_than_discord_takes() {
        let (limiter, start) = (Limiter::default(), Instant::now());
        let waits: Vec<_> = (0..120).map(|_| limiter.pace(start)).collect();
        assert_eq!(waits[..50], [Duration::ZERO; 50]);
        assert_eq!(waits[50..100], [Duration::from_secs(1); 50]);
        assert_eq!(waits[100], Duration::from_secs(2));
        assert_eq!(limiter.pace(start + Duration::from_secs(9)), Duration::ZERO);
    }
}
