//! Asking the database until it answers.

use crate::ports::store::StoreError;
use std::time::Duration;

/// How long something is tried again while the database does not answer; whoever waits for it has long been told that it
/// is late.
const PERSISTENCE: Duration = Duration::from_mins(2);
/// The first pause between two attempts; each is twice as long as the one before.
const FIRST: Duration = Duration::from_millis(50);
/// The longest.
const LONGEST: Duration = Duration::from_secs(2);

/// Asks until the database has answered, or for [`PERSISTENCE`].
///
/// # Errors
/// The last answer, when it is one that asking again does not change, or there has been none for so long.
pub(crate) async fn insist<T, F>(ask: impl Fn() -> F) -> Result<T, StoreError>
where
    F: Future<Output = Result<T, StoreError>>,
{
    let started = std::time::Instant::now();
    let mut pause = FIRST;
    loop {
        match ask().await {
            Err(StoreError::Unavailable(reason)) if started.elapsed() < PERSISTENCE => {
                tracing::warn!(%reason, "the database does not answer; trying again");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST);
            }
            answer => return answer,
        }
    }
}
