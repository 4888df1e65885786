//! `muster runbook library`: the runbooks to start from, listed or written into a folder.

use crate::say;
use anyhow::Context;
use muster_runbooks::library::{LIBRARY, README};
use std::fs::{OpenOptions, create_dir_all};
use std::io::{ErrorKind, Write};
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
    let kept: Vec<_> =
        files().filter_map(|(name, text)| write(folder, &name, text).transpose()).collect::<Result<_, _>>()?;
    for name in &kept {
        say::aside(&format!("{shown}/{name} exists already and stays as it is"));
    }
    let written = files().count() - kept.len();
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

/// Writes a file that is not there yet; the name of one that is.
fn write(folder: &Path, name: &str, text: &str) -> anyhow::Result<Option<String>> {
    let path = folder.join(name);
    match OpenOptions::new().write(true).create_new(true).open(&path) {
        Ok(mut file) => {
            file.write_all(text.as_bytes()).with_context(|| format!("{} cannot be written", path.display()))?;
            Ok(None)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(Some(name.to_owned())),
        Err(error) => Err(error).with_context(|| format!("{} cannot be written", path.display())),
    }
}
