//! `muster subscriber`: those outside who are told what is published.

use clap::{Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Subscriber {
    /// List subscribers, and say how many there are
    #[command(after_help = "Example:\n  muster subscriber list --state bounced")]
    List {
        /// Of one audience, by id
        #[arg(long)]
        audience: Option<String>,
        /// In one state
        #[arg(long, value_enum)]
        state: Option<Standing>,
        /// At one address
        #[arg(long)]
        address: Option<String>,
    },
    /// Subscribe somebody who has agreed to it; they are told from now on
    #[command(after_help = ADD)]
    Add {
        /// An e-mail address, or the https:// address of a webhook
        address: String,
        /// To which audience, by id
        #[arg(long, default_value = "public")]
        audience: String,
        /// In which language [default: the first of the config]
        #[arg(long)]
        locale: Option<String>,
        /// Of which component, by id; may be given often [default: all]
        #[arg(long)]
        component: Vec<String>,
    },
    /// Subscribe all of a list; who has left, or could not be reached, stays out
    #[command(after_help = IMPORT)]
    Import {
        /// The list; - is standard input
        file: PathBuf,
        /// The audience of whoever has none in the list, by id
        #[arg(long, default_value = "public")]
        audience: String,
    },
    /// Forget somebody with everything on its way to them
    #[command(after_help = "Examples:\n  muster subscriber remove anna@example.com\n  muster subscriber remove s42")]
    Remove {
        /// The address, or the number that `subscriber list` shows
        who: String,
    },
    /// Print all of them as a list that can be imported
    Export,
    /// List what was given up
    Parked,
    /// Read a letter that came back, on standard input, and count it
    #[command(after_help = BOUNCE)]
    Bounce,
    /// Let what was given up be tried again
    #[command(after_help = "Example:\n  muster subscriber retry INC-7/12/3")]
    Retry {
        /// The keys that `subscriber parked` shows
        #[arg(value_name = "KEY", required = true)]
        keys: Vec<String>,
    },
}

const ADD: &str = "\
Examples:
  muster subscriber add anna@example.com --locale sv --component checkout
  muster subscriber add https://example.com/status --audience business

What a webhook checks our requests with is printed once, alone; it follows from the key in the config.";

const BOUNCE: &str = "\
For the mail server, which hands it what arrives for the addresses of `subscribers.bounces`: an alias such as
  bounces: \"|muster --config /etc/muster/muster.toml subscriber bounce\"

Exit codes: 0 also for letters that say nothing of a subscriber, so that the mail server sends none back.";

const IMPORT: &str = "\
The first line names the columns: address, and if wanted audience, locale, components (several with spaces between), state.

  address,locale,components
  anna@example.com,sv,checkout stores
  https://example.com/status,,

Nothing is written if a line is wrong. To import a list twice is to import it once. Exit codes: 0 it is done, 1 a line is wrong.";

/// Whether a subscriber is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Standing {
    /// Has not said yet that it was them who asked
    Unconfirmed,
    /// Is told
    Active,
    /// Has left
    Left,
    /// What was sent came back
    Bounced,
    /// A webhook that has said that it wants nothing more
    Gone,
}
