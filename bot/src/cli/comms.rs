//! `muster comms`: templates of what customers are told, as files, checked, shown, tried.

use super::LintFormat;
use clap::Subcommand;
use std::path::PathBuf;

/// What to do with templates.
#[derive(Debug, Subcommand)]
pub(crate) enum Comms {
    /// Say what is wrong in templates, where, and what to write instead
    #[command(after_help = LINT)]
    Lint {
        /// A folder of templates [default: that of the config]
        folder: Option<PathBuf>,
        /// How it is told
        #[arg(long, value_enum, default_value_t = LintFormat::Text)]
        format: LintFormat,
    },
    /// Print what would be sent; nothing is sent
    #[command(after_help = PREVIEW)]
    Preview {
        /// The template, by id
        template: String,
        /// What is filled in; a text in one language is NAME.sv=VALUE
        #[arg(long = "set", value_name = "NAME=VALUE")]
        set: Vec<String>,
        /// In which language [default: every one of the config]
        #[arg(long, value_name = "LANGUAGE")]
        locale: Option<String>,
        /// What is concerned, by id
        #[arg(long = "component", value_name = "ID")]
        components: Vec<String>,
        /// A folder of templates [default: that of the config, else the library]
        #[arg(long, value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// List templates, or print one: for whom, what it asks for, what it says
    Show {
        /// The template, by id [default: all of them]
        template: Option<String>,
        /// A folder of templates [default: that of the config, else the library]
        #[arg(long, value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// List the templates that Muster brings, or write them into a folder to start from
    #[command(after_help = "Example:\n  muster comms library comms")]
    Library {
        /// Where to; never overwrites
        folder: Option<PathBuf>,
    },
}

const LINT: &str = "\
Examples:
  muster comms lint
  muster comms lint comms --format json

Without a config here, or named by --config, templates may name the audiences, severities and languages of the library.

Exit codes: 0 all are fine, 1 something is wrong.";

const PREVIEW: &str = "\
Examples:
  muster comms preview public-investigating --set impact=card-stores --locale sv
  muster comms preview public-free --set headline=Sale --set words.en=Hello --set words.sv=Hej

Exit codes: 0 it is whole in every language, 1 one lacks something.";
