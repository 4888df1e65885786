//! `init` and `check`: writing a config, and saying what is wrong in one.

use crate::config::SAMPLE;
use crate::say;
use crate::setting::{Broken, USUAL, load};
use anyhow::{Context, bail};
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Writes the annotated config, unless there is something already.
pub(crate) fn init(path: &Path) -> anyhow::Result<ExitCode> {
    let shown = path.display();
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    // It may come to hold the address of a database.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o640);
    let mut file = match options.open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            bail!("{shown} exists already and stays as it is; name another file: muster init other.toml")
        }
        Err(error) => return Err(error).with_context(|| format!("{shown} cannot be written")),
    };
    file.write_all(SAMPLE.as_bytes()).with_context(|| format!("{shown} cannot be written"))?;
    let named = if path == Path::new(USUAL) { String::new() } else { format!(" --config {shown}") };
    say::out(&format!(
        "Wrote {shown}, a config that works as it is. Put your own people and services into it, then:\n  \
         muster{named} check\n  muster{named}"
    ));
    Ok(ExitCode::SUCCESS)
}

/// Says every problem of a config, or that there is none.
pub(crate) fn check(path: Option<PathBuf>) -> anyhow::Result<ExitCode> {
    let Some(path) = path else {
        bail!("there is no {USUAL} here; write one with `muster init`, or name one: muster check PATH")
    };
    let config = load(&path).map_err(|error| match error.downcast::<Broken>() {
        Ok(broken) => {
            say::aside(&broken.to_string());
            let count = broken.count();
            let problems = if count == 1 { "1 problem".to_owned() } else { format!("{count} problems") };
            anyhow::anyhow!("{} has {problems}", path.display())
        }
        Err(error) => error,
    })?;
    for warning in config.warnings() {
        say::aside(&format!("{}: warning: {warning}", path.display()));
    }
    say::out(&format!("{} is fine: {}", path.display(), config.summary()));
    Ok(ExitCode::SUCCESS)
}

/// Writes a file, unless there is one already; whether it was written.
pub(crate) fn write_new(path: &Path, text: &str) -> anyhow::Result<bool> {
    match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(mut file) => {
            file.write_all(text.as_bytes()).with_context(|| format!("{} cannot be written", path.display()))?;
            Ok(true)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error).with_context(|| format!("{} cannot be written", path.display())),
    }
}
