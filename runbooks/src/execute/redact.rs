//! Taking secrets out of whatever a step says, in every shape in which they are likely to come back.

use super::secrets::SecretValue;
use super::words;
use aho_corasick::{AhoCorasick, MatchKind};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use std::collections::BTreeMap;

/// The fewest characters of a shape of a secret that are looked for, and of its beginning where a text breaks off.
const LEAST: usize = 6;
const LEAST_BEGINNING: usize = 4;

/// Knows secrets and takes them out. Spaces and line ends do not hide them, nor do capitals.
#[derive(Debug, Default)]
pub(super) struct Redactor {
    /// Shapes without spaces, in lower case, each with the name of its secret.
    shapes: Vec<(String, String)>,
    finder: Option<AhoCorasick>,
}

impl Redactor {
    /// One that knows these.
    pub(super) fn new<'a>(secrets: impl IntoIterator<Item = (&'a String, &'a SecretValue)>) -> Self {
        let mut shapes = BTreeMap::new();
        for (name, value) in secrets {
            for shape in shapes_of(value.reveal()) {
                let shape: String = shape.chars().filter(|c| !c.is_whitespace()).collect();
                if shape.chars().count() >= LEAST {
                    shapes.entry(shape.to_ascii_lowercase()).or_insert_with(|| name.clone());
                }
            }
        }
        let shapes: Vec<(String, String)> = shapes.into_iter().collect();
        let patterns = shapes.iter().map(|(shape, _)| shape);
        let finder = AhoCorasick::builder().match_kind(MatchKind::Standard).build(patterns).ok();
        Self { finder: finder.filter(|_| !shapes.is_empty()), shapes }
    }

    /// The text without secrets.
    pub(super) fn text(&self, text: &str) -> String {
        let Some(finder) = &self.finder else { return text.to_owned() };
        let squeezed = Squeezed::of(text);
        let mut found: Vec<(usize, usize, &str)> = finder
            .find_overlapping_iter(&squeezed.text)
            .map(|hit| (hit.start(), hit.end(), self.shapes[hit.pattern().as_usize()].1.as_str()))
            .collect();
        found.extend(self.begun(&squeezed.text));
        found.sort_unstable();
        let mut clean = String::with_capacity(text.len());
        let (mut kept_to, mut hidden_to) = (0, 0);
        for (start, end, name) in found {
            // One that begins within another is hidden with it.
            if start >= hidden_to {
                clean.push_str(&text[kept_to..squeezed.place(start)]);
                clean.push_str(&format!("‹secret {name}›"));
            }
            hidden_to = hidden_to.max(end);
            kept_to = kept_to.max(squeezed.end(hidden_to));
        }
        clean.push_str(&text[kept_to..]);
        clean
    }

    /// The value without secrets, whatever its type was.
    pub(super) fn value(&self, value: Value) -> Value {
        match value {
            Value::String(text) => {
                // What hides within control sequences is found where they are gone; else the text stays as it is.
                let clean = words::clean(text.as_bytes());
                let told = self.text(&clean);
                Value::String(if told == clean { self.text(&text) } else { told })
            }
            Value::Array(items) => items.into_iter().map(|item| self.value(item)).collect(),
            Value::Object(fields) => {
                fields.into_iter().map(|(name, value)| (self.text(&name), self.value(value))).collect()
            }
            Value::Number(number) => {
                let (before, after) = (number.to_string(), self.text(&number.to_string()));
                if before == after { Value::Number(number) } else { Value::String(after) }
            }
            Value::Null | Value::Bool(_) => value,
        }
    }

    /// The beginning of a secret at the end of a text: the rest may be about to come, or was cut off.
    fn begun(&self, squeezed: &str) -> Option<(usize, usize, &str)> {
        let begun = |shape: &str| {
            let most = (shape.len() - 1).min(squeezed.len());
            let is_begun = |&length: &usize| squeezed.as_bytes().ends_with(&shape.as_bytes()[..length]);
            (LEAST_BEGINNING..=most).rev().filter(|&length| shape.is_char_boundary(length)).find(is_begun)
        };
        let begun = self.shapes.iter().filter_map(|(shape, name)| Some((begun(shape)?, name.as_str())));
        begun.max_by_key(|(length, _)| *length).map(|(length, name)| (squeezed.len() - length, squeezed.len(), name))
    }
}

/// The shapes in which a value may come back.
fn shapes_of(value: &str) -> Vec<String> {
    let mut shapes = vec![value.to_owned()];
    shapes.extend(value.lines().map(str::to_owned));
    for kept in [NON_ALPHANUMERIC, super::address::UNRESERVED] {
        shapes.push(utf8_percent_encode(value, kept).to_string());
    }
    let bytes: String = value.bytes().map(|byte| format!("{byte:02x}")).collect();
    shapes.push(bytes);
    let as_json = Value::from(value).to_string();
    shapes.push(as_json[1..as_json.len() - 1].to_owned());
    for before in 0..3 {
        let shifted = [&[0; 2][..before], value.as_bytes()].concat();
        // Characters that hold bits of a neighbour differ from case to case.
        let (first, last) = ((8 * before).div_ceil(6), 8 * shifted.len() / 6);
        for encoded in [STANDARD_NO_PAD.encode(&shifted), URL_SAFE_NO_PAD.encode(&shifted)] {
            shapes.push(encoded[first..last].to_owned());
        }
    }
    shapes
}

/// A text without spaces, in lower case, that knows where each byte was.
struct Squeezed {
    text: String,
    places: Vec<usize>,
}

impl Squeezed {
    fn of(text: &str) -> Self {
        let mut squeezed = Self { text: String::with_capacity(text.len()), places: Vec::with_capacity(text.len()) };
        for (place, c) in text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
            squeezed.text.push(c.to_ascii_lowercase());
            squeezed.places.extend(place..place + c.len_utf8());
        }
        squeezed
    }

    fn place(&self, at: usize) -> usize {
        self.places[at]
    }

    /// Where what ends there ends.
    fn end(&self, at: usize) -> usize {
        self.places[at - 1] + 1
    }
}

#[cfg(test)]
mod tests;
