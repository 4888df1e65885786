//! What an adapter keeps in mind of what arrives: what has been seen, and what goes on after the platform was answered.

use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio_util::task::TaskTracker;

/// How long what is under way may take when Muster stops.
pub const LAST_ORDERS: Duration = Duration::from_secs(5);

/// So many events are remembered, so that one that is sent again is not answered again.
const REMEMBERED: usize = 4_096;

/// What the door keeps in mind.
#[derive(Debug, Default)]
pub struct Inbox {
    tasks: TaskTracker,
    events: Mutex<(HashSet<String>, VecDeque<String>)>,
}

impl Inbox {
    /// Whether the event is here for the first time, as far as this process remembers. An optimisation: what makes an
    /// event take effect once is its request id.
    pub fn is_new(&self, event: &str) -> bool {
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        let (known, order) = &mut *events;
        if !known.insert(event.to_owned()) {
            return false;
        }
        order.push_back(event.to_owned());
        if order.len() > REMEMBERED
            && let Some(oldest) = order.pop_front()
        {
            known.remove(&oldest);
        }
        true
    }

    /// Goes on with something after the platform has been answered.
    pub fn go_on(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(work);
    }

    /// Waits for what goes on, for up to 5 s.
    pub async fn finish(&self) {
        self.tasks.close();
        if tokio::time::timeout(LAST_ORDERS, self.tasks.wait()).await.is_err() {
            tracing::warn!(left = self.tasks.len(), "some answers to people in a chat were not given any more");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_that_comes_again_is_known_until_many_others_have_come() {
        let inbox = Inbox::default();
        assert!(inbox.is_new("Ev0") && !inbox.is_new("Ev0"));
        assert!((1..=REMEMBERED).all(|n| inbox.is_new(&format!("Ev{n}"))));
        assert!(inbox.is_new("Ev0"), "memory is bounded");
        assert!(!inbox.is_new("Ev9"));
    }
}
