//! A file as YAML, with the place of everything in it, and within tight limits: no anchors, no tags, no bombs.

use super::fault::{Faults, Hint, Place};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Number;
use serde_saphyr::options::{DuplicateKeyPolicy, MergeKeyPolicy};
use serde_saphyr::{Error, Spanned};
use std::fmt;
use std::ops::Range;

/// The most bytes of a file.
pub(crate) const LONGEST: usize = 256 * 1024;
/// The deepest nesting of lists and maps.
const DEEPEST: usize = 24;
/// The most values in a file.
const NODES: usize = 20_000;

/// A value of a file.
#[derive(Debug)]
pub(crate) struct Node {
    /// What it is.
    pub(crate) shape: Shape,
    /// Its line, from 1.
    pub(crate) line: usize,
    /// Its column in characters, from 1.
    pub(crate) column: usize,
    /// Its bytes in the file.
    pub(crate) bytes: Range<usize>,
}

/// What a value is.
#[derive(Debug)]
pub(crate) enum Shape {
    /// Nothing.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A number.
    Number(Number),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// Keys with their values, in order; a key may be there twice.
    Map(Vec<(Node, Node)>),
}

impl Shape {
    /// What that is called.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Map(_) => "a map of keys",
        }
    }
}

/// Reads a file; `None` when it is none that could be, which is noted.
pub(crate) fn read(text: &str, faults: &Faults<'_>) -> Option<Node> {
    let top = Place { line: 1, column: 1, key: String::new() };
    if text.len() > LONGEST {
        faults.add(
            &top,
            format!("a file has {} KB at most", LONGEST / 1024),
            "take it apart into runbooks that run one another",
        );
        return None;
    }
    if let Some(at) = text.find('\0') {
        let line = 1 + text[..at].matches('\n').count();
        faults.add(&Place { line, ..top }, "there is a NUL in this file, which is no text", "save it as UTF-8");
        return None;
    }
    match serde_saphyr::from_str_with_options::<Node>(text, options()) {
        Ok(node) => Some(node),
        Err(error) => {
            let error = error.without_snippet();
            let place = error.location().map_or(top.clone(), |at| Place {
                line: usize::try_from(at.line()).unwrap_or(1).max(1),
                column: usize::try_from(at.column()).unwrap_or(1).max(1),
                key: String::new(),
            });
            let (sentence, hint) = said(error, text, place.line);
            faults.add(&place, sentence, hint);
            None
        }
    }
}

fn options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: DEEPEST,
            flow_nesting_limit: DEEPEST,
            max_nodes: NODES,
            max_events: 3 * NODES,
            max_anchors: 0,
            max_aliases: 0,
            max_documents: 1,
            max_merge_keys: 0,
            max_total_scalar_bytes: LONGEST,
        },
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        merge_keys: MergeKeyPolicy::Error,
        emit_comments: false,
        strict_booleans: true,
        reject_unsupported_tags: true,
        with_snippet: false,
    }
}

/// Why a file is no YAML of ours, and the way out.
fn said(error: &Error, text: &str, line: usize) -> (String, Hint) {
    let known = |sentence: &str, hint: &str| (sentence.to_owned(), Hint::from(hint));
    if let Error::Budget { breach, .. } = error {
        use serde_saphyr::budget::BudgetBreach as Breach;
        if matches!(breach, Breach::Anchors { .. } | Breach::Aliases { .. }) {
            return known(
                "anchors and aliases (`&a`, `*a`) are not used in runbooks",
                "write the value out where it is needed",
            );
        }
        if matches!(breach, Breach::Documents { .. }) {
            return documents();
        }
        if matches!(breach, Breach::Depth { .. }) {
            return known("this is nested too deeply", "24 levels are enough for everything");
        }
        return known(
            "this file has more in it than a runbook can",
            "take it apart into runbooks that run one another",
        );
    }
    if matches!(error, Error::MergeKeyNotAllowed { .. }) {
        return known("`<<` is not used in runbooks", "write the keys out where they are needed");
    }
    if matches!(error, Error::MultipleDocuments { .. }) {
        return documents();
    }
    if matches!(error, Error::UnknownAnchor { .. }) {
        return known(
            "anchors and aliases (`&a`, `*a`) are not used in runbooks",
            "put quotes around a text that begins with `*`",
        );
    }
    if matches!(error, Error::UnsupportedTag { .. }) {
        return known(
            "tags (`!x`) are not used in runbooks",
            "take it away, or put quotes around a text that begins with `!`",
        );
    }
    let source = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    if source.trim_start_matches(' ').starts_with('\t') {
        return known("a tab is no indentation in YAML", "use spaces");
    }
    let why = error.to_string();
    let why = why.lines().next().unwrap_or_default();
    let why = why.split(" at line ").next().unwrap_or_default().trim_start_matches("YAML parse error: ");
    let hint = if why.contains("mapping values are not allowed")
        || source.contains(": ") && source.matches(": ").count() > 1
    {
        Hint::from("put quotes around a text that has a colon followed by a space in it")
    } else if source.contains('\t') {
        Hint::from("use spaces instead of tabs")
    } else {
        Hint::from("look at the indentation and the quotes on this line and the one before it")
    };
    (format!("this is not YAML: {why}"), hint)
}

fn documents() -> (String, Hint) {
    let sentence = "there is more than one document in this file";
    (sentence.to_owned(), "take `---` away, and give every runbook a file of its own".into())
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Spanned { value, referenced, .. } = Spanned::<Shape>::deserialize(deserializer)?;
        let number = |value: u64| usize::try_from(value).unwrap_or(usize::MAX);
        let start = number(referenced.span().byte_offset().unwrap_or(0));
        let length = number(referenced.span().byte_len().unwrap_or(0));
        Ok(Self {
            shape: value,
            line: number(referenced.line()).max(1),
            column: number(referenced.column()).max(1),
            bytes: start..start.saturating_add(length),
        })
    }
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ShapeVisitor)
    }
}

struct ShapeVisitor;

impl<'de> Visitor<'de> for ShapeVisitor {
    type Value = Shape;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Shape, E> {
        Ok(Shape::Null)
    }

    fn visit_none<E>(self) -> Result<Shape, E> {
        Ok(Shape::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Shape, D::Error> {
        Shape::deserialize(deserializer)
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Shape, E> {
        Ok(Shape::Bool(yes))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Shape, E> {
        Ok(Shape::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Shape, E> {
        Ok(Shape::Number(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Shape, E> {
        Ok(Number::from_f64(number).map_or_else(|| Shape::Text(number.to_string()), Shape::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Shape, E> {
        Ok(Shape::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Shape, E> {
        Ok(Shape::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Shape, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Shape::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Shape, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Shape::Map(map))
    }
}
