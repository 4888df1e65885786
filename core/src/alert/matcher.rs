//! Conditions on alerts, as routes and silences have them: `service=checkout`, `host=till-*`, `title=~"disk .*"`.

use super::{Alert, Level, Signal};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// How a label is looked at. A label that is missing is an empty text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "test")]
pub enum Test {
    /// It is exactly that.
    Is {
        /// What.
        value: String,
    },
    /// It is anything but that.
    IsNot {
        /// What.
        value: String,
    },
    /// It begins with that.
    Begins {
        /// With what.
        value: String,
    },
    /// The pattern describes the whole of it.
    Like {
        /// Which.
        pattern: Pattern,
    },
    /// The pattern does not describe the whole of it.
    Unlike {
        /// Which.
        pattern: Pattern,
    },
}

/// A regular expression that describes a whole text. Its time is linear in the text's length, its size is bounded.
#[derive(Clone, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Pattern {
    typed: String,
    whole: regex::Regex,
}

impl Pattern {
    /// The longest one, in characters.
    const LONGEST: usize = 200;
    /// How much memory a compiled one may take, in bytes: a short text can describe a huge machine.
    const LARGEST: usize = 64 * 1024;
}

impl TryFrom<String> for Pattern {
    type Error = WrongMatcher;

    fn try_from(typed: String) -> Result<Self, WrongMatcher> {
        if typed.chars().count() > Self::LONGEST {
            return Err(WrongMatcher(format!("a pattern may have {} characters", Self::LONGEST)));
        }
        // The pattern must be whole by itself: nothing in it may close the group that is put around it.
        let compile = |text: &str| regex::RegexBuilder::new(text).size_limit(Self::LARGEST).build();
        match compile(&typed).and_then(|_| compile(&format!("^(?:{typed})$"))) {
            Ok(whole) => Ok(Self { typed, whole }),
            Err(_) => Err(WrongMatcher(format!("“{typed}” is not a regular expression, or too large a one"))),
        }
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        pattern.typed
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.typed == other.typed
    }
}

impl Eq for Pattern {}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pattern({:?})", self.typed)
    }
}

/// A condition on one label of an alert. `service`, `site`, `source`, `title` and `level` can be asked for like labels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matcher {
    /// The label.
    pub label: String,
    /// How it is looked at.
    pub test: Test,
}

/// Why a text is not a condition, as the end of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct WrongMatcher(pub String);

impl Matcher {
    /// The condition that a label is exactly that.
    #[must_use]
    pub fn is(label: &str, value: &str) -> Self {
        Self { label: label.to_owned(), test: Test::Is { value: value.to_owned() } }
    }

    /// Whether it holds.
    #[must_use]
    pub fn holds(&self, facts: &Facts<'_>) -> bool {
        let found = facts.get(&self.label);
        match &self.test {
            Test::Is { value } => found == value,
            Test::IsNot { value } => found != value,
            Test::Begins { value } => found.starts_with(value.as_str()),
            Test::Like { pattern } => pattern.whole.is_match(found),
            Test::Unlike { pattern } => !pattern.whole.is_match(found),
        }
    }
}

/// As it is typed.
impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let label = &self.label;
        match &self.test {
            Test::Is { value } => write!(f, "{label}={value}"),
            Test::IsNot { value } => write!(f, "{label}!={value}"),
            Test::Begins { value } => write!(f, "{label}={value}*"),
            Test::Like { pattern } => write!(f, "{label}=~{}", pattern.typed),
            Test::Unlike { pattern } => write!(f, "{label}!~{}", pattern.typed),
        }
    }
}

impl FromStr for Matcher {
    type Err = WrongMatcher;

    /// Reads `label=value`, `label=begin*`, `label!=value`, `label=~pattern` or `label!~pattern`.
    fn from_str(typed: &str) -> Result<Self, WrongMatcher> {
        let wrong =
            || WrongMatcher("write it as service=checkout, host=till-*, site!=malmo or title=~pattern".to_owned());
        let at = typed.find(['=', '!']).ok_or_else(wrong)?;
        let (label, rest) = (typed[..at].trim(), &typed[at..]);
        if label.is_empty() || label.chars().count() > Signal::NAME {
            return Err(wrong());
        }
        let value = |rest: &str| rest.trim().trim_matches('"').to_owned();
        let test = if let Some(pattern) = rest.strip_prefix("=~") {
            Test::Like { pattern: Pattern::try_from(value(pattern))? }
        } else if let Some(pattern) = rest.strip_prefix("!~") {
            Test::Unlike { pattern: Pattern::try_from(value(pattern))? }
        } else if let Some(other) = rest.strip_prefix("!=") {
            Test::IsNot { value: value(other) }
        } else {
            let value = value(rest.strip_prefix('=').ok_or_else(wrong)?);
            match value.strip_suffix('*') {
                Some(begin) => Test::Begins { value: begin.to_owned() },
                None => Test::Is { value },
            }
        };
        Ok(Self { label: label.to_owned(), test })
    }
}

/// What conditions look at.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The source, by its id in the config.
    pub source: &'a str,
    /// What is wrong, in one line.
    pub title: &'a str,
    /// How bad, where the source says so.
    pub level: Option<Level>,
    /// What it is about, by name.
    pub labels: &'a BTreeMap<String, String>,
    /// The service of the catalogue it is about, once that is known.
    pub service: Option<&'a str>,
    /// The site of the catalogue it is about, once that is known.
    pub site: Option<&'a str>,
}

impl Facts<'_> {
    /// What a label holds; nothing when it is missing.
    #[must_use]
    pub fn get(&self, label: &str) -> &str {
        let labelled = || self.labels.get(label).map_or("", String::as_str);
        match label {
            "source" => self.source,
            "title" => self.title,
            "level" => self.level.map_or("", Level::word),
            "service" => self.service.unwrap_or_else(labelled),
            "site" => self.site.unwrap_or_else(labelled),
            _ => labelled(),
        }
    }
}

impl<'a> From<&'a Signal> for Facts<'a> {
    fn from(signal: &'a Signal) -> Self {
        Self {
            source: &signal.source,
            title: &signal.title,
            level: signal.level,
            labels: &signal.labels,
            service: None,
            site: None,
        }
    }
}

impl<'a> From<&'a Alert> for Facts<'a> {
    fn from(alert: &'a Alert) -> Self {
        Self {
            source: &alert.id.source,
            title: &alert.title,
            level: alert.level,
            labels: &alert.labels,
            service: alert.service.as_deref(),
            site: alert.site.as_deref(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(matcher: &str) -> bool {
        let labels =
            BTreeMap::from([("host".to_owned(), "till-7".to_owned()), ("site".to_owned(), "Malmö".to_owned())]);
        let facts = Facts {
            source: "prometheus",
            title: "Disk is full",
            level: Some(Level::Critical),
            labels: &labels,
            service: None,
            site: Some("malmo"),
        };
        matcher.parse::<Matcher>().expect("a matcher of the test").holds(&facts)
    }

    #[test]
    fn a_condition_looks_at_labels_and_at_what_is_known_of_an_alert() {
        for yes in ["host=till-7", "host=till-*", "host!=till-8", "level=critical", "source = prometheus", "rack="] {
            assert!(holds(yes), "{yes}");
        }
        for no in ["host=till", "host=Till-7", "host!=till-7", "level=error", "rack=*7", "rack=b"] {
            assert!(!holds(no), "{no}");
        }
        assert!(holds("site=malmo") && !holds("site=Malmö"), "the catalogue's word counts, once it is known");
    }

    #[test]
    fn a_pattern_describes_the_whole() {
        assert!(holds("title=~Disk .*") && holds(r#"title=~"Disk is (full|gone)""#) && holds("title!~Disk"));
        assert!(!holds("title=~isk") && !holds("title!~.*full"));
    }

    #[test]
    fn what_is_no_condition_or_too_large_a_one_is_refused() {
        for wrong in ["", "checkout", "=x", "a!b", "a=~(", "a=~)|(", r"a=~(\w{200}){200}{200}"] {
            assert!(wrong.parse::<Matcher>().is_err(), "{wrong}");
        }
        assert!(format!("a=~{}", "x".repeat(500)).parse::<Matcher>().is_err());
    }

    #[test]
    fn a_condition_is_shown_as_it_is_typed_and_kept() {
        for typed in ["a=b", "a!=b", "a=b*", "a=~b.*", "a!~b|c"] {
            let matcher: Matcher = typed.parse().expect("a matcher");
            assert_eq!(matcher.to_string(), typed);
            let kept = serde_json::to_string(&matcher).expect("it can be written");
            assert_eq!(serde_json::from_str::<Matcher>(&kept).expect("it can be read"), matcher);
        }
    }
}
