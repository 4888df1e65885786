//! Everything a store holds of incidents, read through its ports: to see that nothing changed, or what did.

use chrono::TimeDelta;
use muster_core::clock::Timestamp;
use muster_core::decide::Needs;
use muster_core::ids::IncidentId;
use muster_core::incident::Incident;
use muster_core::incident::entry::Entry;
use muster_core::ports::store::{OutboxRow, OutboxState, Store};
use muster_core::timer::Timer;
use std::collections::BTreeMap;

/// More than any test makes.
const ALL: i64 = 1_000_000;

/// The incidents, their logs, the outbox and the timers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Dump {
    /// Every incident.
    pub incidents: BTreeMap<IncidentId, Incident>,
    /// Every row of their logs.
    pub logs: BTreeMap<IncidentId, Vec<Entry>>,
    /// Every effect by its key.
    pub outbox: BTreeMap<String, (OutboxState, OutboxRow)>,
    /// Every timer, by when it is due.
    pub timers: Vec<Timer>,
}

const STATES: [OutboxState; 4] = [OutboxState::Waiting, OutboxState::Done, OutboxState::Superseded, OutboxState::Dead];

impl Dump {
    /// Everything about incidents up to the number `highest`.
    ///
    /// # Panics
    /// When the store fails.
    pub async fn of(store: &dyn Store, highest: i64) -> Self {
        let mut dump = Self::default();
        for id in (1..=highest).map(IncidentId) {
            let needs = Needs { incident: Some(id), ..Needs::default() };
            let state = store.load(&needs).await.expect("an incident can be read");
            let Some(incident) = state.incident else { continue };
            dump.incidents.insert(id, incident);
            dump.logs.insert(id, store.log(id, 0, ALL).await.expect("a log can be read"));
        }
        for state in STATES {
            for row in store.effects(state, ALL).await.expect("the outbox can be read") {
                dump.outbox.insert(row.outgoing.key.to_string(), (state, row));
            }
        }
        let end_of_time = Timestamp::UNIX_EPOCH + TimeDelta::days(100 * 365);
        dump.timers = store.due(end_of_time, ALL).await.expect("the timers can be read");
        dump
    }

    /// The log of an incident.
    #[must_use]
    pub fn log(&self, id: IncidentId) -> &[Entry] {
        self.logs.get(&id).map(Vec::as_slice).unwrap_or_default()
    }
}
