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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::{AlertState, Signal, SignalId};
    use crate::clock::Timestamp;

    fn waiting(number: usize, key: &str, action: Action, service: &str) -> Waiting {
        let labels = BTreeMap::from([("service".to_owned(), service.to_owned())]);
        let signal = Signal {
            source: "prometheus".to_owned(),
            key: key.to_owned(),
            action,
            title: "It is slow".to_owned(),
            text: None,
            level: None,
            labels,
            links: Vec::new(),
            at: None,
        };
        Waiting { id: SignalId(number.to_string()), at: Timestamp::UNIX_EPOCH, signal }
    }

    /// The groups, and which signals are in each.
    fn groups(signals: Vec<Waiting>, known: &[Alert]) -> Vec<(String, String)> {
        let of = |batch: Batch| (batch.group, batch.signals.into_iter().map(|one| one.id.0).collect());
        batches(signals, known, &Organisation::empty("Shop", "")).into_iter().map(of).collect()
    }

    fn group(service: &str, signals: &str) -> (String, String) {
        (service.to_owned(), signals.to_owned())
    }

    #[test]
    fn signals_of_one_alert_stay_together_and_in_order_whatever_they_say_of_themselves() {
        let signals = vec![
            waiting(1, "a", Action::Trigger, "checkout"),
            waiting(2, "b", Action::Trigger, "tills"),
            waiting(3, "a", Action::Resolve, ""),
            waiting(4, "a", Action::Trigger, "tills"),
            waiting(5, "c", Action::Resolve, ""),
        ];
        let expected = [group("service=checkout", "134"), group("service=tills", "2"), group("", "5")];
        assert_eq!(groups(signals, &[]), expected);
    }

    #[test]
    fn an_alert_that_fires_stays_in_its_group_and_one_that_was_resolved_finds_one_anew() {
        let known = |key: &str, state| {
            let alert = Alert::of(&waiting(0, key, Action::Trigger, "").signal, Timestamp::UNIX_EPOCH);
            Alert { state, group: "old".to_owned(), ..alert }
        };
        let known = [known("a", AlertState::Firing), known("b", AlertState::Resolved)];
        let signals = vec![waiting(1, "a", Action::Trigger, "checkout"), waiting(2, "b", Action::Trigger, "checkout")];
        assert_eq!(groups(signals, &known), [group("old", "1"), group("service=checkout", "2")]);
    }
}
