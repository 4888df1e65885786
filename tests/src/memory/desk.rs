//! What paging and alerts need: records, alerts, signals, and what became of pages.

use super::{MemoryStore, take};
use async_trait::async_trait;
use muster_core::alert::{Alert, AlertKey, AlertQuery, AlertState, SignalId, Waiting};
use muster_core::audit::{Deed, Head, Sealed};
use muster_core::clock::Timestamp;
use muster_core::decide::PageFact;
use muster_core::ports::audit::AuditLog;
use muster_core::ports::store::{ALERTS_KEPT, FACTS_KEPT, Signals, StoreError};
use muster_core::record::{Record, RecordKey, RecordKind, Records, Wanted};
use std::collections::BTreeMap;

#[derive(Default)]
pub(super) struct Desk {
    records: BTreeMap<RecordKey, Kept>,
    alerts: BTreeMap<AlertKey, Alert>,
    signals: BTreeMap<SignalId, Waiting>,
    pub(super) facts: Vec<PageFact>,
    audit: Vec<Sealed>,
}

struct Kept {
    version: i64,
    at: Timestamp,
    record: Option<Box<Record>>,
}

impl Desk {
    fn audit_head(&self) -> Head {
        self.audit.last().map_or_else(Head::genesis, |last| Head { seq: last.seq, seal: last.seal.clone() })
    }

    pub(super) fn audit(&mut self, deed: &Deed) {
        let body = serde_json::to_string(deed).expect("a deed can be written");
        let sealed = self.audit_head().add(&body);
        self.audit.push(sealed);
    }

    pub(super) fn is_next_record(&self, key: &RecordKey, version: i64) -> bool {
        self.records.get(key).is_none_or(|kept| kept.version == version - 1)
    }

    pub(super) fn is_next_alert(&self, alert: &Alert) -> bool {
        self.alerts.get(&alert.id).is_none_or(|kept| kept.version == alert.version - 1)
    }

    pub(super) fn all_wait(&self, ids: &[SignalId]) -> bool {
        ids.iter().all(|id| self.signals.contains_key(id))
    }

    pub(super) fn write_record(&mut self, key: RecordKey, version: i64, record: Option<Box<Record>>, at: Timestamp) {
        self.records.insert(key, Kept { version, at, record });
    }

    pub(super) fn write_alert(&mut self, alert: Alert) {
        self.alerts.insert(alert.id.clone(), alert);
    }

    pub(super) fn forget_signals(&mut self, ids: &[SignalId]) {
        for id in ids {
            self.signals.remove(id);
        }
    }

    pub(super) fn records(&self, wanted: &[Wanted]) -> Records {
        let mut records = Records::default();
        for (key, kept) in &self.records {
            let is_wanted = wanted.iter().any(|one| match one {
                Wanted::All(kind) => key.kind == *kind,
                Wanted::One(one) => key == one,
                Wanted::RunsOf(incident) => key.kind == RecordKind::Run && key.incident() == Some(*incident),
                Wanted::MessagesOf(incident) => key.kind == RecordKind::Message && key.incident() == Some(*incident),
                Wanted::JobsOf(incident) => key.kind == RecordKind::Job && key.incident() == Some(*incident),
                Wanted::TranscriptsOf(incident, run) => {
                    let of_run = run.map_or_else(|| format!("{incident}/"), |run| format!("{incident}/{run}/"));
                    key.kind == RecordKind::Transcript && key.name.starts_with(&of_run)
                }
            });
            match &kept.record {
                Some(record) if is_wanted => records.add(kept.version, (**record).clone()),
                None if is_wanted && (!key.kind.is_for_once() || wanted.contains(&Wanted::One(key.clone()))) => {
                    records.add_gone(kept.version, key.clone())
                }
                Some(_) | None => {}
            }
        }
        records
    }

    pub(super) fn alerts(&self, query: &AlertQuery) -> Vec<Alert> {
        let latest_first = |mut alerts: Vec<Alert>, limit| {
            let rank = |alert: &Alert| (alert.state != AlertState::Firing, std::cmp::Reverse(alert.heard_at));
            alerts.sort_by_key(rank);
            take(alerts, limit).0
        };
        let that = |fits: &dyn Fn(&Alert) -> bool| self.alerts.values().filter(|alert| fits(alert)).cloned().collect();
        match query {
            AlertQuery::Keys(keys) => that(&|alert| keys.contains(&alert.id)),
            AlertQuery::OfIncident(incident, limit) => {
                latest_first(that(&|alert| alert.incident == Some(*incident)), *limit)
            }
            AlertQuery::Firing(limit) => latest_first(that(&|alert| alert.state == AlertState::Firing), *limit),
        }
    }

    pub(super) fn history(&self, from: Timestamp, until: Timestamp) -> Vec<PageFact> {
        let mut history: Vec<_> =
            self.facts.iter().filter(|fact| fact.at >= from && fact.at < until).cloned().collect();
        history.sort_by_key(|fact| (fact.at, fact.incident, fact.page));
        history
    }

    pub(super) fn sweep(&mut self, before: Timestamp, limit: i64) -> u64 {
        let mut left = limit;
        let mut goes = |is_old: bool| {
            let goes = is_old && left > 0;
            left -= i64::from(goes);
            !goes
        };
        self.records.retain(|_, kept| goes(kept.record.is_none() && kept.at < before));
        let is_old = |alert: &Alert| alert.state == AlertState::Resolved && alert.heard_at < before - ALERTS_KEPT;
        self.alerts.retain(|_, alert| goes(is_old(alert)));
        self.facts.retain(|fact| goes(fact.at < before - FACTS_KEPT));
        u64::try_from(limit - left).unwrap_or(0)
    }
}

#[async_trait]
impl Signals for MemoryStore {
    async fn take_in(&self, signals: &[Waiting]) -> Result<(), StoreError> {
        let mut books = self.books();
        for signal in signals {
            books.desk.signals.entry(signal.id.clone()).or_insert_with(|| signal.clone());
        }
        Ok(())
    }

    async fn waiting(&self, limit: i64) -> Result<Vec<Waiting>, StoreError> {
        Ok(take(self.books().desk.signals.values().cloned().collect(), limit).0)
    }

    async fn count_waiting(&self) -> Result<i64, StoreError> {
        Ok(i64::try_from(self.books().desk.signals.len()).unwrap_or(i64::MAX))
    }
}

#[async_trait]
impl AuditLog for MemoryStore {
    async fn audit(&self, after: i64, limit: i64) -> Result<Vec<Sealed>, StoreError> {
        let after = |sealed: &&Sealed| sealed.seq > after;
        Ok(take(self.books().desk.audit.iter().filter(after).cloned().collect(), limit).0)
    }

    async fn audit_head(&self) -> Result<Head, StoreError> {
        Ok(self.books().desk.audit_head())
    }
}
