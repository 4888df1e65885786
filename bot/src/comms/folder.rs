//! The folder of templates: its files, and what is made of them.

use crate::config::Config;
use anyhow::Context;
use muster_core::comms::library;
use muster_core::comms::template::{Fault, File, Known, LONGEST_FILE, Template, read};
use muster_core::org::Organisation;
use std::fs;
use std::io::Read;
use std::path::Path;

/// Templates that are sound, and what is wrong with others.
pub(crate) struct Templates {
    pub(crate) templates: Vec<Template>,
    pub(crate) faults: Vec<Fault>,
    /// How many files were read.
    pub(crate) files: usize,
}

/// What the templates of an organisation may name.
pub(crate) fn known(org: &Organisation) -> Known {
    Known {
        audiences: org.comms.audiences.iter().map(|audience| audience.id.clone()).collect(),
        severities: org.severities.iter().map(|severity| severity.key.clone()).collect(),
        locales: org.comms.locales.clone(),
    }
}

/// The templates of a config: those of its folder; where there is no such folder, those of the library.
pub(crate) fn of(config: &Config) -> anyhow::Result<Templates> {
    let known = known(&config.org);
    if config.comms.folder.is_dir() {
        return within(&config.comms.folder, &known);
    }
    Ok(Templates { templates: library::templates(&known), faults: Vec::new(), files: library::files().len() })
}

/// The templates of a folder. Faults name its files as an editor finds them.
pub(crate) fn within(folder: &Path, known: &Known) -> anyhow::Result<Templates> {
    let files = files(folder)?;
    let (templates, mut faults) = read(&files, known);
    for fault in &mut faults {
        fault.file = folder.join(&fault.file).display().to_string();
    }
    Ok(Templates { templates, faults, files: files.len() })
}

/// The files of a folder, in the order of their names: templates, and what they share.
fn files(folder: &Path) -> anyhow::Result<Vec<File>> {
    let mut files = Vec::new();
    for shared in ["", "choices/", "partials/"] {
        let within = folder.join(shared);
        if !shared.is_empty() && !within.is_dir() {
            continue;
        }
        let unreadable = || format!("{} cannot be read", within.display());
        for entry in fs::read_dir(&within).with_context(unreadable)? {
            let path = entry.with_context(unreadable)?.path();
            let is_template = path.is_file() && path.extension().is_some_and(|ending| ending == "toml");
            let Some(name) = path.file_name().filter(|_| is_template) else { continue };
            files.push(File { name: format!("{shared}{}", name.to_string_lossy()), text: text(&path)? });
        }
    }
    files.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(files)
}

/// What is in a file: of one that is too long, enough to be refused.
fn text(path: &Path) -> anyhow::Result<String> {
    let unreadable = || format!("{} cannot be read", path.display());
    let mut bytes = Vec::new();
    let most = u64::try_from(LONGEST_FILE).unwrap_or(u64::MAX).saturating_add(1);
    fs::File::open(path).with_context(unreadable)?.take(most).read_to_end(&mut bytes).with_context(unreadable)?;
    // A character may be cut in two at the end: the file is refused for its length then.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
