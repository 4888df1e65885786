//! Hints that something has happened. Waking up early is an optimisation; looking again is the guarantee.

use crate::comms::Channel;
use crate::ids::{IncidentId, PlatformId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Notify, broadcast};

/// An incident has changed, or something was said about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signal {
    /// Which.
    pub incident: IncidentId,
}

pub(super) struct Signals {
    changes: broadcast::Sender<Signal>,
    effects: Mutex<HashMap<PlatformId, Arc<Notify>>>,
    pub(super) timers: Notify,
    pub(super) alerts: Notify,
    pub(super) jobs: Notify,
    pub(super) org: Notify,
    pub(super) consignments: Notify,
    letters: Notify,
    hooks: Notify,
}

impl Signals {
    pub(super) fn new() -> Self {
        Self {
            changes: broadcast::channel(1_024).0,
            effects: Mutex::default(),
            timers: Notify::new(),
            alerts: Notify::new(),
            jobs: Notify::new(),
            org: Notify::new(),
            consignments: Notify::new(),
            letters: Notify::new(),
            hooks: Notify::new(),
        }
    }

    pub(super) fn watch(&self) -> broadcast::Receiver<Signal> {
        self.changes.subscribe()
    }

    /// Wakes the one who makes the effects of a platform.
    pub(super) fn effects_of(&self, platform: &PlatformId) -> Arc<Notify> {
        let mut effects = self.effects.lock().unwrap_or_else(PoisonError::into_inner);
        match effects.get(platform) {
            Some(notify) => Arc::clone(notify),
            None => Arc::clone(effects.entry(platform.clone()).or_default()),
        }
    }

    /// Wakes the one who carries parcels of a channel.
    pub(super) fn parcels(&self, channel: Channel) -> &Notify {
        match channel {
            Channel::Email => &self.letters,
            Channel::Webhook => &self.hooks,
        }
    }

    pub(super) fn changed(&self, incident: IncidentId) {
        // Nobody listening is fine.
        let _ = self.changes.send(Signal { incident });
    }
}
