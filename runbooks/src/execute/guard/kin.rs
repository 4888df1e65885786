//! All that has come of a program. The guard is a child subreaper (prctl(2), `PR_SET_CHILD_SUBREAPER`): whatever a descendant
//! does, its ancestors lead to the guard, so that neither `setsid` nor a double fork gets out of sight.

use rustix::process::{Pid, Signal, getpid, kill_process};
use std::collections::{BTreeSet, HashMap};
use std::fs;

/// What lives below the guard, by process id.
fn living() -> BTreeSet<i32> {
    let parents: HashMap<i32, i32> = processes().filter_map(|pid| Some((pid, parent(pid)?))).collect();
    let guard = getpid().as_raw_nonzero().get();
    let is_kin = |pid: i32| {
        // No chain is longer than there are processes, whatever has happened between two looks.
        let ancestors = std::iter::successors(Some(pid), |pid| parents.get(pid).copied()).take(parents.len() + 1);
        ancestors.skip(1).any(|ancestor| ancestor == guard)
    };
    parents.keys().copied().filter(|&pid| is_kin(pid)).collect()
}

/// All processes that can be seen.
pub(super) fn processes() -> impl Iterator<Item = i32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

/// The parent of a process that is not a zombie. proc_pid_stat(5): the name is in brackets and may hold anything.
fn parent(pid: i32) -> Option<i32> {
    let stat = fs::read(format!("/proc/{pid}/stat")).ok()?;
    let after_name = stat.iter().rposition(|&byte| byte == b')')? + 1;
    let rest = std::str::from_utf8(stat.get(after_name..)?).ok()?;
    let mut fields = rest.split_ascii_whitespace();
    let state = fields.next()?;
    let parent = fields.next()?.parse().ok()?;
    (!matches!(state, "Z" | "X")).then_some(parent)
}

/// Asks all of them to end.
pub(super) fn ask_to_end() {
    for pid in living() {
        send(pid, Signal::TERM);
        // One that is stopped would not hear it.
        send(pid, Signal::CONT);
    }
}

/// Ends all of them. First all are stopped, so that none has children while others die: then none gets away.
pub(super) fn kill() {
    let mut stopped = BTreeSet::new();
    loop {
        let new: Vec<i32> = living().difference(&stopped).copied().collect();
        if new.is_empty() {
            break;
        }
        for pid in new {
            send(pid, Signal::STOP);
            stopped.insert(pid);
        }
    }
    for pid in stopped {
        send(pid, Signal::KILL);
    }
}

/// One that is gone already needs no signal.
fn send(pid: i32, signal: Signal) {
    if let Some(pid) = Pid::from_raw(pid) {
        let _ = kill_process(pid, signal);
    }
}
