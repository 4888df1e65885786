//! The calendars of schedules, read again and again: others change them without asking us.

use crate::calendars::Calendars;
use crate::config::CalendarSource;
use muster_core::app::Muster;
use muster_core::org::Organisation;
use muster_core::ports::outside::Outside;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How often calendars are read.
const EVERY: Duration = Duration::from_mins(15);

/// Where calendars are, and how they are read.
pub(super) struct Reader {
    sources: Mutex<Vec<CalendarSource>>,
    outside: Arc<dyn Outside>,
    data: Option<PathBuf>,
}

impl Reader {
    /// Reads these, and keeps copies in the folder of the data.
    pub(super) fn new(sources: Vec<CalendarSource>, outside: Arc<dyn Outside>, data: Option<PathBuf>) -> Arc<Self> {
        Arc::new(Self { sources: Mutex::new(sources), outside, data })
    }

    /// Reads others from now on.
    pub(super) fn configure(&self, sources: Vec<CalendarSource>) {
        *self.sources.lock().unwrap_or_else(PoisonError::into_inner) = sources;
    }

    /// The organisation with what its calendars say now.
    pub(super) async fn read(&self, org: Organisation, muster: &Muster) -> Organisation {
        let sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let calendars =
            Calendars { outside: Some(self.outside.as_ref()), data: self.data.as_deref(), now: muster.now() };
        let (org, troubles) = calendars.read(org, &sources).await;
        for trouble in troubles {
            tracing::warn!("{trouble}");
        }
        org
    }

    /// Reads them again and again, for ever.
    pub(super) async fn keep_up(self: Arc<Self>, muster: Arc<Muster>) {
        loop {
            let before = muster.org();
            if !before.schedules.is_empty() {
                let after = self.read(before.as_ref().clone(), &muster).await;
                // A config that was read meanwhile has the last word; its calendars come with the next look.
                if after != *before && Arc::ptr_eq(&before, &muster.org()) {
                    muster.reconfigure(after);
                }
            }
            tokio::time::sleep(EVERY).await;
        }
    }
}
