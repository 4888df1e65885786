//! Keeping up: the files are made anew when something changes, and exported when they are others.

use super::Statuspage;
use crate::model::Model;
use crate::press::Press;
use crate::shelf::Shelf;
use muster_core::app::Signal;
use muster_core::comms::PublicIncident;
use muster_core::decide::Needs;
use muster_core::ids::IncidentId;
use muster_core::ports::store::StoreError;
use muster_core::record::{RecordKey, RecordKind, Wanted};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};

/// The files are made anew at least so often: another process may have published something, and days pass.
const EVERY: Duration = Duration::from_mins(1);

/// What is to be read.
enum Look {
    /// Everything.
    All,
    /// What customers see of these.
    At(BTreeSet<IncidentId>),
}

impl Statuspage {
    /// Makes the files anew when something changes, and at least every minute, and exports what is new. It ends never. While the
    /// database does not answer, what was made last stays as it is.
    pub async fn keep_up(self: Arc<Self>) {
        tokio::join!(self.make(), self.export());
    }

    async fn make(&self) {
        let mut changes = self.muster.watch();
        let mut known = BTreeMap::new();
        let mut look = Look::All;
        let mut press = Press::default();
        loop {
            match self.read(&look, &mut known).await {
                Ok(true) => press = self.restock(press, &known).await,
                Ok(false) => {}
                Err(error) => tracing::warn!(%error, "the status page stays as it was: what is public cannot be read"),
            }
            look = tokio::select! {
                look = next(&mut changes) => look,
                () = self.muster.reconfigured() => Look::All,
                () = tokio::time::sleep(EVERY) => Look::All,
            };
        }
    }

    /// Reads what is public; tells whether the files are to be made anew.
    async fn read(&self, look: &Look, known: &mut BTreeMap<IncidentId, PublicIncident>) -> Result<bool, StoreError> {
        let records = match look {
            Look::All => vec![Wanted::All(RecordKind::Public)],
            Look::At(incidents) => incidents.iter().map(|id| Wanted::One(RecordKey::public(*id))).collect(),
        };
        let state = self.muster.store().load(&Needs { records, ..Needs::default() }).await?;
        let read = state.records.publics().map(|public| (public.incident, public.clone()));
        match look {
            Look::All => {
                *known = read.collect();
                Ok(true)
            }
            Look::At(incidents) => {
                let before: Vec<_> = incidents.iter().map(|id| known.remove(id)).collect();
                known.extend(read);
                Ok(incidents.iter().zip(before).any(|(id, before)| known.get(id) != before.as_ref()))
            }
        }
    }

    /// Makes all files, and puts them where they are served from, at once. One thread does it, while the others answer.
    async fn restock(&self, mut press: Press, known: &BTreeMap<IncidentId, PublicIncident>) -> Press {
        let rules = Arc::new(self.muster.org().comms.clone());
        let model = Model::new(rules, known.values().cloned().collect(), self.muster.now());
        let before = Arc::clone(&self.shelf.borrow());
        let made = tokio::task::spawn_blocking(move || {
            let after = Shelf::of(press.print(&model), &before);
            ((after != *before).then_some(after), press)
        });
        let (shelf, press) = made.await.unwrap_or_else(|error| {
            tracing::error!(%error, "the status page stays as it was: its files could not be made");
            (None, Press::default())
        });
        if let Some(shelf) = shelf {
            self.shelf.send_replace(Arc::new(shelf));
        }
        press
    }

    /// Exports the files whenever they are others. What could not be exported is tried again.
    async fn export(&self) {
        let mut shelves = self.shelf.subscribe();
        loop {
            let shelf = Arc::clone(&shelves.borrow_and_update());
            let written = if shelf.is_empty() {
                Ok(())
            } else {
                self.config.export.write(&shelf, self.config.outside.as_ref(), self.muster.now()).await
            };
            let changed = shelves.changed();
            match written {
                Ok(()) => drop(changed.await),
                Err(error) => {
                    tracing::warn!(%error, "trying again within a minute");
                    drop(tokio::time::timeout(EVERY, changed).await);
                }
            }
        }
    }
}

/// Waits for a change, and takes what else has changed meanwhile.
async fn next(changes: &mut Receiver<Signal>) -> Look {
    let mut incidents = match changes.recv().await {
        Ok(signal) => BTreeSet::from([signal.incident]),
        Err(RecvError::Lagged(_)) => return Look::All,
        // Whoever tells of changes lives as long as we do.
        Err(RecvError::Closed) => return std::future::pending().await,
    };
    loop {
        match changes.try_recv() {
            Ok(signal) => drop(incidents.insert(signal.incident)),
            Err(TryRecvError::Empty | TryRecvError::Closed) => return Look::At(incidents),
            Err(TryRecvError::Lagged(_)) => return Look::All,
        }
    }
}
