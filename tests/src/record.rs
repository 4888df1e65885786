//! What the record says, for tests that look on while a platform and Muster work.

use crate::world::World;
use chrono_tz::Tz;
use muster_core::decide::ListQuery;
use muster_core::export;
use muster_core::ids::{IncidentId, PersonId};
use muster_core::view::{entry, text};
use std::time::Duration;

/// How long a test waits for what it expects.
const PATIENCE: Duration = Duration::from_secs(20);

impl World {
    /// How many incidents there are.
    pub async fn incidents(&self) -> usize {
        let (list, _) = self.muster.list(ListQuery::of(PersonId::from("alice"))).await.expect("a list");
        list.len()
    }

    /// The timeline of INC-1 as it stands, a line each, whoever declared it.
    pub async fn recorded(&self) -> Vec<String> {
        let seen = self.muster.whole(&PersonId::from("alice"), IncidentId(1)).await;
        let seen = seen.expect("a store").expect("an incident");
        let org = self.muster.org();
        let rows = export::timeline(&seen.entries);
        rows.into_iter().map(|row| text::line(&entry::line(row, &org), Tz::UTC)).collect()
    }

    /// Returns once this can be said of the timeline of INC-1.
    pub async fn until_timeline(&self, what: &str, holds: impl Fn(&[String]) -> bool) {
        let mut changes = self.muster.watch();
        let waiting = async {
            while !holds(&self.recorded().await) {
                changes.recv().await.expect("somebody is left to change it");
            }
        };
        if tokio::time::timeout(PATIENCE, waiting).await.is_err() {
            panic!("{what} never came to be: {:#?}", self.recorded().await);
        }
    }

    /// Returns once all these words are on the timeline of INC-1.
    pub async fn comes_to_have(&self, words: &[&str]) {
        let has = |lines: &[String], words: &str| lines.iter().any(|line| line.contains(words));
        self.until_timeline(&words.join(", "), |lines| words.iter().all(|words| has(lines, words))).await;
    }

    /// Returns once these words are not on the timeline of INC-1.
    pub async fn comes_to_lack(&self, words: &str) {
        self.until_timeline(&format!("no “{words}”"), |lines| !lines.iter().any(|line| line.contains(words))).await;
    }
}
