//! Commands as Discord has them: registered from core's table, read back into core's calls, and their twins.
//! <https://docs.discord.com/developers/interactions/application-commands>

pub mod limits;
mod offer;
mod option;
mod read;
mod register;
mod shelf;
mod twin;

pub use offer::{offered, offered_lines};
pub use read::{Said, Typing, Unreadable, Wanted, read, typing};
pub use register::{is_same, registration};
pub use twin::{twin, typed};

use muster_core::command::find;
use muster_core::command::spec::{Spec, Verb};

/// The slash command that takes a line as it is typed everywhere else, and its option.
const MUSTER: &str = "muster";
const LINE: &str = "line";
/// The option that says which incident a command is about.
const WHICH: &str = "incident";
/// Kinds of commands.
/// <https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-types>
const SLASH: u64 = 1;
const ON_MESSAGE: u64 = 3;

/// What one can do with somebody's message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnMessage {
    /// Declare an incident from it.
    Declare,
    /// Keep it on the timeline.
    Timeline,
    /// Make it a task.
    Task,
}

impl OnMessage {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Declare, Self::Timeline, Self::Task];

    /// As it stands in the message's menu.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Declare => "Declare from this message",
            Self::Timeline => "Add to timeline",
            Self::Task => "Make a task",
        }
    }
}

/// Whether a row of the table is a group of subcommands; else it is one itself.
fn is_group(spec: &Spec) -> bool {
    spec.verbs.len() > 1
}

/// The row of the table that has these words.
fn row(command: &str, verb_word: &str) -> Option<(&'static Spec, &'static Verb)> {
    let spec = find(command)?;
    let verb = spec.verbs.iter().find(|verb| !is_group(spec) || spec.word(verb) == verb_word)?;
    Some((spec, verb))
}
