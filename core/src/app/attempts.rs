//! Attempts under way: those that end together are recorded together.

use crate::clock::Timestamp;
use tokio::task::{JoinError, JoinSet};

/// An attempt that has ended, and when its lease does.
pub(super) struct Ended<S> {
    pub(super) settlement: S,
    pub(super) until: Timestamp,
}

/// How attempts ended: this one, and those that have ended beside it; and when the first of their leases ends. What panicked is told with
/// what follows from it.
pub(super) fn gather<S: 'static>(
    ended: Result<Ended<S>, JoinError>,
    others: &mut JoinSet<Ended<S>>,
    what_follows: &str,
) -> (Vec<S>, Timestamp) {
    let mut settlements = Vec::new();
    let mut until = Timestamp::MAX_UTC;
    for ended in std::iter::once(ended).chain(std::iter::from_fn(|| others.try_join_next())) {
        match ended {
            Ok(ended) => {
                until = until.min(ended.until);
                settlements.push(ended.settlement);
            }
            Err(panic) => tracing::error!(%panic, "{what_follows}"),
        }
    }
    (settlements, until)
}
