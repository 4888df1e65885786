//! Heartbeats, and alerts that are heard again: what the clock takes in.

use super::Muster;
use super::alone::Cause;
use crate::alert::{Action, Alert, AlertQuery, Beat, Signal};
use crate::clock::Timestamp;
use crate::decide::{Errand, Needs, State};
use crate::ids::RequestId;
use crate::org::Heartbeat;
use crate::ports::store::StoreError;
use crate::record::{Record, RecordKey, RecordKind, Wanted};
use crate::time::in_words;
use crate::timer::Alarm;
use crate::view::{Tone, View, text};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// So many alerts are heard again when a silence ends.
const HEARD_AGAIN: i64 = 10_000;

/// The key of the alert that silence is.
const SILENT: &str = "heartbeat";

/// When check-ins were last written down by this process, so that not each is.
#[derive(Default)]
pub(super) struct Beats(Mutex<HashMap<String, Timestamp>>);

impl Beats {
    fn last(&self, id: &str) -> Option<Timestamp> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(id).copied()
    }

    fn written(&self, id: &str, at: Timestamp) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned(), at);
    }
}

impl Muster {
    /// Somebody checks in; `false` if nobody of that id is to.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn beat(&self, id: &str) -> Result<bool, StoreError> {
        let (org, now) = (self.org(), self.now());
        let Some(rule) = org.alerting.heartbeat(id) else { return Ok(false) };
        if self.beats.last(id).is_some_and(|last| now < last + rule.rest()) {
            return Ok(true);
        }
        let missed = self.store.load(&needs(id)).await?.records.beat(id).is_some_and(|beat| beat.missed.is_some());
        if missed {
            self.take_in(vec![signal(rule, Action::Resolve)]).await?;
        }
        self.expect(rule, &format!("!beat:{id}:{}", now.timestamp_micros()), |_| true).await?;
        self.beats.written(id, now);
        Ok(true)
    }

    /// Begins to wait for everybody who is to check in and never has: after a start, and after the config has changed.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn expect_beats(&self) -> Result<(), StoreError> {
        let org = self.org();
        for rule in &org.alerting.heartbeats {
            let id = &rule.id;
            let request = format!("!beat:{id}:first");
            self.expect(rule, &request, |state| state.records.beat(id).is_none()).await?;
        }
        Ok(())
    }

    /// Writes a check-in down, if it `counts`, and waits for the next.
    async fn expect(
        &self,
        rule: &Heartbeat,
        request: &str,
        counts: impl Fn(&State) -> bool + Send + Sync,
    ) -> Result<(), StoreError> {
        let cause = Cause { needs: needs(&rule.id), request: RequestId::new(request), fired: None };
        self.decide_alone(cause, |state, ctx| {
            let mut errand = Errand::new(state, ctx);
            if counts(state) {
                errand.keep(Record::Beat(Beat { source: rule.id.clone(), last: ctx.now, missed: None }));
                errand.set_timer(Alarm::Beat { source: rule.id.clone() }, ctx.now + rule.patience());
            }
            errand.done(View::titled(Tone::Good, vec![text("Checked in")]))
        })
        .await
        .map(drop)
    }

    /// Takes in what a timer that is due brings: before it is cleared, so that nothing is lost. Twice does no harm.
    pub(super) async fn take_in_again(&self, alarm: &Alarm) -> Result<(), StoreError> {
        let signals = match alarm {
            Alarm::Beat { source } => self.missed(source).await?.into_iter().collect(),
            Alarm::Unsilence { silence } => {
                let by_it = |alert: &Alert| alert.silenced_by == Some(*silence);
                self.firing(AlertQuery::Firing(HEARD_AGAIN), by_it).await?
            }
            Alarm::Hear { alert } => self.firing(AlertQuery::Keys(vec![alert.clone()]), |_| true).await?,
            Alarm::Remind { .. }
            | Alarm::Archive
            | Alarm::Escalate { .. }
            | Alarm::Call { .. }
            | Alarm::Step { .. }
            | Alarm::StepPage { .. }
            | Alarm::StartRun { .. }
            | Alarm::EndRuns
            | Alarm::Job { .. }
            | Alarm::Publish { .. }
            | Alarm::Review { .. }
            | Alarm::WorkBegins
            | Alarm::WorkTurned { .. }
            | Alarm::WorkReminder { .. }
            | Alarm::Digest
            | Alarm::Calm
            | Alarm::Watch => return Ok(()),
        };
        self.take_in(signals).await
    }

    async fn missed(&self, id: &str) -> Result<Option<Signal>, StoreError> {
        let (org, now) = (self.org(), self.now());
        let Some(rule) = org.alerting.heartbeat(id) else { return Ok(None) };
        let state = self.store.load(&needs(id)).await?;
        let is_missed = |beat: &&Beat| beat.missed.is_none() && beat.last + rule.patience() <= now;
        Ok(state.records.beat(id).filter(is_missed).map(|_| signal(rule, Action::Trigger)))
    }

    /// What alerts that are firing, and that no incident has, say once more.
    async fn firing(
        &self,
        which: AlertQuery,
        wanted: impl Fn(&Alert) -> bool + Send,
    ) -> Result<Vec<Signal>, StoreError> {
        let state = self.store.load(&Needs { alerts: Some(which), ..Needs::default() }).await?;
        let unheard =
            state.alerts.iter().filter(|alert| alert.is_firing() && alert.incident.is_none() && wanted(alert));
        Ok(unheard.map(Alert::again).collect())
    }
}

fn needs(id: &str) -> Needs {
    Needs { records: vec![Wanted::One(RecordKey::new(RecordKind::Beat, id))], ..Needs::default() }
}

fn signal(rule: &Heartbeat, action: Action) -> Signal {
    Signal {
        source: rule.id.clone(),
        key: SILENT.to_owned(),
        action,
        title: format!("{} has not checked in for {}", rule.name, in_words(rule.every + rule.grace)),
        text: None,
        level: Some(rule.level),
        labels: rule.labels.clone(),
        links: Vec::new(),
        at: None,
    }
}
