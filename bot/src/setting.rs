//! Which Muster this is about: the one of a config, or the one of local mode.

use crate::cli::Global;
use crate::comms;
use crate::config::{Config, DATA, FILE, Problem, RunnerConfig, SAMPLE, StoreUrl};
use anyhow::{Context, bail};
use muster_runbooks::Fault;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The config that is used when it is there and none is named.
pub(crate) const USUAL: &str = "muster.toml";

/// Where the config comes from, and the config.
#[derive(Debug)]
pub(crate) enum Setting {
    /// From a file.
    Configured {
        /// The file.
        path: PathBuf,
        /// What it says.
        config: Box<Config>,
    },
    /// From nowhere: a sample organisation, on this machine alone.
    Local {
        /// The folder of the database.
        data: PathBuf,
        /// What a config would say.
        config: Box<Config>,
    },
}

impl Setting {
    /// Finds the config that these arguments mean, and reads it.
    pub(crate) fn of(global: &Global) -> anyhow::Result<Self> {
        match Self::path(global) {
            Some(path) if global.data.is_some() => {
                bail!("--data is for local mode; with {} the data is where its [store] says", path.display())
            }
            Some(path) => {
                let config = Box::new(load(&path)?);
                Ok(Self::Configured { path, config })
            }
            None => Self::local(global.data.clone().unwrap_or_else(|| PathBuf::from(DATA))),
        }
    }

    /// The config that these arguments mean; `None` in local mode.
    pub(crate) fn path(global: &Global) -> Option<PathBuf> {
        let usual = || Some(PathBuf::from(USUAL)).filter(|path| path.exists());
        global.config.clone().or_else(usual)
    }

    fn local(data: PathBuf) -> anyhow::Result<Self> {
        let config = Config::parse(SAMPLE, Path::new("")).map_err(|problems| Broken::new("the sample", problems))?;
        let mut config = Config { store: StoreUrl::sqlite(&data.join(FILE)), ..config };
        take_folders(&mut config)?;
        Ok(Self::Local { data, config: Box::new(config) })
    }

    /// The config.
    pub(crate) fn config(&self) -> &Config {
        match self {
            Self::Configured { config, .. } | Self::Local { config, .. } => config,
        }
    }
}

/// Reads a config file, and the runbooks and templates it has.
pub(crate) fn load(path: &Path) -> anyhow::Result<Config> {
    let mut config = read(path, Config::parse)?;
    take_folders(&mut config)?;
    Ok(config)
}

/// Reads the runbooks and templates of a config into it. One fault in any of them refuses all, so that nothing is half new.
fn take_folders(config: &mut Config) -> anyhow::Result<()> {
    let folder = &config.runbooks.folder;
    if folder.is_dir() {
        let books = muster_runbooks::load(folder, &config.org).map_err(Broken::runbooks)?;
        config.org.runbooks.books = books.into_iter().map(Arc::new).collect();
    }
    let read = comms::folder::of(config)?;
    if !read.faults.is_empty() {
        return Err(Broken::templates(&read.faults).into());
    }
    config.org.comms.templates = read.templates.into_iter().map(Arc::new).collect();
    Ok(())
}

/// Reads a config file to check the runbooks or templates that go with it, on a machine that need not have its secrets.
pub(crate) fn load_elsewhere(path: &Path) -> anyhow::Result<Config> {
    read(path, Config::parse_elsewhere)
}

fn read<T>(path: &Path, parse: impl Fn(&str, &Path) -> Result<T, Vec<Problem>>) -> anyhow::Result<T> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).with_context(|| format!("{shown} cannot be read"))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    Ok(parse(&text, folder).map_err(|problems| Broken::new(&shown.to_string(), problems))?)
}

/// Reads the config of a runner.
pub(crate) fn load_runner(path: &Path) -> anyhow::Result<RunnerConfig> {
    read(path, RunnerConfig::parse)
}

/// A config, runbooks or templates with problems, each on a line that editors can jump to.
#[derive(Debug)]
pub(crate) struct Broken {
    problems: Vec<String>,
}

impl Broken {
    fn new(file: &str, problems: Vec<Problem>) -> Self {
        Self { problems: problems.iter().map(|problem| format!("{file}:{problem}")).collect() }
    }

    /// Runbooks with faults.
    pub(crate) fn runbooks(faults: Vec<Fault>) -> Self {
        Self { problems: faults.iter().map(ToString::to_string).collect() }
    }

    /// Templates with faults.
    fn templates(faults: &[muster_core::comms::template::Fault]) -> Self {
        Self { problems: faults.iter().map(ToString::to_string).collect() }
    }

    /// How many problems there are.
    pub(crate) fn count(&self) -> usize {
        self.problems.len()
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problems.join("\n"))
    }
}

impl std::error::Error for Broken {}
