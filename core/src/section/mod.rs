//! Reading one table of a TOML file that people write: its keys by type, each problem with its place, and no key passed over in silence.

pub mod problem;

use crate::time::parse_span;
use chrono::TimeDelta;
use problem::{Problems, did_you_mean};
use std::cell::RefCell;
use std::ops::{Range, RangeInclusive};
use std::time::Duration;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

type Entry<'a, 'i> = (&'a Spanned<DeString<'i>>, &'a Spanned<DeValue<'i>>);

/// A table that is being read.
pub struct Section<'a, 'i> {
    name: String,
    at: Range<usize>,
    entries: Vec<Entry<'a, 'i>>,
    asked: RefCell<Vec<&'static str>>,
    problems: &'a Problems<'i>,
}

/// What a value is, in the words of this file's writers rather than of TOML.
fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

impl<'a, 'i> Section<'a, 'i> {
    /// The whole file.
    #[must_use]
    pub fn root(table: &'a Spanned<DeTable<'i>>, problems: &'a Problems<'i>) -> Self {
        Self::new(String::new(), 0..0, table.get_ref(), problems)
    }

    fn new(name: String, at: Range<usize>, table: &'a DeTable<'i>, problems: &'a Problems<'i>) -> Self {
        Self { name, at, entries: table.iter().collect(), asked: RefCell::default(), problems }
    }

    /// The name of a key as it is shown: `service.owner`.
    fn key(&self, key: &str) -> String {
        match (self.name.as_str(), key) {
            ("", key) => key.to_owned(),
            (name, "") => name.to_owned(),
            (name, key) => format!("{name}.{key}"),
        }
    }

    /// Notes a problem with a key of this table.
    pub fn problem(&self, at: Range<usize>, key: &str, sentence: impl Into<String>) {
        self.problems.add(at, self.key(key), sentence);
    }

    /// Notes that this machine has not got what a key of this table names.
    pub fn missing(&self, at: Range<usize>, key: &str, sentence: impl Into<String>) {
        self.problems.add_missing(at, self.key(key), sentence);
    }

    /// Where the table begins.
    pub fn at(&self) -> Range<usize> {
        self.at.clone()
    }

    fn find(&self, key: &'static str) -> Option<&'a Spanned<DeValue<'i>>> {
        let mut asked = self.asked.borrow_mut();
        if !asked.contains(&key) {
            asked.push(key);
        }
        self.entries.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| *value)
    }

    fn wrong_type(&self, value: &Spanned<DeValue<'_>>, key: &str, wanted: &str) {
        let found = kind(value.get_ref());
        self.problem(value.span(), key, format!("this is {found}; it must be {wanted}"));
    }

    /// Whether the key is there at all, readable or not.
    pub fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|(name, _)| name.get_ref() == key)
    }

    /// Whether the key is a table.
    #[must_use]
    pub fn is_table(&self, key: &str) -> bool {
        let found = self.entries.iter().find(|(name, _)| name.get_ref() == key);
        found.is_some_and(|(_, value)| value.get_ref().as_table().is_some())
    }

    /// Whether the key is a text.
    #[must_use]
    pub fn is_text(&self, key: &str) -> bool {
        let found = self.entries.iter().find(|(name, _)| name.get_ref() == key);
        found.is_some_and(|(_, value)| value.get_ref().as_str().is_some())
    }

    /// A text, if it is there.
    pub fn text(&self, key: &'static str) -> Option<Spanned<String>> {
        let value = self.find(key)?;
        match value.get_ref().as_str() {
            Some(text) => Some(Spanned::new(value.span(), text.trim().to_owned())),
            None => {
                self.wrong_type(value, key, "a text in quotes");
                None
            }
        }
    }

    /// A text as it is written, every space of it, if it is there.
    pub fn verbatim(&self, key: &'static str) -> Option<Spanned<&'a str>> {
        let value = self.find(key)?;
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.wrong_type(value, key, "a text in quotes");
        }
        text.map(|text| Spanned::new(value.span(), text))
    }

    /// Where a key is; where the table begins if it is not there.
    pub fn place(&self, key: &str) -> Range<usize> {
        let entry = self.entries.iter().find(|(name, _)| name.get_ref() == key);
        entry.map_or_else(|| self.at(), |(name, _)| name.span())
    }

    /// A text that must be there and say something.
    pub fn required(&self, key: &'static str, example: &str) -> Option<Spanned<String>> {
        let is_there = self.has(key);
        let text = self.text(key);
        if !is_there {
            self.problem(self.at(), key, format!("this is missing; for example {key} = \"{example}\""));
        }
        let text = text?;
        if text.get_ref().is_empty() {
            self.problem(text.span(), key, format!("this is empty; for example {key} = \"{example}\""));
            return None;
        }
        Some(text)
    }

    /// A yes or no, if it is there.
    pub fn flag(&self, key: &'static str) -> Option<bool> {
        let value = self.find(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.wrong_type(value, key, "true or false, without quotes");
        }
        flag
    }

    /// A whole number within bounds, if it is there.
    pub fn number(&self, key: &'static str, bounds: RangeInclusive<i64>) -> Option<i64> {
        let value = self.find(key)?;
        let DeValue::Integer(number) = value.get_ref() else {
            self.wrong_type(value, key, "a whole number, without quotes");
            return None;
        };
        let number = i64::from_str_radix(number.as_str(), number.radix()).ok().filter(|number| bounds.contains(number));
        if number.is_none() {
            let sentence = format!("this must be between {} and {}", bounds.start(), bounds.end());
            self.problem(value.span(), key, sentence);
        }
        number
    }

    /// What was made of a text, or a problem with it.
    pub fn taken<T>(&self, key: &str, typed: &Spanned<String>, made: Result<T, String>) -> Option<T> {
        made.map_err(|sentence| self.problem(typed.span(), key, sentence)).ok()
    }

    /// Every key with its text, in the order of the file: for tables whose keys are names of the writer's own.
    pub fn pairs(&self) -> Vec<(Spanned<String>, Spanned<String>)> {
        let mut pairs = Vec::new();
        for (key, value) in &self.entries {
            match value.get_ref().as_str() {
                Some(text) => {
                    let key = Spanned::new(key.span(), key.get_ref().to_string());
                    pairs.push((key, Spanned::new(value.span(), text.trim().to_owned())));
                }
                None => self.wrong_type(value, key.get_ref(), "a text in quotes"),
            }
        }
        pairs.sort_by_key(|(key, _)| key.span().start);
        pairs
    }

    /// A list of texts, if it is there.
    pub fn texts(&self, key: &'static str) -> Option<Vec<Spanned<String>>> {
        let value = self.find(key)?;
        let Some(list) = value.get_ref().as_array() else {
            self.wrong_type(value, key, "a list of texts, [\"…\", \"…\"]");
            return None;
        };
        let text = |item: &Spanned<DeValue<'_>>| match item.get_ref().as_str() {
            Some(text) => Some(Spanned::new(item.span(), text.trim().to_owned())),
            None => {
                self.wrong_type(item, key, "a text in quotes");
                None
            }
        };
        Some(list.iter().filter_map(text).collect())
    }

    /// A stretch of time, if it is there.
    pub fn span(&self, key: &'static str) -> Option<Duration> {
        let value = self.find(key)?;
        let Some(text) = value.get_ref().as_str() else {
            self.wrong_type(value, key, "a stretch of time in quotes, such as \"30m\", \"2h\" or \"1d\"");
            return None;
        };
        let span = parse_span(text).as_ref().map(TimeDelta::to_std).and_then(Result::ok);
        if span.is_none() {
            let sentence = format!("“{text}” is not a stretch of time; write it as \"30m\", \"2h\" or \"1d\"");
            self.problem(value.span(), key, sentence);
        }
        span
    }

    /// One of a few words, if it is there.
    pub fn choice<T: Copy>(&self, key: &'static str, choices: &[(&str, T)]) -> Option<T> {
        let typed = self.text(key)?;
        let found = choices.iter().find(|(word, _)| *word == typed.get_ref()).map(|(_, choice)| *choice);
        if found.is_none() {
            let near = did_you_mean(typed.get_ref(), choices.iter().map(|(word, _)| *word));
            self.problem(typed.span(), key, format!("“{}” is not possible here{near}", typed.get_ref()));
        }
        found
    }

    /// The table of that name, `[server]`, if it is there.
    pub fn table(&self, key: &'static str) -> Option<Section<'a, 'i>> {
        let value = self.find(key)?;
        match value.get_ref().as_table() {
            Some(table) => Some(Section::new(self.key(key), value.span(), table, self.problems)),
            None => {
                self.wrong_type(value, key, &format!("a table: [{key}]"));
                None
            }
        }
    }

    /// Every key with its table, in the order of the file: for tables whose keys are names of the writer's own.
    pub fn sections(&self) -> Vec<(Spanned<String>, Section<'a, 'i>)> {
        let mut sections = Vec::new();
        for (key, value) in &self.entries {
            let name = key.get_ref().to_string();
            match value.get_ref().as_table() {
                Some(table) => {
                    let section = Section::new(self.key(&name), value.span(), table, self.problems);
                    sections.push((Spanned::new(key.span(), name), section));
                }
                None => self.wrong_type(value, &name, "a table: { … = \"…\" }"),
            }
        }
        sections.sort_by_key(|(key, _)| key.span().start);
        sections
    }

    /// Every table that was not asked for, in the order of the file: for files whose tables have names of the writer's own beside others.
    /// Any other key that was not asked for is a mistake. To be called in place of [`Self::finish`].
    pub fn others(&self) -> Vec<(Spanned<String>, Section<'a, 'i>)> {
        let asked = self.asked.borrow().clone();
        let mut others = Vec::new();
        for (key, value) in self.entries.iter().filter(|(key, _)| !asked.contains(&key.get_ref().as_ref())) {
            let name = key.get_ref().to_string();
            match value.get_ref().as_table() {
                Some(table) => {
                    let section = Section::new(self.key(&name), value.span(), table, self.problems);
                    others.push((Spanned::new(key.span(), name), section));
                }
                None => {
                    let near = did_you_mean(&name, asked.iter().copied());
                    self.problem(key.span(), &name, format!("there is no such key{near}"));
                }
            }
        }
        others.sort_by_key(|(key, _)| key.span().start);
        others
    }

    /// The tables of that name, `[[person]]`; `None` when there is no word of them at all.
    pub fn tables(&self, key: &'static str) -> Option<Vec<Section<'a, 'i>>> {
        let value = self.find(key)?;
        let Some(list) = value.get_ref().as_array() else {
            self.wrong_type(value, key, &format!("a list of tables: [[{key}]], with two brackets"));
            return None;
        };
        let table = |item: &'a Spanned<DeValue<'i>>| match item.get_ref().as_table() {
            Some(table) => Some(Section::new(self.key(key), item.span(), table, self.problems)),
            None => {
                self.wrong_type(item, key, &format!("a table: [[{key}]]"));
                None
            }
        };
        Some(list.iter().filter_map(table).collect())
    }

    /// What the tables of that name call themselves, `[[webhook]] name = "ops"`, be the rest of them sound or not. Nothing is a problem
    /// here: whoever reads the tables says what is.
    #[must_use]
    pub fn names(&self, key: &str) -> Vec<&'a str> {
        let found = self.entries.iter().find(|(name, _)| name.get_ref() == key);
        let tables = found.and_then(|(_, value)| value.get_ref().as_array()).into_iter().flatten();
        tables.filter_map(|table| table.get_ref().as_table()?.get("name")?.get_ref().as_str()).map(str::trim).collect()
    }

    /// To be called when every key was asked for: any other is a mistake.
    pub fn finish(&self) {
        let asked = self.asked.borrow();
        for (key, _) in self.entries.iter().filter(|(key, _)| !asked.contains(&key.get_ref().as_ref())) {
            let name = key.get_ref();
            let near = did_you_mean(name, asked.iter().copied());
            let what = if self.name.is_empty() { "section" } else { "key" };
            self.problem(key.span(), name, format!("there is no such {what}{near}"));
        }
    }
}
