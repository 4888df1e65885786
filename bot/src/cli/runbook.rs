//! `muster runbook`: runbooks as files, checked, shown, tested, imported.

use clap::{Subcommand, ValueEnum};
use std::path::PathBuf;

/// What to do with runbooks.
#[derive(Debug, Subcommand)]
pub(crate) enum Runbook {
    /// Say what is wrong in runbooks, where, and the way out
    #[command(after_help = LINT)]
    Lint {
        /// Files, or folders of them [default: the folder of the config]
        paths: Vec<PathBuf>,
        /// How it is told
        #[arg(long, value_enum, default_value_t = LintFormat::Text)]
        format: LintFormat,
    },
    /// Print a runbook as people read it
    Show {
        /// The file
        file: PathBuf,
    },
    /// Say what a runbook would do, step by step; nothing is done
    #[command(after_help = "Example:\n  muster runbook run payment-failover.yaml --dry-run --input region=eu")]
    Run {
        /// The file
        file: PathBuf,
        /// Do nothing; real runs begin in the room of an incident
        #[arg(long, required = true)]
        dry_run: bool,
        /// What it asks for
        #[arg(long = "input", value_name = "NAME=VALUE")]
        inputs: Vec<String>,
    },
    /// Play the tests beside runbooks; nothing is done outside
    #[command(after_help = TEST)]
    Test {
        /// Runbooks, or folders of them
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
    /// List the runbooks that Muster brings, or write them into a folder to start from
    #[command(after_help = "Example:\n  muster runbook library --to runbooks")]
    Library {
        /// Where to; never overwrites
        #[arg(long, value_name = "DIR")]
        to: Option<PathBuf>,
    },
    /// Print the JSON Schema of runbooks, by which editors complete and check them
    #[command(after_help = SCHEMA)]
    Schema,
    /// Print a job or a list of another kind as a runbook
    #[command(after_help = BRING)]
    Import {
        /// What it is
        #[arg(value_enum)]
        from: RunbookFrom,
        /// The file; - is standard input
        file: PathBuf,
    },
}

const LINT: &str = "\
Examples:
  muster runbook lint runbooks
  muster runbook lint payment-failover.yaml --format json

With a config here, or named by --config, what runbooks say about people, teams and services is checked too.

Exit codes: 0 all are fine, 1 something is wrong.";

const TEST: &str = "\
Examples:
  muster runbook test runbooks
  muster runbook test runbooks/payment-failover.yaml

The tests of NAME.yaml are in NAME.test.yaml beside it.

Exit codes: 0 all pass, 1 one does not, or there is none.";

const SCHEMA: &str = "\
Example:
  muster runbook schema > muster-runbook.json

In an editor with the YAML language server, the first line of a runbook then is:
  # yaml-language-server: $schema=muster-runbook.json";

const BRING: &str = "\
Examples:
  muster runbook import rundeck job.yaml > runbooks/job.yaml
  muster runbook import markdown checklist.md > runbooks/checklist.yaml

What could not be carried over is a step by hand that says so.";

/// How faults are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LintFormat {
    /// For people and editors: file:line:column
    Text,
    /// For machines
    Json,
}

/// What runbooks are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RunbookFrom {
    /// A job of Rundeck, as YAML
    Rundeck,
    /// Markdown with lists of things to do
    Markdown,
}
