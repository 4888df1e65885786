//! `muster comms library`: the templates to start from, listed or written into a folder.

use crate::say;
use crate::write::write_new;
use anyhow::Context;
use muster_core::comms::library::{files_for, templates};
use muster_core::comms::template::Known;
use std::fs::create_dir_all;
use std::path::Path;
use std::process::ExitCode;

/// Lists the library, or writes it into a folder: what the config has audiences and severities for. What is there already stays.
pub(super) fn run(known: &Known, to: Option<&Path>) -> anyhow::Result<ExitCode> {
    let Some(folder) = to else {
        super::show::all(&templates(known));
        say::aside("Write them into a folder, to change them: muster comms library comms");
        return Ok(ExitCode::SUCCESS);
    };
    let shown = folder.display();
    let mut written = 0;
    for file in files_for(known) {
        let path = folder.join(&file.name);
        let parent = path.parent().unwrap_or(folder);
        create_dir_all(parent).with_context(|| format!("the folder {} cannot be made", parent.display()))?;
        if write_new(&path, &file.text)? {
            written += 1;
        } else {
            say::aside(&format!("{} exists already and stays as it is", path.display()));
        }
    }
    say::out(&format!(
        "Wrote {written} files to {shown}: templates, and the partials and choices they share. Then:\n  \
         muster comms lint {shown}\n  muster comms preview public-investigating --folder {shown}"
    ));
    Ok(ExitCode::SUCCESS)
}
