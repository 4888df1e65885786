//! `runner.toml`: the config of a runner, on its own machine. What its steps may run and reach, and their secrets, are its own.

use super::problem::Problems;
use super::section::Section;
use super::{Log, Problem, Runbooks, is_loopback, log, one_line, runbooks, runners, value};
use muster_runbooks::remote::{Gate, Trusted};
use std::fmt;
use std::path::{Path, PathBuf};
use toml::de::DeTable;

/// Where the journal is, beside the config, unless it says otherwise.
const STATE: &str = "muster-runner";
/// How many jobs at once, unless it says otherwise, and at most.
const PLACES: (usize, i64) = (4, 64);

/// The config of a runner.
#[derive(Debug, Clone)]
pub(crate) struct RunnerConfig {
    /// Its name, its labels, and whom it trusts.
    pub(crate) gate: Gate,
    /// Where Muster is.
    pub(crate) muster: String,
    /// The key with which it comes in.
    pub(crate) key: Key,
    /// Where its journal is.
    pub(crate) state: PathBuf,
    /// How many jobs it does at once.
    pub(crate) places: usize,
    /// What its steps may run and reach, and where their secrets are.
    pub(crate) runbooks: Runbooks,
    /// How it logs.
    pub(crate) log: Log,
}

/// A key, which never prints itself.
#[derive(Clone)]
pub(crate) struct Key(pub(crate) String);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

impl RunnerConfig {
    /// Reads the config of a runner. `folder` is where relative paths in it start.
    pub(crate) fn parse(text: &str, folder: &Path) -> Result<Self, Vec<Problem>> {
        let problems = Problems::of(text);
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            problems.add(error.span().unwrap_or(0..0), "", one_line(error.message()));
        }
        let config = if errors.is_empty() { read(&Section::root(&table, &problems), folder) } else { None };
        let problems = problems.into_sorted();
        match config {
            Some(config) if problems.is_empty() => Ok(config),
            Some(_) | None => Err(problems),
        }
    }
}

fn read(root: &Section<'_, '_>, folder: &Path) -> Option<RunnerConfig> {
    let name = runners::name(root);
    let labels = runners::labels(root);
    let trusted = trusted(root);
    let muster = muster(root);
    if !root.has("key") {
        root.problem(root.at(), "key", "this is missing; for example key = { file = \"runner.key\" }");
    }
    let key = runners::kept_elsewhere(root, "key", folder);
    let state = root.text("state").map_or_else(|| folder.join(STATE), |typed| folder.join(typed.get_ref()));
    let places = root.number("places", 1..=PLACES.1).and_then(|number| usize::try_from(number).ok());
    let runbooks = runbooks::read(root, folder);
    let log = log(root);
    root.finish();
    Some(RunnerConfig {
        gate: Gate { name: name?.into_inner(), labels, trusted },
        muster: muster?,
        key: Key(key?.1),
        state,
        places: places.unwrap_or(PLACES.0),
        runbooks,
        log,
    })
}

fn trusted(root: &Section<'_, '_>) -> Trusted {
    let mut trusted = Trusted::default();
    let keys = root.texts("trusts").unwrap_or_default();
    if keys.is_empty() {
        let sentence =
            "this is missing; it holds what `muster runner keygen` printed: trusts = [\"muster-public-key:…\"]";
        root.problem(root.at(), "trusts", sentence);
    }
    for key in &keys {
        if let Err(error) = trusted.add(key.get_ref()) {
            root.problem(key.span(), "trusts", error.to_string());
        }
    }
    trusted
}

/// Orders are signed, but the key and what steps say are not for everybody on the way.
fn muster(root: &Section<'_, '_>) -> Option<String> {
    let typed = root.required("muster", "https://muster.example.com")?;
    let url = root.taken("muster", &typed, value::origin(typed.get_ref()))?;
    if url.starts_with("https://") || is_loopback(&url) {
        return Some(url);
    }
    root.problem(
        typed.span(),
        "muster",
        "this must be https://, so that nobody on the way learns the key of this runner",
    );
    None
}
