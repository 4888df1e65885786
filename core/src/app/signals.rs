//! Hints that something has happened. Waking up early is an optimisation; looking again is the guarantee.

use crate::ids::IncidentId;
use tokio::sync::{Notify, broadcast};

/// An incident has changed, or something was said about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signal {
    /// Which.
    pub incident: IncidentId,
}

pub(super) struct Signals {
    changes: broadcast::Sender<Signal>,
    pub(super) effects: Notify,
    pub(super) timers: Notify,
}

impl Signals {
    pub(super) fn new() -> Self {
        Self { changes: broadcast::channel(1_024).0, effects: Notify::new(), timers: Notify::new() }
    }

    pub(super) fn watch(&self) -> broadcast::Receiver<Signal> {
        self.changes.subscribe()
    }

    pub(super) fn changed(&self, incident: IncidentId) {
        // Nobody listening is fine.
        let _ = self.changes.send(Signal { incident });
    }
}
