//! A decision turned into rows, by the one who waits for it and not by the one who writes for all.

use crate::codec::{json, micros};
use crate::value::{Value, values};
use crate::{alerts, credentials, entries, facts, incidents, outbox, people, records, timers};
use muster_core::clock::Timestamp;
use muster_core::decide::Change;
use muster_core::effect::Outgoing;
use muster_core::ports::store::{StoreError, Write};
use muster_core::timer::{Timer, TimerChange};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Something that two decisions written together must not both touch.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Touch {
    /// A request that is answered.
    Request(Arc<str>),
    /// An incident that is written.
    Incident(i64),
    /// A record that is written.
    Record(&'static str, Arc<str>),
    /// An alert that is written.
    Alert(Arc<str>, Arc<str>),
    /// A signal that is taken away.
    Signal(Arc<str>),
    /// A timer that is fired, set or cleared.
    Timer(Arc<str>),
    /// A code that is used.
    Code(Arc<str>),
    /// The addresses of a calendar that somebody has been given.
    Feed(Arc<str>, Arc<str>),
    /// Effects that are superseded.
    Mark(Arc<str>),
}

/// The rows of a decision: for each table the values of all its rows, one after another.
#[derive(Clone, Default)]
pub struct Prepared {
    pub(crate) request: Arc<str>,
    pub(crate) touches: Vec<Touch>,
    /// The timer that led to it, and when it was due.
    pub(crate) fired: Option<(Arc<str>, i64)>,
    /// Empty when nothing is to be kept under the request.
    pub(crate) reply: Vec<Value>,
    /// The highest number of an incident that is written; 0 if there is none.
    pub(crate) highest: i64,
    pub(crate) incidents: Vec<Value>,
    pub(crate) records: Vec<Value>,
    pub(crate) alerts: Vec<Value>,
    pub(crate) signals_taken: Vec<Value>,
    pub(crate) facts: Vec<Value>,
    pub(crate) tags_removed: Vec<Value>,
    pub(crate) tags_added: Vec<Value>,
    pub(crate) entries: Vec<Value>,
    pub(crate) marks: Vec<Value>,
    pub(crate) effects: Vec<Value>,
    pub(crate) timers_set: Vec<Value>,
    pub(crate) timers_cleared: Vec<Value>,
    pub(crate) codes_given: Vec<Value>,
    pub(crate) codes_taken: Vec<Value>,
    pub(crate) feeds_ended: Vec<Value>,
    pub(crate) feeds_given: Vec<Value>,
    pub(crate) links: Vec<Value>,
    /// What goes on the audit log. Its place and seal are known when it is written.
    pub(crate) deeds: Vec<Arc<str>>,
}

impl Prepared {
    /// The rows of a decision.
    pub(crate) fn of(write: &Write) -> Result<Self, StoreError> {
        let at = micros(write.at);
        let mut this = Self { request: write.request.as_str().into(), ..Self::default() };
        this.touches.push(Touch::Request(Arc::clone(&this.request)));
        if write.decision.writes() {
            this.reply = values![Arc::clone(&this.request), json(&write.decision.reply.kept())?, at];
        }
        let mut changes: Vec<_> = write.decision.changes.iter().collect();
        // Two processes that write some of the same wait for one another, and never in a circle.
        changes.sort_by(|one, other| place(one).cmp(&place(other)));
        for change in changes {
            this.change(change, write.at)?;
        }
        this.signals(&write.decision.changes);
        for entry in &write.decision.entries {
            this.entries.extend(entries::row(entry)?);
        }
        this.outbox(&write.decision.effects, at)?;
        this.timers(&write.decision.timers, write.fired.as_ref())?;
        Ok(this)
    }

    fn change(&mut self, change: &Change, at: Timestamp) -> Result<(), StoreError> {
        match change {
            Change::Incident { incident, added, removed } => {
                self.touches.push(Touch::Incident(incident.id.0));
                self.highest = self.highest.max(incident.id.0);
                self.incidents.extend(incidents::row(incident)?);
                self.tags_added.extend(added.iter().flat_map(|tag| incidents::tag_row(incident.id, tag)));
                self.tags_removed.extend(removed.iter().flat_map(|tag| incidents::tag_row(incident.id, tag)));
            }
            Change::Record { key, version, record } => {
                self.touches.push(Touch::Record(key.kind.word(), key.name.as_str().into()));
                self.records.extend(records::row(key, *version, record.as_deref(), at)?);
            }
            Change::Alert(alert) => {
                self.touches.push(Touch::Alert(alert.id.source.as_str().into(), alert.id.key.as_str().into()));
                self.alerts.extend(alerts::row(alert)?);
            }
            // All together, see `signals`.
            Change::Sorted(_) => {}
            Change::Fact(fact) => self.facts.extend(facts::row(fact)),
            Change::Audit(deed) => self.deeds.push(json(deed)?),
            Change::CodeGiven { hash, person, until } => {
                self.codes_given.extend(people::code_row(hash, person, *until));
            }
            Change::FeedGiven { hash, person, whose } => {
                let label = whose.label();
                self.touches.push(Touch::Feed(person.as_str().into(), label.as_str().into()));
                self.feeds_ended.extend(values![person.as_str(), label.as_str()]);
                self.feeds_given.extend(credentials::feed_row(hash, person, &label, at));
            }
            Change::Linked { hash, handle, person } => {
                self.touches.push(Touch::Code(hash.as_str().into()));
                self.codes_taken.extend(values![hash.as_str()]);
                self.links.extend(people::link_row(handle, person, at));
            }
        }
        Ok(())
    }

    /// Each once, in order.
    fn signals(&mut self, changes: &[Change]) {
        let sorted = changes.iter().flat_map(|change| match change {
            Change::Sorted(ids) => ids.as_slice(),
            Change::Incident { .. }
            | Change::Record { .. }
            | Change::Alert(_)
            | Change::Fact(_)
            | Change::Audit(_)
            | Change::CodeGiven { .. }
            | Change::FeedGiven { .. }
            | Change::Linked { .. } => &[],
        });
        let sorted: BTreeSet<&str> = sorted.map(|id| id.0.as_str()).collect();
        for id in sorted.into_iter().map(Arc::<str>::from) {
            self.touches.push(Touch::Signal(Arc::clone(&id)));
            self.signals_taken.push(id.into());
        }
    }

    /// Of effects with one mark, only the last is still to be made.
    fn outbox(&mut self, effects: &[Outgoing], at: i64) -> Result<(), StoreError> {
        for (n, outgoing) in effects.iter().enumerate() {
            let mark = outgoing.coalesce.as_deref();
            let superseded = mark.is_some() && effects[n + 1..].iter().any(|later| later.coalesce.as_deref() == mark);
            self.effects.extend(outbox::row(outgoing, at, superseded)?);
            if let Some(mark) = mark.filter(|_| !superseded) {
                self.touches.push(Touch::Mark(mark.into()));
                self.marks.extend(values![mark, at]);
            }
        }
        Ok(())
    }

    /// The timer that was fired is cleared, and the last word about each timer counts.
    fn timers(&mut self, changes: &[TimerChange], fired: Option<&Timer>) -> Result<(), StoreError> {
        let mut last: BTreeMap<&str, Option<&Timer>> = BTreeMap::new();
        if let Some(timer) = fired {
            self.fired = Some((timer.key.as_str().into(), micros(timer.due_at)));
            last.insert(timer.key.as_str(), None);
        }
        for change in changes {
            match change {
                TimerChange::Set(timer) => last.insert(timer.key.as_str(), Some(timer)),
                TimerChange::Clear(key) => last.insert(key.as_str(), None),
            };
        }
        for (key, timer) in last {
            self.touches.push(Touch::Timer(key.into()));
            match timer {
                Some(timer) => self.timers_set.extend(timers::row(timer)?),
                None => self.timers_cleared.extend(values![key]),
            }
        }
        Ok(())
    }
}

/// Orders what is guarded within its table.
fn place(change: &Change) -> (i64, &str, &str) {
    match change {
        Change::Incident { incident, .. } => (incident.id.0, "", ""),
        Change::Record { key, .. } => (0, key.kind.word(), &key.name),
        Change::Alert(alert) => (0, &alert.id.source, &alert.id.key),
        Change::Sorted(_)
        | Change::Fact(_)
        | Change::Audit(_)
        | Change::CodeGiven { .. }
        | Change::FeedGiven { .. }
        | Change::Linked { .. } => (0, "", ""),
    }
}
