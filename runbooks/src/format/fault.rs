//! What is wrong in a file, where, and the way out. Every fault is collected, so that one look at the list is enough.

use muster_core::command::parse::nearest;
use muster_core::plain::echo;
use serde::Serialize;
use std::cell::RefCell;
use std::fmt;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Fault {
    /// The file, as it was named.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The key it is about, `steps[2].http.url`; empty when the file cannot be read at all.
    pub key: String,
    /// What is wrong, in one sentence.
    pub sentence: String,
    /// The way out.
    pub hint: Option<String>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: ", self.file, self.line, self.column)?;
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.sentence)?;
        match &self.hint {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

impl Fault {
    /// A fault of a file as a whole.
    pub(crate) fn of_file(file: &str, sentence: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: 1, column: 1, key: String::new(), sentence: sentence.into(), hint: None }
    }
}

/// Where something stands in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// The line, from 1.
    pub(crate) line: usize,
    /// The column in characters, from 1.
    pub(crate) column: usize,
    /// The way to it: `steps[2].http.url`.
    pub(crate) key: String,
}

impl Place {
    /// A key that is missing in it.
    pub(crate) fn lacks(&self, key: &str) -> Self {
        let key = if self.key.is_empty() { key.to_owned() } else { format!("{}.{key}", self.key) };
        Self { key, ..self.clone() }
    }
}

/// The faults found so far in one file.
#[derive(Debug)]
pub(crate) struct Faults<'a> {
    file: &'a str,
    found: RefCell<Vec<Fault>>,
}

impl<'a> Faults<'a> {
    /// None yet.
    pub(crate) fn of(file: &'a str) -> Self {
        Self { file, found: RefCell::new(Vec::new()) }
    }

    /// Notes a fault.
    pub(crate) fn add(&self, place: &Place, sentence: impl Into<String>, hint: impl Into<Hint>) {
        let fault = Fault {
            file: self.file.to_owned(),
            line: place.line,
            column: place.column,
            key: place.key.clone(),
            sentence: sentence.into(),
            hint: hint.into().0,
        };
        self.found.borrow_mut().push(fault);
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.found.borrow().len()
    }

    /// All of them in the order of the file, each once.
    pub(crate) fn into_sorted(self) -> Vec<Fault> {
        let mut found = self.found.into_inner();
        found.sort_by(|one, other| (one.line, one.column, one).cmp(&(other.line, other.column, other)));
        found.dedup();
        found
    }
}

/// The way out, if one is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Hint(pub(crate) Option<String>);

impl From<&str> for Hint {
    fn from(hint: &str) -> Self {
        Self(Some(hint.to_owned()))
    }
}

impl From<String> for Hint {
    fn from(hint: String) -> Self {
        Self(Some(hint))
    }
}

/// What may have been meant by a word that is not among the known ones.
pub(crate) fn did_you_mean<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Hint {
    let known: Vec<&str> = known.into_iter().collect();
    Hint(match nearest(typed, known.iter().copied()) {
        Some(near) => Some(format!("did you mean `{near}`?")),
        None if known.is_empty() => Some("there are none".to_owned()),
        None if known.len() <= 16 => Some(format!("there are {}", known.join(", "))),
        None => None,
    })
}

/// What somebody typed, short enough to be repeated.
pub(crate) fn typed(text: &str) -> String {
    format!("`{}`", echo(text))
}
