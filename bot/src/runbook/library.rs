//! `muster runbook library`: the runbooks to start from, listed or written into a folder.

use crate::say;
use crate::write::write_new;
use anyhow::Context;
use muster_runbooks::library::{LIBRARY, README};
use std::fs::create_dir_all;
use std::path::Path;
use std::process::ExitCode;

/// Lists the library, or writes it into a folder. What is there already stays as it is.
pub(super) fn run(to: Option<&Path>) -> anyhow::Result<ExitCode> {
    let Some(folder) = to else {
        let ids: Vec<_> = LIBRARY.iter().map(|sample| sample.id).collect();
        say::out(&ids.join("\n"));
        say::aside("Write them into a folder, with their tests: muster runbook library --to runbooks");
        return Ok(ExitCode::SUCCESS);
    };
    let shown = folder.display();
    create_dir_all(folder).with_context(|| format!("the folder {shown} cannot be made"))?;
    let mut written = 0;
    for (name, text) in files() {
        if write_new(&folder.join(&name), text)? {
            written += 1;
        } else {
            say::aside(&format!("{shown}/{name} exists already and stays as it is"));
        }
    }
    say::out(&format!(
        "Wrote {written} files to {shown}: runbooks and their tests. README.md there says what is to be adapted; then:\n  \
         muster runbook lint {shown}\n  muster runbook test {shown}"
    ));
    Ok(ExitCode::SUCCESS)
}

/// What is written: names and texts.
fn files() -> impl Iterator<Item = (String, &'static str)> {
    let samples = LIBRARY.iter().flat_map(|sample| {
        [(format!("{}.yaml", sample.id), sample.text), (format!("{}.test.yaml", sample.id), sample.tests)]
    });
    samples.chain([("README.md".to_owned(), README)])
}
