//! Signals that have been taken in, sorted into groups: each group is decided upon as a whole.

use super::{Action, Alert, AlertKey, AlertQuery, Facts, Plan, Waiting};
use crate::decide::{ListQuery, Needs};
use crate::ids::PersonId;
use crate::org::Organisation;
use crate::record::{RecordKey, RecordKind, Wanted};
use std::collections::{BTreeMap, BTreeSet};

/// Signals of one group, in the order in which they were taken in.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// The key of the group; empty for signals about alerts of which nothing is known.
    pub group: String,
    /// The service the first of them is about, by id.
    pub service: Option<String>,
    /// The signals.
    pub signals: Vec<Waiting>,
}

/// So many open incidents are looked through for one that looks like a new one.
const LIKELY: i64 = 50;

impl Batch {
    /// What must be read before deciding about them, as far as is known before anything has been read.
    #[must_use]
    pub fn needs(&self) -> Needs {
        let keys: BTreeSet<_> = self.signals.iter().map(|one| AlertKey::from(&one.signal)).collect();
        let group = Wanted::One(RecordKey::new(RecordKind::Group, &self.group));
        let silences = Wanted::One(RecordKey::new(RecordKind::Silences, ""));
        Needs {
            alerts: Some(AlertQuery::Keys(keys.into_iter().collect())),
            records: vec![group, silences],
            ..Needs::default()
        }
    }

    /// The open incidents among which one may look like the one that these signals declare.
    #[must_use]
    pub fn likely(&self) -> ListQuery {
        let everybody = PersonId::from("muster");
        ListQuery { open: Some(true), service: self.service.clone(), limit: LIKELY, ..ListQuery::of(everybody) }
    }
}

/// Sorts signals into groups. `known` are their alerts, as far as there are any.
///
/// An alert stays in its group while it is firing, whatever its labels or the routes have become meanwhile; and what says
/// no more than a key, as most do that resolve, goes where its alert is.
#[must_use]
pub fn batches(waiting: Vec<Waiting>, known: &[Alert], org: &Organisation) -> Vec<Batch> {
    let known: BTreeMap<_, _> = known.iter().map(|alert| (&alert.id, alert)).collect();
    let mut of_alert: BTreeMap<AlertKey, (String, Option<String>)> = BTreeMap::new();
    let mut batches: Vec<Batch> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for one in waiting {
        let key = AlertKey::from(&one.signal);
        let (group, service) = match (of_alert.get(&key), known.get(&key), one.signal.action) {
            (Some(decided), _, _) => decided.clone(),
            (None, Some(alert), Action::Acknowledge | Action::Resolve) => (alert.group.clone(), alert.service.clone()),
            (None, Some(alert), Action::Trigger) if alert.is_firing() => (alert.group.clone(), alert.service.clone()),
            (None, _, Action::Trigger) => {
                let plan = Plan::of(&Facts::from(&one.signal), org);
                (plan.group, plan.service)
            }
            (None, None, Action::Acknowledge | Action::Resolve) => (String::new(), None),
        };
        if !group.is_empty() {
            of_alert.insert(key, (group.clone(), service.clone()));
        }
        let place = *places.entry(group.clone()).or_insert_with(|| {
            batches.push(Batch { group, service, signals: Vec::new() });
            batches.len() - 1
        });
        if let Some(batch) = batches.get_mut(place) {
            batch.signals.push(one);
        }
    }
    batches
}
