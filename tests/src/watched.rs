//! The state of a fake, and waiting for what can be seen of it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// How long a test waits for what it expects before it fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// A state under a lock, and word of each change.
#[derive(Debug)]
pub(crate) struct Watched<S> {
    state: Mutex<S>,
    changed: watch::Sender<u64>,
}

impl<S> Watched<S> {
    /// Of that state.
    pub(crate) fn new(state: S) -> Self {
        Self { state: Mutex::new(state), changed: watch::Sender::new(0) }
    }

    /// The state, without telling anybody that somebody looked.
    pub(crate) fn lock(&self) -> MutexGuard<'_, S> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells those who wait that there is something new.
    pub(crate) fn touch(&self) {
        self.changed.send_modify(|version| *version += 1);
    }

    /// Waits until something can be seen; `None` when it cannot in twenty seconds.
    pub(crate) async fn until<T>(&self, mut look: impl FnMut() -> Option<T>) -> Option<T> {
        let mut changed = self.changed.subscribe();
        let waiting = async {
            loop {
                changed.borrow_and_update();
                if let Some(found) = look() {
                    return found;
                }
                if changed.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.ok()
    }
}
