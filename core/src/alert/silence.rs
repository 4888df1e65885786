//! Silences and maintenance windows: alerts that are recorded and disturb nobody, for a while and for a reason.

use super::{Facts, Matcher};
use crate::clock::Timestamp;
use crate::ids::PersonId;
use serde::{Deserialize, Serialize};

/// Why alerts are kept from people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SilenceKind {
    /// Somebody does not want to hear of it.
    Silence,
    /// Somebody is working on it as planned.
    Maintenance,
}

/// A silence or a maintenance window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    /// Its number.
    pub number: i64,
    /// Which of the two.
    pub kind: SilenceKind,
    /// What must hold of an alert; all of it.
    pub matchers: Vec<Matcher>,
    /// From when.
    pub from: Timestamp,
    /// Until when, exclusive.
    pub until: Timestamp,
    /// Why.
    pub reason: String,
    /// Who said so.
    pub by: PersonId,
}

impl Silence {
    /// Whether it keeps such an alert from people now. One without conditions keeps nothing.
    #[must_use]
    pub fn holds(&self, facts: &Facts<'_>, now: Timestamp) -> bool {
        let is_meant = !self.matchers.is_empty() && self.matchers.iter().all(|matcher| matcher.holds(facts));
        is_meant && self.from <= now && now < self.until
    }
}

/// All of them: those that hold, those to come, and the latest that have ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silences {
    /// In the order of their numbers.
    pub list: Vec<Silence>,
    /// The last number given.
    pub last: i64,
}

impl Silences {
    /// So many that have ended are remembered.
    const ENDED: usize = 50;

    /// The first silence that keeps such an alert from people now.
    #[must_use]
    pub fn holding(&self, facts: &Facts<'_>, now: Timestamp) -> Option<&Silence> {
        self.list.iter().find(|silence| silence.holds(facts, now))
    }

    /// Those that hold or will.
    pub fn current(&self, now: Timestamp) -> impl Iterator<Item = &Silence> {
        self.list.iter().filter(move |silence| silence.until > now)
    }

    /// Adds one under the next number, which it tells, and forgets the oldest that have ended.
    pub fn add(&mut self, silence: Silence, now: Timestamp) -> i64 {
        let ended = self.list.iter().filter(|one| one.until <= now).count();
        let mut surplus = ended.saturating_sub(Self::ENDED);
        self.list.retain(|one| {
            let is_surplus = one.until <= now && surplus > 0;
            surplus -= usize::from(is_surplus);
            !is_surplus
        });
        self.last += 1;
        self.list.push(Silence { number: self.last, ..silence });
        self.last
    }

    /// Ends one now; nothing when there is none of that number that has not ended.
    pub fn end(&mut self, number: i64, now: Timestamp) -> Option<&Silence> {
        let silence = self.list.iter_mut().find(|one| one.number == number && one.until > now)?;
        silence.until = now;
        silence.from = silence.from.min(now);
        Some(silence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use std::collections::BTreeMap;

    fn at(minute: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    fn silence(matchers: &[&str]) -> Silence {
        Silence {
            number: 0,
            kind: SilenceKind::Silence,
            matchers: matchers.iter().map(|typed| typed.parse().expect("a matcher")).collect(),
            from: at(10),
            until: at(20),
            reason: "a deploy".to_owned(),
            by: PersonId::from("alice"),
        }
    }

    fn facts<'a>(service: &'a str, labels: &'a BTreeMap<String, String>) -> Facts<'a> {
        Facts { source: "s", title: "t", level: None, labels, service: Some(service), site: None }
    }

    #[test]
    fn a_silence_holds_for_what_it_means_from_its_beginning_until_its_end() {
        let none = BTreeMap::new();
        let mut silences = Silences::default();
        silences.add(silence(&["service=checkout", "level="]), at(0));
        let number = |service, minute| silences.holding(&facts(service, &none), at(minute)).map(|one| one.number);
        assert_eq!(number("checkout", 9), None);
        assert_eq!(number("checkout", 10), Some(1));
        assert_eq!(number("checkout", 19), Some(1));
        assert_eq!(number("checkout", 20), None);
        assert_eq!(number("payment", 15), None);
    }

    #[test]
    fn a_silence_that_means_nothing_in_particular_silences_nothing() {
        let none = BTreeMap::new();
        assert!(!silence(&[]).holds(&facts("checkout", &none), at(15)));
    }

    #[test]
    fn a_silence_is_ended_once_and_old_ones_are_forgotten() {
        let mut silences = Silences::default();
        for _ in 0..60 {
            silences.add(silence(&["a=b"]), at(0));
        }
        assert!(silences.end(7, at(15)).is_some() && silences.end(7, at(16)).is_none());
        assert_eq!(silences.current(at(16)).count(), 59);
        silences.add(silence(&["a=b"]), at(30));
        assert_eq!(silences.list.first().map(|one| one.number), Some(11), "fifty that have ended and the new one");
        assert_eq!((silences.list.len(), silences.last), (51, 61));
    }
}
