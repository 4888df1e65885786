//! Variables: what somebody types for one, how it is kept, and how it reads in a language.

use super::{Variable, VariableKind};
use crate::clock::Timestamp;
use crate::comms::{Locale, outward, words};
use crate::plain::{echo, trimmed};
use crate::section::problem::did_you_mean;
use crate::time::{parse_span, parse_when};
use crate::web::https;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use chrono_tz::Tz;

/// The longest address, in bytes.
const LONGEST_URL: usize = 500;
/// Numbers beyond it are a slip of the finger.
const BIGGEST: i64 = 1_000_000_000_000;

impl Variable {
    /// What is kept of what somebody typed. Of a text that is the text itself, in one language.
    ///
    /// # Errors
    /// One sentence: what is wrong with it, and what to type instead.
    pub fn read(&self, typed: &str, zone: Tz, now: Timestamp) -> Result<String, String> {
        let text = trimmed(typed);
        if text.is_empty() {
            return Err(format!("“{}” is empty", self.label));
        }
        match &self.kind {
            VariableKind::Text { max } => match text.chars().count() {
                length if length > *max => {
                    Err(format!("“{}” has {length} characters and may have {max}: shorten it", self.label))
                }
                _ => Ok(text),
            },
            VariableKind::Choice { .. } => self.chosen(&text),
            VariableKind::Number => number(&text)
                .map(|number| number.to_string())
                .ok_or_else(|| format!("“{}” is not a whole number for “{}”: write 42", echo(&text), self.label)),
            VariableKind::Duration => {
                parse_span(&text).map(|span| format!("{}m", span.num_minutes())).ok_or_else(|| {
                    format!("“{}” is not a stretch of time for “{}”: write 30m, 2h or 1d", echo(&text), self.label)
                })
            }
            VariableKind::Moment => parse_when(&text, now, zone).map(stored).ok_or_else(|| {
                format!("“{}” is not a time for “{}”: write 18:00, tomorrow 09:00 or in 2h", echo(&text), self.label)
            }),
            VariableKind::Url => address(&text).ok_or_else(|| {
                format!("“{}” is not an address for “{}”: write https://example.com/help", echo(&text), self.label)
            }),
        }
    }

    fn chosen(&self, typed: &str) -> Result<String, String> {
        let VariableKind::Choice { options } = &self.kind else { return Err(String::new()) };
        let is_meant = |word: &str| word.to_lowercase() == typed.to_lowercase();
        let found = options.iter().find(|(value, words)| is_meant(value) || words.values().any(|word| is_meant(word)));
        found.map(|(value, _)| value.clone()).ok_or_else(|| {
            let near = did_you_mean(typed, options.iter().map(|(value, _)| value.as_str()));
            format!("“{}” is no choice for “{}”{near}", echo(typed), self.label)
        })
    }

    /// How what is kept reads in a text. `None` if it is not what this variable takes, or has no words in that language.
    #[must_use]
    pub fn say(&self, kept: &str, locale: &Locale, zone: Tz) -> Option<String> {
        match &self.kind {
            VariableKind::Text { max } => Some(trimmed(kept)).filter(|text| text.chars().count() <= *max),
            VariableKind::Choice { options } => {
                options.iter().find(|(value, _)| value == kept).and_then(|(_, words)| words.get(locale).cloned())
            }
            VariableKind::Number => number(kept).map(|number| words(locale).number(number)),
            VariableKind::Duration => parse_span(kept).map(|span| words(locale).span(span)),
            VariableKind::Moment => moment(kept).map(|at| outward::moment(locale, at, zone)),
            VariableKind::Url => address(kept),
        }
    }

    /// What one would type to mean what is kept: a form offers it again.
    #[must_use]
    pub fn typed(&self, kept: &str, zone: Tz) -> String {
        match &self.kind {
            VariableKind::Moment => moment(kept)
                .map_or_else(|| kept.to_owned(), |at| at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string()),
            VariableKind::Duration => parse_span(kept).map_or_else(|| kept.to_owned(), short),
            VariableKind::Text { .. } | VariableKind::Choice { .. } | VariableKind::Number | VariableKind::Url => {
                kept.to_owned()
            }
        }
    }
}

fn number(text: &str) -> Option<i64> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '_').collect();
    digits.parse().ok().filter(|number: &i64| number.abs() <= BIGGEST)
}

fn stored(at: Timestamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn moment(kept: &str) -> Option<Timestamp> {
    DateTime::parse_from_rfc3339(kept).ok().map(|at| at.with_timezone(&Utc))
}

/// `1h30m`, which [`parse_span`] reads.
fn short(span: TimeDelta) -> String {
    let minutes = span.num_minutes();
    let parts = [(minutes / 1_440, "d"), (minutes / 60 % 24, "h"), (minutes % 60, "m")];
    parts.iter().filter(|(count, _)| *count > 0).map(|(count, unit)| format!("{count}{unit}")).collect()
}

/// An address that leads where it says, as it is kept.
fn address(text: &str) -> Option<String> {
    https(text).map(|url| url.to_string()).filter(|text| text.len() <= LONGEST_URL)
}
