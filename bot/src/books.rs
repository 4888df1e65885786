//! The runbooks of the config's folder.

use crate::config::Config;
use muster_core::runbook::Runbook;
use muster_runbooks::{Fault, Source};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a folder holds.
pub(crate) struct Books {
    /// The runbooks that can be used.
    pub(crate) books: Vec<Arc<Runbook>>,
    /// What is wrong with the others.
    pub(crate) faults: Vec<Fault>,
}

/// Reads the runbooks of a config. One that is broken, and those that run it, are left out: the others may be needed tonight.
pub(crate) fn read(config: &Config) -> Books {
    let folder = &config.runbooks.folder;
    let mut told = Vec::new();
    if !folder.is_dir() {
        return Books { books: Vec::new(), faults: told };
    }
    let mut sources: Vec<Source> = match muster_runbooks::sources(folder) {
        Ok(sources) => sources,
        Err(faults) => return Books { books: Vec::new(), faults },
    };
    loop {
        match muster_runbooks::read(&sources, Some(&config.org)) {
            Ok(books) => return Books { books: books.into_iter().map(Arc::new).collect(), faults: told },
            Err(faults) => {
                let before = sources.len();
                let broken: BTreeSet<&str> = faults.iter().map(|fault| fault.file.as_str()).collect();
                sources.retain(|source| !broken.contains(source.file.as_str()));
                let is_stuck = sources.len() == before;
                told.extend(faults);
                if is_stuck {
                    return Books { books: Vec::new(), faults: told };
                }
            }
        }
    }
}
