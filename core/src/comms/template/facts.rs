//! What Muster itself knows and fills in, by name.

use super::Facts;
use crate::comms::{Locale, PublicStatus, moment, words};
use crate::plain::one_line;
use std::collections::BTreeMap;

/// The names, each with what is said to be missing where a text needs it.
pub(super) const FACTS: [(&str, &str); 10] = [
    ("components", "the components concerned"),
    ("sites", "the sites concerned"),
    ("next_update", "when the next update is"),
    ("began", "when it began"),
    ("window_from", "when the work begins"),
    ("window_until", "when the work ends"),
    ("incident", "the number of the incident"),
    ("earlier", "when the earlier message went out"),
    ("organisation", "the name of the organisation"),
    ("status", "where things stand"),
];

/// Those that are lists, too.
pub(super) const LISTS: [&str; 2] = ["components", "sites"];

/// So many characters of a title a list may take: a wide outage is no reason to say nothing.
const IN_TITLE: usize = 120;

/// What is filled into a text, in one language.
#[derive(Debug, Clone, Default)]
pub(super) struct Gaps<'a> {
    /// By name.
    pub(super) said: BTreeMap<&'a str, String>,
    /// The items of lists, by name.
    pub(super) lists: BTreeMap<&'a str, Vec<String>>,
}

impl<'a> Gaps<'a> {
    /// The facts, in that language.
    pub(super) fn of(facts: &Facts, status: PublicStatus, locale: &Locale) -> Self {
        let words = words(locale);
        let told = |at| moment(locale, at, facts.time_zone);
        let mut gaps = Self::default();
        for (name, items) in [("components", facts.components.get(locale)), ("sites", Some(&facts.sites))] {
            let items: Vec<String> = items.into_iter().flatten().map(|item| one_line(item)).collect();
            gaps.put(name, Some(words.list(&items)));
            gaps.lists.insert(name, items);
        }
        gaps.put("next_update", facts.next_at.map(told));
        gaps.put("began", Some(told(facts.began_at)));
        gaps.put("window_from", facts.window.map(|window| told(window.from)));
        gaps.put("window_until", facts.window.map(|window| told(window.until)));
        gaps.put("incident", Some(facts.incident.to_string()));
        gaps.put("earlier", facts.earlier_at.map(told));
        gaps.put("organisation", Some(one_line(&facts.organisation)));
        gaps.put("status", Some(words.status(status).to_owned()));
        gaps
    }

    /// The same, with lists as short as a title needs them.
    pub(super) fn in_title(&self, locale: &Locale) -> Self {
        let mut brief = self.clone();
        for (name, items) in &self.lists {
            brief.put(name, Some(words(locale).list_within(items, IN_TITLE)));
        }
        brief
    }

    /// Fills a gap in, unless there is nothing to say.
    pub(super) fn put(&mut self, name: &'a str, said: Option<String>) {
        if let Some(said) = said.filter(|said| !said.is_empty()) {
            self.said.insert(name, said);
        }
    }

    /// Whether there is something to say.
    pub(super) fn has(&self, name: &str) -> bool {
        self.said.contains_key(name)
    }
}
