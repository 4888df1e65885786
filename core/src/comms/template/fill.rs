//! Filling templates in: whole in a language, or not at all in it.

use super::facts::{FACTS, Gaps};
use super::{Facts, Filled, Source, Template, Text, Variable, VariableKind};
use crate::comms::{Locale, Locales, Missing, Texts, Value, Values, Written};
use crate::plain::{one_line, trimmed};
use std::collections::BTreeSet;

/// The longest title, in characters.
pub const TITLE: usize = 200;
/// The longest body, in characters.
pub const BODY: usize = 5_000;

impl Template {
    /// Fills it in, in these languages. What a language lacks is told, and then it has no text.
    #[must_use]
    pub fn fill(&self, values: &Values, facts: &Facts, locales: &Locales) -> Filled {
        let mut filled = Filled { texts: Texts::new(), missing: Vec::new() };
        for locale in locales.iter() {
            let written = match self.sources.get(locale) {
                Some(source) => {
                    let gaps = self.gaps(values, facts, (locale, locale == locales.first()));
                    let half = self.said_elsewhere(values, locale, locales);
                    self.written(source, (&gaps, &gaps.in_title(locale)), half)
                }
                None => Err(vec!["the translation".to_owned()]),
            };
            match written {
                Ok(written) => {
                    filled.texts.insert(locale.clone(), written);
                }
                Err(lacks) => filled.missing.extend(lacks.into_iter().map(|what| Missing {
                    locale: locale.clone(),
                    what,
                    blocks: true,
                })),
            }
        }
        filled
    }

    fn gaps<'a>(&'a self, values: &Values, facts: &Facts, (locale, is_first): (&Locale, bool)) -> Gaps<'a> {
        let mut gaps = Gaps::of(facts, self.status, locale);
        for variable in &self.variables {
            let kept = match values.get(&variable.name) {
                Some(Value::Each(texts)) => texts.get(locale).cloned(),
                // Words of one's own are in one language: the first.
                Some(Value::Same(kept)) => Some(kept.clone()).filter(|_| is_first || !variable.is_text()),
                None => variable.default.clone(),
            };
            let said = kept.filter(|kept| !kept.trim().is_empty());
            gaps.put(&variable.name, said.and_then(|kept| variable.say(&kept, locale, facts.time_zone)));
        }
        gaps
    }

    /// What was said in words of one's own in other languages and not in this one: nothing is sent with half of it.
    fn said_elsewhere<'a>(&'a self, values: &Values, locale: &Locale, locales: &Locales) -> Vec<&'a str> {
        let is_half = |variable: &&Variable| match values.get(&variable.name) {
            Some(Value::Each(said)) if variable.is_text() => {
                let lacks = |locale: &Locale| said.get(locale).is_none_or(|text| text.trim().is_empty());
                lacks(locale) && !locales.iter().all(lacks)
            }
            Some(Value::Each(_) | Value::Same(_)) | None => false,
        };
        self.variables.iter().filter(is_half).map(|variable| variable.name.as_str()).collect()
    }

    fn written<'a>(
        &'a self,
        source: &'a Source,
        (gaps, in_title): (&Gaps<'_>, &Gaps<'_>),
        half: Vec<&'a str>,
    ) -> Result<Written, Vec<String>> {
        let required = self.variables.iter().filter(|variable| variable.required && !gaps.has(&variable.name));
        let mut lacks: Vec<&str> = required.map(|variable| variable.name.as_str()).chain(half).collect();
        let mut said = |text: &'a Text, gaps: &Gaps<'_>| {
            text.say(gaps).unwrap_or_else(|names| {
                lacks.extend(names);
                String::new()
            })
        };
        let (title, body) = (said(&source.title, in_title), said(&source.body, gaps));
        if !lacks.is_empty() {
            let mut told: Vec<String> = lacks.into_iter().map(|name| self.label(name)).collect();
            let mut seen = BTreeSet::new();
            told.retain(|label| seen.insert(label.clone()));
            return Err(told);
        }
        self.fitting(Written { title: one_line(&title), body: tidy(&body) })
    }

    fn fitting(&self, written: Written) -> Result<Written, Vec<String>> {
        let (title, body) = (written.title.chars().count(), written.body.chars().count());
        let too_long = |what: &str, is: usize, most: usize| format!("{what} of at most {most} characters, not {is}");
        let whole = self.max.filter(|max| title + 1 + body > *max);
        let checks = [
            (title == 0).then(|| "a title".to_owned()),
            (body == 0).then(|| "a text".to_owned()),
            (title > TITLE).then(|| too_long("a title", title, TITLE)),
            (body > BODY).then(|| too_long("a text", body, BODY)),
            whole.map(|max| too_long("title and text", title + 1 + body, max)),
        ];
        let lacks: Vec<String> = checks.into_iter().flatten().collect();
        if lacks.is_empty() { Ok(written) } else { Err(lacks) }
    }

    fn label(&self, name: &str) -> String {
        let variable = self.variables.iter().find(|variable| variable.name == name);
        let fact = || FACTS.iter().find(|(fact, _)| *fact == name).map(|(_, label)| (*label).to_owned());
        variable.map(|variable| variable.label.clone()).or_else(fact).unwrap_or_else(|| name.to_owned())
    }
}

impl Variable {
    /// Whether it takes words of one's own.
    #[must_use]
    pub fn is_text(&self) -> bool {
        matches!(self.kind, VariableKind::Text { .. })
    }
}

/// The text without what cannot be shown, without spaces at the ends of lines, and with one empty line where there are several.
fn tidy(text: &str) -> String {
    let mut tidied = String::new();
    let mut empty = 0;
    for line in trimmed(text).lines().map(str::trim_end) {
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty < 2 {
            tidied.push_str(line);
            tidied.push('\n');
        }
    }
    tidied.truncate(tidied.trim_end().len());
    tidied
}
