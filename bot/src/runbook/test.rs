//! `muster runbook test`: the cases beside runbooks are played, and told as a test runner tells them.

use super::known;
use crate::cli::Global;
use crate::say;
use crate::setting::Broken;
use anyhow::{Context, bail};
use muster_runbooks::trial::Trials;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// How a case that passed is marked, and one that did not.
const MARKS: (&str, &str) = ("ok", "FAILED");

/// Plays the tests of these runbooks, and of those in these folders.
pub(super) fn run(global: &Global, paths: &[PathBuf]) -> anyhow::Result<ExitCode> {
    let (mut passed, mut failed) = (0, 0);
    for path in paths {
        for source in muster_runbooks::sources(path).map_err(Broken::runbooks)? {
            let file = Path::new(&source.file);
            let beside = file.with_extension("test.yaml");
            if !beside.exists() {
                say::aside(&format!("{} has no tests: {} would hold them", source.file, beside.display()));
                continue;
            }
            let shown = beside.display();
            let text = std::fs::read_to_string(&beside).with_context(|| format!("{shown} cannot be read"))?;
            let trials = Trials::read(&text).map_err(|why| anyhow::anyhow!("{shown}: {why}"))?;
            let (book, org) = known(global, file)?;
            for case in &trials.cases {
                let wrong = case.judge(&book, &org);
                let mark = if wrong.is_empty() { MARKS.0 } else { MARKS.1 };
                say::out(&format!("{}: {} ... {mark}", book.id, case.name));
                wrong.iter().for_each(|what| say::out(&format!("  {what}")));
                if wrong.is_empty() { passed += 1 } else { failed += 1 }
            }
        }
    }
    if passed + failed == 0 {
        bail!("there are no tests here")
    }
    say::out(&format!("\n{passed} passed, {failed} failed"));
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
