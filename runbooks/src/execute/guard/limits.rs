//! What a program may use: getrlimit(2). The guard takes the limits upon itself, and the program inherits them.

use super::kin::processes;
use super::order::Order;
use rustix::io;
use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit, setrlimit};
use std::fs;
use std::os::unix::fs::MetadataExt;

/// Bytes of one file.
const FILE: u64 = 1 << 30;
/// Files that are open at once.
const FILES: u64 = 1024;
/// What the guard itself needs to start a program, in bytes of address space beyond what it has.
const ROOM: u64 = 16 << 20;

/// Takes upon this process what its children are to be bound by. Memory comes with [`bind`].
pub(super) fn take(order: &Order) -> io::Result<()> {
    let seconds = (order.timeout + order.grace).as_secs() + 1;
    lower(Resource::Core, 0)?;
    lower(Resource::Fsize, FILE)?;
    lower(Resource::Nofile, FILES)?;
    lower(Resource::Cpu, seconds)?;
    // The kernel counts all that the user runs, so those who run already are allowed for.
    lower(Resource::Nproc, tasks_of(order.user.uid) + order.limits.processes)
}

/// Bounds the memory of whatever is started while `start` runs, and of the process that comes of it.
pub(super) fn bind<E>(memory: u64, start: impl FnOnce() -> Result<Pid, E>) -> Result<Pid, E> {
    let before = getrlimit(Resource::As);
    // Inherited, it holds from the first instruction on; the guard, which is larger than some limits, needs room itself.
    let room = own_memory().map_or(u64::MAX, |own| own.saturating_add(ROOM)).max(memory);
    let tight = least(Some(room), before.maximum);
    let _ = setrlimit(Resource::As, Rlimit { current: tight, maximum: before.maximum });
    let child = start();
    if let Ok(pid) = &child {
        // Exact, and for good. Refused to a root without CAP_SYS_RESOURCE, who is left with what was inherited.
        let exact = least(Some(memory), before.maximum);
        let _ = prlimit(Some(*pid), Resource::As, Rlimit { current: exact, maximum: exact });
    }
    let _ = setrlimit(Resource::As, before);
    child
}

fn lower(resource: Resource, to: u64) -> io::Result<()> {
    let to = least(Some(to), getrlimit(resource).maximum);
    setrlimit(resource, Rlimit { current: to, maximum: to })
}

/// The lower of two limits; `None` is none.
fn least(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// The address space of this process: proc_pid_statm(5).
fn own_memory() -> Option<u64> {
    let pages: u64 = fs::read_to_string("/proc/self/statm").ok()?.split(' ').next()?.parse().ok()?;
    Some(pages * u64::try_from(rustix::param::page_size()).ok()?)
}

/// The tasks that a user runs already: each process has a folder with one folder per thread in it.
fn tasks_of(uid: u32) -> u64 {
    let of_user = processes().filter_map(|pid| {
        let about = fs::metadata(format!("/proc/{pid}/task")).ok()?;
        (about.uid() == uid).then(|| about.nlink().saturating_sub(2))
    });
    of_user.sum()
}
