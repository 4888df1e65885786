//! The command line: what can be typed after `muster`.

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use muster_core::audit::Head;
use muster_core::ids::IncidentId;
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
    /// Carry out steps of runbooks in a network that Muster does not reach
    #[command(after_help = RUNNER)]
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

const RUNNER: &str = "\
Examples:
  muster runner --config runner.toml      on the machine that is to carry steps out
  muster runner keygen signing.key        once, where Muster is
  muster runner key warehouse-1           once for each runner, where Muster is

SIGTERM lets what is under way end; a second one ends it. docs/runners.md says the rest.";

#[derive(Debug, Subcommand)]
pub(crate) enum Audit {
    /// Walk through the whole log, and name the first place at which it is not as it was written
    #[command(after_help = VERIFY)]
    Verify {
        /// Look only from the entry with that seal on
        #[arg(long, value_name = "SEAL")]
        since: Option<String>,
        /// A head that the log once had, as Muster logs it when it starts and stops; may be given often
        #[arg(long, value_name = "SEQ:SEAL")]
        head: Vec<Head>,
        /// The form of the answer
        #[arg(long, value_enum, default_value_t = AuditFormat::Text)]
        format: AuditFormat,
    },
    /// List what is on the log
    #[command(after_help = "Example:\n  muster audit list --incident INC-7")]
    List {
        /// About one incident
        #[arg(long, value_name = "INC-1")]
        incident: Option<IncidentId>,
    },
}

const VERIFY: &str = "\
Examples:
  muster audit verify
  muster audit verify --head 1204:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08

Whoever can write to the database can write the whole log anew, or cut its end off: only a head that was kept elsewhere
shows it. Muster logs its head when it starts and stops.

Exit codes: 0 the log is whole, 1 it is not.";

/// The form of an answer about the audit log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AuditFormat {
    /// A sentence, for people
    Text,
    /// JSON, for programs
    Json,
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
