//! A signal: one thing that one monitoring system says once, in our words. Many signals with one key are one alert.

use crate::clock::Timestamp;
use crate::plain::{one_line, trimmed};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a signal does to its alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// It is so, or still so.
    Trigger,
    /// Somebody has taken it up, over there.
    Acknowledge,
    /// It is no longer so.
    Resolve,
}

/// How bad the monitoring system thinks it is, from the worst. The words are those of PagerDuty's Events API v2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Customers feel it.
    Critical,
    /// Something has failed.
    Error,
    /// Something will.
    Warning,
    /// For the record.
    Info,
}

impl Level {
    /// Every level, from the worst.
    pub const ALL: [Self; 4] = [Self::Critical, Self::Error, Self::Warning, Self::Info];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

/// Where more can be seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What is shown.
    pub label: String,
    /// Where to; http or https.
    pub url: String,
}

/// What a monitoring system says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// The source it came through, by its id in the config.
    pub source: String,
    /// What tells one alert of that source from another.
    pub key: String,
    /// What it does.
    pub action: Action,
    /// What is wrong, in one line.
    pub title: String,
    /// More of it.
    pub text: Option<String>,
    /// How bad, where the system says so.
    pub level: Option<Level>,
    /// What it is about, by name. Routes look at these.
    pub labels: BTreeMap<String, String>,
    /// Where more can be seen.
    pub links: Vec<Link>,
    /// When it happened, as the system says.
    pub at: Option<Timestamp>,
}

impl Signal {
    /// The longest key, in characters. PagerDuty's `dedup_key` has 255, Opsgenie's `alias` 512.
    pub const KEY: usize = 512;
    /// The longest title, in characters.
    pub const TITLE: usize = 250;
    /// The longest text, in characters.
    pub const TEXT: usize = 4_000;
    /// So many labels are kept.
    pub const LABELS: usize = 64;
    /// The longest name of a label, in characters.
    pub const NAME: usize = 128;
    /// The longest value of a label, in characters.
    pub const VALUE: usize = 512;
    /// So many links are kept.
    pub const LINKS: usize = 5;

    /// The same within bounds, on lines that can be shown: whatever a system sends, this is what is kept of it.
    #[must_use]
    pub fn tidy(self) -> Self {
        let title = cut(&one_line(&self.title), Self::TITLE);
        let title = if title.is_empty() { "An alert without a title".to_owned() } else { title };
        let key = cut(&one_line(&self.key), Self::KEY);
        let labels = self.labels.into_iter().take(Self::LABELS);
        let labels =
            labels.map(|(name, value)| (cut(&one_line(&name), Self::NAME), cut(&trimmed(&value), Self::VALUE)));
        let links = self.links.into_iter().filter(|link| is_web(&link.url)).take(Self::LINKS);
        let links = links.map(|link| Link { label: cut(&one_line(&link.label), Self::NAME), ..link });
        Self {
            key: if key.is_empty() { title.clone() } else { key },
            title,
            text: self.text.map(|text| cut(&trimmed(&text), Self::TEXT)).filter(|text| !text.is_empty()),
            labels: labels.filter(|(name, _)| !name.is_empty()).collect(),
            links: links.collect(),
            ..self
        }
    }
}

fn cut(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    text.chars().take(max - 1).chain(std::iter::once('…')).collect()
}

/// Whether a browser may follow it: whoever sends alerts chooses these links.
fn is_web(link: &str) -> bool {
    let short = link.len() <= 2_000;
    short && url::Url::parse(link).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// Names one signal that has been taken in. Ids of one process are in the order in which it took the signals in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SignalId(pub String);

/// A signal that has been taken in and not been sorted yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Its name.
    pub id: SignalId,
    /// When it was taken in.
    pub at: Timestamp,
    /// What it says.
    pub signal: Signal,
}
