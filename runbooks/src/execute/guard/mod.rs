//! The guard of a program: a process of its own between Muster and the program, which sees to it that no limit is passed
//! and that nothing is left behind. It ends what it guards when the time is up, when Muster lets go, and when Muster dies.

mod order;

#[cfg(target_os = "linux")]
mod kin;
#[cfg(target_os = "linux")]
mod limits;
#[cfg(target_os = "linux")]
mod stand;

pub(super) use order::{Order, Verdict};

use std::process::ExitCode;

/// The word by which Muster starts itself as a guard.
pub const WORD: &str = "step-guard";

/// Stands guard over what is ordered by standard input. To be called first of all, by a process with no other thread.
#[must_use]
#[cfg(target_os = "linux")]
pub fn stand() -> ExitCode {
    stand::stand().map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS)
}

/// There are no guards here: they need Linux.
#[must_use]
#[cfg(not(target_os = "linux"))]
pub fn stand() -> ExitCode {
    ExitCode::FAILURE
}
