//! `muster runbook`: runbooks are checked, shown, tried and brought from elsewhere. It needs no database, and none running.

mod library;
mod lint;
mod show;
mod test;

use crate::cli::{Global, LintFormat, Runbook, RunbookFrom};
use crate::config::Config;
use crate::say;
use crate::setting::{Broken, Setting, load_elsewhere};
use anyhow::{Context, bail};
use muster_core::org::Organisation;
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

/// `muster runbook …`
pub(crate) fn run(global: &Global, what: Runbook) -> anyhow::Result<ExitCode> {
    match what {
        Runbook::Lint { paths, format } => lint::run(config(global)?.as_ref(), paths, format == LintFormat::Json),
        Runbook::Show { file } => {
            let (book, org) = known(global, &file)?;
            show::show(&book, &org)
        }
        Runbook::Run { file, dry_run: _, inputs } => {
            let (book, org) = known(global, &file)?;
            show::dry_run(&book, &inputs, &org)
        }
        Runbook::Test { paths } => test::run(global, &paths),
        Runbook::Library { to } => library::run(to.as_deref()),
        Runbook::Schema => {
            say::out(&serde_json::to_string_pretty(&muster_runbooks::schema())?);
            Ok(ExitCode::SUCCESS)
        }
        Runbook::Import { from, file } => import(from, &file),
    }
}

/// The config that these arguments mean, if there is one.
fn config(global: &Global) -> anyhow::Result<Option<Config>> {
    Setting::path(global).map(|path| load_elsewhere(&path)).transpose()
}

/// The runbook of a file, and the organisation it is for: that of the config, else of the sample, of which nothing is asked.
fn known(global: &Global, file: &Path) -> anyhow::Result<(muster_core::runbook::Runbook, Organisation)> {
    let config = config(global)?;
    let book = book(file, config.as_ref().map(|config| &config.org))?;
    let org = match config {
        Some(config) => config.org,
        None => Setting::of(global)?.config().org.clone(),
    };
    Ok((book, org))
}

/// The runbook of a file. Those beside it are read too: it may run them.
fn book(file: &Path, org: Option<&Organisation>) -> anyhow::Result<muster_core::runbook::Runbook> {
    let shown = file.display().to_string();
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let own = muster_runbooks::sources(file).map_err(Broken::runbooks)?;
    let others = muster_runbooks::sources(folder).unwrap_or_default().into_iter();
    let same = |name: &str| Path::new(name).file_name() == file.file_name();
    let all: Vec<_> = own.into_iter().chain(others.filter(|source| !same(&source.file))).collect();
    let books = muster_runbooks::read_each(&all, org);
    match books.into_iter().next() {
        Some(Ok(book)) => Ok(book),
        Some(Err(faults)) => Err(Broken::runbooks(faults).into()),
        None => bail!("{shown} is no runbook"),
    }
}

fn import(from: RunbookFrom, file: &Path) -> anyhow::Result<ExitCode> {
    let mut text = String::new();
    if file == Path::new("-") {
        std::io::stdin().read_to_string(&mut text).context("standard input cannot be read")?;
    } else {
        text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    }
    let made = match from {
        RunbookFrom::Rundeck => muster_runbooks::import::rundeck(&text),
        RunbookFrom::Markdown => muster_runbooks::import::markdown(&text),
    };
    say::out(&made.map_err(anyhow::Error::msg)?);
    Ok(ExitCode::SUCCESS)
}
