//! `muster runbook lint`: what is wrong in runbooks, where, and the way out.

use crate::config::Config;
use crate::say;
use anyhow::bail;
use muster_runbooks::{Fault, read, sources};
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;

/// Checks files and folders, together: runbooks may run one another.
pub(super) fn run(config: Option<&Config>, paths: Vec<PathBuf>, as_json: bool) -> anyhow::Result<ExitCode> {
    let paths = match (paths.is_empty(), config) {
        (false, _) => paths,
        (true, Some(config)) => vec![config.runbooks.folder.clone()],
        (true, None) => {
            bail!("there is no config here that names a folder of runbooks; name one: muster runbook lint PATH")
        }
    };
    let mut files = Vec::new();
    let mut faults = Vec::new();
    for path in &paths {
        match sources(path) {
            Ok(found) => files.extend(found),
            Err(found) => faults.extend(found),
        }
    }
    faults.extend(read(&files, config.map(|config| &config.org)).err().unwrap_or_default());
    if as_json {
        say::out(&serde_json::to_string_pretty(&json!({ "files": files.len(), "faults": faults }))?);
    } else {
        told(&faults, files.len(), config.is_some());
    }
    Ok(if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn told(faults: &[Fault], files: usize, with_config: bool) {
    for fault in faults {
        let key = if fault.key.is_empty() { String::new() } else { format!("{}: ", fault.key) };
        say::out(&format!("{}:{}:{}: {key}{}", fault.file, fault.line, fault.column, fault.sentence));
        if let Some(hint) = &fault.hint {
            say::out(&format!("    → {hint}"));
        }
    }
    let runbooks = if files == 1 { "1 runbook".to_owned() } else { format!("{files} runbooks") };
    match faults.len() {
        0 => say::out(&format!("{runbooks}: fine")),
        1 => say::aside(&format!("{runbooks}: 1 fault")),
        many => say::aside(&format!("{runbooks}: {many} faults")),
    }
    if !with_config {
        say::aside("Without a config, nothing is known of people, teams and services; name one with --config.");
    }
}
