//! `muster runner`: keys of runners, where Muster is; a runner, elsewhere.

use clap::Subcommand;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Runner {
    /// Make the key that Muster signs orders with, and print what runners are to trust
    #[command(after_help = "Example:\n  muster runner keygen signing.key")]
    Keygen {
        /// Where to; never overwrites
        file: PathBuf,
    },
    /// Make a key with which a runner comes in; it is shown once
    #[command(after_help = "Example:\n  muster runner key warehouse-1 > runner.key")]
    Key {
        /// The name of a [[runner]] in the config
        name: String,
    },
    /// List the keys of runners
    List,
    /// Revoke the key of a runner
    Revoke {
        /// The id that `runner list` shows, or its beginning
        #[arg(value_name = "PREFIX")]
        prefix: String,
    },
}

pub(super) const RUNNER: &str = "\
Examples:
  muster runner --config runner.toml      on the machine that is to carry steps out
  muster runner keygen signing.key        once, where Muster is
  muster runner key warehouse-1           once for each runner, where Muster is

SIGTERM lets what is under way end; a second one ends it. docs/runners.md says the rest.";
