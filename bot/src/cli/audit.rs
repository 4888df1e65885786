//! `muster audit`: the audit log, checked and listed.

use clap::{Subcommand, ValueEnum};
use muster_core::audit::Head;
use muster_core::ids::IncidentId;

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
