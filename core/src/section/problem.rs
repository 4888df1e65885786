//! What is wrong in a file, and where. Every problem is collected, so that one look at the list is enough.

use crate::command::parse::nearest;
use std::cell::RefCell;
use std::fmt;
use std::ops::Range;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The key it is about, `service.owner`; empty when the file cannot be read as TOML.
    pub key: String,
    /// What is wrong and what would be right, in one sentence.
    pub sentence: String,
    /// What is to be mended.
    pub fault: Fault,
}

/// What is to be mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The text.
    Text,
    /// The machine, which has not got what the text names: a variable of the environment, a file. On another the text may be fine.
    Machine,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.line, self.column)?;
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.sentence)
    }
}

/// The problems found so far in one text.
pub struct Problems<'a> {
    text: &'a str,
    found: RefCell<Vec<(usize, Problem)>>,
}

impl<'a> Problems<'a> {
    /// None yet.
    #[must_use]
    pub fn of(text: &'a str) -> Self {
        Self { text, found: RefCell::new(Vec::new()) }
    }

    /// Notes a problem at a place in the text.
    pub fn add(&self, at: Range<usize>, key: impl Into<String>, sentence: impl Into<String>) {
        self.note(at, (key.into(), sentence.into()), Fault::Text);
    }

    /// Notes that this machine has not got what is named at a place in the text.
    pub fn add_missing(&self, at: Range<usize>, key: impl Into<String>, sentence: impl Into<String>) {
        self.note(at, (key.into(), sentence.into()), Fault::Machine);
    }

    fn note(&self, at: Range<usize>, (key, sentence): (String, String), fault: Fault) {
        let (line, column) = place(self.text, at.start);
        self.found.borrow_mut().push((at.start, Problem { line, column, key, sentence, fault }));
    }

    /// All of them in the order of the text.
    #[must_use]
    pub fn into_sorted(self) -> Vec<Problem> {
        let mut found = self.found.into_inner();
        found.sort_by_key(|(at, _)| *at);
        found.into_iter().map(|(_, problem)| problem).collect()
    }
}

/// The line and column of a byte, both from 1.
fn place(text: &str, at: usize) -> (usize, usize) {
    let at = (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let before = &text[..at];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// What may have been meant by a word that is not among the known ones, as the end of a sentence.
#[must_use]
pub fn did_you_mean<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    match nearest(typed, known.iter().copied()) {
        Some(near) => format!("; did you mean `{near}`?"),
        None if known.is_empty() => "; there are none".to_owned(),
        None if known.len() <= 12 => format!("; there are {}", known.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_counted_in_lines_and_characters() {
        let text = "a\nåäö = 1\n";
        assert_eq!(place(text, 0), (1, 1));
        assert_eq!(place(text, text.find('=').expect("there is one")), (2, 5));
        assert_eq!(place(text, 10_000), (3, 1));
    }

    #[test]
    fn the_nearest_known_word_is_offered_or_all_of_a_few() {
        assert_eq!(did_you_mean("paymnts", ["payments", "stores"]), "; did you mean `payments`?");
        assert_eq!(did_you_mean("sever", ["severity", "server"]), "; did you mean `server`?");
        assert_eq!(did_you_mean("partial", ["operational", "partial_outage"]), "; did you mean `partial_outage`?");
        assert_eq!(did_you_mean("SEV9", ["SEV1", "SEV2"]), "; there are SEV1, SEV2");
        assert_eq!(did_you_mean("zebra", ["payments", "stores"]), "; there are payments, stores");
        assert_eq!(did_you_mean("zebra", []), "; there are none");
    }
}
