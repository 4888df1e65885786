//! Whose rights a program has.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;

/// A user of this machine, with the group that the user is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The user's id.
    pub uid: u32,
    /// The group's id.
    pub gid: u32,
}

/// Whom programs run as when nobody is named and Muster is root: the kernel's own nobody (proc_sys_kernel(5), `overflowuid`).
pub const NOBODY: User = User { uid: 65_534, gid: 65_534 };

impl User {
    /// Who this process is.
    #[must_use]
    pub fn own() -> Self {
        Self { uid: rustix::process::geteuid().as_raw(), gid: rustix::process::getegid().as_raw() }
    }

    /// Whether that is the user who may do anything.
    #[must_use]
    pub fn is_root(self) -> bool {
        self.uid == 0
    }

    /// The user of that name, by the lines of passwd(5).
    #[must_use]
    pub fn named(name: &str, passwd: &str) -> Option<Self> {
        passwd.lines().find_map(|line| match line.split(':').collect::<Vec<_>>()[..] {
            [known, _, uid, gid, ..] if known == name => Some(Self { uid: uid.parse().ok()?, gid: gid.parse().ok()? }),
            _ => None,
        })
    }

    /// Whether a file is that user's own.
    pub(super) fn owns(self, about: &Metadata) -> bool {
        about.uid() == self.uid && about.gid() == self.gid
    }
}

impl fmt::Display for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.uid, self.gid)
    }
}
