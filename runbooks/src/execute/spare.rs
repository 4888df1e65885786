//! Guards that wait for their order. To start one takes longer than most programs do, so one always waits already.

use super::guard::WORD;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::UnixStream;
use tokio::process::{Child, Command};

/// A guard that has no order yet. It goes when its socket is let go of.
pub(super) struct Waiting {
    /// The process.
    pub(super) child: Child,
    /// By which it takes its order and gives its verdict.
    pub(super) socket: UnixStream,
}

/// The guard that waits, and the program that it is.
#[derive(Default, Clone)]
pub(super) struct Guards(Arc<Mutex<Option<(PathBuf, Waiting)>>>);

impl Guards {
    /// A guard that is that program. Another is started for the next who asks.
    pub(super) fn take(&self, program: &Path) -> io::Result<Waiting> {
        let waiting = self.swap(None).filter(|(known, _)| known == program).map(|(_, waiting)| waiting);
        let is_alive = |waiting: &mut Waiting| matches!(waiting.child.try_wait(), Ok(None));
        let taken = match waiting.and_then(|mut waiting| is_alive(&mut waiting).then_some(waiting)) {
            Some(waiting) => waiting,
            None => start(program)?,
        };
        let (guards, program) = (self.clone(), program.to_owned());
        tokio::spawn(async move {
            // Whoever asks next starts one if this fails, and tells why it cannot.
            if let Ok(waiting) = start(&program) {
                guards.swap(Some((program, waiting)));
            }
        });
        Ok(taken)
    }

    fn swap(&self, waiting: Option<(PathBuf, Waiting)>) -> Option<(PathBuf, Waiting)> {
        std::mem::replace(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner), waiting)
    }
}

fn start(program: &Path) -> io::Result<Waiting> {
    let (ours, theirs) = std::os::unix::net::UnixStream::pair()?;
    ours.set_nonblocking(true)?;
    let mut command = Command::new(program);
    // The guard has the rights of Muster, but nothing of its environment to hand on.
    command.arg(WORD).env_clear().envs(std::env::var_os("TMPDIR").map(|folder| ("TMPDIR", folder)));
    command.stdin(Stdio::from(OwnedFd::from(theirs))).stdout(Stdio::piped()).stderr(Stdio::piped());
    Ok(Waiting { child: command.spawn()?, socket: UnixStream::from_std(ours)? })
}
