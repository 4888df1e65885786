//! The command line: what can be typed after `muster`.

mod audit;
mod comms;
mod runbook;
mod runner;
mod subscriber;

pub(crate) use audit::{Audit, AuditFormat};
pub(crate) use comms::Comms;
pub(crate) use runbook::{LintFormat, Runbook, RunbookFrom};
pub(crate) use runner::Runner;
pub(crate) use subscriber::{Standing, Subscriber};

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use std::net::SocketAddr;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  muster                                    start; without a config, in local mode on this machine
  muster do new sev2 checkout down          declare an incident
  muster do --incident INC-1 note \"rolled back\"
  muster do help                            every command there is
  muster init && muster check               write a config, and see whether it is fine

Exit codes: 0 it worked, 1 it failed, 2 it was refused or not understood, and nothing has changed.";

/// A self-hosted ChatOps incident coordinator.
#[derive(Debug, Parser)]
#[command(name = "muster", version, about, after_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(flatten)]
    pub(crate) serve: ServeArgs,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// What every subcommand needs to know.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// The config [default: ./muster.toml if there is one; otherwise local mode]
    #[arg(long, global = true, value_name = "PATH", env = "MUSTER_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// The folder of the database in local mode [default: muster-data]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
}

/// How to serve.
#[derive(Debug, Default, Args)]
pub(crate) struct ServeArgs {
    /// The address and port to listen on; goes before the config
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<SocketAddr>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start Muster; the same as `muster` alone
    Serve(ServeArgs),
    /// Write an annotated config to start from
    #[command(after_help = "The file that is written is fine as it is; put your own people and services into it.")]
    Init {
        /// Where to; never overwrites
        #[arg(default_value = "muster.toml")]
        path: PathBuf,
    },
    /// Say what is wrong in a config, where, and what would be right
    #[command(after_help = "Exit codes: 0 it is fine, 1 there are problems.")]
    Check {
        /// The config [default: as for every subcommand]
        path: Option<PathBuf>,
    },
    /// Run a command on a running Muster
    #[command(after_help = DO_EXAMPLES)]
    Do(DoArgs),
    /// Write an incident with its whole timeline
    #[command(after_help = "Examples:\n  muster export INC-1\n  muster export INC-1 --format json --out inc-1.json")]
    Export(ExportArgs),
    /// Look at effects on their way out, and try dead ones again
    #[command(subcommand)]
    Outbox(Outbox),
    /// Make, list and revoke tokens for the API
    #[command(subcommand)]
    Token(Token),
    /// Make, list and revoke the keys by which monitoring systems send alerts
    #[command(subcommand)]
    Key(Key),
    /// Look at the audit log of runbooks, and prove that nobody has changed it
    #[command(subcommand)]
    Audit(Audit),
    /// See, add, import and forget those outside who are told what is published
    #[command(subcommand)]
    Subscriber(Subscriber),
    /// Carry out steps of runbooks in a network that Muster does not reach
    #[command(after_help = runner::RUNNER)]
    Runner {
        #[command(subcommand)]
        what: Option<Runner>,
    },
    /// Print a link that signs a person in to the console, once
    #[command(name = "login-link", after_help = "Example:\n  muster login-link alice")]
    LoginLink {
        /// Who, by id
        person: String,
    },
    /// Look at every connection, and say what to do about what is wrong
    #[command(after_help = "Exit codes: 0 everything works, 1 something does not.")]
    Doctor,
    /// Connect a workspace of Slack
    #[command(subcommand)]
    Slack(Slack),
    /// Connect a server of Discord
    #[command(subcommand)]
    Discord(Discord),
    /// Say who is on call, and bring schedules from elsewhere
    #[command(subcommand)]
    Oncall(Oncall),
    /// Check, show, test and bring runbooks; none needs to be running
    #[command(subcommand)]
    Runbook(Runbook),
    /// Check, show and try the templates of what customers are told
    #[command(subcommand)]
    Comms(Comms),
    /// Print a completion script for a shell
    #[command(after_help = "Example:\n  muster completions bash > ~/.local/share/bash-completion/completions/muster")]
    Completions {
        /// Which shell
        shell: Shell,
    },
}

const DO_EXAMPLES: &str = "\
Examples:
  muster do new sev2 checkout down
  muster do \"new sev2 checkout down\"
  muster do list
  muster do --incident INC-1 resolve
  muster do INC-1 note --at \"20m ago\" \"the deploy went out\"
  muster do help handoff

Options of `do` come before the words; everything after the first word belongs to the command.
A Muster in local mode on this machine is found by itself; any other needs --url and a token.

Exit codes: 0 it is done and durable, 1 it failed, 2 it was refused and nothing has changed.";

/// Which Muster to talk to, and as whom.
#[derive(Debug, Args)]
pub(crate) struct ClientArgs {
    /// Where Muster is [default: the one in local mode on this machine, or that of the config]
    #[arg(long, value_name = "URL", env = "MUSTER_URL")]
    pub(crate) url: Option<String>,
    /// A token of `muster token create`; better in the environment, where other users cannot see it
    #[arg(long, value_name = "TOKEN", env = "MUSTER_TOKEN", hide_env_values = true)]
    pub(crate) token: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct DoArgs {
    #[command(flatten)]
    pub(crate) client: ClientArgs,
    /// The incident it is about, as if typed in its room
    #[arg(long, value_name = "INC-1")]
    pub(crate) incident: Option<String>,
    /// Print the answer as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The command; none shows the menu
    #[arg(value_name = "WORDS", trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) words: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    pub(crate) client: ClientArgs,
    /// Which incident
    #[arg(value_name = "INC-1")]
    pub(crate) incident: String,
    /// The form
    #[arg(long, value_enum, default_value_t = Format::Md)]
    pub(crate) format: Format,
    /// The file to write [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Markdown, for people
    Md,
    /// JSON, for programs
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Outbox {
    /// List effects
    #[command(after_help = "Example:\n  muster outbox list --state waiting")]
    List {
        /// Which
        #[arg(long, value_enum, default_value_t = State::Dead)]
        state: State,
    },
    /// Let dead effects be tried again
    #[command(after_help = "Examples:\n  muster outbox retry INC-42/17/0\n  muster outbox retry --all")]
    Retry {
        /// Their keys, as `outbox list` shows them
        #[arg(value_name = "KEY", required_unless_present = "all", conflicts_with = "all")]
        keys: Vec<String>,
        /// Every dead effect
        #[arg(long)]
        all: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Slack {
    /// Print the manifest from which Slack makes the app
    #[command(
        after_help = "Examples:\n  muster slack manifest\n  muster slack manifest --url https://muster.example.com"
    )]
    Manifest {
        /// Where Slack reaches Muster over HTTPS [default: Socket Mode, which needs no address]
        #[arg(long, value_name = "URL")]
        url: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Discord {
    /// Print the link by which an administrator lets Muster into the server
    InviteUrl,
    /// Register the slash commands, which `muster serve` does by itself when they have changed
    Register {
        /// Also when they have not changed
        #[arg(long)]
        force: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Oncall {
    /// Say who is on call by the config
    #[command(after_help = "Examples:\n  muster oncall who\n  muster oncall who payments --at \"2026-12-24 18:00\"")]
    Who {
        /// A schedule or a team, by id or name [default: every schedule]
        #[arg(value_name = "TEAM|SCHEDULE")]
        whose: Option<String>,
        /// When, in the time zone of each schedule [default: now]
        #[arg(long, value_name = "TIME")]
        at: Option<String>,
    },
    /// List when nobody is on call by the config
    #[command(after_help = "Exit codes: 0 somebody always is, 1 there are gaps.")]
    Gaps {
        /// A schedule or a team, by id or name [default: every schedule]
        #[arg(value_name = "TEAM|SCHEDULE")]
        whose: Option<String>,
        /// How many days to look ahead
        #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=366))]
        days: u16,
    },
    /// Print schedules, policies and people of another system as a config
    #[command(after_help = IMPORT)]
    Import {
        /// Where the export is from
        #[arg(long, value_enum)]
        from: ImportFrom,
        /// The export, as docs/oncall.md says; - is standard input
        file: PathBuf,
    },
}

const IMPORT: &str = "\
Examples:
  muster oncall import --from pagerduty schedules.json > oncall.toml
  muster oncall import --from ical payments.ics

What could not be carried over is told on standard error, a line each.";

/// Another system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ImportFrom {
    /// PagerDuty, REST API v2
    Pagerduty,
    /// Opsgenie, API v2
    Opsgenie,
    /// Grafana OnCall, API v1
    Grafana,
    /// An iCalendar file
    Ical,
}

/// Where an effect stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum State {
    /// Given up: waits for an operator
    Dead,
    /// On its way
    Waiting,
    /// Made
    Done,
    /// Left out, because a later one took its place
    Superseded,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Token {
    /// Make a token; it is shown once
    #[command(after_help = "Example:\n  MUSTER_TOKEN=$(muster token create alice --label laptop --expires 90d)")]
    Create {
        /// For whom, by id; the token may do what this person may
        person: String,
        /// What it is for
        #[arg(long)]
        label: String,
        /// After how long it ends, such as 90d [default: never]
        #[arg(long, value_name = "SPAN")]
        expires: Option<String>,
    },
    /// List tokens
    List,
    /// Revoke a token
    Revoke {
        /// The id that `token list` shows, or its beginning
        #[arg(value_name = "PREFIX")]
        prefix: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Key {
    /// Make a key; it is shown once. A source may have several: make the new one, use it, revoke the old one
    #[command(after_help = "Example:\n  muster key create prometheus")]
    Create {
        /// The id of a [[source]] in the config
        source: String,
    },
    /// List keys
    List,
    /// Revoke a key
    Revoke {
        /// The id that `key list` shows, or its beginning
        #[arg(value_name = "PREFIX")]
        prefix: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn everything_after_the_first_word_of_do_belongs_to_the_command() {
        let cli = Cli::try_parse_from(["muster", "do", "--json", "note", "--at", "20m ago", "-x", "--incident"]);
        let Ok(Cli { command: Some(Command::Do(args)), .. }) = cli else { panic!("{cli:?}") };
        assert!(args.json && args.incident.is_none());
        assert_eq!(args.words, ["note", "--at", "20m ago", "-x", "--incident"]);
    }

    #[test]
    fn help_after_do_is_a_command_of_muster() {
        let cli = Cli::try_parse_from(["muster", "do", "help", "new"]);
        assert!(matches!(cli, Ok(Cli { command: Some(Command::Do(args)), .. }) if args.words == ["help", "new"]));
    }
}
