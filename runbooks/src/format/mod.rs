//! The file format: YAML into [`Runbook`]s, every fault at once, each with its place and the way out.

mod build;
pub(crate) mod fault;
pub(crate) mod field;
mod raw;
pub(crate) mod reader;
pub(crate) mod tree;

use build::{Builder, Child};
use fault::{Fault, Faults};
use muster_core::org::Organisation;
use muster_core::runbook::Runbook;
use raw::RawBook;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The JSON Schema of runbooks (2020-12), by which editors complete and check them.
#[must_use]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(RawBook).to_value()
}

/// How deep runbooks run one another.
const DEEPEST: usize = 3;

/// A file with its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// As it is named in faults.
    pub file: String,
    /// What is in it.
    pub text: String,
}

/// What is known of one of the files.
enum State<'a> {
    /// It has been read, and not yet understood.
    Raw(Box<RawBook>, Faults<'a>),
    /// It is being understood.
    Open,
    /// It means this, or nothing.
    Built(Option<Runbook>),
}

/// All files, which may name each other.
struct Shelf<'a> {
    org: Option<&'a Organisation>,
    by_id: BTreeMap<String, usize>,
    states: RefCell<Vec<State<'a>>>,
    found: RefCell<Vec<Fault>>,
}

/// Reads runbooks. What they name of the organisation is checked if that is known.
///
/// # Errors
/// Everything that is wrong in them.
pub fn read(sources: &[Source], org: Option<&Organisation>) -> Result<Vec<Runbook>, Vec<Fault>> {
    let mut books = Vec::new();
    let mut found = Vec::new();
    for read in read_each(sources, org) {
        match read {
            Ok(book) => books.push(book),
            Err(faults) => found.extend(faults),
        }
    }
    if !found.is_empty() {
        found.sort();
        found.dedup();
        return Err(found);
    }
    books.sort_by(|one: &Runbook, other| one.name.cmp(&other.name));
    Ok(books)
}

/// Reads runbooks, each for itself, although they may run one another: what each means, or what is wrong with it.
#[must_use]
pub fn read_each(sources: &[Source], org: Option<&Organisation>) -> Vec<Result<Runbook, Vec<Fault>>> {
    let mut states = Vec::new();
    let mut found = Vec::new();
    let mut by_id = BTreeMap::new();
    for source in sources {
        let faults = Faults::of(&source.file);
        let node = tree::read(&source.text, &faults);
        let raw = node.as_ref().and_then(|node| reader::read::<RawBook>(node, &source.text, &faults));
        let Some(raw) = raw else {
            found.extend(faults.into_sorted());
            states.push(State::Built(None));
            continue;
        };
        if let Some(id) = raw.id.given() {
            let first = *by_id.entry(id.value.clone()).or_insert(states.len());
            if first != states.len() {
                faults.add(
                    &id.place,
                    format!("{} has this id already", sources[first].file),
                    "give this runbook another id",
                );
            }
        }
        states.push(State::Raw(Box::new(raw), faults));
    }
    let shelf = Shelf { org, by_id, states: RefCell::new(states), found: RefCell::new(found) };
    let built: Vec<_> = (0..sources.len()).map(|at| shelf.build(at, &mut Vec::new())).collect();
    let found = shelf.found.into_inner();
    let told = |source: &Source| {
        let own: Vec<_> = found.iter().filter(|fault| fault.file == source.file).cloned().collect();
        if own.is_empty() { found.clone() } else { own }
    };
    sources.iter().zip(built).map(|(source, book)| book.ok_or_else(|| told(source))).collect()
}

impl Shelf<'_> {
    /// What a file means; those it names first. `way` is how we came to it.
    fn build(&self, at: usize, way: &mut Vec<String>) -> Option<Runbook> {
        let state = std::mem::replace(&mut self.states.borrow_mut()[at], State::Open);
        let (raw, faults) = match state {
            State::Raw(raw, faults) => (raw, faults),
            State::Open => return None,
            State::Built(book) => {
                self.states.borrow_mut()[at] = State::Built(book.clone());
                return book;
            }
        };
        way.push(raw.id.value().cloned().unwrap_or_default());
        let way = RefCell::new(way);
        let child = |id: &str| self.child(id, &mut way.borrow_mut());
        let book = Builder { faults: &faults, org: self.org, child: &child }.book(&raw);
        way.borrow_mut().pop();
        let faults = faults.into_sorted();
        let book = book.filter(|_| faults.is_empty());
        self.found.borrow_mut().extend(faults);
        self.states.borrow_mut()[at] = State::Built(book.clone());
        book
    }

    fn child(&self, id: &str, way: &mut Vec<String>) -> Child {
        let Some(&at) = self.by_id.get(id) else { return Child::Unknown(self.by_id.keys().cloned().collect()) };
        if way.iter().any(|open| open == id) {
            return Child::Itself(way.iter().map(String::as_str).chain([id]).map(ToOwned::to_owned).collect());
        }
        match self.build(at, way) {
            Some(book) if way.len() + depth(&book) > DEEPEST => Child::TooDeep,
            Some(book) => Child::Known(Box::new(book)),
            None => Child::Wrong,
        }
    }
}

/// How deep a runbook runs others, itself included.
fn depth(book: &Runbook) -> usize {
    1 + book.flat().into_iter().filter_map(build::child).map(depth).max().unwrap_or(0)
}

/// The runbooks of a folder: its files that end in `.yaml` or `.yml`, but for tests, those of folders within it included.
///
/// # Errors
/// Everything that is wrong in them.
pub fn load(folder: &Path, org: &Organisation) -> Result<Vec<Runbook>, Vec<Fault>> {
    read(&sources(folder)?, Some(org))
}

/// The files of runbooks below a folder, or the one file that it is.
///
/// # Errors
/// What cannot be read.
pub fn sources(path: &Path) -> Result<Vec<Source>, Vec<Fault>> {
    let mut files = Vec::new();
    if path.is_dir() {
        below(path, 0, &mut files).map_err(|fault| vec![fault])?;
        files.sort();
    } else {
        files.push(path.to_owned());
    }
    let (fine, wrong): (Vec<_>, Vec<_>) = files.iter().map(|file| source(file)).partition(Result::is_ok);
    let wrong: Vec<_> = wrong.into_iter().filter_map(Result::err).collect();
    if wrong.is_empty() { Ok(fine.into_iter().filter_map(Result::ok).collect()) } else { Err(wrong) }
}

fn below(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), Fault> {
    let wrong = |error: std::io::Error| {
        Fault::of_file(&folder.display().to_string(), format!("this folder cannot be read: {error}"))
    };
    for entry in std::fs::read_dir(folder).map_err(wrong)? {
        let path = entry.map_err(wrong)?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let is_book = (name.ends_with(".yaml") || name.ends_with(".yml")) && !is_test(&name) && !name.starts_with('.');
        if path.is_dir() && depth < 4 && !name.starts_with('.') {
            below(&path, depth + 1, files)?;
        } else if is_book {
            files.push(path);
        }
    }
    Ok(())
}

/// Whether a file holds the tests of a runbook.
pub(crate) fn is_test(name: &str) -> bool {
    name.ends_with(".test.yaml") || name.ends_with(".test.yml")
}

/// A file, of which no more is read than may be in it.
pub(crate) fn source(path: &Path) -> Result<Source, Fault> {
    let file = path.display().to_string();
    let mut bytes = Vec::new();
    let limit = u64::try_from(tree::LONGEST).unwrap_or(u64::MAX) + 1;
    std::fs::File::open(path)
        .and_then(|opened| opened.take(limit).read_to_end(&mut bytes))
        .map_err(|error| Fault::of_file(&file, format!("this file cannot be read: {error}")))?;
    from_bytes(file, bytes)
}

/// The text of a file.
///
/// # Errors
/// When it is not UTF-8.
pub fn from_bytes(file: String, bytes: Vec<u8>) -> Result<Source, Fault> {
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source { file, text }),
        Err(error) => {
            let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
            let hint = Some("save it as UTF-8".to_owned());
            Err(Fault { line, hint, ..Fault::of_file(&file, "this is not UTF-8") })
        }
    }
}
